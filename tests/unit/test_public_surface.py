"""What ``import das_research as das`` shows: exactly the public names, sorted, each importable, and for free."""

import pkgutil
import subprocess
import sys
from types import ModuleType

import das_research as das

HEAVY = ("ibis", "duckdb", "pandas", "matplotlib", "pydantic")


def test_the_public_names_are_listed_sorted_and_once() -> None:
    assert list(das.__all__) == sorted(set(das.__all__))


def test_dir_shows_exactly_the_public_names() -> None:
    assert [name for name in dir(das) if not name.startswith("_")] == list(das.__all__)


def test_every_public_name_is_documented() -> None:
    for name in das.__all__:
        assert getattr(das, name).__doc__, name


def test_no_module_of_the_same_name_takes_the_place_of_a_public_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(das.__path__)}
    for name in das.__all__:
        assert isinstance(getattr(das, name), ModuleType) == (name in modules), name


def test_importing_the_package_costs_nothing() -> None:
    code = f"import sys, das_research; assert not set({HEAVY}) & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    assert not hasattr(das, "geheim")
