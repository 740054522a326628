"""What a researcher's login on a PostgreSQL server can't do (a wall), and what it can but should not (a guard rail).

Everything is tried as a person of the project `proef` could who sits in Python: through Ibis, through the connection
under it, and by a connection of the person's own. The project `ander` of somebody else lies in the same database. Each
guard rail is tried too: a test tells that it gives way, as docs/postgresql.md says, so that nobody takes it for a wall.
"""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import psycopg
import psycopg.errors as errors
import pytest
from access_world import DIRECT, NOT_GRANTED, OTHER_DATASET, OUTSIDE_RULE, TODAY, a_catalog, write_snapshot
from postgres_server import STEWARD, Server

from das_research.access.extract_to_server import extract_to_server
from das_research.access.opening import open_for_release, open_project
from das_research.access.project import Project
from das_research.catalog.models import Catalog
from das_research.errors import AccessRefused, UsageError
from das_research.home import Home

LATE = date(2100, 1, 1)  # the server judges by its own clock
NO_RIGHT = errors.InsufficientPrivilege
READ_ONLY = errors.ReadOnlySqlTransaction


def the_catalog() -> Catalog:
    """Both grants in force for long, and the first with a limit of rows."""
    catalog = a_catalog(
        end=LATE, people=[{"account": "anna", "organisation": "WODC"}], limits={"rows": 3, "seconds": 60}
    )
    other = catalog.grants["ander"].model_copy(update={"end": LATE})
    agreements = {name: it.model_copy(update={"end": LATE}) for name, it in catalog.agreements.items()}
    return catalog.model_copy(update={"grants": {**catalog.grants, "ander": other}, "agreements": agreements})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Home:
    home = Home(tmp_path_factory.mktemp("muur") / "das")
    write_snapshot(home)
    for project in ("proef", "ander"):
        extract_to_server(the_catalog(), home, project, STEWARD, server.url(), TODAY)
    return home


@pytest.fixture
def project(home: Home) -> Iterator[Project]:
    with open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY) as project:
        yield project


@pytest.fixture
def mine(home: Home, server: Server) -> Iterator[psycopg.Connection]:
    """A connection of the person's own, which has put off every setting that it may."""
    with server.connect("anna") as connection:
        connection.execute("set default_transaction_read_only = off")
        yield connection


def all_values(connection: psycopg.Connection, schema: str) -> set[str]:
    """Every value of every view of a schema, as text."""
    names = connection.execute("select table_name from information_schema.tables where table_schema = %s", (schema,))
    return {
        str(value)
        for (name,) in names.fetchall()
        for row in connection.execute(f'select * from {schema}."{name}"').fetchall()
        for value in row
    }


# what is granted is there


def test_select_everything_works_for_who_is_named(mine: psycopg.Connection) -> None:
    assert {"diefstal", "2023-06-01", "150"} <= all_values(mine, "project_proef")


def test_no_marker_is_on_the_server(home: Home, server: Server) -> None:
    with server.connect("postgres") as all_seeing:
        values = all_values(all_seeing, "base_proef") | all_values(all_seeing, "project_proef")
    assert "diefstal" in values
    assert not values & {NOT_GRANTED, DIRECT, OTHER_DATASET, str(-OUTSIDE_RULE)}


# walls: reading


@pytest.mark.parametrize(
    "statement",
    [
        "select * from base_proef.cases",
        "select * from base_ander.cases",
        "select * from project_ander.cases",
        "select * from project_proef.cases join project_ander.cases using (case_id)",
        "select * from das_host.log",
        "select * from das_host.people",
        "select * from das_host.projects",
        "select * from pg_catalog.pg_authid",
        "select * from pg_catalog.pg_statistic",
        "select pg_read_file('/etc/hostname')",
        "select pg_ls_dir('/')",
        "copy project_proef.cases to '/tmp/das-leak'",
        "copy (select 1) to program 'true'",
        "select lo_import('/etc/hostname')",
        "select pg_reload_conf()",
        "copy base_proef.cases to stdout",
        "explain analyze select * from base_proef.cases",
        "explain select * from project_ander.cases",
        "select query_to_xml('select * from base_proef.cases', true, true, '')",
        "select * from ts_stat('select to_tsvector(delict) from base_proef.cases')",
        "select pg_relation_size('base_ander.cases')",
        "select das_host.may_read('ander')",
        "select * from pg_largeobject",
        "select * from pg_hba_file_rules",
        "select * from pg_file_settings",
        "select pg_current_logfile()",
    ],
)
def test_wall_reading_what_is_not_granted(mine: psycopg.Connection, statement: str) -> None:
    with pytest.raises((NO_RIGHT, errors.FeatureNotSupported)):
        mine.execute(statement)


