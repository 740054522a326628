"""Tables on paper, written for Typst: columns as wide as their words, heads that come back on the next page."""

from collections.abc import Iterable

from das_research.style.svg import text_width
from das_research.style.tables import Cell, TableView

PAGE, TYPE, SERIF, INSET = 459.0, 8.5, 0.9, 9.0  # points; a serif is narrower than the sans that is measured
LONGEST_WHOLE = 30  # rows that stay together


def table(view: TableView, number: str) -> str:
    """A call of the template's ``printed-table``.

    Parameters
    ----------
    view : TableView
        The table.
    number : str
        Its number, which begins the caption.
    """
    depth = view.shared_heads
    titles, aligns = (*view.row_titles, *view.columns)[depth:], view.aligns[depth:]
    cells, lines = [], 0
    for name, rows in view.blocks():
        if name:
            cells.append(f"block-head({len(titles)}, {literal(_begun(name))})")
        for row in rows:
            words = [*(_begun(head) for head in row.heads), *(_printed(cell) for cell in row.cells)]
            cells.append(", ".join(f"strong({literal(said)})" if row.total else literal(said) for said in words))
        lines += len(rows) + bool(name)
    parts = [
        f"caption: {literal(f'{number}. {view.caption}')}",
        f"columns: {_array(f'{width:.1f}pt' for width in widths(view))}",
        f"aligns: {_array(aligns)}",
        f"header: {_array(literal(_begun(title)) for title in titles)}",
        f"notes: {literal(' · '.join(view.foot))}",
        f"whole: {'true' if lines <= LONGEST_WHOLE else 'false'}",
    ]
    return "#printed-table(\n  " + ",\n  ".join([*parts, *cells]) + ",\n)"


def widths(view: TableView) -> list[float]:
    """The width of every column in points: numbers and their heads first, the names of the rows from what is left."""
    names = [
        max(_wide(words) for words in (title, *(row.heads[place] for row in view.rows)))
        for place, title in enumerate(view.row_titles)
    ][view.shared_heads :]
    figures = [max((_wide(_printed(row.cells[place])) for row in view.rows), default=0) for place in _places(view)]
    words = [max((_wide(word) for word in title.split()), default=0) for title in view.columns]
    least = [max(pair) for pair in zip(figures, words, strict=True)]
    eased = [max(low, min(_wide(title), _wide(title) / 2 + 16)) for low, title in zip(least, view.columns, strict=True)]
    over = sum(names) + sum(eased) - PAGE
    slack = sum(eased) - sum(least)
    share = min(max(over / slack, 0), 1) if slack else 0
    numbers = [wish - share * (wish - low) for wish, low in zip(eased, least, strict=True)]
    widest = max(range(len(names)), key=lambda place: names[place])
    names[widest] -= max(sum(names) + sum(numbers) - PAGE, 0)
    return [*names, *numbers]


def literal(words: str) -> str:
    """A text of which Typst reads every sign as itself.

    Examples
    --------
    >>> literal('a "b" #c')
    '"a \\\\"b\\\\" #c"'
    """
    plain = " ".join(words.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\u{60}") + '"'


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _printed(cell: Cell) -> str:
    return cell.text + cell.mark


def _wide(words: str) -> float:
    return text_width(words, TYPE) * SERIF + INSET


def _places(view: TableView) -> range:
    return range(len(view.columns))


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"
