"""What an account tells of each kind of entry, below its title and definition."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.names import SINGULAR
from das_research.catalog.show_account import Account
from das_research.catalog.uses import ANSWERS, PURPOSE_TITLES, Uses


def _catalogue(account: Account, entry: models.Catalog) -> Iterator[RenderableType]:
    minimum = f"{entry.disclosure.minimum}{account.mark(entry.disclosure)}"
    yield from account.facts(host=entry.host, contact=entry.contact, licence=entry.licence, minimum=minimum)
    rows = [[stage.id, stage.title, stage.dataset] for stage in entry.chain.stages]
    yield from account.table("stage", "title", "dataset", rows=rows)
    yield from account.table(
        "kind", "number", rows=[[account.word(kind), len(getattr(entry, field))] for field, kind in SINGULAR.items()]
    )


def _stage(account: Account, entry: models.Stage) -> Iterator[RenderableType]:
    yield from account.facts(theme=entry.theme, dataset=entry.dataset, enter=entry.enter)
    yield from account.table("leave", "outcome", rows=[[leave.event, leave.outcomes] for leave in entry.leave])


def _event(account: Account, entry: models.EventType) -> Iterator[RenderableType]:
    told = {
        name: [rule for rule in dataset.events if rule.event == entry.id]
        for name, dataset in account.catalog.datasets.items()
    }
    rows = [[name, rule.moment, rule.outcome, rule.when] for name, rules in told.items() for rule in rules]
    yield from account.table("dataset", "moment", "outcome", "when", rows=rows)


def _domain(account: Account, entry: models.IdentifierDomain) -> Iterator[RenderableType]:
    used = [
        f"{name}.{variable_name}"
        for name, dataset in account.catalog.datasets.items()
        for variable_name, variable in dataset.variables.items()
        if variable.identifier == entry.id
    ]
    yield from account.facts(synthetic=entry.synthetic, variables=used)


def _attribute(account: Account, entry: models.Attribute) -> Iterator[RenderableType]:
    yield from account.facts(classification=entry.classification, drawn_from=entry.sources)


def _partner(account: Account, entry: models.Partner) -> Iterator[RenderableType]:
    yield from account.facts(role=entry.role, regime=entry.regime, contact=entry.contact)
    datasets = [name for name, dataset in account.catalog.datasets.items() if dataset.partner == entry.id]
    yield from account.facts(datasets=datasets)


def _agreement(account: Account, entry: models.Agreement) -> Iterator[RenderableType]:
    permission = entry.permission
    yield from account.facts(
        partner=entry.partner,
        datasets=entry.datasets,
        legal_basis=entry.legal_basis,
        permission=permission and f"{permission.number}, {permission.date}, {permission.signatory}",
        subjects=entry.subjects,
        recipients=entry.recipients,
        conditions=entry.conditions,
        safeguards=entry.safeguards,
        retention_years=entry.retention_years,
        period=account.period(entry.begin, entry.end),
    )
    rows = [
        [purpose, ANSWERS[use.allowed], use.condition, use.article, use.dpia] for purpose, use in entry.uses.items()
    ]
    yield from account.table("purpose", "allowed", "condition", "article", "dpia", rows=rows)


def _uses(account: Account, entry: Uses) -> Iterator[RenderableType]:
    rows = [
        [f"{name}{account.mark(agreement)}: {account.text(agreement.subjects)}"]
        + [_use(account, agreement.uses[purpose]) for purpose in models.PURPOSES]
        for name, agreement in account.catalog.agreements.items()
    ]
    heads = [account.word("agreement_on"), *(PURPOSE_TITLES[purpose][account.language] for purpose in models.PURPOSES)]
    yield from account.table_of(heads, rows)


def _use(account: Account, use: models.Use) -> str:
    parts = [ANSWERS[use.allowed], use.condition, use.article, use.dpia]
    return "\n".join([*(account.text(part) for part in parts if part is not None), ""])


def _dataset(account: Account, entry: models.Dataset) -> Iterator[RenderableType]:
    yield from account.facts(
        partner=entry.partner,
        row=entry.row,
        file=f"{entry.file.format}, {entry.file.encoding}"
        + (f", '{entry.file.delimiter}'" if entry.file.format == "csv" else ""),
        case_keys=[" + ".join(key) for key in entry.case_keys],
        person_keys=[" + ".join(key) for key in entry.person_keys],
        moment=entry.moment,
    )
    rows = [
        [
            name,
            variable.title,
            account.word(variable.type),
            variable.identifier or variable.classification or (variable.range and _range(variable.range)),
            variable.column,
            None if variable.identifying == "none" else account.word(variable.identifying),
            variable.term,
            None if variable.take else account.word("no"),
        ]
        for name, variable in entry.variables.items()
    ]
    words = ("variable", "title", "type", "values", "column", "identifying", "term", "taken")
    yield from account.table(*words, rows=rows)
    events = [[rule.event, rule.moment, rule.outcome, rule.when] for rule in entry.events]
    yield from account.table("event", "moment", "outcome", "when", rows=events)


def _range(values: models.Range) -> str:
    return f"{'…' if values.min is None else values.min} – {'…' if values.max is None else values.max}"


def _classification(account: Account, entry: models.Classification) -> Iterator[RenderableType]:
    sources: dict[str, list[str]] = {}
    for correspondence in entry.correspondences:
        for source, code in correspondence.codes.items():
            sources.setdefault(code, []).append(f"{correspondence.id} {source}")
    yield from account.facts(version=entry.version)
    rows = [
        [
            code.code,
            f"{code.label[account.language]}{account.mark(code)}",
            code.parent,
            account.period(code.valid_from, code.valid_to),
            sources.get(code.code),
        ]
        for code in entry.codes
    ]
    yield from account.table("code", "label", "parent", "period", "drawn_from", rows=rows)
    versions = [f"{correspondence.id} {correspondence.version}" for correspondence in entry.correspondences]
    yield from account.facts(correspondences=versions)


def _term(account: Account, entry: models.Term) -> Iterator[RenderableType]:
    yield from account.facts(owner=entry.owner, unit=entry.unit)
    reasons = {difference.with_term: difference.reason for difference in entry.differs}
    for other in account.catalog.terms.values():
        for difference in other.differs:
            if difference.with_term == entry.id:
                reasons.setdefault(other.id, difference.reason)
    for name, reason in reasons.items():
        other = account.catalog.terms[name]
        yield Line("")
        yield Line(f"{account.word('differs_from')} {name} ({other.owner}){account.mark(other)}", style="bold")
        yield Line(other.definition[account.language])
        yield from account.facts(reason=reason)


def _figure(account: Account, entry: models.Figure) -> Iterator[RenderableType]:
    yield from account.facts(version=entry.version, theme=entry.theme, unit=entry.unit, term=entry.term)
    yield from account.facts(numerator=entry.numerator, denominator=entry.denominator, across_units=entry.across_units)


def _unit(account: Account, entry: models.Unit) -> Iterator[RenderableType]:
    catalog = account.catalog
    for name in entry.not_to_confuse:
        other = catalog.units[name]
        yield Line("")
        yield Line(f"{account.word('not_to_confuse')} {name}{account.mark(other)}", style="bold")
        yield Line(other.definition[account.language])
    yield from account.facts(
        terms=[name for name, term in catalog.terms.items() if term.unit == entry.id],
        figures=[
            name for name, figure in catalog.figures.items() if entry.id in (figure.numerator, figure.denominator)
        ],
    )


def _break(account: Account, entry: models.Break) -> Iterator[RenderableType]:
    yield Line(account.text(entry.reason))
    yield from account.facts(
        date=entry.date,
        kind=account.word(f"break_{entry.kind}"),
        themes=entry.themes,
        datasets=entry.datasets,
        figures=entry.figures,
    )


def _grant(account: Account, entry: models.Grant) -> Iterator[RenderableType]:
    yield from account.facts(
        purpose=entry.purpose,
        legal_basis=entry.legal_basis,
        agreements=entry.agreements,
        meets=[f"{agreement}: {account.text(how)}" for agreement, how in entry.meets.items()],
        mode=account.word(entry.mode),
        period=account.period(entry.begin, entry.end),
        outputs=entry.outputs,
        approvers=[f"{approver.name}, {approver.role}, {approver.date}" for approver in entry.approvers],
    )
    people = [
        [person.account, person.organisation, account.period(person.begin, person.end)] for person in entry.people
    ]
    yield from account.table("account", "organisation", "period", rows=people)
    rows = [[name, ", ".join(granted.columns), granted.rows] for name, granted in entry.tables.items()]
    yield from account.table("table", "columns", "rows", rows=rows)


def _monitor(account: Account, entry: models.Monitor) -> Iterator[RenderableType]:
    yield from account.facts(notebook=entry.notebook, project=entry.project, theme=entry.theme, schedule=entry.schedule)
    rows = [
        [name, parameter.title, parameter.default, parameter.choices] for name, parameter in entry.parameters.items()
    ]
    yield from account.table("parameter", "title", "default", "choices", rows=rows)


PARTS: dict[str, Callable[[Account, Any], Iterator[RenderableType]]] = {
    "catalogue": _catalogue,
    "overview": _uses,
    "stage": _stage,
    "event": _event,
    "identifier domain": _domain,
    "attribute": _attribute,
    "partner": _partner,
    "agreement": _agreement,
    "dataset": _dataset,
    "classification": _classification,
    "term": _term,
    "unit": _unit,
    "figure": _figure,
    "break": _break,
    "grant": _grant,
    "monitor": _monitor,
}
