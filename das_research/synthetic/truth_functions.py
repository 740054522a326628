"""Numbers on the true tables that no counting can say: what a published series names as its function."""

from collections.abc import Callable, Sequence

import ibis
import ibis.expr.types as ir

from das_research.synthetic.truth_tables import Tables

MINOR_UNTIL = 18
FOLLOWED = 2  # years
REOFFENDING = ("jd_schuldig", "jd_schuldig_zonder_straf", "jd_om_afdoening", "jd_beleidssepot")


def persons_present(tables: Tables, years: Sequence[int], table: str, begin: str, end: str) -> ir.Table:
    """Persons who were there on at least one day of a year, counted once a year.

    Parameters
    ----------
    tables : mapping
        The true tables.
    years : sequence of int
        Of which the number is asked.
    table : str
        A table of stays.
    begin, end : str
        Its dates; without an end a stay goes on.

    Returns
    -------
    Table
        ``year`` and ``value``.

    Examples
    --------
    >>> from datetime import date
    >>> stays = {"person_id": [1, 1, 2], "van": [date(2019, 5, 1)] * 3,
    ...          "tot": [date(2019, 6, 1), date(2020, 1, 5), None]}
    >>> found = persons_present({"verblijven": ibis.memtable(stays)}, [2019, 2020, 2021], "verblijven", "van", "tot")
    >>> found.order_by("year").value.to_list()
    [2, 2, 1]
    """
    stays = tables[table]
    asked = ibis.memtable({"year": list(years)}, schema={"year": "int64"})
    there = stays.join(asked, stays[begin].year() <= asked.year)
    there = there.filter(there[end].isnull() | (there[end].year() >= there.year))
    return there.group_by("year").agg(value=there.person_id.nunique())


def suspects_of_age(tables: Tables, years: Sequence[int], age: int) -> ir.Table:
    """Persons of an age among those registered as a suspect in a year, counted once: their age at the first crime.

    Parameters
    ----------
    tables : mapping
        The true tables; of `verdachtenregistraties` the dates of birth, of the crime and of registration.
    years : sequence of int
        Of which the number is asked.
    age : int
        In whole years, on the day of the crime that they were first registered for in that year.

    Returns
    -------
    Table
        ``year`` and ``value``.
    """
    rows = tables["verdachtenregistraties"]
    rows = rows.mutate(
        year=rows.registratiedatum.year().cast("int64"), on=rows.pleegdatum.fill_null(rows.registratiedatum)
    )
    rows = rows.filter(rows.year.isin(list(years)))
    rows = rows.mutate(age=_age(rows.geboortedatum, rows.on))
    order = [rows.registratiedatum, rows.on, rows.row]
    rows = rows.mutate(place=ibis.row_number().over(group_by=[rows.year, rows.person_id], order_by=order))
    first = rows.filter((rows.place == 0) & (rows.age == age))
    return first.group_by("year").agg(value=first.person_id.nunique())


def two_year_reoffending(tables: Tables, years: Sequence[int], population: str, index: str) -> ir.Table:
    """Share of a cohort that commits a new crime within two years of the disposal of the index case.

    A cohort holds who in a year had a case that ended so as `index` says, once, with the first such case of the year.
    A new crime is one committed after that disposal and no later than two years after it, in a case that ended with a
    conviction, a disposal by the prosecution service or a dismissal on policy grounds.

    Parameters
    ----------
    tables : mapping
        The true tables; of `justitiele_documentatie` the dates of the crime and the disposal, and the disposal.
    years : sequence of int
        The cohorts.
    population : {'minderjarig', 'meerderjarig'}
        By age in the year of the index disposal.
    index : str
        The disposal that makes a case an index case.

    Returns
    -------
    Table
        ``year`` and ``value``, in percent, as observed: without adjustment for who is in the cohort.
    """
    cases = tables["justitiele_documentatie"]
    cases = cases.filter(cases.person_id.notnull() & cases.afgedaan_op.notnull())
    ended = cases.filter(cases.afdoening == index).mutate(year=cases.afgedaan_op.year().cast("int64"))
    order = [ended.afgedaan_op, ended.row]
    ended = ended.mutate(place=ibis.row_number().over(group_by=[ended.year, ended.person_id], order_by=order))
    minor = ended.year - ended.geboortejaar < MINOR_UNTIL
    wanted = minor if population == "minderjarig" else ~minor
    cohort = ended.filter((ended.place == 0) & ended.year.isin(list(years)) & wanted)
    cohort = cohort.select("year", "person_id", since="afgedaan_op")
    new = cases.filter(cases.afdoening.isin(REOFFENDING)).select("person_id", again="pleegdatum")
    until = cohort.since + ibis.interval(years=FOLLOWED)
    met = cohort.join(new, [cohort.person_id == new.person_id, new.again > cohort.since, new.again <= until]).select(
        cohort.year, cohort.person_id
    )
    met = met.distinct().mutate(reoffended=1)
    told = cohort.left_join(met, ["year", "person_id"])
    return told.group_by("year").agg(value=100 * told.reoffended.fill_null(0).mean())


def _age(birth: ir.Value, on: ir.Value) -> ir.Value:
    """Whole years between two dates."""
    before = (on.month() < birth.month()) | ((on.month() == birth.month()) & (on.day() < birth.day()))
    return on.year() - birth.year() - before.cast("int32")


FUNCTIONS: dict[str, Callable[..., ir.Table]] = {
    "persons_present": persons_present,
    "suspects_of_age": suspects_of_age,
    "two_year_reoffending": two_year_reoffending,
}
NEEDS = {"suspects_of_age": "verdachtenregistraties", "two_year_reoffending": "justitiele_documentatie"}
YEARS_AFTER = {"two_year_reoffending": FOLLOWED}  # how many years later everything is known
