"""A host that gives every zone an account of its own: each act by its account, and every door tried by the others.

The accounts are real ones of the kernel (numbers that nobody has), taken on by a forked process that can't go back.
Root is the host: it sets the zones up as docs/three-accounts.md says, and passes things from one zone to the next.
"""

import json
import os
import pickle
import pkgutil
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import das_research as das
from das_research.access.extract import extract
from das_research.access.grants import current_account
from das_research.access.manifest import current_extract, extract_folder
from das_research.access.opening import open_project
from das_research.access.own_key import own_key_path
from das_research.access.zones import mode_of
from das_research.audit import RESUMED, AuditLog
from das_research.catalog import load_catalog
from das_research.cli import app
from das_research.commands.context import State
from das_research.commands.monitor import check
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import Release, list_releases
from das_research.disclosure.review import approve
from das_research.errors import AccessRefused, DasError
from das_research.handover import read_handover, write_handover
from das_research.home import Home, settle
from das_research.intake.gate import deliver
from das_research.monitors.rerun import rerun_of
from das_research.oversight.verify import verify
from das_research.publish.editions import make_edition, read_edition
from das_research.synthetic.generate import generate
from das_research.warehouse.build import build

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as several accounts")
FOLDER = Path(__file__).parents[2] / "data_catalog"
CATALOG = load_catalog(FOLDER)
PROJECT, OTHER = "ketenmonitor", "kerncijfers"
RESEARCHER, TODAY, PUBLISHED = "onderzoeker-demo", date(2026, 6, 1), date(2026, 6, 15)
HOST, CUSTODIAN, STEWARD, OF_PROJECT, OF_OTHER, PUBLISHER = 0, 62001, 62002, 62003, 62004, 62005
NOBODY = 62006


@dataclass(frozen=True)
class Host:
    """A home with its zones, the keys and a partner's file beside it, and what became of the first hand-over."""

    home: Home
    keys: Path
    file: Path
    run: str
    release: Release
    edition: str

    def zones(self) -> dict[int, list[Path]]:
        """Which account has what."""
        home = self.home
        logs = [path for path in home.root.iterdir() if path.is_file()]
        return {
            CUSTODIAN: [self.keys],
            STEWARD: [home.warehouse, *logs],
            OF_PROJECT: [home.project(PROJECT)],
            OF_OTHER: [home.project(OTHER)],
            PUBLISHER: [home.releases.parent],
            NOBODY: [],
        }

    def files(self) -> list[Path]:
        return sorted(
            path for top in (self.home.root, self.keys) for path in top.rglob("*") if stat.S_ISREG(path.lstat().st_mode)
        )

    def folders(self) -> list[Path]:
        tops = (self.home.root, self.keys)
        return sorted({*tops, *(path for top in tops for path in top.rglob("*") if path.is_dir())})


def as_account(number: int, act: Callable[[], Any]) -> Any:
    """What an act gives in a process of this account, or the error that stopped it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            os.setgroups([])
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            os.chdir("/")
            told: Any = act()
        except BaseException as error:
            told = error
        try:
            with os.fdopen(writer, "wb") as stream:
                try:
                    stream.write(pickle.dumps(told))
                except Exception as error:
                    stream.write(pickle.dumps(RuntimeError(f"{type(told).__name__}: {told} ({error})")))
        finally:  # also where nobody reads any more: what is above the fork is not for this account
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return pickle.loads(data)


def done(told: Any) -> Any:
    """What an act gave that has to succeed."""
    if isinstance(told, BaseException):
        raise told
    return told


def import_all() -> None:
    """What a process of another account may no longer reach: the library can stand in a home folder."""
    for found in pkgutil.walk_packages(das.__path__, "das_research."):
        with suppress(ImportError):
            import_module(found.name)


def set_up(root: Path) -> tuple[Home, Path]:
    """The zones as docs/three-accounts.md has the host make them."""
    home, keys = Home(root / "das"), root / "das-keys"
    for folder, owner, mode in (
        (home.root, STEWARD, 0o711),
        (keys, CUSTODIAN, 0o700),
        (home.warehouse, STEWARD, 0o700),
        (home.project(PROJECT).parent, STEWARD, 0o711),
        (home.project(PROJECT), OF_PROJECT, 0o700),
        (home.project(OTHER), OF_OTHER, 0o700),
        (home.releases.parent, PUBLISHER, 0o700),
    ):
        folder.mkdir()
        os.chown(folder, owner, owner)
        folder.chmod(mode)
    return home, keys


def handed_over(home: Home) -> str:
    """What the project's account does: open, compute, hand over."""
    os.environ["DAS_MONITOR"] = PROJECT
    with open_project(PROJECT, home=home, catalog=CATALOG, account=RESEARCHER, today=TODAY) as project:
        return project.release(das.chain.flow(project, 2020, 2022), "flow")


