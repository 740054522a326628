"""The command `das`: global options, sub-commands, and the one place where an error becomes a message and exit code.

Exit codes: 0 done, 1 refused with a reason, 2 wrong use, 130 interrupted.
"""

import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.text import Text
from typer.core import TyperGroup

from das_research.commands.context import State, console
from das_research.errors import DasError
from das_research.home import Home

# The order of `das --help`: the way of the data.
NOUNS = (
    "catalog",
    "synthetic",
    "deliver",
    "build",
    "grant",
    "person",
    "project",
    "figure",
    "monitor",
    "release",
    "retention",
    "key",
    "publish",
    "audit",
    "demo",
    "lab",
)


class RefusingGroup(TyperGroup):
    """The whole command; a refusal ends as a message on standard error, never as a traceback."""

    def list_commands(self, _: Any) -> list[str]:
        return names

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            return super().main(*args, **options)
        except DasError as error:
            _refuse(str(error), error.exit_code)
        except OSError as error:
            _refuse(_disk_trouble(error), DasError.exit_code)
        except Exception as error:
            _refuse(_own_fault(error), DasError.exit_code)


def _disk_trouble(error: OSError) -> str:
    place = f" at {error.filename}" if error.filename else ""
    return f"The disk refused{place}.\n  why: {error.strerror or type(error).__name__}"


def _own_fault(error: Exception) -> str:
    """Where the program failed. The message itself stays behind: those of engine, Pandas and Pydantic quote values."""
    package = Path(__file__).parent
    places = [it for it in traceback.extract_tb(error.__traceback__) if Path(it.filename).is_relative_to(package)]
    place = f" in {Path(places[-1].filename).relative_to(package)}, line {places[-1].lineno}" if places else ""
    return (
        f"The program failed: {type(error).__name__}{place}.\n"
        "  why: This is a fault of the program. Its own message could quote a value and is not shown.\n"
        "  ask: the maintainers, with the line above and the command"
    )


def _refuse(message: str, exit_code: int) -> NoReturn:
    first, *rest = message.splitlines()
    out = console(stderr=True)
    out.print(Text(first, style="bold red"), soft_wrap=True)
    for line in rest:
        out.print(line, soft_wrap=True)
    sys.exit(exit_code)


app = typer.Typer(cls=RefusingGroup, name="das", no_args_is_help=True, pretty_exceptions_enable=False)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"das-research {version('das-research')}")
        raise typer.Exit


@app.callback()
def das(
    context: typer.Context,
    catalog: Annotated[
        Path, typer.Option(envvar="DAS_CATALOG", metavar="DIR", help="The catalogue of agreements, terms and grants.")
    ] = Path("data_catalog"),
    home: Annotated[
        Path,
        typer.Option(
            envvar="DAS_HOME",
            metavar="DIR",
            help="The folder where the three zones live.",
            readable=False,  # a host may close it to listing
        ),
    ] = Path(".das"),
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Governed access to linked criminal justice data, monitors and publications."""
    context.obj = State(catalog, Home(home))


names: list[str] = []  # of the commands, in the order of the modules: typer alone puts groups last
for noun in NOUNS:
    import_module(f"das_research.commands.{noun}").register(app)
    registered = [str(one.name) for one in app.registered_commands] + [str(one.name) for one in app.registered_groups]
    names += [name for name in registered if name not in names]


def main() -> None:
    """Run the command line."""
    # numbers are added up in one order, whatever the number of cores, and none of them waits for another
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="das")


if __name__ == "__main__":
    main()
