"""A room without doors for a notebook over real rows: another account, no network, and no file but those laid in it.

Bubblewrap makes the room; without it, without root to make it, or without an account of its own, nothing runs. These
are walls of the system. What they leave: whether a run ends, after how long, and at which cell it stopped.
"""

import os
import pwd
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import das_research
from das_research.errors import AccessRefused

ACCOUNT_VARIABLE = "DAS_REMOTE_ACCOUNT"
ROOM = Path("/room")  # where the account finds what was laid ready, inside
SYSTEM = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")
LINKED = ("/bin", "/sbin", "/lib", "/lib64")  # links into /usr on most systems
CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # to become the account, which then has none


@dataclass(frozen=True)
class Isolation:
    """An account in whose name notebooks run, and nothing else does.

    Parameters
    ----------
    account : str
        Its name.
    user, group : int
        Its numbers.
    """

    account: str
    user: int
    group: int

    def command(self, room: Path, program: Sequence[str], settings: dict[str, str]) -> list[str]:
        """The command that runs a program in the room.

        Parameters
        ----------
        room : Path
            The folder that the account finds as `ROOM`, and the only one that it can write.
        program : sequence of str
            Arguments of this Python.
        settings : dict
            Its whole environment.
        """
        become = ["setpriv", f"--reuid={self.user}", f"--regid={self.group}", "--clear-groups"]
        become += ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
        go_in = ["env", f"--chdir={ROOM}"]  # only the account may
        return [*_walls(room, settings), "--", *become, *go_in, sys.executable, "-P", *program]


def find_isolation() -> Isolation:
    """The account that ``DAS_REMOTE_ACCOUNT`` names, where this machine can keep it apart.

    Raises
    ------
    AccessRefused
        With what is missing; nothing is run without it.
    """
    missing = next(_missing(os.environ.get(ACCOUNT_VARIABLE, "")), None)
    if missing:
        why, fix = missing
        raise AccessRefused(
            "Notebooks can't be run over real rows here.", why=why, fix=fix, ask="the host, who sets this up once"
        )
    found = pwd.getpwnam(os.environ[ACCOUNT_VARIABLE])
    return Isolation(found.pw_name, found.pw_uid, found.pw_gid)


def _missing(account: str) -> Iterator[tuple[str, str]]:
    """What stands in the way, and what to type."""
    if os.geteuid() != 0:
        yield (
            "It takes the host's own account (root), which alone can hand a process to another.",
            "sudo das project submit ...",
        )
    if not account:
        yield (
            "No account is named to run them under.",
            f"useradd --system das-remote; export {ACCOUNT_VARIABLE}=das-remote",
        )
    elif account not in {it.pw_name for it in pwd.getpwall()}:
        yield f"The account '{account}' is not there.", f"useradd --system {account}"
    elif pwd.getpwnam(account).pw_uid == 0:
        yield f"The account '{account}' is root, from which nothing can be kept.", "useradd --system das-remote"
    for program, package in (("bwrap", "bubblewrap"), ("setpriv", "util-linux")):
        if not shutil.which(program):
            yield f"{program} is not installed, which keeps files and network away from them.", f"apt install {package}"


def _walls(room: Path, settings: dict[str, str]) -> list[str]:
    made = ["bwrap", "--unshare-net", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--die-with-parent"]
    made += ["--new-session", "--clearenv", "--cap-drop", "ALL"]
    made += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]  # first: Python may lie below it
    for capability in CAPABILITIES:
        made += ["--cap-add", capability]
    for name in LINKED:
        link = Path(name)
        made += ["--symlink", str(link.readlink()), name] if link.is_symlink() else ["--ro-bind-try", name, name]
    shown = [*map(Path, SYSTEM), *_python()]
    for folder in sorted({it for path in shown for it in path.parents if it not in (Path("/"), Path("/tmp"))}):
        made += ["--perms", "0755", "--dir", str(folder)]
    for path in shown:
        made += ["--ro-bind-try", str(path), str(path)]
    made += ["--bind", str(room), str(ROOM)]
    for name, value in settings.items():
        made += ["--setenv", name, value]
    return made


def _python() -> list[Path]:
    """Where this Python and this package are."""
    return [Path(sys.base_prefix).resolve(), Path(sys.prefix), Path(das_research.__file__).parent]
