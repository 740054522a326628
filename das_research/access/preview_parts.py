"""The parts of the page for those who approve a grant: agreements, permissions, people, tables, what is left out."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from das_research.access.about import column_title
from das_research.access.column_words import column_class, column_term
from das_research.access.cover import permission_for
from das_research.access.findings import asked_datasets
from das_research.access.preview import REASONS, Preview, TablePreview
from das_research.access.preview_words import say
from das_research.access.safe_counts import YearRows
from das_research.catalog.models import Agreement, Grantee
from das_research.catalog.own_files import is_own
from das_research.catalog.uses import ANSWERS
from das_research.style.numbers import Language, format_date
from das_research.style.page_parts import facts, paragraph, section, table


def agreements_section(preview: Preview, language: Language) -> str:
    """Every agreement: what it says of the purpose, its condition and how that is met, and what holds besides."""
    agreements = [preview.catalog.agreements[name] for name in preview.grant.agreements]
    parts = (_agreement(preview, agreement, language) for agreement in agreements)
    return section("agreements", say("agreements", language), *parts)


def permissions_section(preview: Preview, language: Language) -> str:
    """The partner's permission for every dataset that the grant draws on."""
    catalog, now = preview.catalog, preview.grant.on(preview.day)
    rows = []
    for name in (it for it in asked_datasets(catalog, now) if not is_own(catalog, now, it)):
        dataset = catalog.datasets[name]
        partner = catalog.partners[dataset.partner].title[language]
        given = permission_for(catalog, now, name)
        if given is None:
            cells = (partner, REASONS["no permission of the partner"][language], "", "", "")
        else:
            until = format_date(given.until, language) if given.until else say("as_grant", language)
            cells = (partner, given.reference, format_date(given.date, language), given.role, until)
        rows.append((dataset.title[language], cells))
    heads = [say(key, language) for key in ("dataset", "partner", "reference", "given_on", "given_by", "until")]
    told = table(say("permissions_table", language), heads, rows, language, words=heads) if rows else ""
    return section("permissions", say("permissions", language), paragraph(say("permissions_why", language)), told)


def people_section(preview: Preview, language: Language) -> str:
    """The accounts of each organisation."""
    people = sorted(preview.grant.people, key=lambda person: person.organisation)
    rows = [
        (organisation, (", ".join(_account(person, language) for person in accounts),))
        for organisation, accounts in groupby(people, key=lambda person: person.organisation)
    ]
    heads = [say(key, language) for key in ("organisation", "accounts")]
    told = table(say("people_table", language), heads, rows, language, words=heads)
    return section("people", say("people", language), paragraph(say("people_why", language)), told)


def tables_section(preview: Preview, language: Language) -> str:
    """Every table of which the project gets something: its rule, its columns, its rows by year."""
    given = [it for it in preview.tables if it.scope.columns]
    notes = [] if given else [paragraph(say("nothing", language))]
    notes += [paragraph(say("no_rows", language))] if given and preview.snapshot is None else []
    return section("tables", say("tables", language), *notes, *(_table(preview, it, language) for it in given))


def left_out_section(preview: Preview, language: Language) -> str:
    """What was asked for and is not given; then everything else, by reason."""
    asked, whole, columns = [], [], []
    for it in preview.tables:
        name = f"{it.title[language]} ({it.scope.table})"
        wanted = set(preview.grant.tables[it.scope.table].columns) if it.scope.table in preview.grant.tables else set()
        for reason in dict.fromkeys(each.reason for each in it.scope.left_out):
            names = [each.column for each in it.scope.left_out if each.reason == reason]
            refused, other = [each for each in names if each in wanted], [each for each in names if each not in wanted]
            why = REASONS[reason][language]
            asked += [(name, (", ".join(refused), why))] if refused else []
            if it.scope.columns and other:
                columns.append((name, (", ".join(other), why)))
        if not it.scope.columns:
            whole.append(
                (name, ("; ".join(dict.fromkeys(REASONS[each.reason][language] for each in it.scope.left_out)),))
            )
    heads = [say(key, language) for key in ("table", "columns", "reason")]
    two = [heads[0], heads[2]]
    parts = [
        table(say("asked", language), heads, asked, language, words=heads)
        if asked
        else paragraph(say("asked_none", language)),
        table(say("whole_tables", language), two, whole, language, words=two) if whole else "",
        table(say("columns", language), heads, columns, language, words=heads) if columns else "",
    ]
    return section("left-out", say("left_out", language), *parts)


