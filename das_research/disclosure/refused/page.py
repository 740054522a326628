"""The page of a refused hand-over: the numbers that tell of few, so that an output checker sees them subtract."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from html import escape
from itertools import count
from typing import Any

from das_research.catalog.models import Catalog
from das_research.disclosure.dossier_words import say as say_of_dossier
from das_research.disclosure.refused.words import change, say, way
from das_research.style.numbers import MINUS, Language
from das_research.style.page import page
from das_research.style.page_parts import facts, number, paragraph, section, table

TIMES = "\N{MULTIPLICATION SIGN}"
STYLE = """
.opening{margin-top:clamp(1.5rem,4vw,3rem);border-left:6px solid var(--accent);padding-left:1.1rem}
.opening .lead{margin:1rem 0 0;max-width:44rem;text-wrap:pretty}
.opening .lead+.lead{margin-top:.25rem}
.leak{border-top:1px solid var(--rule);padding-top:1.25rem}
.leak h3{overflow-wrap:anywhere;font-variant-numeric:tabular-nums lining-nums;max-width:none}
.leak .note{margin:.35rem 0 0}
.leak caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
td.l,tbody th{max-width:26rem}
"""


def page_of(catalog: Catalog, document: Mapping[str, Any], language: Language, *, synthetic: bool) -> str:
    """The page.

    Parameters
    ----------
    catalog : Catalog
        The host, and whom to ask.
    document : mapping
        See `das_research.disclosure.refused.desk.refused_document`.
    language : {'nl', 'en'}
        Language of the page.
    synthetic : bool
        Whether the data are fictitious.

    Returns
    -------
    str
        HTML without script and without anything from elsewhere.
    """
    head = f"<p>{escape(catalog.host[language], quote=False)}</p><span>{say('only_for', language)}</span>"
    parts = [
        _opening(document, language),
        section("groups", say("groups", language), _how_many(document, language), *_groups(document, language)),
        section("instead", say("instead", language), *_instead(document, language)),
        section("knows", say("knows", language), _knowledge(document, language)),
        section("made", say("made", language), _made(document, language)),
    ]
    return page(
        f"{say('title', language)} – {say('kicker', language, run=document['run'])}",
        "".join(parts),
        head=head,
        foot=paragraph(f"{say('contact', language)}: {catalog.contact}"),
        language=language,
        style=STYLE,
        synthetic=synthetic,
    )


def _opening(document: Mapping[str, Any], language: Language) -> str:
    groups, minimum = document["groups"], number(document["minimum"], language)
    key = "lead_one" if groups == 1 else "lead"
    leads = [say(key, language, groups=number(groups, language), minimum=minimum), say("careful", language)]
    texts = "".join(paragraph(lead, "lead") for lead in leads)
    kicker = escape(say("kicker", language, run=document["run"]), quote=False)
    return f'<div class="opening"><p class="kicker">{kicker}</p><h1>{say("title", language)}</h1>{texts}</div>'


def _how_many(document: Mapping[str, Any], language: Language) -> str:
    some, groups = len(document["told"]), document["groups"]
    told = say("groups_some", language, some=number(some, language), groups=number(groups, language))
    return paragraph(told) if some < groups else ""


def _groups(document: Mapping[str, Any], language: Language) -> Iterator[str]:
    minimum, names = document["minimum"], _captions(language)
    for group in document["told"]:
        parts = [part for one in group["sums"] for part in _sum(group, one, minimum, next(names), language)]
        if not group["sums"]:
            bounds = {name: number(group[name], language) for name in ("least", "most")}
            parts = [f"<h3>{say('together', language, **bounds)}</h3>", _table(group["cells"], next(names), language)]
        how = paragraph(f"{way(group['how'], language)}{_of_whom(group, language)}", "note")
        yield f'<section class="leak">{parts[0]}{how}{"".join(parts[1:])}</section>'


def _captions(language: Language) -> Iterator[str]:
    """A name for each table of numbers: who can't see it tells them apart by it."""
    return (f"{say('terms', language)} ({at})" for at in count(1))