def test_wall_the_statistics_show_no_value_of_tables_behind_the_views(mine: psycopg.Connection) -> None:
    assert mine.execute("select * from pg_stats where schemaname like 'base\\_%'").fetchall() == []


def test_wall_keys_of_two_projects_never_meet(home: Home, server: Server) -> None:
    with server.connect("postgres") as all_seeing:
        shared = "select count(*) from base_proef.cases join base_ander.cases using ({})"
        counts = [all_seeing.execute(shared.format(key)).fetchone() for key in ("case_id", "person_id")]
    assert counts == [(0,), (0,)]


def test_wall_a_person_of_another_project_sees_nothing_of_this_one(home: Home, server: Server) -> None:
    with server.connect("dirk") as other, pytest.raises(NO_RIGHT):
        other.execute("select * from project_proef.cases")


# walls: becoming somebody else, making and changing


@pytest.mark.parametrize(
    "statement",
    [
        "set role das_host",
        "set role project_ander",
        "set role gate_proef",
        "set session authorization steward",
        "select set_config('role', 'das_host', false)",
        "grant project_proef to dirk",
        "alter role anna connection limit 100",
        "alter role anna createrole",
        "create role mine",
        "create schema mine",
        "create table mine (a int)",
        "create table project_proef.mine (a int)",
        "create temporary table mine (a int)",
        "create view project_proef.mine as select 1",
        "create function project_proef.mine() returns int language sql security definer as 'select 1'",
        "create function public.mine() returns int language sql as 'select 1'",
        "create or replace function das_host.may_read(asked text) returns boolean language sql as 'select true'",
        "create extension dblink",
        "create extension postgres_fdw",
        "create extension file_fdw",
        "create language plperlu",
        "create server elsewhere foreign data wrapper none",
        "insert into project_proef.cases default values",
        "update project_proef.cases set delict = 'x'",
        "delete from project_proef.cases",
        "truncate base_proef.cases",
        "insert into base_proef.cases default values",
        "insert into das_host.log (act, project, extract) values ('opened', 'proef', 'x')",
        "update das_host.log set login = 'dirk'",
        "delete from das_host.log",
        "drop view project_proef.cases",
        "drop schema project_proef cascade",
        "comment on schema project_proef is 'x'",
        "vacuum base_proef.cases",
        "alter system set shared_buffers = '1GB'",
        "security label on schema project_proef is 'x'",
        "truncate das_host.log",
        "reassign owned by anna to dirk",
        "alter table project_proef.cases rename to mine",
        "alter database das set work_mem = '1GB'",
        "create rule mine as on select to project_proef.cases do instead select 1",
        "create event trigger mine on ddl_command_start execute function mine()",
        "create database mine",
        "create type public.mine as (a int)",
        "create operator public.=== (leftarg = text, rightarg = text, function = texteq)",
        "create sequence public.mine",
        "create materialized view public.mine as select 1",
        "create index on base_proef.cases (case_id)",
        "create statistics mine on case_id, delict from base_proef.cases",
        "create tablespace mine location '/tmp'",
        "create publication mine for all tables",
        "create subscription mine connection '' publication mine",
        "select pg_create_physical_replication_slot('mine')",
        "select pg_create_logical_replication_slot('mine', 'pgoutput')",
        "load 'auto_explain'",
        "checkpoint",
        "set session_replication_role = replica",
        "set log_statement = 'none'",
        "set temp_file_limit = -1",
        "alter role dirk password 'mine'",
        "select pg_stat_reset()",
        "select pg_rotate_logfile()",
    ],
)
def test_wall_no_act_but_reading(home: Home, server: Server, mine: psycopg.Connection, statement: str) -> None:
    before = server.ask("select count(*) from das_host.log"), server.ask("select count(*) from pg_class")
    refused = (NO_RIGHT, errors.UndefinedObject, errors.UndefinedFile, errors.InvalidParameterValue)
    refused += (errors.ObjectNotInPrerequisiteState, errors.FeatureNotSupported, errors.InvalidSchemaName)
    with pytest.raises(refused):
        mine.execute(statement)
    assert (server.ask("select count(*) from das_host.log"), server.ask("select count(*) from pg_class")) == before


