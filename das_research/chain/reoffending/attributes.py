"""What cohorts are broken down by, and corrected for: who persons were at their start, and what came before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from das_research.catalog.models import Catalog, RecidivismMethod, Text
from das_research.chain.assemble import code_labels
from das_research.chain.journey import granted
from das_research.chain.reoffending.documented import banded, documentation
from das_research.chain.reoffending.index_events import attributes_of
from das_research.chain.reoffending.new_cases import KEYS
from das_research.errors import UsageError
from das_research.result import TOTAL

if TYPE_CHECKING:
    from das_research.access.project import Project

EARLIER = "eerdere_zaken"  # counted from the register, so only where it is asked for
ATTRIBUTES = {
    "geslacht": Text(nl="geslacht", en="sex"),
    "leeftijdsgroep": Text(nl="leeftijd bij aanvang", en="age at the start"),
    "delictgroep": Text(nl="delictgroep van de uitgangszaak", en="offence group of the index case"),
    EARLIER: Text(nl="eerdere zaken", en="earlier cases"),
}


def check_known(by: Sequence[str]) -> tuple[str, ...]:
    """The attributes, each once, or a refusal that lists those there are."""
    for name in by:
        if name not in ATTRIBUTES:
            raise UsageError(
                f"There is no attribute '{name}' of persons in a cohort.", fix=f"Choose from: {', '.join(ATTRIBUTES)}."
            )
    return tuple(dict.fromkeys(by))


def with_attributes(project: "Project", method: RecidivismMethod, entries: ir.Table, by: Sequence[str]) -> ir.Table:
    """The entries of a cohort with these attributes.

    Raises
    ------
    AccessRefused
        When the grant leaves out the column that one is made from.
    """
    told = method.documentation
    made_from = {"geslacht": told.sex, "leeftijdsgroep": told.birth_year, "delictgroep": told.offence}
    known = attributes_of(project, method, entries, by)
    for name in by:
        if name != EARLIER and name not in known:
            granted(project, told.table, [made_from[name]])  # says what the grant lacks
    offence = [name for name in ("offence",) if name in entries.columns]
    few = entries.select(*KEYS, "case_id", "year", *offence, **known)
    return _with_earlier(project, method, few) if EARLIER in by else few


def attribute_codes(
    catalog: Catalog, method: RecidivismMethod, by: Sequence[str], groups: Sequence[tuple[str, ...]]
) -> dict[str, dict[str, Text]]:
    """Attribute to the titles of its codes in these groups and of its total, in the order they are read."""
    told = method.documentation
    sex = catalog.datasets[told.table].variables[told.sex]
    classifications = {
        "geslacht": sex.classification,
        "leeftijdsgroep": method.ages.classification,
        "delictgroep": method.offence_groups.classification,
        EARLIER: method.earlier_cases.classification,
    }
    columns = zip(*groups, (TOTAL,) * len(by), strict=True)
    return {
        name: code_labels(catalog, classifications[name], set(codes)) for name, codes in zip(by, columns, strict=True)
    }


def _with_earlier(project: "Project", method: RecidivismMethod, entries: ir.Table) -> ir.Table:
    """How many other cases, with a disposal that counts, came into the register before the start."""
    register = documentation(project, method)
    counts = register.disposal.isin(list(method.new_disposals.count)).fill_null(False)
    past = register.filter(counts).select(
        who=register.person_id, which=register.case_id, registered=register.registered
    )
    base = entries.select(*KEYS, "case_id")
    met = base.inner_join(past, [base.person_id == past.who, base.case_id != past.which, past.registered < base.start])
    found = met.group_by(found_person=met.person_id, found_start=met.start).agg(earlier=met.count())
    joined = entries.left_join(found, [entries.person_id == found.found_person, entries.start == found.found_start])
    banded_number = banded(joined.earlier.fill_null(0), method.earlier_cases)
    return joined.mutate(**{EARLIER: banded_number}).drop("found_person", "found_start", "earlier")
