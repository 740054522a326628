"""One renderer of a proper table: caption, heads with a scope, figures in line, a legend of the symbols that occur."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import Literal

from das_research.style.numbers import HIDDEN, REVISIONS, SYMBOLS, SYNTHETIC, Language

Align = Literal["left", "right"]

STYLE = (
    ".das-table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5em 0}"
    ".das-table caption{caption-side:top;text-align:left;font-weight:700;padding:.2em 0}"
    ".das-table th,.das-table td{text-align:right;padding:.2em 0 .2em 1.4em;"
    "border-bottom:1px solid var(--rule,#d6d6d6);vertical-align:baseline;font-weight:400;background:none}"
    ".das-table thead th{border-bottom:1px solid var(--line,#767676);color:var(--mute,#595959)}"
    ".das-table .l,.das-table tbody th{padding-left:0;padding-right:1em}"
    ".das-table .t>*,.das-table .g>*{font-weight:700}.das-table .g>*{padding-top:.9em}"
    ".das-table tfoot td{border:0;padding:.15em 0 0;font-size:.85em;color:var(--mute,#595959)}"
    # twice the class: JupyterLab sets every cell right, by a rule that one class does not outweigh
    ".das-table.das-table .l,.das-table.das-table tbody th,.das-table.das-table tfoot td{text-align:left}"
    ".visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}"
)


@dataclass(frozen=True)
class Cell:
    """One printed cell.

    Parameters
    ----------
    text : str
        The number as printed, ``.`` where it is unknown or hidden, empty where it cannot occur.
    align : {'right', 'left'}
        Numbers stand right, words left.
    revision : str
        ``final``, ``provisional`` or ``revised provisional``: prints ``*`` or ``**`` behind the number.
    """

    text: str
    align: Align = "right"
    revision: str = "final"

    @property
    def mark(self) -> str:
        """The symbol of a figure that is not final yet; a cell without a number carries none."""
        return REVISIONS[self.revision] if self.text not in (HIDDEN, "") else ""

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in this cell that a legend explains."""
        if self.align == "left":
            return ()
        return tuple(symbol for symbol in (self.text, self.mark) if symbol in (HIDDEN, "*", "**"))