def test_wall_no_more_connections_than_a_login_has(home: Home, server: Server) -> None:
    opened: list[psycopg.Connection] = []
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            for _ in range(20):
                opened.append(server.connect("anna"))
        assert len(opened) <= 5
    finally:
        for connection in opened:
            connection.close()


def test_wall_a_login_of_no_project_does_not_get_in(home: Home, server: Server) -> None:
    with server.connect("postgres") as all_seeing:
        all_seeing.execute("create role passer_by login")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        server.connect("passer_by")


# walls: the log, identity and time


def test_wall_an_opening_is_written_down_under_the_login_the_server_knows(project: Project, server: Server) -> None:
    last = "select act, login, project, extract from das_host.log order by line desc limit 1"
    assert server.ask(last) == [("opened", "anna", "proef", project.manifest.id)]


def test_wall_no_line_of_another_project_can_be_written(home: Home, mine: psycopg.Connection, server: Server) -> None:
    [(extract_id,)] = server.ask("select extract from das_host.projects where project = 'ander'")
    with pytest.raises(NO_RIGHT, match="does not name this login today"):
        mine.execute("select das_host.record_opening('ander', %s)", (extract_id,))


def test_wall_the_account_is_the_one_of_the_server(home: Home, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "anna")
    monkeypatch.setenv("DAS_ACCOUNT", "")
    with open_project("proef", home=home, catalog=the_catalog(), today=TODAY) as project:
        assert project.account == "anna"
    monkeypatch.setenv("DAS_ACCOUNT", "dirk")  # who calls himself so is dirk to the server, or is not let in
    with pytest.raises(AccessRefused, match="The login 'dirk' may not read the schema project_proef"):
        open_project("proef", home=home, catalog=the_catalog(), today=TODAY)


def test_wall_views_are_shut_when_the_grant_has_ended_on_the_server(
    home: Home, server: Server, mine: psycopg.Connection
) -> None:
    server.ask("update das_host.projects set ends = '2020-01-01' where project = 'proef' returning 1")
    try:
        with pytest.raises(NO_RIGHT, match="not in force"):
            mine.execute("select count(*) from project_proef.cases")
        mine.execute("set timezone = '-167'")  # days ago
        with pytest.raises(NO_RIGHT, match="not in force"):
            mine.execute("select count(*) from project_proef.cases")
        with pytest.raises(AccessRefused, match="does not let this login read"):
            open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY)
    finally:
        server.ask("update das_host.projects set ends = '2100-01-01' where project = 'proef' returning 1")


@pytest.mark.parametrize(
    "asked",
    [
        "select * from project_proef.cases where 1 / (case when delict = 'diefstal' then 0 else 1 end) = 1",
        "select count(*) from project_proef.zaken where exists (select from project_proef.cases where delict::int = 1)",
        "with kept as materialized (select delict::int from project_proef.cases) select * from kept",
        "select (select max(delict)::int from project_proef.cases)",
        "explain analyze select * from project_proef.cases where delict::int = 1",
    ],
)
def test_wall_after_the_end_no_error_tells_of_a_value(home: Home, server: Server, asked: str) -> None:
    with server.connect("anna") as fresh:
        with pytest.raises(errors.DataError):  # while it is in force the error comes from the rows
            fresh.execute(asked)
        server.ask("update das_host.projects set ends = '2020-01-01' where project = 'proef' returning 1")
        try:
            for plan in ("auto", "force_generic_plan"):
                fresh.execute(f"set plan_cache_mode = {plan}")
                with pytest.raises(NO_RIGHT, match="not in force"):
                    fresh.execute(asked)
        finally:
            server.ask("update das_host.projects set ends = '2100-01-01' where project = 'proef' returning 1")


