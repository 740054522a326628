"""Cox regression: what goes with something happening sooner."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import numpy as np

from das_research.catalog.models import Text
from das_research.chain.models.checks import check_fit, check_levels_of_events, check_outcome, check_rank
from das_research.chain.models.concordance import concordance
from das_research.chain.models.design import Design, collect
from das_research.chain.models.proportional import (
    PROPORTIONAL,
    NotProportional,
    not_proportional,
    proportionality,
    schoenfeld,
)
from das_research.chain.models.results import Fit, model_result
from das_research.chain.models.rows import check_rows, fitting
from das_research.chain.models.terms import check_column, check_errors, read_terms
from das_research.chain.product_limit import Z95
from das_research.errors import UsageError
from das_research.result import Recipe, Result
from das_research.sensitivity import with_band
from das_research.tabulation.own_keys import keys_of
from das_research.tabulation.queries import Project, project_of, query_of, table_of

FUNCTION = "das_research.chain.cox"
STILL = 1e-3  # of the score of scaled columns: a partial likelihood that came to rest


def cox(
    table: ir.Table,
    duration: str,
    event: str,
    terms: Sequence[str],
    *,
    entry: str | None = None,
    reference: Mapping[str, str] | None = None,
    errors: str = "model",
    title: Text | str | None = None,
    project: Project | None = None,
) -> Result:
    """Explain how soon something happens by several terms at once: coefficients and hazard ratios with their limits.

    Parameters
    ----------
    table : Table
        Any Ibis table made from the tables of a project, a row an observation. It must have kept ``person_id``, or
        ``case_id`` where the chain knows no persons.
    duration : str
        A column of numbers, none below zero: how long each was seen.
    event : str
        A column of true and false: whether it ended in what is explained; else it was last seen then (censored).
    entry : str, optional
        A column of numbers, none below zero, each below its duration: from when on it was seen, where that was not from
        the start (left truncation). Whoever had the event before could not be seen: at risk is who came before a time
        and was not gone by it. Default: all from the start.
    terms, reference, title, project
        As `das_research.chain.logistic` has them.
    errors : {'model', 'robust', 'clustered'}
        As there; robust and clustered ones are the sandwich estimator, with ties by Breslow's method.

    Returns
    -------
    Result
        As that of `das_research.chain.logistic`, with `hazard_ratio`, without an intercept, and with `concordance`
        (Harrell) in the place of `pseudo_r_squared`. Whether hazards are proportional is tested by the scaled residuals
        of Schoenfeld and the rank of time: `residual_trend`, their correlation (above zero: the coefficient grows with
        time), and `proportional_p`, the chance of such a trend where they are, a coefficient and for all together.

    Warns
    -----
    NotProportional
        When that chance is below 0.05 for all together, or for a coefficient below 0.05 over their number.

    Raises
    ------
    UsageError
        When a column can't be used so, no row is complete, nobody or everybody has the event, terms are collinear or
        a level has no event.

    Notes
    -----
    Partial likelihood with ties by Efron's method, as statsmodels' ``PHReg``. Sources: D.R. Cox, Regression models and
    life-tables, JRSS B 34 (1972), 187-220; B. Efron, JASA 72 (1977), 557-565; D.Y. Lin and L.J. Wei, JASA 84 (1989),
    1074-1078, for the sandwich. The test is that of P.M. Grambsch and T.M. Therneau (see
    `das_research.chain.models.proportional`); it takes rows of one person as independent.

    Examples
    --------
    >>> das.chain.cox(cohort, "dagen", "opnieuw", ["leeftijdsgroep", "eerder"])  # doctest: +SKIP
    """
    project = project or project_of(table)
    query = query_of(project, table)
    result = _cox(project, table, query, duration, event, entry, terms, reference or {}, errors, title)
    failing = not_proportional(result)
    if failing is not None:
        warnings.warn(NotProportional(failing), stacklevel=2)
    return result


def run_cox(
    project: Project,
    query: str,
    duration: str,
    event: str,
    terms: Sequence[str],
    reference: Mapping[str, str] | None = None,
    errors: str = "model",
    title: Mapping[str, str] | None = None,
    entry: str | None = None,
) -> Result:
    """Fit a Cox regression again from its recipe, as gate 3 does; see `cox`."""
    given = Text(**title) if title else None
    table = table_of(project, query)
    return _cox(project, table, query, duration, event, entry, terms, reference or {}, errors, given)


@with_band()
def _cox(
    project: Project,
    table: ir.Table,
    query: str,
    duration: str,
    event: str,
    entry: str | None,
    terms: Sequence[str],
    reference: Mapping[str, str],
    errors: str,
    title: Text | str | None,
) -> Result:
    table = project.linked(table, query)
    check_errors(errors)
    check_column(table, duration, numeric=True)
    check_column(table, event, boolean=True)
    given_columns = {"duration": duration, "event": event} | ({"entry": entry} if entry else {})
    if entry:
        check_column(table, entry, numeric=True)
    asked = read_terms(table, [term for term in terms if term not in given_columns.values()], reference)
    design = collect(table, keys_of(project, table, query), given_columns, asked)
    happened = design.given["event"]
    _check_durations(design, duration, entry)
    check_outcome(happened, event)
    check_rows(design, errors)
    check_levels_of_events(design, happened)
    check_rank(design, intercept=False)
    given = Text(nl=title, en=title) if isinstance(title, str) else title
    parameters: dict[str, Any] = {
        "query": query,
        "duration": duration,
        "event": event,
        "terms": [term.name for term in asked],
        "reference": dict(reference),
        "errors": errors,
    } | ({"entry": entry} if entry else {})
    return model_result(
        project,
        design,
        happened,
        _fit(design, errors),
        event,
        given,
        Recipe(FUNCTION, parameters | ({"title": given.model_dump()} if given else {})),
    )


def _check_durations(design: Design, duration: str, entry: str | None) -> None:
    for name, column in (("duration", duration), ("entry", entry)):
        if column and design.given[name].min() < 0:
            raise UsageError(
                f"The column {column} holds durations below zero.",
                why="Nobody is seen for less than no time.",
                fix="Leave those rows out, or look at the dates they are made of.",
            )
    if entry and (design.given["entry"] >= design.given["duration"]).any():
        raise UsageError(
            f"In some rows {entry} is not before {duration}.",
            why="Who comes when it is over was never seen.",
            fix=f"Leave those rows out: table.filter(table.{entry} < table.{duration}).",
        )


def _fit(design: Design, errors: str) -> Fit:
    from statsmodels.duration.hazard_regression import PHReg  # seconds to import: only who fits a model waits for them

    duration, event = design.given["duration"], design.given["event"]
    entry = design.given.get("entry")
    seen = duration >= duration[event > 0].min()  # who is gone before the first event was never at risk with one
    # at risk after its entry: statsmodels takes one as at risk on the very day
    came = None if entry is None else np.nextafter(entry[seen], np.inf)
    scale = design.matrix.std(axis=0)
    scaled = (design.matrix - design.matrix.mean(axis=0)) / scale
    ties = "efron" if errors == "model" else "breslow"
    model = PHReg(duration[seen], scaled[seen], status=event[seen], entry=came, ties=ties)
    with fitting(design):
        found = model.fit(groups=None if errors == "model" else design.units[seen])
        gradient = np.abs(model.score(found.params)).max()
        information = -model.hessian(found.params)
    coefficients, deviations = found.params / scale, found.bse / scale
    check_fit(bool(gradient < STILL), coefficients, deviations, design)
    left_out = np.full(len(duration), -np.inf) if entry is None else entry  # at risk from before the start
    residuals, times = schoenfeld(scaled, left_out, duration, event, found.params, efron=ties == "efron")
    tested = proportionality(residuals, np.linalg.inv(information), times)
    return Fit(
        coefficients=coefficients,
        errors=deviations,
        limits=np.column_stack([coefficients - Z95 * deviations, coefficients + Z95 * deviations]),
        ratio="hazard_ratio",
        summary={
            "concordance": concordance(duration, event, scaled @ found.params, entry),
            "log_likelihood": float(found.llf),
            PROPORTIONAL: tested.whole,
        },
        tests={"residual_trend": tested.trend, PROPORTIONAL: tested.chance},
    )
