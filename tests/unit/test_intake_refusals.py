"""A file that is not what the catalogue says changes nothing on disk; `broken_deliveries` has every fault."""

import os
from pathlib import Path

import intake_world as world
import pandas as pd
import pytest
from typer.testing import CliRunner

from das_research.cli import app
from das_research.commands.context import State
from das_research.errors import CatalogError, DasError, DeliveryRefused, UsageError
from das_research.home import Home
from das_research.intake.file import find
from das_research.intake.gate import deliver

THREE = world.rows({}, {}, {"feit": "G"})


def content() -> bytes:
    return world.table(THREE).encode()


REFUSED: dict[str, tuple[bytes, str]] = {  # before anything is read, by what is read, and by all of it together
    "an empty file": (b"", "It is empty"),
    "a row with too few fields": (content() + b"a;b\n", "Row 4: the number of fields"),
    "real among fictitious": (
        world.table([*THREE, THREE[0] | {"nummer": "05-12345678"}]).encode(),
        "It mixes real and fictitious identifiers. Row 4: real",
    ),
}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("standing")
    home = Home(folder / "home")
    deliver(world.catalog(), home, "zaken", world.write(folder / "zaken.csv", world.rows({})), "steward")
    return home


@pytest.fixture(params=["new home", "standing home"])
def home(request: pytest.FixtureRequest, standing: Home, tmp_path: Path) -> Home:
    return standing if request.param == "standing home" else Home(tmp_path / "home")


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_and_changes_nothing(name: str, home: Home, tmp_path: Path) -> None:
    data, says = REFUSED[name]
    path = tmp_path / "zaken.csv"
    path.write_bytes(data)
    before = world.listing(home.root)
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(world.catalog(), home, "zaken", path, "steward")
    assert says in refusal.value.why, refusal.value.why
    assert refusal.value.fix
    assert refusal.value.ask
    assert world.listing(home.root) == before


def test_an_unknown_dataset_lists_the_known_ones(home: Home, tmp_path: Path) -> None:
    before = world.listing(home.root)
    with pytest.raises(UsageError, match="no dataset 'zaak'") as refusal:
        deliver(world.catalog(), home, "zaak", world.write(tmp_path / "zaken.csv", THREE), "steward")
    assert refusal.value.fix == "Use one of: zaken."
    assert world.listing(home.root) == before


@pytest.mark.parametrize("path", ["nowhere.csv", "."])
def test_a_missing_file_is_wrong_use(path: str, home: Home, tmp_path: Path) -> None:
    before = world.listing(home.root)
    with pytest.raises(UsageError, match="There is no file"):
        deliver(world.catalog(), home, "zaken", tmp_path / path, "steward")
    assert world.listing(home.root) == before


def test_a_name_that_is_too_long_or_in_a_closed_folder_is_wrong_use(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="There is no file"):
        deliver(world.catalog(), home, "zaken", tmp_path / ("x" * 300), "steward")

    def closed(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, pytest.raises(UsageError, match="can't be looked at") as refused:
        patch.setattr(Path, "stat", closed)
        find(tmp_path / "zaken.csv")
    assert "closed to this account" in refused.value.why


@pytest.mark.parametrize("content", ["good", "bad"])
def test_a_file_name_that_is_no_utf8_is_shown_by_its_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = tmp_path / os.fsdecode(b"za\xff.csv")
    path.write_bytes(b"\n" if content == "bad" else world.table(THREE).encode())
    monkeypatch.setattr(State, "catalog", lambda self: world.catalog())
    for check in ([], ["--check"]):
        folder = tmp_path / f"pages{len(check)}"
        typed = ["--home", str(tmp_path / "home"), "deliver", "zaken", str(path), "--report", str(folder), *check]
        result = CliRunner().invoke(app, typed)
        assert bool(result.exit_code) == (content == "bad"), result.output
        pages = [page.read_text(encoding="utf-8") for page in folder.iterdir()]
        assert len(pages) == 2 and all("za\\xff.csv" in page for page in pages)


def test_files_after_a_refused_one_are_said_not_to_be_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(State, "catalog", lambda self: world.catalog())
    bad, good = tmp_path / "slecht.csv", world.write(tmp_path / "goed.csv", THREE)
    bad.write_bytes(b"\n")
    result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "deliver", "zaken", str(bad), str(good)])
    assert result.exit_code and "Not looked at, since the file before it was refused: goed.csv." in result.output


def test_parquet_columns_are_checked_as_those_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "zaken.parquet"
    frame = pd.DataFrame(THREE).rename(columns=world.COLUMNS).rename(columns={"feit": "delict"})
    frame.to_parquet(path)
    with pytest.raises(DeliveryRefused, match=r"column number \d is unknown; column feit is missing"):
        deliver(world.catalog(file={"format": "parquet"}), Home(tmp_path / "home"), "zaken", path, "steward")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = world.write(tmp_path / "zaken.csv", THREE)
    monkeypatch.setattr("das_research.intake.file.DeliveredFile.unchanged", lambda _: False)
    with pytest.raises(DeliveryRefused, match="It changed while it was read"):
        deliver(world.catalog(), Home(tmp_path / "home"), "zaken", path, "steward")
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_dates_that_wait_for_each_other_are_a_fault_of_the_catalogue(tmp_path: Path) -> None:
    variables = world.variables()
    variables["instroom"]["not_before"] = "beslisdatum"
    path = world.write(tmp_path / "zaken.csv", THREE)
    with pytest.raises(CatalogError, match="go round in a circle"):
        deliver(world.catalog(variables=variables), Home(tmp_path / "home"), "zaken", path, "steward")


def test_every_refusal_is_a_user_error_with_an_exit_code() -> None:
    assert issubclass(DeliveryRefused, DasError)
    assert (DeliveryRefused.exit_code, UsageError.exit_code) == (1, 2)
