"""The drop folder of remote work: accounts that the host does not trust write there what they like."""

import json
import os
import pwd
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from das_research.cli import app
from das_research.errors import AccessRefused, RunFailed, UsageError
from das_research.home import Home
from das_research.monitors import drop_folder, submitted
from das_research.monitors.drop_folder import answers, hand_in, open_drop, refuse_open, take, waiting
from das_research.monitors.run import Run
from das_research.monitors.submitted import run_submitted

ANNA, BRAM = "daemon", "bin"  # two accounts of every system
PROJECT = "ketenmonitor"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to other accounts")


def number(account: str) -> int:
    return pwd.getpwnam(account).pw_uid


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    for place in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        place.chmod(0o755)
    folder = tmp_path / "drop"
    open_drop(folder, [ANNA, BRAM])
    return folder


def lay(drop: Path, account: str = ANNA, text: str = "{}", owner: str = "", project: str = PROJECT) -> Path:
    """A request as its author leaves it."""
    name = hand_in(drop, account, project, text)
    path = (drop / "in" / account / name).with_suffix(".ipynb")
    os.chown(path, number(owner or account), -1)
    return path


class Host:
    """The host's rounds, with a room that does nothing but note who asked what."""

    def __init__(self, drop: Path, home: Home, monkeypatch: pytest.MonkeyPatch):
        self.drop, self.home, self.asked, self.fails = drop, home, [], None
        monkeypatch.setattr(submitted, "find_isolation", lambda: None)
        monkeypatch.setattr(submitted, "submit", self._submit)

    def _submit(self, catalog, catalog_folder, home, project, notebook, account, today=None, *, seconds):
        self.asked.append((account, project, notebook.read_text()))
        if self.fails:
            raise self.fails
        return Run("run", home.root)

    def round(self) -> list[str]:
        check = lambda folder, account: ("rel-000000000000", "checked")  # noqa: E731
        return [said for _, said in run_submitted(None, Path(), self.home, self.drop, check)]  # type: ignore[arg-type]


@pytest.fixture
def host(drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    return Host(drop, Home(tmp_path / "home"), monkeypatch)


def test_who_asks_is_who_owns_the_file_and_only_that_account_reads_the_answer(host: Host, drop: Path):
    lay(drop, ANNA, "van anna")
    lay(drop, BRAM, "van bram")
    assert host.round() == ["checked: rel-000000000000 (checked)"] * 2
    assert sorted(host.asked) == [(BRAM, PROJECT, "van bram"), (ANNA, PROJECT, "van anna")]
    [(_, told)] = answers(drop, ANNA).items()
    assert (told["project"], told["state"], told["release"]) == (PROJECT, "checked", "rel-000000000000")
    [path] = (drop / "out" / ANNA).iterdir()
    assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (number(ANNA), 0o400)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750 and path.parent.stat().st_uid == 0
    assert host.round() == [] and list((drop / "in" / ANNA).iterdir()) == []


def swapped(kind: str, path: Path, tmp_path: Path) -> None:
    """Put something else in the place of a request."""
    secret = tmp_path / "geheim"
    secret.write_text("een rij van een ander")
    path.unlink()
    if kind == "a link to a file":
        path.symlink_to(secret)
    elif kind == "a link to nothing":
        path.symlink_to(tmp_path / "nothing")
    elif kind == "a second name of another's file":
        path.hardlink_to(secret)
    elif kind == "a second name of the own file":
        secret.chmod(0o644)
        os.chown(secret, number(ANNA), -1)
        path.hardlink_to(secret)
    elif kind == "another's file, moved here":
        secret.rename(path)
        os.chown(path, number(BRAM), -1)
    elif kind == "a pipe":
        os.mkfifo(path)
        os.chown(path, number(ANNA), -1)
    elif kind == "a folder":
        path.mkdir()
        os.chown(path, number(ANNA), -1)
    elif kind == "too large":
        with path.open("wb") as stream:
            stream.truncate(drop_folder.LARGEST + 1)
        os.chown(path, number(ANNA), -1)


@pytest.mark.parametrize(
    "kind",
    [
        *("a link to a file", "a link to nothing", "a second name of another's file", "a second name of the own file"),
        *("another's file, moved here", "a pipe", "a folder", "too large"),
    ],
)
def test_what_is_no_plain_file_of_its_own_is_not_read_and_keeps_nobody_waiting(
    host: Host, drop: Path, tmp_path: Path, kind: str
):
    swapped(kind, lay(drop), tmp_path)
    lay(drop, BRAM)
    said = host.round()
    assert [it[0] for it in host.asked] == [BRAM]  # nothing of it was run, under nobody's name
    assert sum(it.startswith("stopped") for it in said) == 1
    [told] = answers(drop, ANNA).values()
    assert told["state"] == "stopped" and "geheim" not in json.dumps(told) and "rij" not in json.dumps(told)
    if kind != "a folder":
        assert list((drop / "in" / ANNA).iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("Keten.0123456789ab.ipynb", ".0123456789ab.ipynb", "keten.0123456789ab.ipynb.tmp"),
        *("keten.0123456789AB.ipynb", "keten\n.0123456789ab.ipynb", "keten.0123456789ab.ipynb\n"),
        *("-r.0123456789ab.ipynb", "keten..0123456789ab.ipynb"),
    ],
)
def test_a_name_of_another_form_is_no_request(host: Host, drop: Path, name: str):
    place = drop / "in" / ANNA / name
    place.write_text("{}")
    os.chown(place, number(ANNA), -1)
    assert host.round() == [] and host.asked == []


