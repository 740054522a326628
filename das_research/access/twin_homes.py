"""Where the twins of projects lie: each fictitious chain has a home of its own, and each project names one of them."""

import re
import shutil

from das_research.home import Home, write_file

CURRENT, NAME = "current", re.compile(r"chain-[0-9a-f]{12}")


def chain_home(home: Home, name: str) -> Home:
    """The home of a chain, whose keys of identifiers are its own."""
    return Home(home.twins / name, own_keys=True)


def twin_home(home: Home, project: str) -> Home:
    """The home that holds the twin of a project; one in which there is nothing where it has none yet."""
    named = home.twins / CURRENT / project
    name = named.read_text(encoding="utf-8") if named.is_file() else ""
    return chain_home(home, name if NAME.fullmatch(name) else "none")


def name_twin(home: Home, project: str, name: str) -> None:
    """Make a chain the one of a project's twin; chains of which no project has a twin any more are removed."""
    write_file(home.twins / CURRENT / project, name)
    named = {path.read_text(encoding="utf-8") for path in (home.twins / CURRENT).iterdir()}
    for folder in home.twins.iterdir():
        if NAME.fullmatch(folder.name) and folder.name not in named:
            shutil.rmtree(folder)