def _agreement(preview: Preview, agreement: Agreement, language: Language) -> str:
    grant = preview.grant
    use = agreement.uses.get(grant.purpose)
    met = grant.meets[agreement.id][language] if agreement.id in grant.meets else say("not_met", language)
    pairs = [
        (say("answer", language), ANSWERS[use.allowed if use else "no"][language]),
        (say("article", language), use.article if use else ""),
        (say("condition", language), use.condition[language] if use and use.condition else ""),
        (say("met", language), met if use and use.allowed == "if" else ""),
        (say("dpia", language), use.dpia or "" if use else ""),
    ]
    told = [(name, escape(text, quote=False)) for name, text in pairs]
    besides = "<br>".join(escape(condition[language], quote=False) for condition in agreement.conditions)
    partner = preview.catalog.partners[agreement.partner].title[language]
    side = f"<h3>{escape(agreement.title[language], quote=False)}</h3>{paragraph(partner, 'side')}"
    return _part(side, facts([*told, (say("standing", language), besides)]))


def _table(preview: Preview, told: TablePreview, language: Language) -> str:
    catalog, name = preview.catalog, told.scope.table
    rule = told.rule(language)
    shown = {
        "title": {column: column_title(catalog, name, column)[language] for column in told.scope.columns},
        "term": {column: column_term(catalog, name, column)[language] for column in told.scope.columns},
        "class": {column: column_class(catalog, name, column)[language] for column in told.scope.columns},
        "coarser": {column: text[language] for column, text in told.coarser.items()},
    }
    shown = {key: texts for key, texts in shown.items() if any(texts.values())}
    words = [say(key, language) for key in ("column", *shown)]
    rows = [(column, [texts.get(column, "") for texts in shown.values()]) for column in told.scope.columns]
    title, place = told.title[language], f"{told.title[language]} ({name})"  # two tables may have one title
    columns = table(say("columns_of", language, table=place), words, rows, language, words=words)
    years = ""
    if told.years is not None:
        lines = [(year, (number,)) for year, number in _lines(told, language)]
        heads = [say("year", language), say("rows", language)]
        years = table(say("years_of", language, table=place), heads, lines, language)
    side = f'<h3>{escape(title, quote=False)}</h3><p class="side"><code>{name}</code></p>' + paragraph(
        say("rows_if", language, rule=rule) if rule else say("rows_all", language), "side"
    )
    return _part(side, f'<div class="parts">{columns}{years}</div>')


def _part(side: str, content: str) -> str:
    return f'<section class="part"><div>{side}</div><div>{content}</div></section>'


def _lines(told: TablePreview, language: Language) -> Iterator[tuple[str, str]]:
    """Hidden years that follow each other take one line."""
    for hidden, run in groupby(told.years or (), key=lambda line: line.rows is None and line.year.nl.isdigit()):
        lines: Sequence[YearRows] = tuple(run)
        if hidden and len(lines) > 1:
            span = f"{lines[0].year[language]}–{lines[-1].year[language]}"
            yield say("each", language, years=span), told.number(None, language)
        else:
            yield from ((line.year[language], told.number(line.rows, language)) for line in lines)


def _account(person: Grantee, language: Language) -> str:
    if person.begin is None and person.end is None:
        return person.account
    days = [format_date(day, language) if day else "" for day in (person.begin, person.end)]
    return f"{person.account} ({' – '.join(days)})"