def _of_whom(group: Mapping[str, Any], language: Language) -> str:
    """The hidden cells that it is about; two shown numbers stand in the sum already."""
    cells = [_words(cell, language) for cell in group["cells"] if cell["number"] is None]
    return f": {'; '.join(cells)}" if cells else ""


def _sum(
    group: Mapping[str, Any], one: Mapping[str, Any], minimum: int, caption: str, language: Language
) -> Iterator[str]:
    """The sum as one line, and its numbers as a table."""
    signs = []
    for at, term in enumerate(one["terms"]):
        times = Fraction(term["times"])
        factor = "" if abs(times) == 1 else f"{_fraction(abs(times), language)} {TIMES} "
        sign = MINUS if times < 0 else "+"
        signs.append(f"{sign if times < 0 or at else ''}{' ' if at else ''}{factor}{number(term['number'], language)}")
    comes_to = _fraction(Fraction(one["number"]), language)
    nobody = one["tells"] != "least" and group["most"] == 0
    key = "sum_nobody" if nobody else f"sum_{one['tells']}"
    text = say(key, language, sum=f"{' '.join(signs) or 0} = {comes_to}", minimum=number(minimum, language))
    yield f"<h3>{text}</h3>"
    yield _table(one["terms"], caption, language)


def _fraction(value: Fraction, language: Language) -> str:
    whole = number(abs(value.numerator), language)
    text = whole if value.denominator == 1 else f"{whole}/{number(value.denominator, language)}"
    return f"{MINUS}{text}" if value < 0 else text


def _table(cells: list[dict[str, Any]], caption: str, language: Language) -> str:
    heads = [say(key, language) for key in ("cell", "number", "release", "table")]
    rows = [
        (_words(cell, language), (_number(cell, language), _release(cell, language), cell["table"])) for cell in cells
    ]
    return table(caption, heads, rows, language, words=heads[2:])


def _words(cell: Mapping[str, Any], language: Language) -> str:
    part = say(f"part_{cell['part']}", language)
    return f"{cell['cell'][language]}{f' ({part})' if part else ''}"


def _number(cell: Mapping[str, Any], language: Language) -> str:
    """The number with its sign; of a hidden cell that it is hidden, and what is known of it."""
    sign = MINUS if Fraction(cell.get("times", "1")) < 0 else ""
    if cell["number"] is None:
        return say("hidden", language)
    told = number(cell["number"], language)
    return f"{sign}{told}" if cell.get("is_known", True) else f"{sign}{say('hidden_least', language, n=told)}"


def _release(cell: Mapping[str, Any], language: Language) -> str:
    if cell["part"] == "published":
        return say("others", language)
    return cell["release"] or say("this", language)


def _instead(document: Mapping[str, Any], language: Language) -> Iterator[str]:
    if not document["tables"]:
        yield paragraph(say("instead_before", language))
        return
    tried = number(document["tried"], language)
    if document["instead"]:
        yield paragraph(say("instead_how", language, tried=tried))
        items = "".join(
            f"<li>{escape(change(**it, language=language), quote=False)}</li>" for it in document["instead"]
        )
        yield f"<ul>{items}</ul>"
        return
    left = "" if document["all_tried"] else f" {say('instead_not_all', language)}"
    yield paragraph(say("instead_none", language, tried=tried) + left)


def _knowledge(document: Mapping[str, Any], language: Language) -> str:
    items = "".join(f"<li>{say_of_dossier(f'knows_{it}', language)}</li>" for it in document["knowledge"])
    return f"<ul>{items}</ul>"


def _made(document: Mapping[str, Any], language: Language) -> str:
    pairs = [(say(name, language), escape(str(document[name]), quote=False)) for name in ("project", "author", "run")]
    pairs += [(say(name, language), escape(str(document[name]), quote=False)) for name in ("extract", "snapshot")]
    return facts([*pairs, (say("asked", language), number(document["asked"], language))])
