"""The band of a Result against plain Python: every number counted again with the strict and with the loose persons."""

import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from links_world import KEYS, keys_of, opened

import das_research as das
from das_research import chain, figures
from das_research.disclosure.compare import differences
from das_research.monitors.computing import run_recipe
from das_research.presentation.bands import place_of
from das_research.result import TOTAL, Result

PERSONS = range(1, 7)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.sampled_from(PERSONS),
        st.sampled_from(["wv", "gw"]),
        st.integers(100, 105),
        st.sampled_from([2022, 2023]),
    ),
    min_size=1,
    max_size=14,
)
JOINED = st.lists(st.integers(1, 6), min_size=6, max_size=6).map(lambda to: dict(zip(PERSONS, to, strict=True)))


def band_of(result):
    """Address to value and band, as a reader of the file finds them."""
    document = json.loads(result.to_json())
    band = {tuple(place): (strict, loose) for *place, strict, loose in document["band"]["rows"]}
    rows = [dict(zip(document["columns"], row, strict=True)) for row in document["rows"]]
    values = {place_of(row, result.dimensions): row["value"] for row in rows}
    return {
        place: (value, *(band.get(place) or (value, value))) for place, value in values.items() if value is not None
    }


def distinct(rows, standard, loose, keep):
    """How many persons these rows are by the standard, the strict and the loose link."""
    kept = [keys_of(row[1], standard, loose) for row in rows if keep(row)]
    return tuple(len({keys[KEYS[link]] for keys in kept}) for link in ("standard", "strict", "loose"))


@settings(max_examples=10, deadline=None)
@given(ROWS, JOINED, JOINED)
def test_the_band_is_what_counting_again_gives(rows, standard, loose):
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), rows, standard, loose) as project:
        figure = figures.compute(project, "personen", 2022, 2023)
        for kind, year in [(kind, year) for kind in ("wv", "gw", TOTAL) for year in (2022, 2023)]:
            expected = distinct(rows, standard, loose, lambda row, k=kind, y=year: row[4] == y and k in (row[2], TOTAL))
            assert band_of(figure).get(("number", kind, str(year)), (0, 0, 0)) == expected

        per_person = project.tables.zaken.group_by("person_id").agg(rijen=lambda t: t.count())
        often = das.tabulate(per_person.filter(per_person.rijen > 1), measures={"personen": "persons"})
        told = []
        for link in ("standard", "strict", "loose"):
            times = Counter(keys_of(row[1], standard, loose)[KEYS[link]] for row in rows)
            told.append(sum(count > 1 for count in times.values()))
        assert band_of(often)["personen", TOTAL] == tuple(told)

        persons = das.tabulate(project.tables.persons, measures={"personen": "count"})
        assert band_of(persons)["personen", TOTAL] == distinct(rows, standard, loose, lambda _: True)

        for result in (figure, often, persons):
            again = run_recipe(project, result.recipe)
            assert differences(result, again) == []
            assert Result.from_json(result.to_json()) == result == again


@settings(max_examples=5, deadline=None)
@given(ROWS, JOINED, JOINED)
def test_what_is_not_computed_again_could_not_differ(rows, standard, loose):
    """The functions that say that their numbers count no persons: the strict and the loose project give the same."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), rows, standard, loose) as project:
        for compute in (
            lambda at: chain.flow(at, 2022, 2023),
            lambda at: chain.conversion(at, 2022, 2023, by=["delict"]),
            lambda at: chain.deliveries(at),
            lambda at: figures.compute(at, "aantal-zaken", 2022, 2023),
        ):
            result = compute(project)
            if project.person_links == "differ":
                for link in ("strict", "loose"):
                    assert compute(project.at(link)).table.value.equals(result.table.value)
            assert result.band is not None
            assert not result.band.cells


@pytest.mark.parametrize("link", ["strict", "loose"])
def test_a_changed_band_is_found_by_gate_3(tmp_path, link):
    rows = [(place, 1 + place % 4, "wv", 100, 2022) for place in range(1, 9)]
    with opened(tmp_path, rows, {1: 1, 2: 1, 3: 3, 4: 4}, {1: 1, 3: 1, 4: 4}) as project:
        result = figures.compute(project, "personen", 2022, 2022)
        document = json.loads(result.to_json())
        column = document["band"]["columns"].index(link)
        document["band"]["rows"][0][column] += 1
        assert differences(Result.from_json(json.dumps(document)), result) == ["band"]
        del document["band"]
        assert differences(Result.from_json(json.dumps(document)), result) == ["band"]
