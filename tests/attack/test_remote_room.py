"""Remote work: what a notebook over rows that its author may not see tries, to get more out than Results.

Walls, all of them, of the system: the account, bubblewrap, gate 3. What stays open is told in docs/remote-work.md.
"""

import json
import os
import pwd
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import pytest

from das_research.access.twin import make_twin
from das_research.access.twin_homes import twin_home
from das_research.audit import AuditLog
from das_research.catalog import load_catalog
from das_research.commands.context import State
from das_research.commands.monitor import check
from das_research.disclosure.releases import read_release
from das_research.errors import AccessRefused, RunFailed, UsageError
from das_research.handover import read_handover
from das_research.home import Home
from das_research.monitors.drop_folder import answers, hand_in, open_drop
from das_research.monitors.isolation import ACCOUNT_VARIABLE, ROOM, find_isolation
from das_research.monitors.remote import submit
from das_research.monitors.submitted import run_submitted

PROJECT, AUTHOR, TODAY = "ketenmonitor", "daemon", date(2026, 11, 1)  # an account of every system
ACCOUNT = "nobody"
CAN = os.geteuid() == 0 and shutil.which("bwrap") and shutil.which("setpriv")
needs_room = pytest.mark.skipif(not CAN, reason="remote work needs root, bubblewrap and setpriv")
OPEN = f'import das_research as das\nproject = das.open_project("{PROJECT}")'
RELEASE = 'project.release(das.tabulate(project.tables.cases, measures={"zaken": "cases"}), "zaken")'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A catalogue whose grant is of the mode remote."""
    target = tmp_path_factory.mktemp("remote") / "catalog"
    shutil.copytree("data_catalog", target)
    grant = target / "grants" / f"{PROJECT}.yaml"
    also = f"people:\n  - {{account: {AUTHOR}, organisation: CBS}}"
    grant.write_text(grant.read_text().replace("people:", also) + "mode: remote\n")
    return target


@pytest.fixture(scope="module")
def home(folder):
    """A host's home: built from a fictitious chain, as twins are."""
    root = Home(folder.parent / "home")
    make_twin(load_catalog(folder), root, PROJECT, AUTHOR, years=(2020, 2021), scale=0.0005, today=TODAY)
    return twin_home(root, PROJECT)


@pytest.fixture
def run(home, folder, tmp_path, monkeypatch):
    """Submit cells; gives the run."""
    monkeypatch.setenv(ACCOUNT_VARIABLE, ACCOUNT)

    def submitted(*cells, **given):
        path = tmp_path / "notitie.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(it) for it in cells]), path)
        return submit(load_catalog(folder), folder, home, PROJECT, path, AUTHOR, TODAY, **given)

    return submitted


@pytest.fixture
def inside(tmp_path, monkeypatch):
    """Run Python in the room, as a notebook's process would; gives what it printed."""
    monkeypatch.setenv(ACCOUNT_VARIABLE, ACCOUNT)

    def said(code):
        room = tmp_path / "room"
        room.mkdir(mode=0o700, exist_ok=True)
        os.chown(room, pwd.getpwnam(ACCOUNT).pw_uid, pwd.getpwnam(ACCOUNT).pw_gid)
        command = find_isolation().command(room, ["-c", code], {"PATH": "/usr/bin:/bin", "HOME": str(ROOM)})
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr[-500:]
        return json.loads(done.stdout)

    return said


@needs_room
def test_results_come_back_and_nothing_else(run, home):
    done = run(OPEN, "project.tables.cases.execute()", RELEASE)
    handover = read_handover(done.folder)
    assert handover.results["zaken"].cell()["value"] > 0 and handover.author == AUTHOR
    assert sorted(path.name for path in done.folder.rglob("*")) == ["handover.json", "results", "zaken.json"]
    assert [it["act"] for it in AuditLog(home.audit_log).lines()][-1] != "extracted"
    assert not list(home.warehouse.glob(".staging-remote*"))