def test_wall_the_end_of_an_agreement_or_a_permission_is_the_end_on_the_server(home: Home, server: Server) -> None:
    catalog, ends = the_catalog(), "select ends from das_host.projects where project = 'ander'"
    agreement = catalog.agreements["levering-politie"].model_copy(update={"end": date(2026, 7, 1)})
    grant = catalog.grants["ander"]
    permissions = tuple(it.model_copy(update={"until": date(2026, 6, 1)}) for it in grant.permissions)
    ended = {
        date(2026, 7, 1): {"agreements": {**catalog.agreements, agreement.id: agreement}},
        date(2026, 6, 1): {
            "grants": {**catalog.grants, "ander": grant.model_copy(update={"permissions": permissions})}
        },
    }
    try:
        for day, change in ended.items():
            extract_to_server(catalog.model_copy(update=change), home, "ander", STEWARD, server.url(), TODAY)
            assert server.ask(ends) == [(day,)]
    finally:
        extract_to_server(catalog, home, "ander", STEWARD, server.url(), TODAY)
    assert server.ask(ends) == [(LATE,)]


def test_wall_a_right_that_a_login_passes_on_gives_nothing(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh:
        fresh.execute("set default_transaction_read_only = off")
        for passed_on in ("select on project_proef.cases", "usage on schema project_proef"):
            fresh.execute(f"grant {passed_on} to dirk")  # the server warns that nothing was granted
        fresh.execute("alter default privileges grant select on tables to public")  # of tables that it can't make
    with server.connect("dirk") as other, pytest.raises(NO_RIGHT):
        other.execute("select * from project_proef.cases")


def test_wall_gate_3_reads_one_project_whatever_a_query_asks(home: Home) -> None:
    extract_id = (home.project("proef") / "extracts" / "current").read_text()
    with open_for_release(home, the_catalog(), "proef", extract_id, "poort") as gate:
        assert gate.tables.cases.count().execute() == 4
        for query in ("select * from base_ander.cases", "select set_config('role', 'das_host', false)"):
            with pytest.raises(NO_RIGHT):
                gate.engine.sql(query).execute()


# walls: the doors of Ibis lead into the same connection


@pytest.mark.parametrize("query", ["select * from base_ander.cases", "select * from das_host.log"])
def test_wall_every_door_of_ibis_meets_the_same_rights(project: Project, query: str) -> None:
    backend: Any = project.tables.cases._find_backend()
    doors = [
        lambda: backend.raw_sql(query),
        lambda: backend.sql(query).execute(),
        lambda: project.tables.cases.alias("c").sql(query).execute(),
        lambda: backend.table("cases", database="base_ander").execute(),
        lambda: backend.create_table("mine", project.tables.cases),
        lambda: backend.create_view("mine", project.tables.cases),
        lambda: backend.con.execute(query),
    ]
    for door in doors:
        with pytest.raises((psycopg.Error, ibis.common.exceptions.IbisError)):
            door()


# what can be seen


def test_seen_by_all_are_names_and_what_columns_mean(mine: psycopg.Connection) -> None:
    schemas = {name for (name,) in mine.execute("select nspname from pg_namespace").fetchall()}
    assert {"project_ander", "base_ander", "das_host"} <= schemas
    assert ("dirk",) in mine.execute("select rolname from pg_roles").fetchall()
    columns = (
        "select attname from pg_attribute where attrelid = (select oid from pg_class where relname = 'cases' limit 1)"
    )
    assert ("delict",) in mine.execute(columns).fetchall()
    assert mine.execute("select obj_description('project_ander'::regnamespace)").fetchone() != (None,)
    assert mine.execute(
        "select max(reltuples) from pg_class where relnamespace = 'base_ander'::regnamespace"
    ).fetchone()
    rows = "select max(n_live_tup) from pg_stat_user_tables where schemaname = 'base_ander'"
    assert mine.execute(rows).fetchone() != (None,)
    [text] = mine.execute("select pg_get_functiondef('das_host.may_read'::regproc)").fetchone() or ("",)
    assert "not in force" in text
    views = mine.execute("select definition from pg_views where schemaname = 'project_ander'").fetchall()
    assert any("may_read('ander'" in text for (text,) in views)
    connected = "select usename from pg_stat_activity where datname = current_database()"
    assert ("anna",) in mine.execute(connected).fetchall()


def test_not_seen_are_the_queries_of_others(mine: psycopg.Connection, server: Server) -> None:
    with server.connect("dirk") as other:
        other.execute("select 'a secret thought'")
        shown = mine.execute("select query from pg_stat_activity where usename = 'dirk'").fetchall()
        with pytest.raises(NO_RIGHT):
            mine.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'dirk'")
    assert shown == [("<insufficient privilege>",)]


def test_information_schema_lists_only_what_may_be_read(mine: psycopg.Connection) -> None:
    own = "select distinct table_schema from information_schema.tables where table_schema !~ '^(pg_|information)'"
    assert mine.execute(own).fetchall() == [("project_proef",)]


# guard rails: they stand until a person puts them off


def test_guard_rail_a_session_starts_with_limits_and_may_change_them(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh:
        assert fresh.execute("show statement_timeout").fetchone() == ("1min",)
        assert fresh.execute("show default_transaction_read_only").fetchone() == ("on",)
        fresh.execute("set statement_timeout = 0")
        assert fresh.execute("show statement_timeout").fetchone() == ("0",)


def test_guard_rail_an_idle_transaction_is_ended_and_a_session_may_put_that_off(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh:
        assert fresh.execute("show idle_in_transaction_session_timeout").fetchone() not in (None, ("0",))
        fresh.execute("set idle_in_transaction_session_timeout = '50ms'")
        fresh.execute("begin")
        time.sleep(0.5)
        with pytest.raises(psycopg.Error, match="idle-in-transaction"):
            fresh.execute("select 1")
    with server.connect("anna") as fresh:
        fresh.execute("set idle_in_transaction_session_timeout = 0")
        assert fresh.execute("show idle_in_transaction_session_timeout").fetchone() == ("0",)


def test_guard_rail_limits_put_off_for_good_come_back_when_the_project_is_laid_again(
    home: Home, server: Server, mine: psycopg.Connection
) -> None:
    for setting in ("statement_timeout = 0", "default_transaction_read_only = off", "work_mem = '100GB'"):
        mine.execute(f"alter role anna in database das set {setting}")
    with server.connect("anna") as fresh:
        assert fresh.execute("show statement_timeout").fetchone() == ("0",)
    extract_to_server(the_catalog(), home, "proef", STEWARD, server.url(), TODAY)
    with server.connect("anna") as fresh:
        assert fresh.execute("show statement_timeout").fetchone() == ("1min",)
        assert fresh.execute("show default_transaction_read_only").fetchone() == ("on",)
        fresh.execute("set default_transaction_read_only = off")
        fresh.execute("alter role anna in database das reset work_mem")


def test_guard_rail_logins_can_send_each_other_words(home: Home, server: Server, mine: psycopg.Connection) -> None:
    with server.connect("dirk") as other:
        other.execute("listen passed_on")
        mine.execute("select pg_notify('passed_on', 'diefstal')")
        assert [it.payload for it in other.notifies(timeout=5, stop_after=1)] == ["diefstal"]
        mine.execute("select pg_advisory_lock(42)")
        held = "select objid from pg_locks where locktype = 'advisory'"
        assert (42,) in other.execute(held).fetchall()


def test_guard_rail_what_a_session_took_in_before_the_end_it_keeps(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh:
        fresh.execute("declare taken cursor with hold for select * from project_proef.cases")
        fresh.execute("prepare again as select count(*) from project_proef.cases")
        assert fresh.execute("execute again").fetchone() == (4,)
        server.ask("update das_host.projects set ends = '2020-01-01' where project = 'proef' returning 1")
        try:
            with pytest.raises(NO_RIGHT, match="not in force"):
                fresh.execute("execute again")  # nothing new
            assert len(fresh.execute("fetch all from taken").fetchall()) == 4
        finally:
            server.ask("update das_host.projects set ends = '2100-01-01' where project = 'proef' returning 1")


def test_guard_rail_a_login_can_change_its_own_password(home: Home, server: Server, mine: psycopg.Connection) -> None:
    mine.execute("alter role anna password 'mine'")
    kept = "select rolname from pg_authid where rolpassword is not null and rolname <> 'postgres'"
    assert server.ask(kept) == [("anna",)]
    mine.execute("alter role anna password null")


def test_guard_rail_a_login_can_take_rights_from_itself_until_the_project_is_laid_again(
    home: Home, server: Server, mine: psycopg.Connection
) -> None:
    before = server.ask("select count(*) from das_host.log"), server.ask("select count(*) from pg_class")
    mine.execute("drop owned by anna")
    assert (server.ask("select count(*) from das_host.log"), server.ask("select count(*) from pg_class")) == before
    extract_to_server(the_catalog(), home, "proef", STEWARD, server.url(), TODAY)
    with server.connect("anna") as fresh:
        assert fresh.execute("select count(*) from project_proef.cases").fetchone() == (4,)


def test_guard_rail_a_query_that_runs_too_long_is_stopped(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh, pytest.raises(errors.QueryCanceled):
        fresh.execute("set statement_timeout = '50ms'")
        fresh.execute("select pg_sleep(5)")


def test_guard_rail_large_objects_of_ones_own(home: Home, server: Server) -> None:
    with server.connect("anna") as fresh:
        refused = pytest.raises(READ_ONLY) if server.release >= 16 else nullcontext()  # the docs say from which on
        with refused:
            [early] = fresh.execute("select lo_from_bytea(0, 'note')").fetchone() or (None,)
            fresh.execute("select lo_unlink(%s)", (early,))
        fresh.execute("set default_transaction_read_only = off")
        [made] = fresh.execute("select lo_from_bytea(0, 'note')").fetchone() or (None,)
        try:
            with server.connect("dirk") as other, pytest.raises(NO_RIGHT):
                other.execute("select lo_get(%s)", (made,))
        finally:
            fresh.execute("select lo_unlink(%s)", (made,))


def test_guard_rail_no_more_rows_than_the_grant_says_through_ibis(project: Project) -> None:
    for bring in (project.tables.cases.execute, project.tables.cases.to_pyarrow, project.tables.cases.to_pandas):
        with pytest.raises(UsageError, match="more than 3 rows"):
            bring()
    assert len(project.tables.cases.limit(3).execute()) == 3
    assert project.tables.cases.count().execute() == 4
    assert len(project.engine.con.execute("select * from cases").fetchall()) == 4  # why it is no wall


# secrets


def test_no_password_is_taken_kept_or_told(home: Home, server: Server, tmp_path: Path) -> None:
    url = f"postgresql://{STEWARD}:geheim@/das?host={server.folder}"
    with pytest.raises(UsageError, match="holds a password") as refused:
        extract_to_server(the_catalog(), home, "proef", STEWARD, url, TODAY)
    assert "geheim" not in str(refused.value)
    kept = b"".join(path.read_bytes() for path in home.root.rglob("*") if path.is_file())
    assert b"postgresql:///das?host=" in kept
    assert b"geheim" not in kept and STEWARD.encode() + b"@" not in kept


def test_a_manifest_that_names_another_server_is_refused_before_anybody_connects(home: Home, tmp_path: Path) -> None:
    folder = home.project("proef") / "extracts"
    manifest = folder / (folder / "current").read_text() / "manifest.json"
    kept = manifest.read_text()
    manifest.write_text(kept.replace("postgresql:///das?host=", "postgresql://thief.example/das?sslrootcert="))
    try:
        with pytest.raises(AccessRefused, match="is not what gate 2 wrote"):
            open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY)
    finally:
        manifest.write_text(kept)
