"""No raw identifier leaves gate 1: not in a table, a message, a log, a file name or a byte of the home folder."""

import hashlib
import io
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import intake_world as world
import pytest

from das_research.errors import DasError
from das_research.home import Home
from das_research.intake import judge
from das_research.intake.gate import deliver

# what only raw identifiers and the column that isn't taken hold, as delivered and as normalised
SECRET = {
    "nummer": "QQ-11122233",
    "persoon": "zz 444555666",
    "dossier": "777-888-999",
    "naam": "Marker-van-Naam",
}
NORMALISED = ("QQ11122233", "ZZ444555666", "777888999")
SPELLINGS = [spelling.encode() for spelling in (*SECRET.values(), *NORMALISED, "qq-11122233", "Marker")]
HASHES = [hashlib.sha256(spelling).hexdigest().encode() for spelling in SPELLINGS]

FAULTS = [
    {},
    {"instroom": "geen datum", "feit": "X", "leeftijd": "999", "bedrag": "veel"},
    {"instroom": "", "beslisdatum": ""},
    {"nummer": "", "dossier": ""},
    {"nummer": "", "persoon": ""},
    {"beslisdatum": "2001-01-01"},
]


def secret_rows() -> list[dict[str, str]]:
    return [row | SECRET | change for row, change in zip(world.rows(*[{}] * len(FAULTS)), FAULTS, strict=True)]


def every_byte(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in root.rglob("*"):
        yield str(path), str(path).encode()
        if path.is_file():
            yield str(path), path.read_bytes()


def assert_clean(name: str, data: bytes) -> None:
    for leak in (*SPELLINGS, *HASHES):
        assert leak not in data, f"a raw identifier in {name}"


@pytest.mark.parametrize("compressed", [True, False])
def test_no_byte_of_the_home_holds_a_raw_identifier(
    tmp_path: Path, compressed: bool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    path = world.write(tmp_path / ("zaken.csv.gz" if compressed else "zaken.csv"), secret_rows())
    with caplog.at_level(logging.DEBUG):
        delivery = deliver(world.catalog(), home, "zaken", path, "steward")
    assert (delivery.accepted, delivery.quarantined) == (3, 3)
    for name, data in every_byte(home.root):
        assert_clean(name, data)
    for name in ("accepted", "quarantined"):  # Parquet is compressed: look at the values too
        for row in world.stored(home, delivery.id, name):
            assert_clean(name, repr(row).encode())
    out = capfd.readouterr()
    assert_clean("the output", (out.out + out.err + caplog.text + repr(delivery)).encode())


def test_the_search_would_find_a_leak(tmp_path: Path) -> None:
    (tmp_path / "leak.txt").write_text("... QQ11122233 ...")
    with pytest.raises(AssertionError, match=r"a raw identifier in .*leak\.txt"):
        for name, data in every_byte(tmp_path):
            assert_clean(name, data)


def broken_files() -> dict[str, bytes]:
    rows = world.table(secret_rows())
    first, rest = rows.split("\n", 1)
    line = rest.split("\n", 1)[0]
    return {
        "no header": rest.encode(),
        "a header and another delimiter": world.table(secret_rows(), "|").encode(),
        "no header and another delimiter": world.table(secret_rows(), "|").split("\n", 1)[1].encode(),
        "a row of data as a second header": (line + "\n" + rows).encode(),
        "too few fields": (rows + "QQ-11122233;zz 444555666\n").encode(),
        "an open quote": rows.replace("stil", '"stil', 1).encode(),
        "another encoding": rows.replace("stil", "café").encode("latin-1"),
        "the same key twice": (rows + line + "\n").encode(),
        "real and fictitious": (
            rows + line.replace("QQ-11122233", "99-12345678").replace(";1;", ";99;") + "\n"
        ).encode(),
        "a missing column": (first.replace(";naam", "") + "\n" + rest).encode(),
    }


@pytest.mark.parametrize("name", broken_files())
def test_no_refusal_holds_a_value(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "zaken.csv"
    path.write_bytes(broken_files()[name])
    said = io.StringIO()
    with caplog.at_level(logging.DEBUG), pytest.raises(DasError) as refusal:
        deliver(world.catalog(), Home(tmp_path / "home"), "zaken", path, "steward")
    traceback.print_exception(refusal.value, file=said)
    link: BaseException | None = refusal.value
    while link is not None:  # what a debugger or an error tracker would show
        said.write(repr(link) + str(link))
        link = link.__cause__ or link.__context__
    out = capfd.readouterr()
    assert_clean("the refusal", (said.getvalue() + out.out + out.err + caplog.text).encode())
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_the_engine_stopping_says_no_value(tmp_path: Path) -> None:
    variables = world.variables()
    document = world.catalog(variables=variables).model_dump()
    document["chain"]["identifiers"][0]["keep"] = "z-a"  # a range the engine's regular expressions refuse
    catalog = type(world.catalog()).model_validate(document)
    path = world.write(tmp_path / "zaken.csv", secret_rows())
    with pytest.raises(DasError, match="The engine stopped with") as refusal:
        deliver(catalog, Home(tmp_path / "home"), "zaken", path, "steward")
    assert refusal.value.__context__ is None
    assert_clean("the refusal", str(refusal.value).encode())
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_guessing_numbers_does_not_help_without_the_key(tmp_path: Path) -> None:
    """A dictionary attack: every number hashed in the ways one can without the key; and two homes never agree."""
    path = world.write(tmp_path / "zaken.csv", secret_rows())
    pseudonyms = []
    for home in (Home(tmp_path / "one"), Home(tmp_path / "two")):
        delivery = deliver(world.catalog(), home, "zaken", path, "steward")
        pseudonyms.append(world.stored(home, delivery.id)[0]["nummer"])
    assert pseudonyms[0] != pseudonyms[1]
    guesses = {
        digest(spelling).hexdigest()
        for spelling in SPELLINGS
        for digest in (hashlib.sha256, hashlib.sha512, hashlib.md5)
    }
    assert not guesses.intersection(pseudonyms)


def test_what_the_engine_of_gate_1_puts_on_disk_is_encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, home = [], Home(tmp_path / "home")
    original = judge.check

    def look(rows, *rest):  # type: ignore[no-untyped-def]
        engine = rows.get_backend()
        place = engine.con.execute("select current_setting('temp_directory')").fetchone()[0]
        engine.con.execute("set memory_limit = '40MB'")
        engine.con.execute("create temp table much as select 'GEHEIM' || i as a from range(3000000) r(i)")
        spilled = [path for path in Path(place).rglob("*.tmp") if path.is_file()]
        seen.extend(path.read_bytes().count(b"GEHEIM") for path in spilled)
        return original(rows, *rest)

    monkeypatch.setattr(judge, "check", look)
    deliver(world.catalog(), home, "zaken", world.write(tmp_path / "zaken.csv", secret_rows()), "steward")
    assert seen and not any(seen)
