"""Every file that is not what the catalogue says: one clear message, and nothing changed on disk."""

import gzip
from collections.abc import Callable
from pathlib import Path

import intake_world as world
import pandas as pd
import pytest

from das_research.errors import CatalogError, DasError, DeliveryRefused, UsageError
from das_research.home import Home
from das_research.intake.gate import deliver

THREE = world.rows({}, {}, {"feit": "G"})


def content(change: Callable[[str], str] = lambda text: text) -> bytes:
    return change(world.table(THREE)).encode()


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("zaken.csv", b"", "It is empty"),
    "an empty gzip": ("zaken.csv.gz", gz(b""), "the header is missing"),
    "no header": ("zaken.csv", content(lambda text: text.split("\n", 1)[1]), "the header is missing"),
    "a header only": ("zaken.csv", content(lambda text: text.splitlines()[0] + "\n"), "a header and no rows"),
    "blank lines only": ("zaken.csv", content(lambda text: text.splitlines()[0] + "\n\n\n"), "a header and no rows"),
    "an unknown column": ("zaken.csv", content(lambda text: text.replace("bedrag", "prijs", 1)),
        "column number 8 is unknown; column bedrag is missing"),
    "a first line that hardly is a header": ("zaken.csv", content(lambda text: "feit;Jansen;Pietersen\n" + text),
        "columns number 2, number 3 are unknown"),
    "two missing columns": ("zaken.csv",
        ";".join(list(world.COLUMNS.values())[:-2]).encode() + b"\n1;2;3;4;5;6;7;8;9;0\n",
        "columns toelichting, naam are missing"),
    "a column twice": ("zaken.csv", content(lambda text: text.replace("bedrag", "feit", 1)),
        "column feit is there twice"),
    "another delimiter": ("zaken.csv", world.table(THREE, ",").encode(),
        "its delimiter is not a semicolon, as the catalogue says. The file seems to use a comma."),
    "tabs": ("zaken.csv", world.table(THREE, "\t").encode(), "The file seems to use a tab."),
    "one column of something else": ("zaken.csv", b"hallo\n1\n2\n", "Its header is one single column"),
    "another encoding": ("zaken.csv", content(lambda text: text.replace("stil", "caf\xe9")).decode().encode("latin-1"),
        "Line 2 is not written in utf-8"),
    "UTF-16": ("zaken.csv", content().decode().encode("utf-16"), "it looks like UTF-16"),
    "a truncated gzip": ("zaken.csv.gz", gz(content() * 50)[:-20], "The gzip file is damaged or cut short"),
    "a damaged gzip": ("zaken.csv.gz", gz(content())[:60] + b"\0\0\0\0" + gz(content())[64:],
        "The gzip file is damaged or cut short"),
    "a gzip that is none": ("zaken.csv.gz", content(), "is not a gzip file"),
    "a Parquet file": ("zaken.csv", b"PAR1 and more PAR1", "It is a Parquet file; the catalogue says CSV"),
    "rows with too few and too many fields": ("zaken.csv", content() + b"a;b\n" + content().splitlines()[1] + b";x\n",
        "Rows 4, 5: the number of fields"),
    "a quote that is not closed": ("zaken.csv", content(lambda text: text.replace("stil", '"stil', 1)),
        "The quotes around a value don't match"),
    "a quote that closes too early": ("zaken.csv", content(lambda text: text.replace("stil", '"st"il', 1)),
        "The quotes around a value don't match, at or before line 2"),
    "a key that occurs twice": ("zaken.csv", world.table([*THREE, THREE[1], THREE[1], THREE[0]]).encode(),
        "2 keys occur more than once in nummer, volgnummer, which together must be unique. Rows 1, 2, 4, 5, 6."),
    "a key twice, spelt in two ways": ("zaken.csv",
        world.table([*THREE, THREE[0] | {"nummer": "9912345678", "volgnummer": " 1"}]).encode(),
        "1 key occurs more than once in nummer, volgnummer, which together must be unique. Rows 1, 4."),
    "real among fictitious": ("zaken.csv", world.table([*THREE, THREE[0] | {"nummer": "05-12345678"}]).encode(),
        "It mixes real and fictitious identifiers. Row 4: real"),
}  # fmt: skip


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
    file, data, says = REFUSED[name]
    path = tmp_path / file
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


def test_utf8_where_windows_1252_was_agreed_is_refused(tmp_path: Path) -> None:
    path = world.write(tmp_path / "zaken.csv", world.rows({"toelichting": "café"}))
    with pytest.raises(DeliveryRefused, match="It is written in UTF-8; the catalogue says windows-1252"):
        deliver(world.catalog(file={"encoding": "windows-1252"}), Home(tmp_path / "home"), "zaken", path, "steward")


@pytest.mark.parametrize(
    ("data", "says"),
    [(content(), "It is not a Parquet file"), (b"PAR1 nothing PAR1", "It is not a whole Parquet file")],
)
def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "zaken.parquet"
    path.write_bytes(data)
    with pytest.raises(DeliveryRefused, match=says):
        deliver(world.catalog(file={"format": "parquet"}), Home(tmp_path / "home"), "zaken", path, "steward")
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


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
