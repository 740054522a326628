"""The parts of the page for a data protection officer, each counted from the acts of its period."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from das_research.catalog.models import Catalog
from das_research.catalog.uses import PURPOSE_TITLES
from das_research.oversight.acts import COLUMNS, Act, Column
from das_research.oversight.verify import Verdict
from das_research.oversight.words import in_words, reason, say
from das_research.style.numbers import Language, format_date
from das_research.style.page_parts import facts, number, paragraph, section, table

BIG: tuple[Column, ...] = ("opened", "extracted", "released", "refused", "destroyed")
OF_ACCOUNTS: tuple[Column, ...] = ("opened", "extracted", "handed_over", "refused")
OF_PARTNERS: tuple[Column, ...] = ("opened", "extracted", "released", "published")
DIGITS = 16  # of a hash, enough to compare by eye


def identity(acts: Sequence[Act], language: Language) -> str:
    """The few numbers that a reader looks for first."""
    counts = _counts(acts)
    items = "".join(
        f"<li><strong>{number(counts[column], language)}</strong><span>{say(f'big_{column}', language)}</span></li>"
        for column in BIG
    )
    return f'<ul class="identity">{items}</ul>'


def months_section(acts: Sequence[Act], language: Language) -> str:
    """Every month with what was done in it; not where there is one month only."""
    months = sorted({act.month for act in acts})
    if len(months) < 2:
        return ""
    rows = [
        (in_words(month, language), _cells(_counts(it for it in acts if it.month == month), COLUMNS, language))
        for month in months
    ]
    heads = [say("month", language), *(say(column, language) for column in COLUMNS)]
    return section("months", say("months", language), table(say("months_caption", language), heads, rows, language))


def projects_section(catalog: Catalog, acts: Sequence[Act], language: Language) -> str:
    """Of every project who did what in it, for which purpose, under which grant, on whose data."""
    projects = sorted({act.project for act in acts if act.project})
    parts = [_project(catalog, project, [it for it in acts if it.project == project], language) for project in projects]
    none = paragraph(say("projects_none", language)) if not parts else ""
    return section("projects", say("projects", language), none, *parts)


def partners_section(catalog: Catalog, acts: Sequence[Act], language: Language) -> str:
    """Of every partner what was delivered, used, let out and destroyed."""
    heads = ["partner", "delivered", "rows_delivered", "projects_n", *OF_PARTNERS, "rows_destroyed"]
    rows = []
    for partner in sorted({partner for act in acts for partner in act.partners}):
        own = [act for act in acts if partner in act.partners]
        counts = _counts(own)
        cells = [
            counts["delivered"],
            sum(act.number("delivered") for act in own if act.column == "delivered"),
            len({act.project for act in own if act.project}),
            *(counts[column] for column in OF_PARTNERS),
            sum(act.number("rows") for act in own if act.column == "destroyed"),
        ]
        rows.append((_partner(catalog, partner, language), [number(cell, language) for cell in cells]))
    title = say("by_partner", language)
    if not rows:
        return section("partners", title, paragraph(say("by_partner_none", language)))
    shown = table(say("partner_caption", language), [say(head, language) for head in heads], rows, language)
    return section("partners", title, shown, paragraph(say("by_partner_note", language), "note"))


def refusals_section(catalog: Catalog, acts: Sequence[Act], language: Language) -> str:
    """What was refused: the kind of reason, the project and the account, and how often."""
    counted = Counter((act.fact("reason"), act.project, act.account) for act in acts if act.column == "refused")
    title = say("refusals", language)
    if not counted:
        return section("refusals", title, paragraph(say("refusals_none", language)))
    words = [say(word, language) for word in ("project", "account")]
    rows = [
        (reason(kind, language), [_title(catalog, project, language), account, number(times, language)])
        for (kind, project, account), times in sorted(counted.items())
    ]
    heads = [say("reason", language), *words, say("times", language)]
    return section("refusals", title, table(say("refusals_caption", language), heads, rows, language, words))


def destructions_section(catalog: Catalog, acts: Sequence[Act], language: Language) -> str:
    """What was erased, withdrawn or had its time, of which partner."""
    gone = [act for act in acts if act.column == "destroyed"]
    title = say("destructions", language)
    if not gone:
        return section("destructions", title, paragraph(say("destructions_none", language)))
    times = Counter((act.line["act"], act.partners) for act in gone)
    rows = [
        (
            say(f"act_{what}", language),
            [
                ", ".join(_partner(catalog, it, language) for it in partners),
                number(count, language),
                number(
                    sum(it.number("rows") for it in gone if (it.line["act"], it.partners) == (what, partners)), language
                ),
            ],
        )
        for (what, partners), count in sorted(times.items())
    ]
    heads = [say(word, language) for word in ("what", "partner", "times", "rows")]
    shown = table(say("destructions_caption", language), heads, rows, language, [heads[1]])
    return section("destructions", title, shown)


def verified_section(verdict: Verdict, language: Language) -> str:
    """Whether the log can be trusted, and by which key and end it is known."""
    said = "verified_no" if not verdict.holds else "verified_old" if verdict.old else "verified_yes"
    known = facts(
        [
            (say("lines", language), number(verdict.lines, language)),
            (say("sealed_since", language), _moment(verdict.sealed_since, language)),
            (say("key", language), f"<code>{verdict.head.key}</code>" if verdict.head.key else ""),
            (say("head", language), f"{verdict.head.number}: <code>{verdict.head.hash[:DIGITS]}</code>"),
            (say("copies", language), number(verdict.copies, language)),
        ]
    )
    heads = [say(word, language) for word in ("finding", "since", "ask")]
    rows = [(it.what, [_moment(it.since, language), it.ask]) for it in verdict.findings]
    shown = table(say("findings_caption", language), heads, rows, language, heads) if rows else ""
    sentence = paragraph(say(said, language, old=number(verdict.old, language)))
    return section("verified", say("verified", language), sentence, shown, known)


def _project(catalog: Catalog, project: str, acts: Sequence[Act], language: Language) -> str:
    grant = catalog.grants.get(project)
    purposes = dict.fromkeys(act.fact("purpose") for act in acts if act.fact("purpose"))
    if not purposes and grant:
        purposes = {grant.purpose: None}
    versions = ", ".join(dict.fromkeys(act.fact("grant") for act in acts if act.fact("grant")))
    partners = sorted({partner for act in acts for partner in act.partners})
    checked = [act for act in acts if (act.line["gate"], act.line["act"]) == ("release", "checked")]
    out = {kind: number(sum(act.number(kind) for act in checked), language) for kind in ("shown", "hidden")}
    rows = max((act.number("rows") for act in acts if act.column in ("opened", "extracted")), default=0)
    counts = _counts(acts)
    known = [
        (say("purpose", language), ", ".join(escape(_purpose(it, language), quote=False) for it in purposes)),
        (say("grant", language), _grant(project, versions, language)),
        (say("partners", language), ", ".join(escape(_partner(catalog, it, language), quote=False) for it in partners)),
        (say("extract_rows", language), number(rows, language) if rows else ""),
        (say("numbers_out", language), say("shown_hidden", language, **out) if checked else ""),
        (say("released", language), number(counts["released"], language) if counts["released"] else ""),
        (say("editions", language), number(counts["published"], language) if counts["published"] else ""),
    ]
    title = _title(catalog, project, language)
    shown = _accounts(title, acts, language)
    return f"<section><h3>{escape(title, quote=False)}</h3>{facts(known)}{shown}</section>"


def _accounts(title: str, acts: Sequence[Act], language: Language) -> str:
    last = say("last", language)
    heads = [say("account", language), *(say(column, language) for column in OF_ACCOUNTS), last]
    rows = []
    for account in sorted({act.account for act in acts if act.column in OF_ACCOUNTS}):
        own = [act for act in acts if act.account == account and act.column in OF_ACCOUNTS]
        day = format_date(max(act.day for act in own), language)
        rows.append((account, [*_cells(_counts(own), OF_ACCOUNTS, language), day]))
    return table(say("accounts_caption", language, project=title), heads, rows, language, [last]) if rows else ""


def _counts(acts: Iterable[Act]) -> Counter[Column | None]:
    return Counter(act.column for act in acts)


def _cells(counts: Counter[Column | None], columns: Iterable[Column], language: Language) -> list[str]:
    return [number(counts[column], language) for column in columns]


def _title(catalog: Catalog, project: str, language: Language) -> str:
    if not project:
        return say("no_project", language)
    return catalog.grants[project].title[language] if project in catalog.grants else project


def _grant(project: str, versions: str, language: Language) -> str:
    said = say("grant_version", language, project=project, versions=versions) if versions else project
    return f"<code>{escape(said, quote=False)}</code>"


def _partner(catalog: Catalog, partner: str, language: Language) -> str:
    return catalog.partners[partner].title[language] if partner in catalog.partners else partner


def _purpose(purpose: str, language: Language) -> str:
    known = {str(name): title for name, title in PURPOSE_TITLES.items()}
    return known[purpose][language] if purpose in known else purpose


def _moment(moment: str, language: Language) -> str:
    return f"{format_date(moment[:10], language)}, {moment[11:16]} UTC" if moment else ""