@needs_room
def test_what_was_handed_in_comes_back_as_a_release_and_a_failure_as_its_cell(home, folder, tmp_path, monkeypatch):
    """The whole way of the host's timer, gate 3 included; the second notebook stops."""
    monkeypatch.setenv(ACCOUNT_VARIABLE, ACCOUNT)
    monkeypatch.setattr("das_research.access.clock.today", lambda: TODAY)
    drop, state = tmp_path / "drop", State(folder, home)
    open_drop(drop, [AUTHOR])
    for cells in ([OPEN, RELEASE], [OPEN, "1 / 0"]):
        text = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(it) for it in cells]))
        hand_in(drop, AUTHOR, PROJECT, text)
    for path in (drop / "in" / AUTHOR).iterdir():  # as they are when their author writes them
        os.chown(path, pwd.getpwnam(AUTHOR).pw_uid, pwd.getpwnam(AUTHOR).pw_gid)
    catalog = load_catalog(folder)
    rounds = list(run_submitted(catalog, folder, home, drop, lambda at, who: check(state, at, who), TODAY))
    found = sorted(answers(drop, AUTHOR).values(), key=lambda it: it["state"])
    assert [it["state"] for it in found] == ["checked", "stopped"] and len(rounds) == 2
    assert read_release(home, found[0]["release"]).author == AUTHOR
    assert "cell 2 with ZeroDivisionError" in found[1]["what"]
    assert list((drop / "in" / AUTHOR).iterdir()) == []
    asked = [it["account"] for it in AuditLog(home.audit_log).lines() if it["act"] == "submitted"]
    assert asked[-2:] == [AUTHOR, AUTHOR]


@needs_room
def test_a_value_in_the_name_or_words_of_an_error_does_not_come_back(run):
    with pytest.raises(RunFailed) as stopped:
        run(OPEN, "raise type('Diefstal_1985', (Exception,), {})('12 maart 1985')")
    assert "1985" not in str(stopped.value) and "cell 2" in str(stopped.value)


@needs_room
def test_words_that_the_notebook_puts_in_the_mouth_of_its_runner_are_not_passed_on(run):
    with pytest.raises(RunFailed) as stopped:
        run(
            'import os, signal, glob\nwords = \'{"cell": 19850312, "error": "geheim"}\'',
            "for it in glob.glob('/proc/*/fd/1'):\n    try: open(it, 'w').write(words)\n"
            "    except OSError: pass\nos.kill(os.getppid(), signal.SIGKILL)",
        )
    assert "19850312" not in str(stopped.value) and "geheim" not in str(stopped.value)


@needs_room
def test_a_hand_over_with_a_link_to_a_file_of_the_host_is_refused(run):
    with pytest.raises(RunFailed, match="no file"):
        run(OPEN, RELEASE, "import os\nos.symlink('/etc/passwd', os.environ['DAS_RUN'] + '/results/meer.json')")


@needs_room
def test_a_hand_over_with_a_pipe_does_not_make_the_host_wait(run):
    with pytest.raises(RunFailed, match="no file"):
        run(OPEN, RELEASE, "import os\nos.mkfifo(os.environ['DAS_RUN'] + '/results/meer.json')")


@needs_room
def test_a_hand_over_of_another_project_is_refused(run):
    with pytest.raises((AccessRefused, UsageError, RunFailed)):
        run(OPEN, RELEASE, "import os\np = os.environ['DAS_RUN'] + '/handover.json'\n"
            "t = open(p).read().replace('ketenmonitor', 'kerncijfers')\nopen(p, 'w').write(t)")  # fmt: skip


@needs_room
def test_a_notebook_that_does_not_end_is_ended(run):
    with pytest.raises(RunFailed, match="longer than 5 seconds"):
        run("import time; time.sleep(600)", seconds=5)


