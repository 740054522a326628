"""What an account tells of a way to measure recidivism: which disposals count, its settings, and its cohorts."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text as Line

from das_research.catalog import models
from das_research.catalog.show_account import Account


def recidivism_parts(account: Account, entry: models.RecidivismMethod) -> Iterator[RenderableType]:
    """Two lists of disposals, thresholds, the lag, and every cohort."""
    yield from account.facts(version=entry.version)
    titles = _titles(account.catalog, entry)
    for field in ("index_disposals", "new_disposals"):
        disposals = getattr(entry, field)
        yield Line("")
        yield Line(f"{account.heading(field)}{account.mark(disposals)}", style="bold")
        rows = [[titles.get(code, code), account.word("yes"), None] for code in disposals.count]
        rows += [[titles.get(code, code), account.word("no"), why] for code, why in disposals.leave_out.items()]
        yield from account.table("disposal", "counts", "because", rows=rows)
    settings = [[f"{name}{account.mark(it)}", it.months] for name, it in entry.thresholds.items()]
    yield from account.table("threshold", "months", rows=settings)
    yield from account.facts(lag=f"{entry.registration_lag.days}{account.mark(entry.registration_lag)}")
    yield from account.facts(because=entry.registration_lag.reason, smallest_cohort=entry.smallest_cohort)
    cohorts = [
        [name, f"{account.text(it.title)}{account.mark(it)}", it.table, tuple(it.start), it.where, it.cannot]
        for name, it in entry.cohorts.items()
    ]
    yield from account.table("cohort", "title", "dataset", "start", "when", "cannot", rows=cohorts)


def _titles(catalog: models.Catalog, entry: models.RecidivismMethod) -> dict[str, models.Text]:
    variable = catalog.datasets[entry.documentation.table].variables[entry.documentation.disposal]
    codes = catalog.classifications[str(variable.classification)].codes
    return {code.code: code.label for code in codes}
