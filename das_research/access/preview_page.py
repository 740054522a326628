"""The page for those who approve a grant: purpose, grounds, people, and every column and row that would be given.

It stands alone, so that it can be sent and filed. Who approves a grant approves people, so here their accounts are
named; in no other place does a preview name them.
"""

from collections import Counter
from html import escape

from das_research.access.findings import Finding
from das_research.access.grants import check
from das_research.access.preview import Preview
from das_research.access.preview_own_files import own_files_section
from das_research.access.preview_parts import (
    agreements_section,
    left_out_section,
    people_section,
    permissions_section,
    tables_section,
)
from das_research.access.preview_words import say
from das_research.catalog.uses import PURPOSE_TITLES
from das_research.style.numbers import Language, format_date
from das_research.style.page import page
from das_research.style.page_parts import facts, paragraph, section

STYLE = """
.opening{margin-top:clamp(1.5rem,4vw,3rem);border-left:6px solid var(--accent);padding-left:1.1rem}
.opening .lead{margin:1rem 0 0;max-width:44rem;text-wrap:pretty}
.opening .lead+.lead{margin-top:.25rem}
.dateline{font:var(--small)/1.5 var(--font);color:var(--mute);margin:1rem 0 0}
.part{border-top:1px solid var(--rule);padding-top:1.25rem}
.part h3{margin-bottom:.4rem;overflow-wrap:anywhere}
.part p{margin:.4rem 0 0}
.part .facts{margin-top:.25rem}
.side{font:var(--small)/1.5 var(--font);color:var(--mute)}
.open{margin:1rem 0 0;padding:0;list-style:none;max-width:46rem}
.open li{border-top:1px solid var(--rule);padding:.5rem 0}
.parts{display:grid;gap:0 2.5rem;grid-template-columns:minmax(0,1fr)}
.parts table{width:100%}
section{scroll-margin-top:3rem}
td.l,tbody th{max-width:22rem}
@media(min-width:60rem){.part{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr);gap:0 2.5rem}
.parts{grid-template-columns:minmax(0,1fr) 15rem}.parts table{min-width:0}
.parts:not(:has(>:nth-child(2))){display:block}}
"""


def page_of(preview: Preview, language: Language) -> str:
    """The page of a preview.

    Parameters
    ----------
    preview : Preview
        What the grant gives.
    language : {'nl', 'en'}
        Language of the page.

    Returns
    -------
    str
        HTML without script and without anything from elsewhere; the accounts of the grant's people stand on it.
    """
    catalog, grant = preview.catalog, preview.grant
    found = check(catalog, grant.id, "", preview.day)
    open_points = [it for it in found if not it.holds and it.about not in ("person", "dates")]
    parts = [
        _opening(preview, len(open_points), language),
        _open_section(preview, open_points, language),
        _about_section(preview, language),
        agreements_section(preview, language),
        permissions_section(preview, language),
        own_files_section(preview, language),
        people_section(preview, language),
        tables_section(preview, language),
        left_out_section(preview, language),
        _numbers_section(preview, language),
    ]
    head = (
        f"<p>{escape(catalog.host[language], quote=False)}</p>"
        f"<span>{escape(say('only_for', language), quote=False)}</span>"
    )
    return page(
        f"{grant.title[language]} – {say('kicker', language, project=grant.id)}",
        "".join(parts),
        head=head,
        foot=paragraph(f"{say('contact', language)}: {catalog.contact}"),
        language=language,
        style=STYLE,
        synthetic=preview.synthetic,
    )


def _opening(preview: Preview, open_points: int, language: Language) -> str:
    grant = preview.grant
    people = grant.on(preview.day).people
    count = say("one_person", language) if len(people) == 1 else say("persons", language, n=len(people))
    organisations = sorted(Counter(person.organisation for person in people))
    both = {"nl": " en ", "en": " and "}[language]
    named = both.join(filter(None, [", ".join(organisations[:-1]), *organisations[-1:]]))
    lead = say(
        "lead",
        language,
        purpose=PURPOSE_TITLES[grant.purpose][language].lower(),
        begin=format_date(grant.begin, language),
        end=format_date(grant.end, language),
        people=count,
        organisations=named or "–",
    )
    many = "open_one" if open_points == 1 else "open_many"
    state = say(many, language, n=open_points) if open_points else say("in_order", language)
    dateline = say("dateline", language, day=format_date(preview.day, language))
    description = grant.description[language] if grant.description else ""
    return (
        f'<div class="opening"><p class="kicker">{escape(say("kicker", language, project=grant.id), quote=False)}</p>'
        f"<h1>{escape(grant.title[language], quote=False)}</h1>"
        + "".join(paragraph(text, "lead") for text in (lead, state))
        + paragraph(" · ".join(filter(None, (dateline, description))), "dateline")
        + "</div>"
    )


def _open_section(preview: Preview, found: list[Finding], language: Language) -> str:
    if not found:
        return ""
    items = "".join(f"<li>{escape(say(f'about_{it.about}', language, name=it.name), quote=False)}</li>" for it in found)
    how = paragraph(say("open_how", language, project=preview.project), "note")
    return section("open", say("open", language), f'<ul class="open">{items}</ul>', how)


def _about_section(preview: Preview, language: Language) -> str:
    grant = preview.grant
    outputs = "<br>".join(escape(output[language], quote=False) for output in grant.outputs)
    approvers = "<br>".join(
        escape(f"{it.role}, {format_date(it.date, language)}", quote=False) for it in grant.approvers
    )
    period = " – ".join(format_date(day, language) for day in (grant.begin, grant.end))
    pairs = [
        (say("purpose", language), escape(PURPOSE_TITLES[grant.purpose][language], quote=False)),
        (say("legal_basis", language), escape(grant.legal_basis[language], quote=False)),
        (say("outputs", language), outputs),
        (say("mode", language), escape(say(f"mode_{grant.mode}", language), quote=False)),
        (say("period", language), period),
        (say("approvers", language), approvers),
    ]
    return section("about", say("about", language), facts(pairs))


def _numbers_section(preview: Preview, language: Language) -> str:
    minimum = preview.minimum
    text = say("numbers_how", language, minimum=minimum, triple=3 * minimum)
    counted = facts([(say("snapshot", language), f"<code>{preview.snapshot}</code>")]) if preview.snapshot else ""
    return section("numbers", say("numbers", language), paragraph(text), counted)
