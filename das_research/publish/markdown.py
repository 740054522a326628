"""Plain Pandoc-Markdown for two readers: raw HTML blocks for the web, Typst tables and pictures for paper.

Quarto and Pandoc render the same text: nothing here is executed, and tables and figures are numbered here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import yaml

from das_research.publish.exhibits import Exhibit
from das_research.publish.paper import literal
from das_research.publish.paper import table as printed_table
from das_research.publish.pictures import Picture
from das_research.publish.words import WORDS
from das_research.style.numbers import Language
from das_research.style.page_parts import scrolled
from das_research.style.tables import to_html

SPECIAL = "\\`*_{}[]<>#|~^$@\"'"


def plain(text: str) -> str:
    """A text of which Pandoc reads every sign as itself.

    Examples
    --------
    >>> plain("2024* [a]")
    '2024\\\\* \\\\[a\\\\]'
    """
    return " ".join("".join(f"\\{sign}" if sign in SPECIAL else sign for sign in text).split())


def front_matter(fields: dict[str, Any]) -> str:
    """The header of a page. Fields that are empty are left out."""
    kept = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
    return f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=4096)}---\n"


def kicker(text: str) -> str:
    """The small line above a heading."""
    if not text:
        return ""
    return html(f'<p class="kicker">{escape(text)}</p>') + "\n" + typst(f"#kicker({literal(text)})")


def new_page() -> str:
    """On paper a part begins on a page of its own."""
    return typst("#pagebreak(weak: true)")


def small_print() -> str:
    """From here on paper has smaller letters."""
    return typst("#set text(size: 9.5pt)\n#set par(spacing: 0.75em, leading: 0.55em)\n#show terms: set text(size: 9pt)")


def part_space() -> str:
    """Room on paper above a heading within a page."""
    return typst("#part-space")


def typst(code: str) -> str:
    """A block that only paper sees, in its own language."""
    return f"```{{=typst}}\n{code}\n```\n"


def with_next(block: str) -> str:
    """A block that on paper stays with what follows it."""
    return f"{typst('#block(sticky: true)[')}\n{block}\n{typst(']')}"


def html(block: str) -> str:
    """A block that only the web sees; its fence is longer than any run of backticks in it, so that nothing gets out."""
    lines = "\n".join(line for line in block.splitlines() if line.strip())
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", lines))])
    return f"{fence}{{=html}}\n{lines}\n{fence}\n"


def paper(block: str) -> str:
    """A block that only paper sees."""
    return f'::: {{.content-visible when-format="typst"}}\n{block.strip()}\n:::\n'


@dataclass
class Numbering:
    """Counts the figures and tables of one page."""

    language: Language
    counts: dict[str, int] = field(default_factory=dict)

    def next(self, kind: str) -> str:
        """``Figuur 1``, ``Tabel 1`` and so on."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{WORDS[kind][self.language]} {self.counts[kind]}"


@dataclass(frozen=True)
class Link:
    """A file to fetch."""

    href: str
    text: str


def exhibit(one: Exhibit, numbering: Numbering, downloads: Sequence[Link], picture_file: str) -> str:
    """A numbered figure with its table, or a numbered table, in both forms."""
    language = numbering.language
    figure = numbering.next("figure") if one.picture else ""
    table = numbering.next("table")
    web = html(_web(one, figure, table, downloads, language))
    behind = f"{WORDS['numbers_of'][language]} {figure.lower()}" if figure else one.table.caption
    printed = typst(printed_table(replace(one.table, caption=behind), table))
    picture = paper(_print(one.picture, figure, picture_file)) if one.picture else ""
    return "\n".join((web, picture, printed))


def _web(one: Exhibit, figure: str, table: str, downloads: Sequence[Link], language: Language) -> str:
    name, number = escape(one.table.caption), figure or table
    scroll = scrolled(to_html(one.table), f"{table}: {one.table.caption}")
    picture = ""
    if one.picture:
        picture = f'<div class="wide">{one.picture.wide}</div><div class="narrow">{one.picture.narrow}</div>'
        picture += f'<p class="note">{escape(one.picture.note)}</p>' if one.picture.note else ""
        scroll = f"<details><summary>{table}: {WORDS['numbers_behind'][language]}</summary>{scroll}</details>"
    return (
        f'<figure class="exhibit{"" if one.picture else " is-table"}" id="{one.id}">'
        f'<figcaption><span class="number">{number}</span> {name}</figcaption>'
        f"{picture}{scroll}{download_list(downloads, one.table.caption, language)}</figure>"
    )


def download_list(downloads: Sequence[Link], about: str, language: Language) -> str:
    """Links to the files of one table."""
    if not downloads:
        return ""
    items = "".join(
        f'<li><a href="{escape(link.href)}" download>{escape(link.text)}'
        f'<span class="visually-hidden"> ({escape(about)})</span></a></li>'
        for link in downloads
    )
    return f'<div class="downloads"><span>{WORDS["download"][language]}</span><ul>{items}</ul></div>'


def _print(picture: Picture, figure: str, picture_file: str) -> str:
    chart = picture.printed
    caption = plain(f"{figure}. {chart.title}") + (f". {plain(picture.note)}" if picture.note else "")
    return f'![{caption}]({picture_file}){{fig-alt="{_attribute(chart.description)}"}}'


def _attribute(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
