"""The parts of the delivery report that tell of one delivery: facts, counts, rules, what it supersedes."""

from collections import defaultdict
from html import escape

from das_research.catalog.models import Catalog, Dataset
from das_research.intake.delivery import Delivery, RuleCount
from das_research.intake.report_checks import column_of, expected, in_file, place, told
from das_research.intake.report_words import say
from das_research.style.numbers import Language, format_date
from das_research.style.page_parts import facts, number, paragraph, percent, section, table


def partner_of(catalog: Catalog, dataset: Dataset, language: Language) -> str:
    """The partner's title; its id where the catalogue has no entry of it."""
    known = catalog.partners.get(dataset.partner)
    return known.title[language] if known else dataset.partner


def facts_section(catalog: Catalog, dataset: Dataset, delivery: Delivery | None, file: str, language: Language) -> str:
    """Which file the report is about."""
    pairs = [(say("file", language), escape(file, quote=False))] if file else []
    pairs += [
        (say("dataset", language), f"{escape(dataset.title[language], quote=False)} (<code>{dataset.id}</code>)"),
        (say("row_is", language), escape(dataset.row[language], quote=False)),
    ]
    if delivery:
        moment = f"{format_date(delivery.received[:10], language)}, {delivery.received[11:16]} UTC"
        pairs += [
            (say("partner", language), escape(partner_of(catalog, dataset, language), quote=False)),
            (say("received", language), moment),
            (say("delivery", language), f"<code>{delivery.id}</code>"),
            (say("fingerprint", language), f"<code>{delivery.file_sha256}</code>"),
        ]
        if delivery.period:
            begin, end = (format_date(day, language) for day in delivery.period)
            pairs.append((say("period", language), say("from_to", language, begin=begin, end=end)))
    return section("facts", say("facts", language), facts(pairs))


def counts_section(dataset: Dataset, delivery: Delivery, language: Language) -> str:
    """Delivered = accepted + in quarantine + erased, as one bar and in numbers."""
    parts = [("=", "n_accepted", delivery.accepted), ("+", "quarantined", delivery.quarantined)]
    parts += [("+", "erased", delivery.erased)] if delivery.erased else []
    with_erased = "_erased" if delivery.erased else ""
    terms = (
        f"<li><strong>{number(delivery.delivered, language)}</strong><span>{say('delivered', language)}</span></li>"
        + "".join(
            f'<li><span class="sign" aria-hidden="true">{sign}</span><strong>{number(count, language)}</strong>'
            f"<span>{say(key, language)} <small>{percent(count, delivery.delivered, language)}</small></span></li>"
            for sign, key, count in parts
        )
    )
    share = 1000 * delivery.accepted / delivery.delivered if delivery.delivered else 0
    bar = (
        '<svg class="whole" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="out" width="1000" height="12"/><rect width="{share:.1f}" height="12"/></svg>'
    )
    units = delivery.units
    cases = (
        say(
            "units",
            language,
            delivered=number(units.delivered, language),
            accepted=number(units.accepted, language),
            lost=number(units.lost, language),
        )
        if dataset.subject == "case"
        else ""
    )
    return section(
        "counts",
        say(f"counts{with_erased}", language),
        f'<ul class="identity">{terms}</ul>',
        bar,
        paragraph(say(f"identity{with_erased}", language)),
        paragraph(cases),
    )


def rules_section(catalog: Catalog, dataset: Dataset, delivery: Delivery, language: Language) -> str:
    """Every rule that did something: what it means, its effect, its counts, and what the partner can do."""
    checks: dict[str, list[RuleCount]] = defaultdict(list)
    for rule in delivery.rules:
        checks[rule.rule.partition(":")[0]].append(rule)
    if not checks:
        return section("rules", say("rules", language), paragraph(say("rules_none", language)))
    ordered = sorted(checks, key=lambda check: (place(check), check))
    return section(
        "rules",
        say("rules", language),
        *(_check(catalog, dataset, delivery, check, checks[check], language) for check in ordered),
    )


def changes_section(dataset: Dataset, delivery: Delivery, language: Language) -> str:
    """What it supersedes and what changed; nothing of a delivery that takes the place of no row."""
    if not delivery.supersedes and delivery.changes is None:
        return ""
    told = [
        paragraph(say("supersedes", language, deliveries=", ".join(delivery.supersedes)))
        if delivery.supersedes
        else "",
        "" if delivery.supersedes else paragraph(say("corrects", language)),
    ]
    changes = delivery.changes
    if changes is None:
        return section("changes", say("changes", language), *told, paragraph(say("changes_unknown", language)))
    kinds = ("added", "changed", "unchanged", "removed")
    rows = [(say(kind, language), (number(getattr(changes, kind), language),)) for kind in kinds]
    told.append(table(say("changes_caption", language), [say("kind", language), say("rows", language)], rows, language))
    if changes.columns:
        differ = [
            (column_of(name, dataset, language), (number(count, language),)) for name, count in changes.columns.items()
        ]
        heads = [say("column", language), say("rows", language)]
        told.append(table(say("changed_caption", language), heads, differ, language))
    if delivery.fewer > dataset.fewer:
        told.append(paragraph(say("fewer", language, share=percent(delivery.fewer, 1, language)), "lead"))
    if changes.removed:
        told.append(paragraph(say("removed_many", language)))
    return section("changes", say("changes", language), *told)


def _check(
    catalog: Catalog,
    dataset: Dataset,
    delivery: Delivery,
    check: str,
    rules: list[RuleCount],
    language: Language,
) -> str:
    name, meaning, todo = told(check, language) or (check, "", "")
    effect = say(f"effect_{rules[0].effect}", language)
    cases = dataset.subject == "case"
    numbers = ("rows", "share", "cases") if cases else ("rows", "share")
    heads = [say(key, language) for key in ("column", *numbers, "in_file", "expected")]
    rows = [
        (
            column_of(rule.variable, dataset, language),
            (
                number(rule.rows, language),
                percent(rule.rows, delivery.delivered, language),
                *([number(rule.units, language)] if cases else []),
                in_file(rule.variable, dataset),
                expected(check, rule.variable, dataset, catalog, language),
            ),
        )
        for rule in rules
    ]
    todo = f"<p><strong>{say('todo', language)}:</strong> {escape(todo, quote=False)}</p>" if todo else ""
    return (
        f'<section class="rule"><div><p class="effect {rules[0].effect}">{effect}</p>'
        f"<h3>{escape(name, quote=False)}</h3></div><div>"
        + paragraph(meaning)
        + todo
        + table(name, heads, rows, language, words=heads[-2:])
        + "</div></section>"
    )
