"""Running Python that is to be killed: in a process of its own, with the heavy imports behind it already.

The processes are forked from one that has only imported, so each costs milliseconds and holds no engine of the tests.
"""

import signal
import sys
from multiprocessing import get_context

from trusted_extension import trust_as_checked

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "das_research.access.extract",
        "das_research.intake.gate",
        "das_research.publish.sites",
        "das_research.warehouse.build",
    ]
)


def was_killed(code: str, *arguments: str) -> bool:
    """Run code, with these arguments in ``sys.argv``, and tell whether it ended by being killed."""
    process = PROCESSES.Process(target=_run, args=(code, arguments))
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def _run(code: str, arguments: tuple[str, ...]) -> None:
    trust_as_checked()
    sys.argv = ["-c", *arguments]
    exec(code, {"__name__": "__main__"})


COUNTED = """
import os, signal, sys
from pathlib import Path

acts, moment, home, count = [0], int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])

def counted(act):
    def instead(*arguments, **named):
        acts[0] += 1
        if acts[0] == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*arguments, **named)
    return instead

{imports}
for name in ("fsync", "link", "mkdir", "open", "rename", "replace", "rmdir", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
{act}
count.write_text(str(acts[0]))
"""


def killed_at(moment: int, imports: str, act: str, *arguments: str) -> bool:
    """Run an act that is killed before its n-th touch of the disk (0: never), and tell whether it was.

    The first arguments are the root of the home, as `home`, and a file that gets the number of touches of an act that
    ends; further ones stand in ``sys.argv`` from the fourth place on.
    """
    return was_killed(COUNTED.format(imports=imports, act=act), str(moment), *arguments)
