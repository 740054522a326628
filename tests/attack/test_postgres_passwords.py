"""A server that asks for passwords over the network: nobody gets in without one, and it is kept and told nowhere."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from access_world import TODAY, a_catalog, write_snapshot
from postgres_server import STEWARD, NoServerError, Server, running_server
from psycopg import sql

from das_research.access.extract_to_server import extract_to_server
from das_research.access.opening import open_for_release, open_project
from das_research.access.server_names import gate_login
from das_research.catalog.models import Catalog
from das_research.custody.close import close
from das_research.errors import AccessRefused
from das_research.home import Home

LATE = date(2100, 1, 1)  # the server judges by its own clock
PASSWORDS = {STEWARD: "Zomer-1:geheim", "anna": "Winter\\2 geheim", gate_login("proef"): "Poort'3-geheim"}


def the_catalog() -> Catalog:
    catalog = a_catalog(end=LATE, people=[{"account": "anna", "organisation": "WODC"}])
    agreements = {name: it.model_copy(update={"end": LATE}) for name, it in catalog.agreements.items()}
    return catalog.model_copy(update={"agreements": agreements})


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    try:
        with running_server(passwords=True) as server:
            set_password(server, STEWARD)
            yield server
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL server: {error}")


def set_password(server: Server, login: str) -> None:
    """As the host does it with \\password: by who keeps the server."""
    with server.connect("postgres") as connection:
        word = sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(PASSWORDS[login]))
        connection.execute(word)


@pytest.fixture
def keyring(guarded: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which libpq finds the passwords of these logins."""
    for name in ("PGPASSWORD", "PGUSER", "PGSERVICE", "DAS_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "pgpass"
    lines = (
        f"127.0.0.1:{guarded.port}:*:{login}:" + word.replace("\\", "\\\\").replace(":", "\\:")
        for login, word in PASSWORDS.items()
    )
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(path))
    return path


@pytest.fixture(scope="module")
def laid(guarded: Server, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose project was laid over the network, by the steward's password from the environment."""
    home = Home(tmp_path_factory.mktemp("password") / "das")
    write_snapshot(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSWORD", PASSWORDS[STEWARD])
        extract_to_server(the_catalog(), home, "proef", STEWARD, guarded.address(), TODAY)
    return home


@pytest.fixture
def home(laid: Home, tmp_path: Path) -> Home:
    return Home(shutil.copytree(laid.root, tmp_path / "das"))


def test_the_server_keeps_no_password_but_its_salted_hash(guarded: Server, laid: Home):
    for login in ("anna", gate_login("proef")):
        set_password(guarded, login)
    kept = dict(guarded.ask("select rolname, rolpassword from pg_authid where rolname = any(%s)", list(PASSWORDS)))
    assert set(kept) == set(PASSWORDS) and all(it.startswith("SCRAM-SHA-256$") for it in kept.values())


def test_with_their_passwords_the_researcher_and_gate_3_get_in(guarded: Server, home: Home, keyring: Path):
    for login in ("anna", gate_login("proef")):
        set_password(guarded, login)
    with open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY) as project:
        assert (project.account, project.tables.zaken.count().execute()) == ("anna", 3)
        [(method,)] = project.engine.con.execute("select inet_server_addr() is not null").fetchall()
        assert method is True  # over the network, and not by the socket that trusts everybody
    with open_for_release(home, the_catalog(), "proef", project.manifest.id, "poort") as again:
        assert again.tables.zaken.count().execute() == 3


@pytest.mark.parametrize("known", ["nothing", "another's", "an empty word"])
def test_without_the_right_password_nobody_gets_in_and_no_word_says_it(
    guarded: Server, home: Home, keyring: Path, monkeypatch: pytest.MonkeyPatch, known: str
):
    set_password(guarded, "anna")
    word = {"nothing": None, "another's": PASSWORDS[STEWARD], "an empty word": ""}[known]
    keyring.write_text("" if word is None else f"127.0.0.1:{guarded.port}:*:anna:" + word.replace(":", "\\:") + "\n")
    with pytest.raises(AccessRefused, match="let nobody in as anna") as refused:
        open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY)
    assert "geheim" not in f"{refused.value}{refused.value.__cause__}{refused.value.__context__}"


def test_a_login_that_was_made_here_has_no_password_and_so_no_way_in(guarded: Server, home: Home, keyring: Path):
    with guarded.connect("postgres") as connection:
        connection.execute("alter role anna password null")  # as set_logins made it
    with pytest.raises(AccessRefused, match="let nobody in as anna"):
        open_project("proef", home=home, catalog=the_catalog(), account="anna", today=TODAY)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(guarded.address("anna"), password="")


def test_no_password_stands_in_the_home_or_in_the_logs(laid: Home, guarded: Server):
    kept = b"".join(path.read_bytes() for path in laid.root.rglob("*") if path.is_file())
    assert f"127.0.0.1:{guarded.port}".encode() in kept  # the address does, without login and password
    assert not any(word.encode() in kept for word in PASSWORDS.values()) and b"geheim" not in kept


def test_closing_asks_for_the_stewards_password_and_closes_nothing_without_it(
    guarded: Server, home: Home, keyring: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGUSER", STEWARD)
    words = keyring.read_text()
    keyring.write_text("")
    with pytest.raises(AccessRefused, match="let nobody in"):
        close(the_catalog(), home, "proef", STEWARD, TODAY)
    assert guarded.ask("select count(*) from pg_namespace where nspname = 'project_proef'") == [(1,)]
    keyring.write_text(words)
    close(the_catalog(), home, "proef", STEWARD, TODAY)
    assert guarded.ask("select count(*) from pg_namespace where nspname = 'project_proef'") == [(0,)]
