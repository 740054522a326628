"""The numbers of a chain's truth that no counting says, against plain Python."""

from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.synthetic.truth_functions import persons_present, suspects_of_age, two_year_reoffending

YEARS = [2012, 2013, 2014]
DAYS = st.integers(0, 5 * 365).map(lambda days: date(2011, 1, 1) + timedelta(days=days)) | st.sampled_from(
    [date(2012, 2, 29), date(2014, 2, 28), date(2014, 3, 1), date(2012, 12, 31), date(2014, 12, 31)]
)
PERSONS = st.integers(1, 3) | st.none()
DISPOSALS = st.sampled_from(
    ["jd_open", "jd_schuldig", "jd_schuldig_zonder_straf", "jd_om_afdoening", "jd_beleidssepot", "jd_technisch_sepot",
     "jd_vrijspraak", "jd_overig"]
)  # fmt: skip
COUNTS_AGAIN = {"jd_schuldig", "jd_schuldig_zonder_straf", "jd_om_afdoening", "jd_beleidssepot"}
CASES = st.lists(st.tuples(PERSONS, st.integers(1990, 1998), DAYS, DISPOSALS, DAYS | st.none()), max_size=12)


def table(columns: list[tuple[str, pa.DataType]], rows: list[tuple]) -> ibis.Table:
    """Rows, numbered from 1."""
    schema = pa.schema([("row", pa.int64()), *columns])
    named = [dict(zip(schema.names, (number, *row), strict=True)) for number, row in enumerate(rows, 1)]
    return ibis.memtable(pa.Table.from_pylist(named, schema=schema))


def values(found: ibis.Table) -> dict[int, float]:
    """Year to value."""
    return {row["year"]: row["value"] for row in found.to_pyarrow().to_pylist()}


def in_two_years(day: date) -> date:
    """The same day two years on; of 29 February the last of that month."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return day.replace(year=day.year + 2, day=28)


@settings(max_examples=60, deadline=None)
@given(CASES, st.sampled_from(["minderjarig", "meerderjarig"]), st.sampled_from(["jd_schuldig", "jd_om_afdoening"]))
def test_two_year_reoffending(cases, population, index):
    birth: dict[int | None, int] = {}
    cases = [(person, birth.setdefault(person, born), *rest) for person, born, *rest in cases]
    columns = [("person_id", pa.int64()), ("geboortejaar", pa.int64()), ("pleegdatum", pa.date32()),
               ("afdoening", pa.string()), ("afgedaan_op", pa.date32())]  # fmt: skip
    tables = {"justitiele_documentatie": table(columns, cases)}

    expected = {}
    for year in YEARS:
        cohort = {}
        for person, born, _, disposal, day in cases:
            if person is not None and day is not None and day.year == year and disposal == index:
                cohort[person] = (min(day, cohort.get(person, (day, born))[0]), born)
        cohort = {
            person: since
            for person, (since, born) in cohort.items()
            if (year - born < 18) == (population == "minderjarig")
        }
        again = [
            any(
                other == person and day is not None and disposal in COUNTS_AGAIN and since < new <= in_two_years(since)
                for other, _, new, disposal, day in cases
            )
            for person, since in cohort.items()
        ]
        if cohort:
            expected[year] = 100 * sum(again) / len(again)

    assert values(two_year_reoffending(tables, YEARS, population, index)) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PERSONS, DAYS, st.integers(0, 900) | st.none()), max_size=12))
def test_persons_present(stays):
    rows = [(person, begin, None if days is None else begin + timedelta(days=days)) for person, begin, days in stays]
    tables = {"verblijven": table([("person_id", pa.int64()), ("van", pa.date32()), ("tot", pa.date32())], rows)}
    expected = {
        year: {person for person, begin, end in rows if begin.year <= year and (end is None or end.year >= year)}
        - {None}
        for year in YEARS
    }
    found = values(persons_present(tables, YEARS, "verblijven", "van", "tot"))
    assert {year: found.get(year, 0) for year in YEARS} == {year: len(there) for year, there in expected.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), DAYS, DAYS | st.none()), max_size=12), st.integers(11, 16))
def test_suspects_of_age(registrations, age):
    born = {1: date(2000, 2, 29), 2: date(1998, 12, 31), 3: date(2001, 1, 1)}
    rows = [(person, born[person], committed, registered) for person, registered, committed in registrations]
    columns = [("person_id", pa.int64()), ("geboortedatum", pa.date32()), ("pleegdatum", pa.date32()),
               ("registratiedatum", pa.date32())]  # fmt: skip

    def age_on(birth: date, day: date) -> int:
        return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))

    expected = {}
    for year in YEARS:
        first: dict[int, tuple[date, date]] = {}
        for person, registered, committed in registrations:
            if registered.year == year:
                moment = (registered, committed or registered)
                first[person] = min(moment, first.get(person, moment))
        expected[year] = sum(age_on(born[person], day) == age for person, (_, day) in first.items())

    found = values(suspects_of_age({"verdachtenregistraties": table(columns, rows)}, YEARS, age))
    assert {year: found.get(year, 0) for year in YEARS} == expected