@dataclass(frozen=True)
class Row:
    """One row: its heads, its cells, and whether it is a total."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True)
class TableView:
    """A table as it will be read; it knows texts only, no numbers.

    Parameters
    ----------
    caption : str
        What the table shows.
    row_titles : tuple of str
        The head of each column of row heads.
    columns : tuple of str
        The heads of the cells.
    rows : tuple of Row
        The rows in order.
    language : {'nl', 'en'}
        Language of the legend and the marks.
    source : str
        The source line; may be empty.
    notes : tuple of str
        Lines under the table.
    synthetic : bool
        True prints the mark of fictitious data, in every form.
    """

    caption: str
    row_titles: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    language: Language = "nl"
    source: str = ""
    notes: tuple[str, ...] = field(default=())
    synthetic: bool = False

    def head(self, rows: int) -> "TableView":
        """The first rows only, with a note of how many there are; the same where there are no more."""
        if len(self.rows) <= rows:
            return self
        words = {"nl": "eerste {} van {} rijen", "en": "first {} of {} rows"}[self.language]
        return replace(self, rows=self.rows[:rows], notes=(*self.notes, words.format(rows, len(self.rows))))

    @property
    def shared_heads(self) -> int:
        """How many leading heads repeat from row to row, so that they are better read once, above their rows."""
        runs = [len(list(groupby(row.heads[:depth] for row in self.rows))) for depth in range(len(self.row_titles))]
        shared = [depth for depth in range(1, len(runs)) if runs[depth] == runs[1] and 2 * runs[1] <= len(self.rows)]
        return max(shared, default=0)

    def blocks(self) -> list[tuple[str, list[Row]]]:
        """The rows by the heads that they share, each block with these; without such heads one block without a name."""
        depth = self.shared_heads
        return [
            (", ".join(filter(None, heads)), [replace(row, heads=row.heads[depth:]) for row in rows])
            for heads, rows in groupby(self.rows, key=lambda row: row.heads[:depth])
        ]

    @property
    def legend(self) -> str:
        """The symbols that occur, each with its meaning."""
        found = {symbol for row in self.rows for cell in row.cells for symbol in cell.symbols}
        return "; ".join(f"{symbol} {text[self.language]}" for symbol, text in SYMBOLS.items() if symbol in found)

    @property
    def foot(self) -> tuple[str, ...]:
        """Every line under the table."""
        mark = SYNTHETIC[self.language] if self.synthetic else ""
        return tuple(line for line in (mark, *self.notes, self.legend, self.source) if line)

    @property
    def aligns(self) -> tuple[Align, ...]:
        """The side on which each column stands, row heads first."""
        cells: list[Align] = [
            "left" if self.rows and all(row.cells[place].align == "left" for row in self.rows) else "right"
            for place in range(len(self.columns))
        ]
        heads: list[Align] = ["left"] * len(self.row_titles)
        return (*heads, *cells)


def to_html(view: TableView) -> str:
    """The table as HTML, without ids and without style: the page has `STYLE` once."""
    depth = view.shared_heads
    head = "".join(
        f'<th scope="col"{_class("l", align == "left")}>{escape(text, quote=False)}</th>'
        for text, align in list(zip((*view.row_titles, *view.columns), view.aligns, strict=True))[depth:]
    )
    width = len(view.row_titles) + len(view.columns) - depth
    body = "".join(
        "<tbody>" + _html_block(name, width) + "".join(_html_row(row, view.language) for row in rows) + "</tbody>"
        for name, rows in view.blocks() or [("", [])]
    )
    foot = "".join(
        f'<tr><td colspan="{width}"><span>{escape(line, quote=False)}</span></td></tr>' for line in view.foot
    )
    return (
        f'<table class="das-table" lang="{view.language}"><caption>{escape(view.caption, quote=False)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}" + (f"<tfoot>{foot}</tfoot>" if foot else "") + "</table>"
    )


def to_notebook_html(view: TableView) -> str:
    """The table as HTML that carries its own style, for a notebook."""
    return f"<style>{STYLE}</style>{to_html(view)}"


def facts_html(facts: Mapping[str, str]) -> str:
    """Names with what they stand for, as HTML for a notebook.

    Examples
    --------
    >>> facts_html({"doel": "monitor"})
    '<table><tr><th style="text-align:left">doel</th><td style="text-align:left">monitor</td></tr></table>'
    """
    left = 'style="text-align:left"'
    rows = (
        f"<tr><th {left}>{escape(name, quote=False)}</th><td {left}>{escape(fact, quote=False)}</td></tr>"
        for name, fact in facts.items()
    )
    return f"<table>{''.join(rows)}</table>"


def to_markdown(view: TableView) -> str:
    """The table as a pipe table that Pandoc reads, with a caption line; dashes as wide as the columns, since Pandoc
    takes the relative widths of a wide table from them."""
    grid = [[_plain_markdown(text) for text in line] for line in _grid(view)]
    widths = [max(3, *(len(line[place]) for line in grid)) for place in range(len(grid[0]))]
    lines = [_pipe(line, widths, view.aligns) for line in grid]
    ruler = [
        ("-" * (width - 1) + ":") if align == "right" else ":" + "-" * (width - 1)
        for width, align in zip(widths, view.aligns, strict=True)
    ]
    lines.insert(1, "| " + " | ".join(ruler) + " |")
    foot = "".join(f"\n{_plain_markdown(line)}\n" for line in view.foot)
    return "\n".join(lines) + f"\n\n: {_plain_markdown(view.caption)}\n" + foot


def to_text(view: TableView) -> str:
    """The table in fixed-width letters."""
    grid = _grid(view)
    widths = [max(len(line[place]) for line in grid) for place in range(len(grid[0]))]
    lines = [
        "  ".join(
            _pad(text, width, align) for text, width, align in zip(line, widths, view.aligns, strict=True)
        ).rstrip()
        for line in grid
    ]
    lines.insert(1, "─" * (sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join([view.caption, "", *lines, "", *view.foot]).rstrip()


def _class(name: str, when: bool) -> str:
    return f' class="{name}"' if when else ""


def _html_block(name: str, width: int) -> str:
    if not name:
        return ""
    words = f"<span>{escape(name, quote=False)}</span>"
    return f'<tr class="g"><th scope="rowgroup" colspan="{width}">{words}</th></tr>'


def _html_row(row: Row, language: Language) -> str:
    heads = "".join(f'<th scope="row">{escape(head, quote=False)}</th>' for head in row.heads)
    cells = "".join(_html_cell(cell, language) for cell in row.cells)
    return f"<tr{_class('t', row.total)}>{heads}{cells}</tr>"


def _html_cell(cell: Cell, language: Language) -> str:
    if cell.align == "left":
        return f'<td class="l">{escape(cell.text, quote=False)}</td>'
    text = symbol_html(cell.text, language) if cell.text in (HIDDEN, "") else escape(cell.text, quote=False)
    return f"<td>{text}{symbol_html(cell.mark, language) if cell.mark else ''}</td>"


def symbol_html(symbol: str, language: Language) -> str:
    """A symbol that the eye reads as such and a screen reader as its meaning.

    Examples
    --------
    >>> symbol_html("*", "nl")
    '<span aria-hidden="true">*</span><span class="visually-hidden"> (voorlopig cijfer)</span>'
    """
    shown = f'<span aria-hidden="true">{symbol}</span>' if symbol else ""
    space = " " if symbol.startswith("*") else ""
    meaning = SYMBOLS[symbol][language]
    return f'{shown}<span class="visually-hidden">{space}{f"({meaning})" if space else meaning}</span>'


def _grid(view: TableView) -> list[list[str]]:
    rows = [[*row.heads, *(cell.text + cell.mark for cell in row.cells)] for row in view.rows]
    return [[*view.row_titles, *view.columns], *rows]


def _pad(text: str, width: int, align: Align) -> str:
    return text.rjust(width) if align == "right" else text.ljust(width)


def _pipe(line: list[str], widths: list[int], aligns: tuple[Align, ...]) -> str:
    return (
        "| "
        + " | ".join(_pad(text, width, align) for text, width, align in zip(line, widths, aligns, strict=True))
        + " |"
    )


def _plain_markdown(text: str) -> str:
    """Every sign that Pandoc would read as more than itself, escaped."""
    for sign in "\\`*_{}[]<>#|~^$@\"'":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
