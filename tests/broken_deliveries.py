"""Deliveries broken in every way that offices break them, each with the verdict that gate 1 must give, by hand.

Every file holds the three good rows of `ROWS`, but for what its fault changes. Rows are counted from 1,
after the header.
"""

import gzip
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import intake_world as world
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

NAME, STORY = "Zeldzaam-Persoon", "Geheim verhaal"
MARKERS = ("Zeldzaam", "Geheim", "99-000000", "99000000", "F00000000", "f 00000000", "05-000000", "05000000")
HEADER = list(world.COLUMNS.values())
Row = dict[str, str]


@dataclass(frozen=True)
class Refused:
    """The whole file goes back, with these words."""

    says: str


@dataclass(frozen=True)
class TakenIn:
    """The file is stored.

    Parameters
    ----------
    rows : int
        Delivered.
    out : dict
        Quarantined row to its rule.
    rules : dict
        Rule to its effect, rows and units.
    units : tuple of int
        Delivered, accepted, lost.
    values : dict
        Accepted row and variable to the value that must be stored; only those in question.
    """

    rows: int = 3
    out: Mapping[int, str] = field(default_factory=dict)
    rules: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)
    units: tuple[int, int, int] = (3, 3, 0)
    values: Mapping[tuple[int, str], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """A file with one fault, the catalogue it is delivered under, and the verdict."""

    data: bytes
    verdict: Refused | TakenIn
    name: str = "zaken.csv"
    layout: Mapping[str, Any] = field(default_factory=dict)
    dataset: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Faulty:
    """One row with one fault: what is changed in it, its marks and values when it stays, the rule that keeps it out."""

    change: Row
    marks: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    out: str = ""


def rows(*changes: Mapping[str, str], real: bool = False) -> list[Row]:
    """Good rows, each of a case of its own, changed as told."""
    start = "05-000000" if real else "99-000000"
    own = [{"nummer": f"{start}{place:02}", "naam": NAME, "toelichting": STORY} for place in range(1, len(changes) + 1)]
    person = {"persoon": "123"} if real else {}
    return [
        row | it | person | dict(change) for row, it, change in zip(world.rows(*changes), own, changes, strict=True)
    ]


def second(**change: str) -> list[Row]:
    """Three rows of which the second is changed."""
    return rows({}, change, {"feit": "G"})


ROWS = second()
TABLE = world.table(ROWS)
TOP, LINES = TABLE.splitlines()[0], TABLE.splitlines()[1:]


def csv(table: Iterable[Row] | str = ROWS, delimiter: str = ";") -> bytes:
    return (table if isinstance(table, str) else world.table(table, delimiter)).encode()


def lines(*content: str) -> bytes:
    return ("\n".join(content) + "\n").encode()


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def zipped(*contents: bytes, name: str = "zaken{}.csv", method: int = ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for place, content in enumerate(contents):
            archive.writestr(name.format(place), content)
    return out.getvalue()


def saying(data: bytes, flag: int = 0, method: int | None = None, version: int | None = None) -> bytes:
    """A zip file whose only member says of itself that it is encrypted, or packed in another way."""
    content = bytearray(zipped(data))
    listed = content.rindex(b"PK\1\2")
    for at in (6, listed + 8):
        content[at] |= flag
    for at in (8, listed + 10) if method is not None else ():
        content[at] = method
    for at in (4, listed + 6) if version is not None else ():
        content[at] = version
    return bytes(content)


def hurt(data: bytes) -> bytes:
    """The same with zeros in the midst of what is packed."""
    return data[:60] + bytes(40) + data[100:]


def parquet(columns: Mapping[str, pa.Array] | None = None, leave_out: str = "") -> bytes:
    """The three rows as Parquet, all text but for these columns."""
    texts = {name: pa.array([row[name] or None for row in ROWS], pa.string()) for name in world.COLUMNS}
    texts |= {"instroom": pa.array(["2023-01-05"] * 3), "bedrag": pa.array(["12.50"] * 3)} | dict(columns or {})
    out = io.BytesIO()
    pq.write_table(pa.table({world.COLUMNS[name]: it for name, it in texts.items() if name != leave_out}), out)
    return out.getvalue()


def workbook(table: Iterable[Mapping[str, Any]] = ROWS, change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    """The rows in the sheet `zaken` of a workbook, which `change` may spoil."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "zaken"
    sheet.append(HEADER)
    for row in table:
        sheet.append([row[name] for name in world.COLUMNS])
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def chart() -> bytes:
    """A workbook of which the part that holds the cells is gone."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook())) as whole, ZipFile(out, "w") as rest:
        for part in whole.namelist():
            if "sheet1" not in part:
                rest.writestr(part, whole.read(part))
    return out.getvalue()


def without_places(book: bytes) -> bytes:
    """The workbook, written by a program that leaves out what follows from the order of rows and cells."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(book)) as whole, ZipFile(out, "w") as rest:
        for part in whole.namelist():
            rest.writestr(part, re.sub(rb'<(c|row) r="[A-Z]*[0-9]+"', rb"<\1", whole.read(part)))
    return out.getvalue()


def title_above(sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = STORY
    sheet.merge_cells("A1:L1")


def spoiled(**changes: Any) -> list[dict[str, Any]]:
    """The rows with cells of other types in the second."""
    return [ROWS[0], ROWS[1] | changes, ROWS[2]]  # type: ignore[list-item]


def variables(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a dataset whose variables have more fields."""
    return {"variables": {name: it | changes.get(name, {}) for name, it in world.variables().items()}}


def severe(check: str, then: str, variable: str | None = None, above: float = 0, **fields: Any) -> dict[str, Any]:
    """Fields of a dataset in which a rule has another severity."""
    return {"severities": [{"check": check, "variable": variable, "then": then, "above": above}]} | fields


def one(rule: str, effect: str = "nulled", number: int = 1, units: int | None = None) -> dict[str, Any]:
    """A single rule that did something."""
    return {rule: (effect, number, number if units is None else units)}


def out_of_second(rule: str, **more: Any) -> TakenIn:
    """The second row is out, and its case is lost."""
    return TakenIn(out={2: rule}, rules=one(rule, "quarantined"), units=(3, 2, 1), **more)


def nulled(variable: str, text: str, check: str) -> Faulty:
    """A value that can't be is taken out; the row stays."""
    return Faulty({variable: text}, (f"{check}:{variable}",), {variable: None})


def marked(check: str, **change: str) -> Faulty:
    """The row stays as it is, with a mark."""
    return Faulty(change, tuple(f"{check}:{variable}" for variable in change), change)


def together(faults: Mapping[str, Faulty], **dataset: Any) -> Broken:
    """A file with a row of a case of its own for each fault."""
    numbered = list(enumerate(faults.values(), 1))
    out = {row: fault.out for row, fault in numbered if fault.out}
    found = Counter(rule for fault in faults.values() for rule in {*fault.marks, fault.out} - {""})
    rules = {rule: (effect_of(rule, set(out.values())), rows, rows) for rule, rows in found.items()}
    values = {(row, name): value for row, fault in numbered for name, value in fault.values.items()}
    verdict = TakenIn(len(faults), out, rules, (len(faults), len(faults) - len(out), len(out)), values)
    return Broken(csv(rows(*(fault.change for fault in faults.values()))), verdict, dataset=dataset)


def effect_of(rule: str, quarantining: set[str]) -> str:
    """What a rule does by itself, but for those that keep a row out."""
    marks = ("missing", "not-the-form", "unknown-code", "not-valid-code")
    return "quarantined" if rule in quarantining else "marked" if rule.startswith(marks) else "nulled"


PARQUET = {"name": "zaken.parquet", "layout": {"format": "parquet"}}
XLSX = {"name": "zaken.xlsx", "layout": {"format": "xlsx"}}
FIELDS_OF_2 = "Row 2: the number of fields is not that of the header"
NO_HEADER = "Its first line has none of the columns of the catalogue: the header is missing"
TWICE = rows({}, {}, {"feit": "G"}, {"nummer": "9900000001", "volgnummer": " 1"})  # the fourth row is the first again
RULE = "The rule {} holds in {} rows; the catalogue tolerates {}. {}."

LAYOUT: dict[str, Broken] = {
    "there is nothing in it": Broken(b"", Refused("It is empty")),
    "it has a header and no rows": Broken(lines(TOP), Refused("a header and no rows")),
    "it has a header and blank lines": Broken(lines(TOP, "", "", ""), Refused("a header and no rows")),
    "it has no header": Broken(lines(*LINES), Refused(NO_HEADER)),
    "a row of data stands above the header": Broken(lines(f"feit;{NAME};{STORY}", TOP, *LINES),
        Refused("columns number 2, number 3 are unknown; columns ZAAKNR, PERSOON_NR")),
    "a title stands above the header": Broken(lines("Overzicht van zaken", TOP, *LINES),
        Refused("Its header is one single column: its delimiter is not a semicolon, as the catalogue says.")),
    "its header is in capitals": Broken(lines(TOP.upper(), *LINES),
        Refused("columns number 4, number 6, number 7, number 8, number 9, number 10, number 11, number 12 are unk")),
    "its header is in English": Broken(
        lines("case;person;file;serial;entry;decision;offence;amount;age;again;note;name", *LINES), Refused(NO_HEADER)),
    "a column has another name": Broken(lines(TOP.replace("bedrag", "prijs"), *LINES),
        Refused("column number 8 is unknown; column bedrag is missing")),
    "a column is there twice": Broken(lines(TOP + ";feit", *(f"{line};D" for line in LINES)),
        Refused("column feit is there twice")),
    "a column is there in the place of another": Broken(lines(TOP.replace("bedrag", "feit"), *LINES),
        Refused("column bedrag is missing; column feit is there twice")),
    "two columns are missing": Broken(lines(*(line.rsplit(";", 2)[0] for line in (TOP, *LINES))),
        Refused("columns toelichting, naam are missing")),
    "there is a column more": Broken(lines(f"{TOP};geheim", *(f"{line};{STORY}" for line in LINES)),
        Refused("column number 13 is unknown.")),
    "its columns stand in another order": Broken(
        lines(*(";".join(line.split(";")[::-1]) for line in (TOP, *LINES))), TakenIn(values={(3, "feit"): "G"})),
    "it is a file of another dataset": Broken(b"parketnummer;artikel\n" + STORY.encode() + b";310\n",
        Refused(NO_HEADER)),
    "commas part the columns": Broken(csv(delimiter=","),
        Refused("its delimiter is not a semicolon, as the catalogue says. The file seems to use a comma.")),
    "tabs part the columns": Broken(csv(delimiter="\t"), Refused("The file seems to use a tab.")),
    "bars part the columns": Broken(csv(delimiter="|"), Refused("The file seems to use a bar.")),
    "every line ends with a delimiter": Broken(lines(*(f"{line};" for line in (TOP, *LINES))),
        Refused("column number 13 is unknown")),
    "every row but the header ends with a delimiter": Broken(lines(TOP, *(f"{line};" for line in LINES)),
        Refused("Rows 1, 2, 3: the number of fields")),
    "a delimiter within a value has no quotes": Broken(lines(TOP, LINES[0], LINES[1].replace(STORY, "a; b"), LINES[2]),
        Refused(FIELDS_OF_2)),
    "a line break within a value has no quotes": Broken(lines(TOP, LINES[0], LINES[1].replace(STORY, "a\nb"), LINES[2]),
        Refused("Rows 2, 3: the number of fields")),
    "a value holds a delimiter, a line break and quotes, all quoted": Broken(csv(second(toelichting='a; "b"\nc')),
        TakenIn(values={(2, "toelichting"): 'a; "b"\nc', (3, "feit"): "G"})),
    "every value stands between quotes": Broken(
        lines(*(";".join(f'"{cell}"' for cell in line.split(";")) for line in (TOP, *LINES))),
        TakenIn(values={(3, "feit"): "G"})),
    "values stand between single quotes": Broken(
        lines(TOP, LINES[0], ";".join(f"'{cell}'" for cell in LINES[1].split(";")), LINES[2]),
        TakenIn(out={2: "no-moment:instroom"}, units=(3, 2, 1), rules={
            "no-moment:instroom": ("quarantined", 1, 1), "not-a-number:volgnummer": ("nulled", 1, 1),
            "not-a-date:instroom": ("nulled", 1, 1), "not-a-date:beslisdatum": ("nulled", 1, 1),
            "unknown-code:feit": ("marked", 1, 1), "not-a-number:bedrag": ("nulled", 1, 1),
            "not-a-number:leeftijd": ("nulled", 1, 1), "not-a-boolean:recidivist": ("nulled", 1, 1),
            "no-number:dossier": ("nulled", 1, 1)})),
    "a quote is not closed": Broken(lines(TOP, LINES[0], LINES[1].replace(STORY, f'"{STORY}'), LINES[2]),
        Refused("The quotes around a value don't match, at or before line 4")),
    "a quote closes too early": Broken(lines(TOP, LINES[0].replace(STORY, '"Geheim" verhaal'), *LINES[1:]),
        Refused("The quotes around a value don't match, at or before line 2")),
    "every value stands between quotes, and tabs part them": Broken(
        lines(*("\t".join(f'"{cell}"' for cell in line.split(";")) for line in (TOP, *LINES))),
        Refused("The file seems to use a tab.")),
    "a value is longer than any text should be, and has line breaks": Broken(
        csv(second(toelichting="a\r\n" * 70_000)), TakenIn(values={(3, "feit"): "G"})),
    "a quote is not closed, before much text": Broken(
        lines(TOP, LINES[0].replace(STORY, '"' + "x" * 200_000), *LINES[1:]),
        Refused("The quotes around a value don't match, at or before line 4")),
    "blank lines stand between the rows": Broken(lines(TOP, "", LINES[0], "", "", *LINES[1:], ""),
        TakenIn(values={(3, "feit"): "G"})),
    "a line of blanks stands between the rows": Broken(lines(TOP, LINES[0], "   ", *LINES[1:]), Refused(FIELDS_OF_2)),
    "a line of delimiters stands below the rows": Broken(lines(TOP, *LINES, ";" * 11),
        TakenIn(rows=4, out={4: "no-key:nummer"}, rules=one("no-key:nummer", "quarantined", 1, 0))),
    "a total stands below the rows, with fields of its own": Broken(lines(TOP, *LINES, "Totaal;3"),
        Refused("Row 4: the number of fields")),
    "a total stands below the rows, under the amounts": Broken(lines(TOP, *LINES, ";;;;;;;37,50;;;;"),
        TakenIn(rows=4, out={4: "no-key:nummer"}, rules=one("no-key:nummer", "quarantined", 1, 0))),
    "a total stands below the rows, named in the column of identifiers": Broken(
        lines(TOP, *LINES, "Totaal;;;;;;;37,50;;;;"), Refused("Row 4: words stand where identifiers should")),
    "two files were glued together, with both headers": Broken(lines(TOP, *LINES[:2], TOP, LINES[2]),
        Refused("Row 3: words stand where identifiers should")),
    "two files of real cases were glued together, with both headers": Broken(
        csv(world.table(rows({}, {}, real=True)) + TOP + "\n"),
        TakenIn(out={3: "no-moment:instroom"}, units=(3, 2, 1), rules={
            "no-moment:instroom": ("quarantined", 1, 1), "not-a-number:volgnummer": ("nulled", 1, 1),
            "not-a-date:instroom": ("nulled", 1, 1), "not-a-date:beslisdatum": ("nulled", 1, 1),
            "unknown-code:feit": ("marked", 1, 1), "not-a-number:bedrag": ("nulled", 1, 1),
            "not-a-number:leeftijd": ("nulled", 1, 1), "not-a-boolean:recidivist": ("nulled", 1, 1),
            "no-number:dossier": ("nulled", 1, 1)})),
    "every date is written in another way": Broken(csv(rows(*[{"instroom": "5 januari", "beslisdatum": "NULL"}] * 3)),
        Refused("None of its 3 rows can be used: no-moment:instroom holds in 3, not-a-date:instroom holds in 3.")),
    "no row has a key": Broken(csv(rows(*[{"nummer": "--"}] * 3)),
        Refused("None of its 3 rows can be used: no-key:nummer holds in 3, no-number:nummer holds in 3.")),
    "its last row is cut off": Broken(TABLE.encode()[:-40], Refused("Row 3: the number of fields")),
    "its last line has no end": Broken(TABLE.encode()[:-1], TakenIn(values={(3, "feit"): "G"})),
    "a sign for the end of the file stands below the rows": Broken(csv(TABLE + "\x1a\n"),
        Refused("Row 4: the number of fields")),
}  # fmt: skip

BYTES: dict[str, Broken] = {
    "it starts with a byte order mark": Broken(b"\xef\xbb\xbf" + csv(), TakenIn(values={(3, "feit"): "G"})),
    "its lines end as Windows has it": Broken(csv(TABLE.replace("\n", "\r\n")), TakenIn(values={(3, "feit"): "G"})),
    "its lines end with a carriage return alone": Broken(csv(TABLE.replace("\n", "\r")),
        TakenIn(values={(3, "feit"): "G"})),
    "its lines end in two ways": Broken(csv(TABLE.replace("\n", "\r\n", 2)), TakenIn(values={(3, "feit"): "G"})),
    "it is UTF-16": Broken(TABLE.encode("utf-16"),
        Refused("Line 1 is not written in utf-8, which the catalogue says it is; it looks like UTF-16")),
    "it is UTF-16 without a mark": Broken(TABLE.encode("utf-16-le"),
        Refused("Line 1 holds a byte that no text has (NUL); it looks like UTF-16")),
    "it is windows-1252": Broken(TABLE.replace("verhaal", "café").encode("cp1252"),
        Refused("Line 2 is not written in utf-8")),
    "it is windows-1252, as agreed": Broken(world.table(second(toelichting="café € “één”")).encode("cp1252"),
        TakenIn(values={(2, "toelichting"): "café € “één”"}), layout={"encoding": "windows-1252"}),
    "it is UTF-8 where windows-1252 was agreed": Broken(csv(second(toelichting="café")),
        Refused("It is written in UTF-8; the catalogue says windows-1252"), layout={"encoding": "windows-1252"}),
    "it has a byte that windows-1252 doesn't know": Broken(csv().replace(b"verhaal", b"\x81", 1),
        Refused("Line 2 is not written in windows-1252"), layout={"encoding": "windows-1252"}),
    "a disk left zeros in it": Broken(csv() + b"\0" * 512, Refused("Line 5 holds a byte that no text has (NUL).")),
    "a value holds a zero byte": Broken(csv(second(toelichting="a\0b")),
        Refused("Line 3 holds a byte that no text has (NUL).")),
    "it is gzipped and not named so": Broken(gz(csv()), TakenIn(values={(3, "feit"): "G"})),
    "it is gzipped in two pieces": Broken(gz(csv()[:200]) + gz(csv()[200:]), TakenIn(values={(3, "feit"): "G"}),
        name="zaken.csv.gz"),
    "its gzip is cut short": Broken(gz(csv())[:-20], Refused("The gzip file is damaged or cut short"),
        name="zaken.csv.gz"),
    "its gzip is damaged": Broken(gz(csv())[:60] + bytes(4) + gz(csv())[64:],
        Refused("The gzip file is damaged or cut short"), name="zaken.csv.gz"),
    "its gzip holds nothing": Broken(gz(b""), Refused(NO_HEADER), name="zaken.csv.gz"),
    "it was gzipped twice": Broken(gz(gz(csv())), Refused("Line 1 is not written in utf-8"), name="zaken.csv.gz"),
    "it is named gzip and is none": Broken(csv(), Refused("Its name ends in .gz and it is not a gzip file"),
        name="zaken.csv.gz"),
    "it is zipped": Broken(zipped(csv()), TakenIn(values={(3, "feit"): "G"}), name="zaken.zip"),
    "its zip is cut short": Broken(zipped(csv())[:-30], Refused("The zip file is damaged or cut short"),
        name="zaken.zip"),
    "its zip is damaged": Broken(zipped(csv())[:60] + bytes(4) + zipped(csv())[64:],
        Refused("The zip file is damaged or cut short"), name="zaken.zip"),
    "its zip holds two files": Broken(zipped(csv(), csv()), Refused("The zip file holds 2 files"), name="zaken.zip"),
    "its zip holds nothing": Broken(zipped(), Refused("The zip file holds no file"), name="zaken.zip"),
    "its zip holds a folder": Broken(zipped(b"", name="map/"), Refused("The zip file holds no file"), name="zaken.zip"),
    "its zip has a password": Broken(saying(csv(), flag=1), Refused("The zip file is locked with a password"),
        name="zaken.zip"),
    "its zip has a password, of the newer kind": Broken(saying(csv(), flag=0x40),
        Refused("The zip file is locked with a password"), name="zaken.zip"),
    "its zip is a change of another file": Broken(saying(csv(), flag=0x20),
        Refused("The zip file is packed by a method that"), name="zaken.zip"),
    "its zip is Deflate64": Broken(saying(csv(), method=9), Refused("The zip file is packed by a method that"),
        name="zaken.zip"),
    "its zip is Zstandard": Broken(saying(csv(), method=93), Refused("The zip file is packed by a method that"),
        name="zaken.zip"),
    "its zip asks for a program of the future": Broken(saying(csv(), version=99),
        Refused("The zip file is packed by a method that"), name="zaken.zip"),
    "its zip is LZMA": Broken(zipped(csv(), method=ZIP_LZMA), TakenIn(values={(3, "feit"): "G"}), name="zaken.zip"),
    "its zip is bzip2": Broken(zipped(csv(), method=ZIP_BZIP2), TakenIn(values={(3, "feit"): "G"}), name="zaken.zip"),
    "its zip is LZMA and damaged": Broken(hurt(zipped(csv(), method=ZIP_LZMA)),
        Refused("The zip file is damaged or cut short"), name="zaken.zip"),
    "its zip is bzip2 and damaged": Broken(hurt(zipped(csv(), method=ZIP_BZIP2)),
        Refused("The zip file is damaged or cut short"), name="zaken.zip"),
    "it is named zip and is none": Broken(csv(), Refused("Its name ends in .zip and it is not a zip file"),
        name="zaken.zip"),
    "it is a Parquet file": Broken(parquet(), Refused("It is a Parquet file; the catalogue says CSV")),
    "it is a workbook": Broken(workbook(), Refused("It is an Excel workbook; the catalogue says CSV")),
}  # fmt: skip

VALUES: dict[str, Faulty] = {
    "an amount has a decimal point": nulled("bedrag", "12.50", "not-a-number"),
    "an amount has thousands separators": nulled("bedrag", "1.012,50", "not-a-number"),
    "an amount has a currency sign": nulled("bedrag", "€ 12,50", "not-a-number"),
    "an amount is negative": nulled("bedrag", "-12,50", "out-of-range"),
    "an amount is no number": nulled("bedrag", STORY, "not-a-number"),
    "an amount is as spreadsheets shorten it": Faulty({"bedrag": "1,25E+01"}, values={"bedrag": 12.5}),
    "an age has a half": nulled("leeftijd", "34,5", "not-a-number"),
    "an age is more than anybody's": nulled("leeftijd", "999", "out-of-range"),
    "a text is an error of a spreadsheet": nulled("toelichting", "#N/A", "cell-error"),
    "a text is an error of a Dutch spreadsheet": nulled("toelichting", "#VERW!", "cell-error"),
    "yes and no are spelt in another way": nulled("recidivist", "misschien", "not-a-boolean"),
    "a Dutch date stands among ISO dates": nulled("instroom", "05-01-2023", "not-a-date"),
    "a Dutch date with its time stands among ISO dates, as agreed": Faulty(
        {"instroom": "05-01-2023 10:00"}, values={"instroom": date(2023, 1, 5)}),
    "a year has two digits": nulled("instroom", "05-01-23", "not-a-date"),
    "a year of two digits comes first": nulled("instroom", "23-01-05", "not-a-date"),
    "a date is the serial number of a spreadsheet": nulled("instroom", "44931", "not-a-date"),
    "a month and a day are swapped, and it shows": nulled("instroom", "2023-13-05", "not-a-date"),
    "a month and a day are swapped, and the order of dates shows it": nulled(
        "beslisdatum", "01-04-2022 09:30", "before"),
    "a date can't be": nulled("instroom", "2023-02-30", "not-a-date"),
    "a date of nothing stands for a missing one": nulled("instroom", "0000-00-00", "not-a-date"),
    "a date at the end of time stands for a missing one": nulled("instroom", "9999-12-31", "out-of-range"),
    "a date is in the next century": nulled("instroom", "2123-01-05", "out-of-range"),
    "a word stands for a date": nulled("instroom", "epoch", "not-a-date"),
    "a date has blanks around it": Faulty({"instroom": " 2023-01-05 "}, values={"instroom": date(2023, 1, 5)}),
    "no date of a row can be read": Faulty({"instroom": "5 januari", "beslisdatum": "NULL"}, ("not-a-date:instroom",),
        out="no-moment:instroom"),
    "events are in the wrong order": nulled("beslisdatum", "14-03-2022 09:30", "before"),
    "a code is unknown": marked("unknown-code", feit="Q"),
    "a code is in another case": marked("unknown-code", feit="d"),
    "a code has blanks around it": marked("unknown-code", feit=" D "),
    "a code is spelt as the unified one": marked("unknown-code", feit="diefstal"),
    "a name stands in the column for codes": marked("unknown-code", feit=NAME),
    "a code was not valid on the day": marked("not-valid-code", feit="H"),
    "a code was still valid on the day": Faulty({"feit": "H", "instroom": "2020-12-31"}, values={"feit": "H"}),
    "a required value is missing": Faulty({"leeftijd": ""}, ("missing:leeftijd",), values={"leeftijd": None}),
    "a required value is spelt as missing": Faulty({"leeftijd": "NULL"}, ("missing:leeftijd",)),
    "a required value can't be read": nulled("leeftijd", "oud", "not-a-number"),
    "a text has not the form": marked("not-the-form", toelichting="x" + STORY),
}  # fmt: skip
DEMANDING = variables(leeftijd={"required": True}, toelichting={"pattern": "[A-Z][a-z ]+"})

KEPT_OUT: dict[str, Faulty] = {
    "a code is unknown": Faulty({"feit": "Q"}, out="unknown-code:feit"),
    "a code was not valid on the day": Faulty({"feit": "H"}, out="not-valid-code:feit"),
    "a required value is missing": Faulty({"leeftijd": ""}, out="missing:leeftijd"),
    "a text has not the form": Faulty({"toelichting": "x" + STORY}, out="not-the-form:toelichting"),
    "a date can't be read": Faulty({"instroom": STORY}, out="not-a-date:instroom"),
    "another date can't be read, which keeps no row out": Faulty({"beslisdatum": STORY}, ("not-a-date:beslisdatum",)),
    "an amount can't be read": Faulty({"bedrag": "12.50"}, out="not-a-number:bedrag"),
    "yes or no can't be read": Faulty({"recidivist": "?"}, out="not-a-boolean:recidivist"),
    "an age is impossible": Faulty({"leeftijd": "999"}, out="out-of-range:leeftijd"),
    "events are in the wrong order": Faulty({"beslisdatum": "14-03-2022 09:30"}, out="before:beslisdatum"),
}
HARD = {"severities": [
    {"check": check, "variable": "instroom" if check == "not-a-date" else None, "then": "quarantine"}
    for check in ("unknown-code", "not-valid-code", "missing", "not-the-form", "not-a-date", "not-a-number",
                  "not-a-boolean", "out-of-range", "before")
]}  # fmt: skip

KEYS: dict[str, Broken] = {
    "a key is missing": Broken(csv(second(nummer="")),
        TakenIn(out={2: "no-key:nummer"}, rules=one("no-key:nummer", "quarantined", 1, 0), units=(2, 2, 0))),
    **{
        f"a key is {said}": Broken(csv(second(nummer=text)), TakenIn(out={2: "no-key:nummer"}, units=(2, 2, 0),
            rules=one("no-key:nummer", "quarantined", 1, 0) | one("no-number:nummer", "nulled", 1, 0)))
        for said, text in {"nothing but signs": "--", "a question mark": "???", "a word for none": "n/a",
            "a word for not known": "Onbekend", "zeros": "00-00000000", "an error of a spreadsheet": "#REF!",
            "in digits of another script": "\uff19\uff19-00000002"}.items()
    },
    "the first key is missing and the second is whole": Broken(csv(second(nummer="", dossier="7")), TakenIn()),
    "a key occurs twice": Broken(csv([*TWICE[:3], ROWS[1]]), Refused(
        "1 key occurs more than once in nummer, volgnummer, which together must be unique. Rows 2, 4.")),
    "a key occurs twice, spelt in two ways": Broken(csv(TWICE), Refused(
        "1 key occurs more than once in nummer, volgnummer, which together must be unique. Rows 1, 4.")),
    "two keys occur more than once": Broken(csv([*ROWS, ROWS[1], ROWS[1], ROWS[0]]),
        Refused("2 keys occur more than once in nummer, volgnummer, which together must be unique. Rows 1, 2, 4, ")),
    "a key that isn't whole occurs twice": Broken(csv([*ROWS, *rows({"volgnummer": ""})]),
        TakenIn(rows=4, values={(4, "volgnummer"): None})),
    "a real identifier stands among fictitious ones": Broken(csv(second(nummer="05-00000002")),
        Refused("It mixes real and fictitious identifiers. Row 2: real, the others not.")),
    "a fictitious identifier stands among real ones": Broken(csv([*rows({}, {}, real=True), ROWS[2]]),
        Refused("It mixes real and fictitious identifiers. Row 3: fictitious, the others not.")),
    "identifiers of persons stand in the column for cases": Broken(
        csv([row | {"nummer": row["persoon"]} for row in ROWS]),
        Refused("It mixes real and fictitious identifiers. Rows 1, 2, 3")),
    "a spreadsheet shortened an identifier": Broken(csv(second(nummer="9,9E+09")),
        Refused("It mixes real and fictitious identifiers. Row 2: real")),
    "a spreadsheet shortened a real identifier": Broken(
        csv(rows({}, {"nummer": "5,0E+08"}, {}, real=True)),
        TakenIn(rules=one("not-the-form:nummer", "marked")), dataset=variables(nummer={"pattern": "[0-9]{10}"})),
}  # fmt: skip

REQUIRED = variables(leeftijd={"required": True})
QUARTER = rows({}, {"feit": "Q"}, {}, {"feit": "G"})
SEVERITIES: dict[str, Broken] = {
    "a code is unknown, which refuses the file": Broken(csv(second(feit="Q")),
        Refused(RULE.format("unknown-code:feit", "1 of 3", "0.0%", "Row 2")),
        dataset=severe("unknown-code", "reject", "feit")),
    "as many codes are unknown as tolerated": Broken(csv(QUARTER),
        TakenIn(rows=4, rules=one("unknown-code:feit", "marked"), units=(4, 4, 0)),
        dataset=severe("unknown-code", "reject", above=0.25)),
    "one code more is unknown than tolerated": Broken(csv(rows({}, {"feit": "Q"}, {"feit": "q"}, {})),
        Refused(RULE.format("unknown-code:feit", "2 of 4", "25.0%", "Rows 2, 3")),
        dataset=severe("unknown-code", "reject", above=0.25)),
    "codes are unknown: some keep rows out, many would refuse the file": Broken(csv(QUARTER),
        TakenIn(rows=4, out={2: "unknown-code:feit"}, rules=one("unknown-code:feit", "quarantined"), units=(4, 3, 1)),
        dataset={"severities": [{"check": "unknown-code", "then": "quarantine"},
                                {"check": "unknown-code", "then": "reject", "above": 0.5}]}),
    "a required value is missing, which refuses the file": Broken(csv(second(leeftijd="")),
        Refused(RULE.format("missing:leeftijd", "1 of 3", "0.0%", "Row 2")),
        dataset=severe("missing", "reject", **REQUIRED)),
    "an amount can't be read, which refuses the file": Broken(csv(second(bedrag="12.50")),
        Refused(RULE.format("not-a-number:bedrag", "1 of 3", "0.0%", "Row 2")),
        dataset=severe("not-a-number", "reject")),
    "an identifier has not the form, which keeps the row out": Broken(csv(second(nummer="99-0000000")),
        out_of_second("not-the-form:nummer"), name="zaken.csv",
        dataset=severe("not-the-form", "quarantine", **variables(
            nummer={"pattern": "[0-9]{10}", "identifier": "dossier"}, persoon={"identifier": "dossier"}))),
    "a key occurs twice, which keeps the later row out": Broken(csv(TWICE),
        TakenIn(rows=4, out={4: "not-unique:nummer"}, rules=one("not-unique:nummer", "quarantined", 1, 0)),
        dataset=severe("not-unique", "quarantine")),
    "a key occurs twice, which is marked": Broken(csv(TWICE),
        TakenIn(rows=4, rules=one("not-unique:nummer", "marked")), dataset=severe("not-unique", "mark")),
    "a key occurs twice, which is tolerated in a quarter of the rows": Broken(csv(TWICE),
        TakenIn(rows=4, rules=one("not-unique:nummer", "marked")), dataset=severe("not-unique", "reject", above=0.25)),
    "a key is missing, which refuses the file": Broken(csv(second(nummer="")),
        Refused(RULE.format("no-key:nummer", "1 of 3", "30.0%", "Row 2")),
        dataset=severe("no-key", "reject", above=0.3)),
    "a moment is missing, which refuses the file": Broken(csv(second(instroom="", beslisdatum="")),
        Refused(RULE.format("no-moment:instroom", "1 of 3", "0.0%", "Row 2")), dataset=severe("no-moment", "reject")),
    "no row can be used": Broken(csv([row | {"instroom": "", "beslisdatum": ""} for row in ROWS]),
        Refused("None of its 3 rows can be used: no-moment:instroom holds in 3.")),
}  # fmt: skip

DAYS, AMOUNTS = [date(2023, 1, 5)] * 3, [Decimal("12.50")] * 3
TYPED: dict[str, Broken] = {
    "it is CSV where Parquet was agreed": Broken(csv(), Refused("It is not a Parquet file"), **PARQUET),
    "its Parquet is cut short": Broken(parquet()[:-50], Refused("It is not a whole Parquet file"), **PARQUET),
    "its Parquet lacks a column": Broken(parquet(leave_out="feit"), Refused("column feit is missing"), **PARQUET),
    "its Parquet has no rows": Broken(parquet({name: pa.array([], pa.string()) for name in world.COLUMNS}),
        Refused("a header and no rows"), **PARQUET),
    "its Parquet has identifiers that are whole numbers": Broken(
        parquet({"nummer": pa.array([9900000001, 9900000002, 9900000003])}), TakenIn(), **PARQUET),
    "its Parquet has identifiers that became fractions, since one is missing": Broken(
        parquet({"nummer": pa.array([9900000001.0, None, 9900000003.0])}),
        Refused("Column ZAAKNR holds numbers with a fraction where identifiers are texts"), **PARQUET),
    "its Parquet has dates where texts in another format were agreed": Broken(parquet({"instroom": pa.array(DAYS)}),
        TakenIn(values={(2, "instroom"): date(2023, 1, 5)}), dataset=variables(instroom={"formats": ("%d-%m-%Y",)}),
        **PARQUET),
    "its Parquet has moments": Broken(parquet({"instroom": pa.array([datetime(2023, 1, 5, 9, 30)] * 3)}),
        TakenIn(values={(2, "instroom"): date(2023, 1, 5)}), **PARQUET),
    "its Parquet has decimals, floats, yes and no, and a dictionary": Broken(
        parquet({"bedrag": pa.array(AMOUNTS), "leeftijd": pa.array([34.0, None, 34.5]),
            "recidivist": pa.array([True, False, None]), "feit": pa.array(["D", "Q", "G"]).dictionary_encode()}),
        TakenIn(rules=one("not-a-number:leeftijd") | one("unknown-code:feit", "marked"), values={(2, "bedrag"): 12.5,
            (1, "leeftijd"): 34, (3, "leeftijd"): None, (1, "recidivist"): True, (2, "recidivist"): False,
            (3, "recidivist"): None, (3, "feit"): "G"}), **PARQUET),
    "it is CSV where a workbook was agreed": Broken(csv(), Refused("It is not an Excel workbook (.xlsx)"), **XLSX),
    "its workbook is cut short": Broken(workbook()[:-200], Refused("It is not a whole Excel workbook"), **XLSX),
    "it is a zip where a workbook was agreed": Broken(zipped(csv()),
        Refused("It is not a whole Excel workbook"), **XLSX),
    "it is the older kind of workbook, or one with a password": Broken(b"\xd0\xcf\x11\xe0" + bytes(600),
        Refused("It is not an Excel workbook (.xlsx)"), **XLSX),
    "its Parquet has moments of another time zone, shown by the clock there": Broken(
        parquet({"instroom": pa.array([datetime(2023, 1, 5, 23, 30)] * 3, pa.timestamp("us", "Europe/Amsterdam"))}),
        TakenIn(values={(1, "instroom"): date(2023, 1, 6)}), **PARQUET),
    "its workbook has a chart for its only sheet": Broken(chart(), Refused("It has no sheet that can be read."), **XLSX),
    "its workbook has no sheet of the name": Broken(workbook(),
        Refused("It has no sheet 'uitvoer', which the catalogue says the rows are in, but 1 other sheet."),
        name="zaken.xlsx", layout={"format": "xlsx", "sheet": "uitvoer"}),
    "its workbook has an empty sheet": Broken(workbook([], lambda sheet: sheet.delete_rows(1)),
        Refused(NO_HEADER), **XLSX),
    "its workbook has a header and no rows": Broken(workbook([]), Refused("a header and no rows"), **XLSX),
    "its workbook has a merged title above the header": Broken(
        workbook(change=title_above),
        Refused(NO_HEADER), **XLSX),
    "its workbook has a remark beside the table": Broken(
        workbook(change=lambda sheet: sheet.__setitem__("N2", STORY)),
        Refused("columns number 13, number 14 are unknown"), **XLSX),
    "its workbook has numbers for identifiers": Broken(workbook(spoiled(nummer=9900000002)),
        Refused("Column ZAAKNR holds numbers where identifiers are texts: leading zeros may be gone. Row 2."), **XLSX),
    "its workbook has empty rows": Broken(workbook(change=lambda sheet: sheet.insert_rows(3)),
        TakenIn(values={(3, "feit"): "G"}), **XLSX),
    "its workbook has formulas that were never computed": Broken(workbook(spoiled(bedrag="=10+2,5", feit="=A1")),
        TakenIn(values={(2, "bedrag"): None, (2, "feit"): None}), **XLSX),
    "its workbook has cells that are dates and numbers": Broken(
        workbook(spoiled(instroom=date(2023, 1, 6), bedrag=12.75, leeftijd=35, recidivist=True)),
        TakenIn(values={(2, "instroom"): date(2023, 1, 6), (2, "bedrag"): 12.75, (2, "leeftijd"): 35,
            (2, "recidivist"): True}), **XLSX),
    "its workbook has the serial number of a date": Broken(workbook(spoiled(instroom=44931)),
        TakenIn(rules=one("not-a-date:instroom"), values={(2, "instroom"): None}), **XLSX),
    **{
        f"its workbook has {error} for {name}": Broken(workbook(spoiled(**{name: error})),
            TakenIn(values={(2, name): None}, rules=one(f"{check}:{name}")), **XLSX)
        for error, name, check in (("#N/A", "bedrag", "not-a-number"), ("#DIV/0!", "leeftijd", "not-a-number"),
            ("#VALUE!", "beslisdatum", "not-a-date"), ("#NAME?", "feit", "cell-error"),
            ("#REF!", "toelichting", "cell-error"))
    },
    "its workbook has an error for a key": Broken(workbook(spoiled(nummer="#REF!")),
        TakenIn(out={2: "no-key:nummer"}, units=(2, 2, 0),
            rules=one("no-key:nummer", "quarantined", 1, 0) | one("no-number:nummer", "nulled", 1, 0)), **XLSX),
    "its workbook has an error for a value, and such rows are kept out": Broken(workbook(spoiled(bedrag="#N/A")),
        out_of_second("not-a-number:bedrag"), dataset=severe("not-a-number", "quarantine"), **XLSX),
    "its workbook has an error for a code, and is refused for it": Broken(workbook(spoiled(feit="#REF!")),
        Refused(RULE.format("cell-error:feit", "1 of 3", "0.0%", "Row 2")), dataset=severe("cell-error", "reject"), **XLSX),
    "its workbook has an error and nothing else in a row": Broken(
        workbook(change=lambda sheet: sheet.__setitem__("H7", "#N/A")),
        TakenIn(rows=4, out={4: "no-key:nummer"}, rules=one("no-key:nummer", "quarantined", 1, 0)
            | one("not-a-number:bedrag", "nulled", 1, 0)), **XLSX),
    "its workbook has an error where the catalogue says so for none": Broken(workbook(spoiled(bedrag="#N/A")),
        TakenIn(values={(2, "bedrag"): None}), name="zaken.xlsx", layout={"format": "xlsx", "missing": ("", "#N/A")}),
    "its workbook has errors in another sheet": Broken(
        workbook(change=lambda sheet: sheet.parent.create_sheet("kladblad").__setitem__("H3", "#N/A")),
        TakenIn(values={(2, "bedrag"): 12.5}), **XLSX),
    "its workbook has cells that do not say where they stand": Broken(without_places(workbook(spoiled(bedrag="#N/A"))),
        TakenIn(values={(2, "bedrag"): None}, rules=one("not-a-number:bedrag")), **XLSX),
}  # fmt: skip

TOGETHER = {
    "every row has another faulty value": together(VALUES, **DEMANDING),
    "every row has another fault that keeps it out": together(KEPT_OUT, **DEMANDING, **HARD),
    "a digit of a date without signs is lost": Broken(
        csv([row | {"instroom": day} for row, day in zip(ROWS, ("20230105", "2023115", "20230105"), strict=True)]),
        TakenIn(rules=one("not-a-date:instroom"), values={(1, "instroom"): date(2023, 1, 5), (2, "instroom"): None}),
        dataset=variables(instroom={"formats": ("%Y%m%d",)})),
}  # fmt: skip
BROKEN = LAYOUT | BYTES | TOGETHER | KEYS | SEVERITIES | TYPED