def checked(home: Home, run: str) -> Release:
    """What the host does with a hand-over: gate 3, whose recipes run in a process of their own."""
    folder = home.project(PROJECT) / "runs" / run
    return check_release(CATALOG, home, folder, rerun_of(folder, FOLDER, home, "poortwachter"), "poortwachter")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Everything once, from a delivery to an edition."""
    before, umask = dict(os.environ), os.umask(0o022)
    root = Path(tempfile.mkdtemp(prefix="three-accounts-"))
    root.chmod(0o755)
    try:
        home, keys = set_up(root)
        os.environ["DAS_KEYS"] = str(keys)
        import_all()
        for dataset, path in generate(CATALOG, root / "files", (2020, 2022), 0.001, 1).items():
            deliver(CATALOG, home, dataset, path, "custodian")
        done(as_account(STEWARD, lambda: build(CATALOG, home).id))
        for project in (PROJECT, OTHER):
            extract(CATALOG, home, project, RESEARCHER, TODAY)
        run = done(as_account(OF_PROJECT, partial(handed_over, home)))
        release = checked(home, run)
        for reviewer in ("vera", "wim"):
            os.environ["SUDO_USER"] = reviewer
            release = approve(CATALOG, home, release.id, current_account())
        edition = make_edition(CATALOG, home, release.id, PUBLISHED, "uitgever")
        yield Host(home, keys, root / "files" / "strafzaken.csv", run, release, edition.id)
    finally:
        shutil.rmtree(root)
        os.environ.clear()
        os.environ.update(before)
        os.umask(umask)


def opened(paths: list[Path], flags: int) -> list[Path]:
    """The files that this account can open so."""
    found = []
    for path in paths:
        with suppress(PermissionError):
            os.close(os.open(path, flags))
            found.append(path)
    return found


def filled(folders: list[Path]) -> list[Path]:
    """The folders in which this account can make a file."""
    found = []
    for folder in folders:
        with suppress(PermissionError):
            (folder / "deur").touch()
            (folder / "deur").unlink()
            found.append(folder)
    return found


def within(paths: list[Path], zones: list[Path]) -> list[Path]:
    return [path for path in paths if any(path.is_relative_to(zone) for zone in zones)]


@pytest.mark.parametrize("account", [CUSTODIAN, STEWARD, OF_PROJECT, OF_OTHER, PUBLISHER, NOBODY])
def test_an_account_opens_all_of_its_own_zone_and_nothing_else(host: Host, account: int) -> None:
    files, zones = host.files(), host.zones()[account]
    assert bool(within(files, zones)) == (account != NOBODY)
    for flags in (os.O_RDONLY, os.O_WRONLY):
        assert done(as_account(account, partial(opened, files, flags))) == within(files, zones)


@pytest.mark.parametrize("account", [CUSTODIAN, OF_PROJECT, OF_OTHER, PUBLISHER, NOBODY])
def test_an_account_lays_a_file_in_its_own_zone_alone(host: Host, account: int) -> None:
    folders, zones = host.folders(), host.zones()[account]
    assert done(as_account(account, partial(filled, folders))) == within(folders, zones)


def test_every_zone_holds_what_it_is_for(host: Host) -> None:
    names = {account: {path.name for path in within(host.files(), zones)} for account, zones in host.zones().items()}
    assert {"accepted.parquet", "cases.parquet", "master.key", "audit.ed25519", "audit.jsonl"} <= names[STEWARD]
    assert {"extract.duckdb", "manifest.json", "handover.json"} <= names[OF_PROJECT]
    assert {"release.json", "dossier.json", "edition.json"} <= names[PUBLISHER]
    assert names[CUSTODIAN] and all(name.startswith("identifier-") for name in names[CUSTODIAN])
    assert not any(name.startswith("identifier-") for name in names[STEWARD])
    assert mode_of(host.home, PROJECT) == current_extract(host.home, PROJECT).mode == "three accounts"


def test_what_was_passed_through_the_gates_is_whole(host: Host) -> None:
    assert (host.release.state, host.release.reviewed, host.release.author) == ("approved", True, RESEARCHER)
    assert [it.account for it in host.release.reviews] == ["vera", "wim"]
    edition = done(as_account(PUBLISHER, lambda: read_edition(host.home, host.edition)))
    assert edition.release == host.release.id and (edition.results["flow"].table.disclosure == "shown").any()
    acts = [line["act"] for line in AuditLog(host.home.audit_log).lines()]
    assert "published" in acts and RESUMED not in acts, "every gate found the head of the one before"
    assert verify(host.home).findings == ()


def other_extract(home: Home) -> Path:
    return extract_folder(home, current_extract(home, OTHER)) / "extract.duckdb"


def doors(host: Host) -> dict[str, Callable[[], Any]]:
    """What whoever works in the project could try, in the words of the product and in those of the system."""
    home, other = host.home, current_extract(host.home, OTHER)
    manifest = current_extract(home, PROJECT)
    line = {"number": 1, "act": "approved"}

    def replaced(path: Path) -> None:
        staging = home.project(PROJECT) / "vervangen"
        staging.write_text(json.dumps(line))
        staging.rename(path)

    return {
        "a table of the warehouse": lambda: (home.snapshots / manifest.snapshot / "cases.parquet").read_bytes(),
        "the snapshots listed": lambda: list(home.snapshots.iterdir()),
        "the master key": lambda: (home.steward_keys / "master.key").read_bytes(),
        "the key that seals the log": lambda: (home.steward_keys / "audit.ed25519").read_bytes(),
        "the keys of identifiers": lambda: list(host.keys.iterdir()),
        "another project's database": lambda: other_extract(home).read_bytes(),
        "another project's key": lambda: own_key_path(home, OTHER, other.id).read_bytes(),
        "another project opened": lambda: open_project(
            OTHER, home=home, catalog=CATALOG, account=RESEARCHER, today=TODAY
        ),
        "a release": lambda: list_releases(home)[0],
        "an edition": lambda: (home.editions / host.edition / "edition.json").read_text(),
        "a line added to the log": lambda: AuditLog(home.audit_log).record("release", "approved", "vera"),
        "the log read": lambda: home.audit_log.read_text(),
        "the log replaced": lambda: replaced(home.audit_log),
        "the head of the log replaced": lambda: replaced(home.audit_head),
        "the log taken away": lambda: home.audit_log.unlink(),
        "a hand-over in another's name": lambda: write_handover(
            home.project(OTHER) / "runs" / f"{OTHER}-0123456789ab",
            read_handover(home.project(PROJECT) / "runs" / host.run),
        ),
        "another project's folder moved": lambda: home.project(OTHER).rename(home.project(PROJECT) / "van-een-ander"),
        "a project of one's own making": lambda: home.project("nieuw").mkdir(),
        "a warehouse put in its place": lambda: home.warehouse.rename(home.root / "opzij"),
        "the own extract by oneself": lambda: extract(CATALOG, home, PROJECT, RESEARCHER, TODAY),
        "a build": lambda: build(CATALOG, home),
        "gate 3 by oneself": lambda: checked(home, host.run),
        "an approval by oneself": lambda: approve(CATALOG, home, host.release.id, "vera"),
        "an edition by oneself": lambda: make_edition(CATALOG, home, host.release.id, PUBLISHED),
        "root": lambda: os.setuid(0),
        "another account": lambda: os.setresuid(STEWARD, STEWARD, STEWARD),
        "a file given to another": lambda: os.chown(home.project(PROJECT) / "runs", STEWARD, STEWARD),
    }


def snapshot_of(host: Host) -> dict[str, tuple[int, int, bytes]]:
    """Every file of all zones with its owner, its permissions and its bytes."""
    return {
        str(path): (path.lstat().st_uid, path.lstat().st_mode, path.read_bytes())
        for path in host.files()
        if path.name != "vervangen"
    }


@pytest.mark.parametrize("account", [OF_PROJECT, NOBODY])
def test_every_door_of_the_project_is_closed(host: Host, account: int) -> None:
    before = snapshot_of(host)
    for name, door in doors(host).items():
        told = as_account(account, door)
        assert isinstance(told, (PermissionError, DasError)), f"{name}: {told!r}"
        if isinstance(told, DasError):
            assert isinstance(told, AccessRefused) or "Permission" in str(told), f"{name}: {told!r}"
    assert snapshot_of(host) == before


@pytest.mark.parametrize("command", [("build",), ("project", "extract", PROJECT), ("deliver", "strafzaken", "FILE")])
def test_who_types_what_is_not_for_this_account_is_told_so_plainly(host: Host, command: tuple[str, ...]) -> None:
    def typed() -> tuple[int, str]:
        os.environ["DAS_ACCOUNT"] = RESEARCHER  # these numbers have no name
        given = [str(host.file) if it == "FILE" else it for it in command]
        done = CliRunner().invoke(app, ["--catalog", str(FOLDER), "--home", str(host.home.root), *given])
        return done.exit_code, done.output

    before = snapshot_of(host)
    code, said = done(as_account(OF_PROJECT, typed))
    assert (code, said.splitlines()[0].startswith("The disk refused")) == (1, True), said
    assert "Permission denied" in said and "Traceback" not in said
    assert snapshot_of(host) == before


def test_a_run_of_the_projects_account_waits_for_the_host(host: Host) -> None:
    folder = host.home.project(PROJECT) / "runs" / host.run
    told = as_account(OF_PROJECT, lambda: check(State(FOLDER, host.home), folder, RESEARCHER))
    assert isinstance(told, AccessRefused) and f"das release check {host.run}" in str(told)


def test_what_the_project_forges_in_its_own_zone_is_found_at_the_gate(host: Host) -> None:
    """It owns manifest, database and hand-over, so it can change them; and gate 3 asks the log and computes again."""
    home, runs = host.home, host.home.project(PROJECT) / "runs"
    folder = extract_folder(home, current_extract(home, PROJECT))
    forged = {
        folder / "manifest.json": lambda text: text.replace(b'"synthetic": true', b'"synthetic": false'),
        folder / "extract.duckdb": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        runs / host.run / "results" / "flow.json": lambda text: text.replace(b'"shape": "counts"', b'"shape": "model"'),
    }
    for path, change in forged.items():
        before = path.read_bytes()
        assert change(before) != before
        done(as_account(OF_PROJECT, partial(path.write_bytes, change(before))))
        with pytest.raises(DasError):
            checked(home, host.run)
        path.write_bytes(before)
        if path.name == "manifest.json":
            done(as_account(OF_PROJECT, partial(path.write_bytes, change(before))))
            opened_by_itself = done(as_account(OF_PROJECT, lambda: current_extract(home, PROJECT).synthetic))
            assert opened_by_itself is False, "it deceives nobody but itself"
            path.write_bytes(before)
    assert checked(home, host.run).id == host.release.id


@pytest.mark.parametrize("name", ["extracts", "keys", "runs", "scratch"])
def test_root_follows_no_link_out_of_the_zone_of_a_project(host: Host, name: str) -> None:
    home, place = host.home, host.home.project(PROJECT) / name
    own = current_extract(home, PROJECT).id
    aside, target = place.with_name("opzij"), home.project(OTHER) / ("runs" if name == "runs" else "keys")
    target.mkdir(exist_ok=True)

    def laid() -> None:
        if place.exists():
            place.rename(aside)
        place.symlink_to(target)

    done(as_account(OF_PROJECT, laid))
    before = snapshot_of(host)
    try:
        if name in ("extracts", "keys"):
            with pytest.raises(AccessRefused, match="is a link"):
                extract(CATALOG, home, PROJECT, RESEARCHER, TODAY)
        else:
            with pytest.raises(DasError):
                checked(home, host.run)
        after = snapshot_of(host)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        keys = {own_key_path(home, PROJECT, own), home.steward_keys / f"extract-{own}.key"}  # swept: it hid its extract
        logs = {home.audit_log, home.audit_head, home.processing_log}
        assert changed <= {str(path) for path in (keys if name == "extracts" else set()) | logs}
    finally:
        place.unlink()
        if aside.exists():
            aside.rename(place)
        extract(CATALOG, home, PROJECT, RESEARCHER, TODAY)


def test_what_root_makes_is_that_of_the_folder_and_never_more(tmp_path: Path) -> None:
    """A link is given away and not what it leads to; a second name of a file, and a file of somebody else, neither."""
    secret, theirs = tmp_path / "geheim", tmp_path / "zone"
    secret.write_text("")
    theirs.mkdir()
    made = theirs / "made"
    (made / "within").mkdir(parents=True)
    (made / "within" / "file").write_text("")
    (made / "link").symlink_to(secret)
    (made / "second").hardlink_to(secret)
    (made / "foreign").write_text("")
    os.chown(made / "foreign", OF_OTHER, OF_OTHER)
    os.chown(theirs, OF_PROJECT, OF_PROJECT)
    settle(made)
    owners = {path.relative_to(theirs).as_posix(): path.lstat().st_uid for path in made.rglob("*")}
    assert owners == {
        "made/within": OF_PROJECT,
        "made/within/file": OF_PROJECT,
        "made/link": OF_PROJECT,
        "made/second": HOST,
        "made/foreign": OF_OTHER,
    }
    assert (made.stat().st_uid, secret.stat().st_uid) == (OF_PROJECT, HOST)
