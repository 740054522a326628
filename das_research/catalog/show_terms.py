"""What an account tells of the terminology and the numbers: codes, terms, units, figures, breaks."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.show_account import Account


def classification_parts(account: Account, entry: models.Classification) -> Iterator[RenderableType]:
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


def term_parts(account: Account, entry: models.Term) -> Iterator[RenderableType]:
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


def unit_parts(account: Account, entry: models.Unit) -> Iterator[RenderableType]:
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


def break_parts(account: Account, entry: models.Break) -> Iterator[RenderableType]:
    yield Line(account.text(entry.reason))
    yield from account.facts(
        date=entry.date,
        kind=account.word(f"break_{entry.kind}"),
        themes=entry.themes,
        datasets=entry.datasets,
        figures=entry.figures,
        only_by=entry.dimension,
    )
