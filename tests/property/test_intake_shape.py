"""The shape of a file, read in blocks of bytes, against Python's own reader of CSV; a workbook against a CSV."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import intake_world as world
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from das_research.errors import DeliveryRefused
from das_research.intake import shape
from das_research.intake.check import DELIVERED, REASON
from das_research.intake.file import find
from das_research.intake.gate import judging
from das_research.intake.shape import fields_of_rows
from das_research.intake.store import accepted_rows

VALUE = st.text(st.sampled_from('ab ;,"\n\r\té'), max_size=6)
LINES = st.lists(st.lists(VALUE, min_size=1, max_size=4), max_size=8)
ENDS = st.sampled_from(["\n", "\r\n"])


def by_python(text: str, delimiter: str) -> list[int] | None:
    """Fields of every line; None where Python's reader refuses the text."""
    try:
        return [len(line) for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error:
        return None


def by_blocks(text: str, delimiter: str) -> list[int] | None:
    found = fields_of_rows(io.BytesIO(text.encode()), delimiter)
    return None if found is None else found.tolist()


@pytest.fixture(params=[1 << 24, 7], ids=["one block", "blocks of a few bytes"])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(shape, "BLOCK", request.param)
    yield request.param


def test_what_a_writer_of_csv_wrote_is_counted_as_python_counts_it(block: int) -> None:
    @settings(max_examples=300, deadline=None)
    @given(LINES, st.sampled_from(",;\t"), ENDS, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.booleans())
    def counted(lines: list[list[str]], delimiter: str, end: str, quoting: Any, whole: bool) -> None:
        if quoting == csv.QUOTE_MINIMAL:  # the writer leaves a carriage return bare then, which ends a line
            lines = [[value.replace("\r", "") for value in line] for line in lines]
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(lines)
        text = out.getvalue() if whole else out.getvalue().removesuffix(end)
        assert by_blocks(text, delimiter) == by_python(text, delimiter)

    counted()


def test_whatever_the_text_it_counts_as_python_does_or_leaves_it_to_it(block: int) -> None:
    told = [0]

    @settings(max_examples=500, deadline=None)
    @given(st.text(st.sampled_from('a;"\n\r'), max_size=12))
    @example('a;"b;c\nd";e\n\n"";"x""y"\n')
    def counted(text: str) -> None:
        found, expected = by_blocks(text, ";"), by_python(text, ";")
        if found is not None:
            told[0] += 1
            assert found == expected

    counted()
    assert told[0] > 100, "it may leave all to the slower reader and never be wrong"


CELLS = {
    "nummer": st.sampled_from(["99-00000001", "9900000002", "--", "NULL", ""]),
    "persoon": st.sampled_from(["F000000001", "f 000000002", ""]),
    "dossier": st.sampled_from(["1", "007", "geen", ""]),
    "instroom": st.sampled_from(["2023-01-05", "05-01-2023 12:00", "2025-01-01", "2009-12-31", "x", "NULL", ""]),
    "beslisdatum": st.sampled_from(["2023-03-14", "2022-01-01", "14-03-2023 09:30", "44931", ""]),
    "feit": st.sampled_from(["D", "G", "H", "X", " D", ""]),
    "bedrag": st.sampled_from(["12,50", "-1", " 3 ", "1e2", "x", ""]),
    "leeftijd": st.sampled_from(["34", "034", "9", "34,0", "34,5", ""]),
    "recidivist": st.sampled_from(["ja", "NEE", "0", "wellicht", ""]),
    "toelichting": st.text(st.sampled_from("aé \n;\"'=ß€"), max_size=5).map(
        lambda text: text if text.strip() else ""  # of blanks alone a workbook makes an empty cell
    ),
    "naam": st.just("Jansen"),
}


@settings(max_examples=7, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=20))
def test_a_workbook_and_a_csv_with_the_same_cells_are_judged_alike(drawn: list[dict[str, str]]) -> None:
    rows = [row | {"volgnummer": str(place)} for place, row in enumerate(drawn, 1)]
    with tempfile.TemporaryDirectory() as folder:
        text = world.write(Path(folder) / "zaken.csv", rows)
        workbook = openpyxl.Workbook()
        for line in [list(world.COLUMNS.values()), *([row[name] for name in world.COLUMNS] for row in rows)]:
            workbook.active.append([""] * len(line))
            for cell, value in zip(workbook.active[workbook.active.max_row], line, strict=True):
                cell.value, cell.data_type = value or None, "s" if value else "n"  # else "=…" would be a formula
        workbook.save(Path(folder) / "zaken.xlsx")
        assert judged(Path(folder) / "zaken.xlsx", format="xlsx") == judged(text)


def judged(path: Path, **layout: Any) -> tuple[Any, ...]:
    """The counts, the accepted rows, and those kept out with what was read of them; or why no row can be used."""
    try:
        return rows_of(path, **layout)
    except DeliveryRefused as refused:
        return (refused.why,)


def rows_of(path: Path, **layout: Any) -> tuple[Any, ...]:
    catalog = world.catalog(file=layout)
    dataset = catalog.datasets["zaken"]
    with judging(catalog, dataset, find(path)) as (_, found):
        out = found.checked.table.filter(found.checked.table[REASON].notnull()).select("row", REASON, DELIVERED)
        tables = accepted_rows(found.checked, dataset), out
        accepted, kept_out = (it.to_pyarrow().to_pylist() for it in tables)
    for row in kept_out:
        row[DELIVERED] = {name: text or None for name, text in row[DELIVERED].items()}  # a cell is never ""
    return found.counts, found.synthetic, accepted, kept_out
