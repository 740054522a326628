"""The page for a data protection officer: what was done with whose data, told from the audit log, in two languages."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from das_research.catalog.models import Catalog
from das_research.home import write_file
from das_research.oversight import parts
from das_research.oversight.acts import Act, acts_of, chosen
from das_research.oversight.verify import Verdict
from das_research.oversight.words import in_words, say
from das_research.style.numbers import Language, format_date
from das_research.style.page import page
from das_research.style.page_parts import number, paragraph, section

STYLE = """
.opening{margin-top:clamp(1.5rem,4vw,3rem);border-left:6px solid var(--accent);padding-left:1.1rem}
.opening.broken{border-color:var(--ink)}.opening.broken .lead{font-weight:600}
.opening .lead{margin:1rem 0 0;max-width:44rem;text-wrap:pretty}
.opening .dateline{font:var(--small)/1.5 var(--font);color:var(--mute);margin:1rem 0 0}
.identity{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1.25rem 1.5rem;
margin:2rem 0 0;padding:0;max-width:none;font:var(--small)/1.3 var(--font)}
.identity li{border-top:1px solid var(--rule);padding-top:.6rem}
.identity strong{display:block;font:600 clamp(1.9rem,1.4rem + 1.6vw,2.75rem)/1.1 var(--serif);
font-variant-numeric:lining-nums tabular-nums;margin-bottom:.15rem}
#projects section{border-top:1px solid var(--rule);padding-top:1.25rem}
#projects caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
#projects td.l{white-space:nowrap}
#verified td.l{min-width:11rem}#verified tbody th{min-width:15rem}
.note{margin-top:.75rem}
@media(max-width:30rem){.identity{grid-template-columns:repeat(2,minmax(0,1fr))}}
"""


def write_page(folder: Path, catalog: Catalog, verdict: Verdict, month: str = "") -> tuple[Path, Path]:
    """Write the page of a month, or of all months.

    Parameters
    ----------
    folder : Path
        Where the pages are written.
    catalog : Catalog
        What projects and partners are called.
    verdict : Verdict
        The log as it was verified; only its lines that hold are told from.
    month : str
        As 2026-11; empty: all months.

    Returns
    -------
    tuple of Path
        ``audit-<month>.nl.html`` and ``.en.html``; without a month ``audit.nl.html`` and ``audit.en.html``.
    """
    name = f"audit-{month}" if month else "audit"
    paths = folder / f"{name}.nl.html", folder / f"{name}.en.html"
    everything = acts_of(verdict.contents, catalog)
    languages: tuple[Language, Language] = ("nl", "en")
    for path, other, language in zip(paths, reversed(paths), languages, strict=True):
        write_file(path, _page(catalog, verdict, everything, month, language, other.name))
    return paths


def _page(
    catalog: Catalog, verdict: Verdict, everything: Sequence[Act], month: str, language: Language, translation: str
) -> str:
    acts, title = chosen(everything, month=month), say("title", language)
    period = in_words(month, language) if month else say("whole", language)
    counts = {"lines": number(verdict.lines, language), "findings": number(len(verdict.findings), language)}
    leads = [say("lead_holds" if verdict.holds else "lead_broken", language, **counts)]
    leads += [] if acts else [say("lead_none", language)]
    opening = (
        f'<div class="opening{"" if verdict.holds else " broken"}"><p class="kicker">{say("kicker", language)}: '
        f"{period}</p><h1>{title}</h1>"
        + "".join(paragraph(lead, "lead") for lead in leads)
        + paragraph(_dateline(acts, language), "dateline")
        + "</div>"
    )
    about = (paragraph(say(key, language)) for key in ("about_counts", "about_wall"))
    content = [
        opening,
        parts.identity(acts, language),
        parts.months_section(acts, language),
        parts.projects_section(catalog, acts, language),
        parts.partners_section(catalog, acts, language),
        parts.refusals_section(catalog, acts, language),
        parts.destructions_section(catalog, acts, language),
        parts.verified_section(verdict, language),
        section("about", say("about", language), *about),
    ]
    other = "en" if language == "nl" else "nl"
    return page(
        f"{title} – {period}",
        "".join(content),
        head=(
            f"<p>{escape(catalog.host[language], quote=False)}</p><span>{say('only_for', language)}</span>"
            f'<a href="{translation}" hreflang="{other}" lang="{other}">{say("other", language)}</a>'
        ),
        foot=paragraph(f"{say('contact', language)}: {catalog.contact}"),
        language=language,
        style=STYLE,
        synthetic=_synthetic(everything),
    )


def _dateline(acts: Sequence[Act], language: Language) -> str:
    if not acts:
        return ""
    begin, end = (format_date(day, language) for day in (acts[0].day, acts[-1].day))
    return say("lead_period", language, begin=begin, end=end)


def _synthetic(acts: Sequence[Act]) -> bool:
    """Whether all that was ever delivered is fictitious."""
    told = [act.line["facts"].get("synthetic") for act in acts if act.column == "delivered"]
    return bool(told) and all(told)
