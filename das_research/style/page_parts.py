"""The small parts of a page that stands alone: a delivery report, the page of an approver or of the audit log."""

from collections.abc import Iterable, Sequence
from html import escape

from das_research.style.numbers import Language, format_number
from das_research.style.tables import Cell, Row, TableView, to_html

SMALLEST = 0.1  # percent; a share that prints as none or as all though it isn't says so


def paragraph(text: str, kind: str = "") -> str:
    """One paragraph; empty for an empty text."""
    opening = f'<p class="{kind}">' if kind else "<p>"
    return f"{opening}{escape(text, quote=False)}</p>" if text else ""


def section(name: str, title: str, *content: str) -> str:
    """A section with its heading."""
    return (
        f'<section id="{name}" aria-labelledby="{name}-title"><h2 id="{name}-title">{escape(title, quote=False)}</h2>'
        f"{''.join(content)}</section>"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of names with what they are."""
    items = "".join(f"<dt>{escape(name, quote=False)}</dt><dd>{content}</dd>" for name, content in pairs if content)
    return f'<dl class="facts">{items}</dl>'


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[tuple[str, Sequence[str]]],
    language: Language,
    words: Sequence[str] = (),
) -> str:
    """A table in a region that scrolls by itself on a narrow screen.

    Parameters
    ----------
    caption : str
        What it shows.
    heads : sequence of str
        Of the row heads, then of each column.
    rows : iterable of (str, sequence of str)
        The head of a row and its cells, as printed.
    language : {'nl', 'en'}
        Language of the table.
    words : sequence of str
        Heads of columns that hold words and stand left; the others hold numbers.
    """
    aligned = ["left" if head in words else "right" for head in heads[1:]]
    view = TableView(
        caption,
        (heads[0],),
        tuple(heads[1:]),
        tuple(
            Row((head,), tuple(Cell(text, align) for text, align in zip(cells, aligned, strict=True)))  # type: ignore[arg-type]
            for head, cells in rows
        ),
        language,
    )
    return scrolled(to_html(view), caption)


def scrolled(content: str, label: str) -> str:
    """A region that scrolls by itself where it is too wide, with a name for who can't see it."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">{content}</div>'


def number(value: int, language: Language) -> str:
    """A count as it is printed."""
    return format_number(value, "", language)


def percent(part: float, whole: float, language: Language) -> str:
    """A share as it is printed; nothing of nothing.

    Examples
    --------
    >>> percent(1, 3, "nl"), percent(1, 100000, "nl"), percent(99999, 100000, "nl"), percent(0, 0, "nl")
    ('33,3%', '< 0,1%', '> 99,9%', '')
    """
    if not whole:
        return ""
    share = 100 * part / whole
    if 0 < share < SMALLEST / 2:
        return f"< {format_number(SMALLEST, 'percent', language)}"
    if 100 - SMALLEST / 2 <= share < 100:
        return f"> {format_number(100 - SMALLEST, 'percent', language)}"
    return format_number(share, "percent", language)