@pytest.mark.parametrize("project", ["../ontsnapt", "a/b", "", "."])
def test_a_project_with_a_path_in_its_name_is_not_handed_in(drop: Path, project: str):
    with pytest.raises(UsageError, match="no name of a project"):
        hand_in(drop, ANNA, project, "{}")
    assert list((drop / "in" / ANNA).iterdir()) == []


def test_a_folder_that_others_can_write_in_or_of_another_is_left_alone(host: Host, drop: Path):
    lay(drop, ANNA)
    (drop / "in" / ANNA).chmod(0o777)
    lay(drop, BRAM)
    os.chown(drop / "in" / BRAM, number(ANNA), -1)
    (drop / "in" / "root").mkdir(mode=0o700)
    (drop / "in" / "root" / f"{PROJECT}.0123456789ab.ipynb").write_text("{}")
    (drop / "in" / "niemand-hier").mkdir(mode=0o700)
    assert host.round() == [] and host.asked == []


def test_a_link_in_the_place_of_an_accounts_folder_is_not_followed(host: Host, drop: Path, tmp_path: Path):
    path = lay(drop)
    (drop / "in" / ANNA).rename(tmp_path / "elsewhere")
    (drop / "in" / ANNA).symlink_to(tmp_path / "elsewhere")
    assert waiting(drop) == [] and host.round() == []
    with pytest.raises(AccessRefused):
        take(drop, drop_folder.Request(ANNA, PROJECT, path.name))


@pytest.mark.parametrize("place", ["", "in", "out", ".."])
def test_nothing_is_taken_where_others_could_lay_a_folder(host: Host, drop: Path, place: str):
    lay(drop)
    (drop / place).chmod(0o777)
    with pytest.raises(AccessRefused, match="can't be part of a drop folder"):
        host.round()
    (drop / place).chmod(0o755)
    os.chown(drop / place, number(ANNA), -1)
    with pytest.raises(AccessRefused, match="can't be part of a drop folder"):
        host.round()
    assert host.asked == []


def test_below_a_folder_that_all_write_in_but_nobody_moves_anothers_it_may_stand(drop: Path):
    drop.parent.chmod(0o1777)
    refuse_open(drop)


