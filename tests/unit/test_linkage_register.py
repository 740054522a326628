"""The key register: only added to, aliases followed to their end."""

import ibis
import pytest

from das_research.catalog.models import Chain
from das_research.engines import memory_engine
from das_research.home import Home
from das_research.linkage.register import ALIASES, KEYS, open_register
from das_research.linkage.report import known_before


def keys(*rows):
    return ibis.memtable([dict(zip(KEYS, row, strict=True)) for row in rows], schema=KEYS)


def aliases(*rows):
    schema = {name: kind for name, kind in ALIASES.items() if name != "entity"}
    return ibis.memtable([dict(zip(schema, (*row, "merge"), strict=True)) for row in rows], schema=schema)


@pytest.fixture
def register(tmp_path):
    with memory_engine() as engine, open_register(Home(tmp_path), engine) as register:
        yield register


def _chain(*datasets):
    stages = [{"id": name, "title": name, "theme": "opsporing", "dataset": name, "enter": "begin"} for name in datasets]
    return Chain.model_validate(
        {"unit": "zaken", "identifiers": [], "events": [], "stages": stages, "case_attributes": {}}
    )


def surrogates(register, entity="cases"):
    return {row["pseudonym"]: row["surrogate"] for row in register.current(entity).to_pyarrow().to_pylist()}


def test_a_new_register_is_empty(register):
    assert register.last("cases") == 0
    assert surrogates(register) == {}


def test_every_append_is_a_new_segment_and_the_old_ones_stay(register):
    register.append("cases", keys(("zaak", "a", 1, "d1")))
    first = (register.folder / "cases-000001.parquet").read_bytes()
    register.append("cases", keys(("zaak", "b", 2, "d2")))
    assert sorted(path.name for path in register.folder.glob("*.parquet")) == [
        "cases-000001.parquet",
        "cases-000002.parquet",
    ]
    assert (register.folder / "cases-000001.parquet").read_bytes() == first
    assert surrogates(register) == {"a": 1, "b": 2}
    assert register.last("cases") == 2


def test_aliases_are_followed_to_their_end(register):
    """5 became 3, then 3 became 1; 4 became 2: so a, c and e are 1, b and d are 2."""
    register.append("cases", keys(*(("zaak", name, number, "d") for number, name in enumerate("abcde", 1))))
    register.append("cases", None, aliases((5, 3, "d"), (4, 2, "d")))
    register.append("cases", None, aliases((3, 1, "d")))
    assert surrogates(register) == {"a": 1, "b": 2, "c": 1, "d": 2, "e": 1}
    assert register.last("cases") == 5


def test_aliases_of_cases_are_not_those_of_persons(register):
    for entity in ("cases", "persons"):
        register.append(entity, keys(("x", "a", 1, "d"), ("x", "b", 2, "d")))
    register.append("persons", None, aliases((2, 1, "d")))
    assert surrogates(register) == {"a": 1, "b": 2}
    assert surrogates(register, "persons") == {"a": 1, "b": 1}


def test_a_key_that_a_split_moved_stands_where_it_was_moved_to_before_its_alias_is_written(register):
    """As a build leaves it that is killed between the two."""
    register.append("cases", keys(("zaak", "a", 1, "d1"), ("zaak", "b", 1, "d1")))
    register.append("cases", keys(("zaak", "b", 2, "d2")))
    assert surrogates(register) == {"a": 1, "b": 2}
    assert register.current("cases").count().execute() == 2


def test_the_hash_changes_with_keys_and_with_aliases(register):
    hashes = [register.hash()]
    register.append("cases", keys(("zaak", "a", 1, "d1"), ("zaak", "b", 2, "d1")))
    hashes.append(register.hash())
    register.append("cases", None, aliases((2, 1, "d2")))
    hashes.append(register.hash())
    assert len(set(hashes)) == 3


def test_known_before_counts_each_case_once_and_asks_all_earlier_stages():
    """b: case 1 (known to a) of 1, 2. c: case 1 (a, b), 2 (b) of 1, 2, 3. d has no cases, e is of no stage."""
    cases = [("a", 1), ("a", 1), ("b", 1), ("b", 2), ("c", 1), ("c", 2), ("c", 2), ("c", 3), ("e", 1)]
    datasets = ["e", "c", "a", "d", "b"]
    rows = {"place": [datasets.index(name) for name, _ in cases], "case_id": [number for _, number in cases]}
    found = known_before(_chain("a", "b", "c", "d"), datasets, ibis.memtable(rows))
    assert {name: (it.known, it.cases) for name, it in found.items()} == {"b": (1, 2), "c": (2, 3)}
    assert found["c"].share == 2 / 3
