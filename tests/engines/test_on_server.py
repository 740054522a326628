"""Laying an extract on a server, laying it again, who may read it, and closing it."""

from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from access_world import SNAPSHOT, TODAY, a_catalog, files, write_snapshot
from postgres_server import STEWARD, Server

import das_research as das
from das_research.access import on_server
from das_research.access.extract import extract
from das_research.access.extract_to_server import extract_to_server
from das_research.access.manifest import Extract
from das_research.access.on_server import close_on_server
from das_research.access.opening import open_for_release, open_project
from das_research.audit import AuditLog
from das_research.catalog.models import Catalog
from das_research.catalog.tables import LINKS
from das_research.custody.close import close
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home

LATE = date(2100, 1, 1)  # the server judges by its own clock
ANNA = {"account": "anna", "organisation": "WODC"}


def the_catalog(**changes: Any) -> Catalog:
    catalog = a_catalog(**({"end": LATE, "people": [ANNA]} | changes))
    agreements = {name: it.model_copy(update={"end": LATE}) for name, it in catalog.agreements.items()}
    return catalog.model_copy(update={"agreements": agreements})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "das")
    write_snapshot(home)
    return home


@pytest.fixture(autouse=True)
def empty(server: Server) -> None:
    close_on_server(server.url(), "proef")


def lay(home: Home, server: Server, login: str = STEWARD, **changes: Any) -> Extract:
    return extract_to_server(the_catalog(**changes), home, "proef", "steward", server.url(login), TODAY)


def count(server: Server, login: str = "anna") -> int:
    [(rows,)] = server.ask("select count(*) from project_proef.cases", login=login)
    return rows


def test_it_says_where_it_lies_and_writes_no_row_in_the_home(home: Home, server: Server) -> None:
    manifest = lay(home, server)
    assert manifest.server.startswith("postgresql:///das?host=") and STEWARD not in manifest.server
    written = {path for path in files(home) if path.startswith("projects/")}
    assert written == {f"projects/proef/extracts/{manifest.id}/manifest.json", "projects/proef/extracts/current"}
    assert AuditLog(home.audit_log).lines()[-1]["facts"]["manifest"] == manifest.digest


def test_the_same_extract_does_nothing(home: Home, server: Server) -> None:
    first = lay(home, server)
    before, placed = files(home), server.ask("select oid from pg_class where relname = 'cases'")
    assert lay(home, server) == first
    assert files(home) == before
    assert server.ask("select oid from pg_class where relname = 'cases'") == placed


def test_another_content_takes_its_place_whole(home: Home, server: Server) -> None:
    lay(home, server)
    write_snapshot(home, "snap-ffffffffffff", bedrag=175)
    with open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY) as before:
        lay(home, server)
        with pytest.raises(psycopg.OperationalError):  # its numbers would bear the name of the extract before
            before.tables.zaken.execute()
    with open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY) as after:
        assert 175 in after.tables.zaken.bedrag.execute().tolist()
        assert after.snapshot == "snap-ffffffffffff"


def test_what_fails_half_way_leaves_the_extract_before(
    home: Home, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = lay(home, server)
    write_snapshot(home, "snap-ffffffffffff", bedrag=175)
    before = files(home)

    def fail(*_: object) -> None:
        raise psycopg.errors.DiskFull("a value: MERKTEKEN")

    monkeypatch.setattr(on_server, "check_walls", fail)
    with pytest.raises(AccessRefused, match="everything is as it was") as refused:
        lay(home, server)
    assert "MERKTEKEN" not in str(refused.value)
    assert count(server) == 4
    assert files(home) == before
    with open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY) as project:
        assert project.manifest == first


def test_persons_by_another_link_are_those_of_the_file(tmp_path: Path, server: Server) -> None:
    on_file, home = Home(tmp_path / "file"), Home(tmp_path / "server")
    for it in (on_file, home):
        write_snapshot(it, differ=True)
    extract(the_catalog(), on_file, "proef", "anna", TODAY)
    lay(home, server)
    found = []
    for it in (on_file, home):
        with open_project("proef", home=it, catalog=the_catalog(), account="anna", today=TODAY) as project:
            result = das.tabulate(project.tables.cases, by=["delict"], measures={"p": "persons", "n": "count"})
            links = [project.at(link).tables.cases.person_id.nunique().execute() for link in LINKS]
            found.append((links, result.band, result.table.value.tolist(), result.table.n.tolist()))
    assert found[0] == found[1]
    assert len(set(found[0][0])) == 3


def test_an_older_extract_is_refused_to_gate_3(home: Home, server: Server) -> None:
    first = lay(home, server)
    write_snapshot(home, "snap-ffffffffffff", bedrag=175)
    lay(home, server)
    with pytest.raises(AccessRefused, match="lies on the server no more"):
        open_for_release(home, the_catalog(), "proef", first.id, "poort")