def test_a_file_that_is_swapped_between_the_look_and_the_reading_is_judged_as_it_was_read(
    drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """At every call in which a name is used, the name leads elsewhere from then on."""
    known, secret = drop_folder.os.open, tmp_path / "geheim"
    secret.write_text("een rij van een ander")
    path = lay(drop, text="van anna")
    opened = []

    def swapping(name, flags, **named):
        handle = known(name, flags, **named)
        if name == path.name:
            opened.append(name)
            path.rename(path.with_name("opzij"))
            path.symlink_to(secret)
        return handle

    monkeypatch.setattr(drop_folder.os, "open", swapping)
    [request] = waiting(drop)
    assert take(drop, request) == b"van anna" and opened == [path.name]
    assert secret.read_text() == "een rij van een ander"  # the name was removed, and not what it led to


def test_many_requests_of_one_keep_nobody_elses_waiting(host: Host, drop: Path):
    for _ in range(drop_folder.MOST + 5):
        lay(drop, ANNA)
    lay(drop, BRAM)
    host.round()
    assert [account for account, _, _ in host.asked[:2]] == [BRAM, ANNA]
    assert len(host.asked) == drop_folder.MOST + 1
    host.round()
    assert len(host.asked) == drop_folder.MOST + 6


def test_a_round_that_was_killed_runs_nothing_twice_and_says_so(host: Host, drop: Path):
    lay(drop)
    host.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        host.round()
    assert [it["state"] for it in answers(drop, ANNA).values()] == ["running"]
    host.fails = None
    assert host.round() == [] and len(host.asked) == 1
    [told] = answers(drop, ANNA).values()
    assert told["state"] == "broken off" and "again" in told["fix"]


def test_only_words_that_were_meant_for_the_author_come_back(host: Host, drop: Path):
    for failure, words in (
        (RunFailed("The notebook stopped at cell 2.", fix="Try it on the twin first."), "at cell 2"),
        (ValueError("12 maart 1985"), "The host's program failed."),
    ):
        lay(drop)
        host.fails = failure
        host.round()
        assert words in json.dumps(list(answers(drop, ANNA).values()))
    assert "1985" not in "".join(path.read_text() for path in (drop / "out").rglob("*.json"))


def test_where_notebooks_can_not_be_kept_apart_nothing_is_taken(drop: Path, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("DAS_REMOTE_ACCOUNT", raising=False)
    path = lay(drop)
    with pytest.raises(AccessRefused, match="can't be run over real rows here"):
        list(run_submitted(None, Path(), Home(tmp_path / "home"), drop, None))  # type: ignore[arg-type]
    assert path.exists() and answers(drop, ANNA) == {}


def test_root_and_strangers_get_no_place(tmp_path: Path):
    for account in ("root", "niemand-hier"):
        with pytest.raises(UsageError, match="no account of this machine"):
            open_drop(tmp_path / "drop", [account])
    assert not (tmp_path / "drop").exists()


def test_the_commands_of_a_researcher(drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    notebook = tmp_path / "n.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    monkeypatch.setattr("das_research.commands.submit._own_account", lambda: ANNA)
    monkeypatch.setenv("DAS_ACCOUNT", BRAM)  # says nothing here
    done = CliRunner().invoke(app, ["project", "submit", PROJECT, str(notebook), "--drop", str(drop)])
    assert done.exit_code == 0, done.output
    assert [it.name.startswith(f"{PROJECT}.") for it in (drop / "in" / ANNA).iterdir()] == [True]
    listed = CliRunner().invoke(app, ["project", "submitted", str(drop), "--json"])
    assert listed.exit_code == 0 and json.loads(listed.stdout) == []
    nowhere = CliRunner().invoke(app, ["project", "submit", PROJECT, str(notebook), "--drop", str(tmp_path / "other")])
    assert nowhere.exit_code == 2 and "open-drop" in nowhere.output
