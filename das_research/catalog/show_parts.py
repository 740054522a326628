"""What an account tells of each kind of entry, below its title and definition."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.console import RenderableType

from das_research.catalog import models, show_figures, show_published, show_recidivism, show_terms, show_use
from das_research.catalog.names import SINGULAR
from das_research.catalog.show_account import Account


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


def _dataset(account: Account, entry: models.Dataset) -> Iterator[RenderableType]:
    yield from account.facts(
        partner=entry.partner,
        row=entry.row,
        subject=account.word(entry.subject),
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
            variable.references,
            account.word("yes") if variable.required else None,
            variable.pattern,
            _taken(account, variable),
        ]
        for name, variable in entry.variables.items()
    ]
    words = ("variable", "title", "type", "values", "column", "identifying", "term", "references")
    yield from account.table(*words, "required", "pattern", "taken", rows=rows)
    severities = [
        [it.check, it.about, account.word(_then(it)), f"{100 * it.above:g} %" if it.then == "reject" else None]
        for it in entry.severities
    ]
    yield from account.table("check", "variable", "then", "tolerated", rows=severities)
    events = [[rule.event, rule.moment, rule.outcome, rule.when] for rule in entry.events]
    yield from account.table("event", "moment", "outcome", "when", rows=events)


def _synthetic(account: Account, entry: models.SyntheticChain) -> Iterator[RenderableType]:
    years = sorted({year for row in entry.targets.values() for year in row})
    rows = [[name, *(f"{row[year]:.0f}" if year in row else None for year in years)]
            for name, row in entry.targets.items()]  # fmt: skip
    yield from account.table_of([account.heading("target"), *map(str, years)], rows)
    faults = [[dirt.dataset, dirt.variable, dirt.kind, f"{100 * dirt.share:g} %"] for dirt in entry.dirt]
    yield from account.table("dataset", "variable", "fault", "share", rows=faults)


def _then(severity: models.Severity) -> str:
    return "reject_build" if severity.across and severity.then == "reject" else severity.then


def _taken(account: Account, variable: models.Variable) -> str | None:
    if variable.for_linkage:
        return account.word("for_linkage")
    return None if variable.take else account.word("no")


def _range(values: models.Range) -> str:
    return f"{'…' if values.min is None else values.min} – {'…' if values.max is None else values.max}"


PARTS: dict[str, Callable[[Account, Any], Iterator[RenderableType]]] = {
    "catalogue": _catalogue,
    "overview": show_use.uses_parts,
    "stage": _stage,
    "event": _event,
    "identifier domain": _domain,
    "attribute": _attribute,
    "partner": _partner,
    "agreement": show_use.agreement_parts,
    "dataset": _dataset,
    "synthetic chain": _synthetic,
    "classification": show_terms.classification_parts,
    "term": show_terms.term_parts,
    "unit": show_terms.unit_parts,
    "figure": show_figures.figure_parts,
    "break": show_terms.break_parts,
    "published total": show_published.published_parts,
    "recidivism method": show_recidivism.recidivism_parts,
    "grant": show_use.grant_parts,
    "monitor": show_use.monitor_parts,
}