@needs_room
def test_the_shell_reaches_no_network(inside):
    code = """
import json, socket, subprocess
tries = {}
for name, act in {
    'loopback': lambda: socket.create_connection(('127.0.0.1', 22), 2),
    'name': lambda: socket.getaddrinfo('example.org', 80),
    'address': lambda: socket.create_connection(('192.0.2.1', 80), 2),
}.items():
    try:
        act(); tries[name] = 'open'
    except OSError as error:
        tries[name] = 'closed'
tries['interfaces'] = [name for _, name in socket.if_nameindex()]
print(json.dumps(tries))
"""
    assert inside(code) == {"loopback": "closed", "name": "closed", "address": "closed", "interfaces": ["lo"]}


@needs_room
def test_no_file_of_the_host_can_be_read_or_listed(inside, home):
    places = [str(home.root), str(home.warehouse), str(Path.cwd() / "data_catalog"), "/etc/shadow", "/root", "/home"]
    code = f"""
import json, os
found = []
for place in {places!r}:
    try:
        found += [os.path.join(place, it) for it in os.listdir(place)] if os.path.isdir(place) else [open(place).read()]
    except OSError:
        pass
print(json.dumps(found))
"""
    shown = inside(code)
    python = {Path(path).parts for path in shown}
    own = {Path(sys.base_prefix).resolve().parts, Path(sys.prefix).parts}
    assert all(any(parts == it[: len(parts)] for it in own) for parts in python)  # at most the way to Python itself


@needs_room
def test_nothing_can_be_written_but_in_the_room(inside):
    code = """
import json, os
found = set()
for folder, folders, _ in os.walk('/'):
    if folder.startswith(('/proc', '/dev/fd')):
        folders.clear(); continue
    if os.access(folder, os.W_OK) and not os.path.islink(folder):
        found.add('/' + folder.split('/')[1])
print(json.dumps(sorted(found)))
"""
    assert set(inside(code)) <= {"/room", "/tmp", "/dev"}  # the last two are its own, and gone with it


@needs_room
def test_it_is_another_account_without_rights_and_sees_no_other_process(inside):
    code = """
import json, os
status = dict(line.split(':', 1) for line in open('/proc/self/status').read().splitlines() if ':' in line)
processes = [int(it) for it in os.listdir('/proc') if it.isdigit()]
tries = []
for act in (lambda: os.setuid(0), lambda: os.chown('/room', 0, 0), lambda: os.chroot('/room')):
    try:
        act(); tries.append('done')
    except OSError:
        tries.append('refused')
print(json.dumps({'user': os.getuid(), 'rights': status['CapEff'].strip(), 'most': len(processes), 'tries': tries}))
"""
    found = inside(code)
    assert found["user"] == pwd.getpwnam(ACCOUNT).pw_uid and int(found["rights"], 16) == 0
    assert found["most"] <= 4 and found["tries"] == ["refused"] * 3


@needs_room
def test_the_environment_of_the_host_is_not_there(inside, monkeypatch):
    monkeypatch.setenv("DAS_KEYS", "/geheim")
    assert "geheim" not in json.dumps(inside("import json, os; print(json.dumps(dict(os.environ)))"))


@pytest.mark.parametrize(
    ("account", "says"),
    [("", "useradd"), ("niemand-hier", "not there"), ("root", "nothing can be kept")],
    ids=["none", "unknown", "root"],
)
def test_without_an_account_of_its_own_it_refuses_and_does_not_pretend(monkeypatch, account, says):
    monkeypatch.setenv(ACCOUNT_VARIABLE, account)
    with pytest.raises(AccessRefused, match=says if os.geteuid() == 0 else "root"):
        find_isolation()


def test_without_bubblewrap_it_refuses(monkeypatch):
    monkeypatch.setenv(ACCOUNT_VARIABLE, ACCOUNT)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AccessRefused, match="bwrap is not installed" if os.geteuid() == 0 else "root"):
        find_isolation()


def test_without_root_it_refuses(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(AccessRefused, match="sudo"):
        find_isolation()