def test_logins_follow_the_grant(home: Home, server: Server) -> None:
    bea = {"account": "bea@cbs", "organisation": "CBS"}
    lay(home, server, people=[ANNA, bea])
    assert count(server, "anna") == count(server, "bea%40cbs") == 4
    lay(home, server)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        count(server, "bea%40cbs")


def test_a_person_whose_time_is_over_reads_nothing_though_nobody_ran_anything(home: Home, server: Server) -> None:
    lay(home, server, people=[ANNA, {"account": "cor", "organisation": "CBS", "end": "2026-04-01"}])
    assert count(server) == 4
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="does not name this login today"):
        count(server, "cor")


@pytest.mark.parametrize(
    ("account", "why"),
    [
        ("postgres", "rights of an administrator"),
        (STEWARD, "rights of an administrator"),
        ("gate_x", "can't be a login"),
    ],
)
def test_who_could_change_the_server_is_no_researcher_on_it(home: Home, server: Server, account: str, why: str) -> None:
    with pytest.raises(AccessRefused, match=why):
        lay(home, server, people=[{"account": account, "organisation": "DAS"}])
    assert server.ask("select count(*) from pg_namespace where nspname = 'project_proef'") == [(0,)]


def test_a_steward_who_does_not_own_the_database_lays_nothing_behind_open_doors(home: Home, server: Server) -> None:
    with server.connect("postgres") as all_seeing:
        all_seeing.execute("create role guest login createrole")
        all_seeing.execute("create database open")
        all_seeing.execute("grant create on database open to guest")
        all_seeing.execute("grant das_host to guest with admin option")
    url = server.url("guest", "open")
    with pytest.raises(AccessRefused) as refused:
        extract_to_server(the_catalog(id="vreemd"), home, "proef", "guest", url, TODAY)
    assert "TEMPORARY on the database" in str(refused.value) or "InsufficientPrivilege" in str(refused.value)
    with server.connect("postgres", "open") as all_seeing:
        assert all_seeing.execute("select count(*) from pg_namespace where nspname ~ 'proef'").fetchone() == (0,)


def test_columns_say_what_they_are(home: Home, server: Server) -> None:
    lay(home, server)
    [(words,)] = server.ask("select obj_description('project_proef'::regnamespace)")
    assert words.startswith("Fictieve gegevens")
    [(words,)] = server.ask("select col_description('project_proef.cases'::regclass, 1)")
    assert words == "Zaak, als pseudoniem van dit project / Case, as a pseudonym of this project"
    assert server.ask("select titel_nl from project_proef._over_dit_extract", login="anna") == [("Proef",)]


def test_an_ended_grant_opens_nothing_and_nobody_connects(home: Home, server: Server) -> None:
    lay(home, server)
    lines = server.ask("select count(*) from das_host.log")
    with pytest.raises(AccessRefused, match="is not in force"):
        open_project("proef", home=home, catalog=the_catalog(), account="anna", today=date(2100, 1, 2))
    assert server.ask("select count(*) from das_host.log") == lines


def test_closing_on_the_server_takes_all_and_can_be_done_again(home: Home, server: Server) -> None:
    lay(home, server)
    with server.connect("anna") as reading:
        reading.execute("begin; select * from project_proef.cases")
        closed = close_on_server(server.url(), "proef")
        assert (closed.tables, closed.logins) == (9, 1)
        with pytest.raises(psycopg.OperationalError):
            reading.execute("select 1")
    assert close_on_server(server.url(), "proef") == on_server.Closed(0, 0)
    for names in ("select rolname as name from pg_roles", "select nspname as name from pg_namespace"):
        assert server.ask(f"select * from ({names}) as names where name ~ 'proef'") == []
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        server.connect("anna")
    assert server.ask("select act from das_host.log order by line desc limit 1") == [("closed",)]
    lay(home, server)
    assert count(server) == 4


def test_closing_a_project_takes_it_from_its_server(
    home: Home, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(home, server)
    monkeypatch.setenv("PGUSER", "nobody_here")
    with pytest.raises(AccessRefused, match="let nobody in"):
        close(the_catalog(), home, "proef", "steward", TODAY)
    assert count(server) == 4
    monkeypatch.setenv("PGUSER", STEWARD)
    [seal] = close(the_catalog(), home, "proef", "steward", TODAY)
    assert (seal.mode, seal.snapshot) == ("server", SNAPSHOT)
    assert server.ask("select count(*) from pg_namespace where nspname = 'project_proef'") == [(0,)]


@pytest.mark.parametrize(
    "url",
    ["host=x dbname=y", "https://x/y", "postgresql:///das", "postgresql://x", "postgresql://x/y?options=-csearch_path"],
)
def test_an_address_that_says_too_little_or_too_much_is_refused(home: Home, url: str) -> None:
    before = files(home)
    with pytest.raises(UsageError):
        extract_to_server(the_catalog(), home, "proef", "steward", url, TODAY)
    assert files(home) == before
