"""The register in which index cases and new cases stand, under names of this room, and the method that says how."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from das_research.catalog.coarsening import coarsenings
from das_research.catalog.models import Bounds, Catalog, CohortRule, RecidivismMethod
from das_research.chain.journey import granted
from das_research.errors import CatalogError, UsageError

if TYPE_CHECKING:
    from das_research.access.project import Project

METHOD = "recidivemonitor"
OPTIONAL = ("offence", "maximum", "sex", "birth_year")


def method_of(catalog: Catalog, name: str) -> RecidivismMethod:
    """The method of this name.

    Raises
    ------
    CatalogError
        When the catalogue defines none of this name.
    """
    if name not in catalog.recidivism:
        raise CatalogError(
            f"The catalogue does not define the method '{name}' of measuring recidivism.",
            why=f"It has: {', '.join(catalog.recidivism) or 'none'}.",
            fix=f"Write recidivism/{name}.yaml.",
        )
    return catalog.recidivism[name]


def rule_of(method: RecidivismMethod, index: str) -> CohortRule:
    """The cohort of this name, or a refusal that lists those that can be shown here.

    Raises
    ------
    UsageError
        When there is no such cohort, or the sources can't show it: with the catalogue's reason.
    """
    shown = ", ".join(name for name, rule in method.cohorts.items() if rule.cannot is None)
    if index not in method.cohorts:
        raise UsageError(f"There is no cohort '{index}'.", fix=f"Choose from: {shown}.")
    rule = method.cohorts[index]
    if rule.cannot is not None:
        raise UsageError(f"The cohort '{index}' cannot occur here.", why=rule.cannot.en, fix=f"Choose from: {shown}.")
    return rule


def chosen(what: str, ways: Mapping[str, str], asked: str | None) -> tuple[str, str]:
    """A named choice and its column: the first unless another is asked for.

    Examples
    --------
    >>> chosen("start", {"afdoening": "afgedaan_op", "onherroepelijk": "jd_onherroepelijk"}, None)
    ('afdoening', 'afgedaan_op')
    """
    name = next(iter(ways)) if asked is None else asked
    if name not in ways:
        raise UsageError(f"There is no {what} '{name}'.", fix=f"Choose from: {', '.join(ways)}.")
    return name, ways[name]


def documentation(project: "Project", method: RecidivismMethod, also: Sequence[str] = ()) -> ir.Table:
    """One row a case: `person_id, case_id, disposal, registered, committed`, and what else the project was given.

    Parameters
    ----------
    project : Project
        Its table of the register is read.
    method : RecidivismMethod
        Which table and columns.
    also : sequence of str
        Columns of that table to carry along under their own names.

    Returns
    -------
    Table
        Also `offence` (its code), `maximum` (months), `sex` and `birth_year`, as far as the grant gives them.

    Raises
    ------
    AccessRefused
        When the grant leaves out a column without which nobody can be followed.
    """
    told = method.documentation
    committed = next(iter(told.dates.values()))
    names = {"disposal": told.disposal, "registered": told.registered, "committed": committed}
    given = getattr(project.tables, told.table).columns
    coarse = coarsenings(project.grant, told.table)
    names |= {
        field: getattr(told, field)
        for field in OPTIONAL
        if getattr(told, field) in given and getattr(told, field) not in coarse
    }
    table = granted(project, told.table, list(dict.fromkeys(["case_id", "person_id", *names.values(), *also])))
    return table.select("case_id", "person_id", *also, **{field: table[name] for field, name in names.items()})


def main_group(catalog: Catalog, method: RecidivismMethod, offence: ir.StringValue) -> ir.StringValue:
    """The main group of an offence: the code at the top of its classification."""
    variable = catalog.datasets[method.documentation.table].variables[method.documentation.offence]
    found = catalog.classifications.get(variable.classification or "")
    parents = {code.code: code.parent for code in found.codes if code.parent} if found else {}
    tops = {}
    for code in parents:
        top = code
        while top in parents:
            top = parents[top]
        tops[code] = top
    return offence.substitute(tops) if tops else offence


def offence_group(catalog: Catalog, method: RecidivismMethod, main: ir.StringValue) -> ir.StringValue:
    """What a main group is broken down by; null where no group is known."""
    groups = catalog.classifications[method.offence_groups.classification]
    codes = next(it.codes for it in groups.correspondences if it.id == method.offence_groups.correspondence)
    return main.cases(*codes.items(), else_=ibis.null("string"))


def banded(number: ir.NumericValue, bounds: Bounds) -> ir.StringValue:
    """The code of the band a number lies in; null below the first, and where there is no number."""
    bands = [(number >= least, code) for code, least in reversed(bounds.from_.items())]
    return ibis.cases(*bands, else_=ibis.null("string"))
