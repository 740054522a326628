"""Running Python that is to be killed: in a process of its own, with the heavy imports behind it already.

The processes are forked from one that has only imported, so each costs milliseconds and holds no engine of the tests.
"""

import signal
import sys
from multiprocessing import get_context

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
    sys.argv = ["-c", *arguments]
    exec(code, {"__name__": "__main__"})
