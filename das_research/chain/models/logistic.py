"""Logistic regression: what goes with a yes or a no."""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import numpy as np

from das_research.catalog.models import Text
from das_research.chain.models.checks import check_fit, check_levels, check_outcome, check_rank, check_separation
from das_research.chain.models.design import Design, Numbers, collect
from das_research.chain.models.results import Fit, model_result
from das_research.chain.models.rows import check_rows, fitting
from das_research.chain.models.terms import check_column, check_errors, read_terms
from das_research.chain.product_limit import Z95
from das_research.result import Recipe, Result
from das_research.sensitivity import with_band
from das_research.tabulation.own_keys import keys_of
from das_research.tabulation.queries import Project, project_of, query_of, table_of

FUNCTION = "das_research.chain.logistic"


def logistic(
    table: ir.Table,
    outcome: str,
    terms: Sequence[str],
    *,
    reference: Mapping[str, str] | None = None,
    errors: str = "model",
    title: Text | str | None = None,
    project: Project | None = None,
) -> Result:
    """Explain a yes or a no by several terms at once: coefficients and odds ratios with their limits.

    Parameters
    ----------
    table : Table
        Any Ibis table made from the tables of a project, a row an observation. It must have kept ``person_id``, or
        ``case_id`` where the chain knows no persons.
    outcome : str
        A column of true and false.
    terms : sequence of str
        Columns: texts and yes or no become levels, numbers stay numbers. Rows of which anything is unknown are left
        out, and counted in the attrition.
    reference : mapping, optional
        Term to the level the others are compared with (of yes and no: ``"true"`` or ``"false"``). Default: the level
        with most rows.
    errors : {'model', 'robust', 'clustered'}
        Standard errors that trust the model; that hold also where its variance is wrong (the sandwich, HC0); or that
        take the rows of one person together, which is required where persons have several.
    title : Text or str, optional
        Default: made of the columns.
    project : Project, optional
        Default: the project the table comes from.

    Returns
    -------
    Result
        Shape `model`, dimensions `term` and `level`. Measures `coefficient` (of the log odds) and `odds_ratio` (its
        `se` by the delta method), with 95% limits; the reference has 0 and 1. `n`: the fewer of the persons with the
        outcome and those without it, at that level; of a number, among those who differ from its commonest value.
        Of the whole model `rows, persons, events, degrees_of_freedom, pseudo_r_squared` (McFadden), and what stays
        behind: `largest_share` (percent of a coefficient's information that one person holds), `spare_patterns`
        (different rows of terms, less the coefficients), `log_likelihood`.

    Raises
    ------
    UsageError
        When a column can't be used so, no row is complete, the outcome never or always happens, terms are collinear or
        separate the outcome.

    Notes
    -----
    Maximum likelihood by Newton's method, as statsmodels' ``Logit``.

    Examples
    --------
    >>> cases = project.tables.cases.mutate(geweld=_.delictgroep == "geweld")  # doctest: +SKIP
    >>> das.chain.logistic(cases, "geweld", ["geslacht", "leeftijdsgroep"])  # doctest: +SKIP
    """
    project = project or project_of(table)
    return _logistic(project, table, query_of(project, table), outcome, terms, reference or {}, errors, title)


def run_logistic(
    project: Project,
    query: str,
    outcome: str,
    terms: Sequence[str],
    reference: Mapping[str, str] | None = None,
    errors: str = "model",
    title: Mapping[str, str] | None = None,
) -> Result:
    """Fit a logistic regression again from its recipe, as gate 3 does; see `logistic`."""
    given = Text(**title) if title else None
    return _logistic(project, table_of(project, query), query, outcome, terms, reference or {}, errors, given)


@with_band()
def _logistic(
    project: Project,
    table: ir.Table,
    query: str,
    outcome: str,
    terms: Sequence[str],
    reference: Mapping[str, str],
    errors: str,
    title: Text | str | None,
) -> Result:
    table = project.linked(table, query)
    check_errors(errors)
    check_column(table, outcome, boolean=True)
    asked = read_terms(table, [term for term in terms if term != outcome], reference)
    design = collect(table, keys_of(project, table, query), {"outcome": outcome}, asked)
    happened = design.given["outcome"]
    check_outcome(happened, outcome)
    check_rows(design, errors)
    check_levels(design, happened)
    check_rank(design, intercept=True)
    given = Text(nl=title, en=title) if isinstance(title, str) else title
    parameters: dict[str, Any] = {
        "query": query,
        "outcome": outcome,
        "terms": [term.name for term in asked],
        "reference": dict(reference),
        "errors": errors,
    }
    return model_result(
        project,
        design,
        happened,
        _fit(design, happened, errors),
        outcome,
        given,
        Recipe(FUNCTION, parameters | ({"title": given.model_dump()} if given else {})),
    )


def _fit(design: Design, happened: Numbers, errors: str) -> Fit:
    from statsmodels.discrete.discrete_model import Logit  # seconds to import: only who fits a model waits for them

    kinds: dict[str, dict[str, Any]] = {
        "model": {},
        "robust": {"cov_type": "HC0"},
        "clustered": {"cov_type": "cluster", "cov_kwds": {"groups": design.units}},
    }
    centre, scale = design.matrix.mean(axis=0), design.matrix.std(axis=0)
    scaled = np.column_stack([np.ones(len(happened)), (design.matrix - centre) / scale])
    with fitting(design):
        found = Logit(happened, scaled).fit(method="newton", maxiter=100, disp=0, **kinds[errors])
        fitted = np.asarray(found.predict())
    check_separation(fitted, happened, design)
    back = np.diag(np.r_[1.0, 1 / scale])  # from the scaled columns to those asked for
    back[0, 1:] = -centre / scale
    coefficients = back @ found.params
    deviations = np.sqrt(np.diag(back @ found.cov_params() @ back.T))
    limits = np.column_stack([coefficients - Z95 * deviations, coefficients + Z95 * deviations])
    check_fit(bool(found.mle_retvals["converged"]), coefficients[1:], deviations[1:], design)
    return Fit(
        coefficients=coefficients[1:],
        errors=deviations[1:],
        limits=limits[1:],
        ratio="odds_ratio",
        summary={"pseudo_r_squared": float(found.prsquared), "log_likelihood": float(found.llf)},
        intercept=(coefficients[0], deviations[0], limits[0, 0], limits[0, 1]),
    )
