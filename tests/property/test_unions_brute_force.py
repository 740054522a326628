"""Property: of what tables show together, no sum of a few numbers is of fewer persons than the minimum.

The reader is plain Python: every shown number as its persons with how many cases each has, and every sum of up to four.
"""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from disclosure_world import TABULATE, count, result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from unions_world import project, release, told_of_few

import das_research as das
from das_research.disclosure.attacker.kinds import File
from das_research.disclosure.attacker.unions import HOW, attack_unions
from das_research.disclosure.tables.cells import Status
from das_research.disclosure.together.numbers import Told, numbers_of
from das_research.disclosure.together.unions import Standing, unions_of
from das_research.errors import ReleaseRefused
from das_research.home import Home
from das_research.tabulation import standing

CODES, MINIMUM, PERSONS = "abcdef", 3, [f"p{number:02}" for number in range(40)]
people = st.lists(st.lists(st.sampled_from(CODES), min_size=1, max_size=2), min_size=8, max_size=len(PERSONS))
groups = st.lists(st.sampled_from(["x", "y", "z", None]), min_size=len(CODES), max_size=len(CODES))
NAMES = ("een", "twee", "drie")
MEASURES = {"zaken": "count", "personen": "persons"}


def recoded(story, of, measures):
    """A table of the cases by groups of their codes; those without a group are left out."""
    cases, names = story.tables.cases, dict(zip(CODES, of, strict=True))
    kept = cases.filter(cases.soort.isin([code for code, group in names.items() if group]))
    soort = kept.soort
    for code, group in names.items():
        soort = (kept.soort == code).ifelse(group or "", soort)
    return das.tabulate(kept.mutate(groep=soort), by=["groep"], measures=measures, project=story)


def cells_of(result, of, cases):
    """Of every shown cell who stands in it, with how many cases, or once."""
    table = result.table[result.table.disclosure == "shown"]
    names = dict(zip(CODES, of, strict=True))
    for row in table.to_dict("records"):
        inside = Counter(person for person, code in cases if names[code] and row["groep"] in ("_T", names[code]))
        yield dict.fromkeys(inside, 1) if row["measure"] == "personen" else dict(inside)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people, st.lists(groups, min_size=2, max_size=3), st.booleans(), st.booleans())
def test_no_sum_of_shown_numbers_is_of_few_persons(people, tables, persons_too, together):
    cases = [(person, code) for person, codes in zip(PERSONS, people, strict=False) for code in codes]
    tables = [of for of in tables if any(code in CODES and of[CODES.index(code)] for _, code in cases)]
    story = project(cases, MINIMUM)
    measures = MEASURES if persons_too else {"zaken": "count"}
    made = {name: recoded(story, of, measures) for name, of in zip(NAMES, tables, strict=False)}
    left = []
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        steps = [made] if together else [{name: it} for name, it in made.items()]
        for number, some in enumerate(steps):
            if not some:
                continue
            try:
                released = release(home, story, number, **some).results
            except ReleaseRefused:
                continue
            left += [(it, tables[NAMES.index(name)]) for name, it in released.items()]
    shown = [cell for it, of in left for cell in cells_of(it, of, cases)]
    assert told_of_few(shown, PERSONS, MINIMUM) == []


QUICK = (Phase.explicit, Phase.generate)  # to make a case smaller takes minutes
laid = st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5), min_size=6, max_size=14).filter(np.any)
once = st.lists(st.lists(st.integers(0, 1), min_size=5, max_size=5), min_size=6, max_size=14).filter(
    np.any
)  # of larger numbers factors can be too odd, and the attacker refuses


def asked(persons):
    """Numbers of cells over persons: as they are known to stand, and as a table of one measure a number."""
    matrix = np.array(persons)
    matrix = matrix[:, matrix.any(axis=0)]
    matrix = matrix[:, np.sort(np.unique(matrix, axis=1, return_index=True)[1])]
    names = [f"m{number}" for number in range(matrix.shape[1])]
    table = result([count(name, int(many)) for name, many in zip(names, matrix.sum(axis=0), strict=True)], (), TABULATE)
    cells = [(0, ((name, "_T"), "known"), column) for column, name in enumerate(names)]
    document = standing._document(csr_array(matrix), cells, MINIMUM)
    return matrix, names, table, document


@settings(max_examples=60, deadline=None, phases=QUICK)
@given(laid)
def test_the_attacker_finds_a_sum_of_few_wherever_plain_subtraction_does(persons):
    matrix, names, table, document = asked(persons)
    shown = table.with_table(table.table.assign(disclosure="shown"))
    leaks, _ = attack_unions(json.dumps(document), [File(0, "", 0, shown.to_json())], MINIMUM)
    cells = [dict(enumerate(column)) for column in matrix.T.tolist()]
    assert bool(leaks) >= bool(told_of_few(cells, range(len(matrix)), MINIMUM))
    for leak in (it for it in leaks if it.terms):  # and what it says is so; a sum with odd factors it does not say
        told = sum(times * matrix[:, names.index(dict(cell.place)["measure"])] for times, cell in leak.terms)
        assert 0 < np.count_nonzero(told) < MINIMUM and leak.low == told.sum()


@settings(max_examples=60, deadline=None, phases=QUICK)
@given(once)
def test_every_sum_of_few_follows_from_those_that_the_protector_knows(persons):
    """A sum of few, written in numbers, is what the known sums make of unsafe numbers."""
    matrix, _, table, document = asked(persons)
    told = Told(table, pd.Series(False, index=table.table.index))
    numbers = list(numbers_of("a", told, MINIMUM))
    found = unions_of(Standing(document, (("a",),)), numbers, {"a": table}, MINIMUM)
    size = len(numbers) + len(found.numbers)
    rows = np.zeros((len(found.sums), size))
    for row, sides in zip(rows, found.sums, strict=True):
        for sign, side in zip((1, -1), sides, strict=True):
            np.add.at(row, list(side), sign)
    of_few = np.count_nonzero(matrix, axis=0) < MINIMUM
    unsafe = [*np.flatnonzero(of_few), *range(len(numbers), size)]
    assert all(it.status == Status.PRIMARY for it in found.numbers)
    rows = np.vstack([rows, np.eye(size)[unsafe]])
    cells = [dict(enumerate(column)) for column in matrix.T.tolist()]
    for terms in told_of_few(cells, range(len(matrix)), MINIMUM):
        told_by = np.zeros(size)
        for times, column in terms:
            told_by[column] = times
        assert np.linalg.matrix_rank(np.vstack([rows, told_by])) == np.linalg.matrix_rank(rows)


def test_persons_that_are_left_out_change_no_sum(monkeypatch):
    """Of many kinds those are kept of which the others are made up: what is told of few is the same."""
    draw = np.random.default_rng(7)
    lots = np.repeat(np.eye(8, dtype=np.int64), 12, axis=0)
    mixed = lots[draw.integers(len(lots), size=60)] + lots[draw.integers(len(lots), size=60)]
    persons = np.vstack([lots, mixed])
    whole = persons.sum(axis=1, keepdims=True)
    whole[:2] += 1  # of two persons the total counts one more than the parts
    _, _, table, document = asked(np.hstack([persons, whole]).tolist())
    shown = table.with_table(table.table.assign(disclosure="shown")).to_json()
    found = attack_unions(json.dumps(document), [File(0, "", 0, shown)], MINIMUM)[0]
    monkeypatch.setattr(standing, "FEW_KINDS", 0)
    less = asked(np.hstack([persons, whole]).tolist())[3]
    assert len(less["kinds"]) < len(document["kinds"]) and not less["whole"]
    assert attack_unions(json.dumps(less), [File(0, "", 0, shown)], MINIMUM)[0] == found
    assert [(leak.how, leak.low) for leak in found] == [(HOW, 2)]


def test_nobody_alike_is_no_reason_not_to_add_up():
    """Where hardly two persons stand in the same cells, what is told of few is found all the same."""
    draw = np.random.default_rng(3)
    parts = [np.eye(size, dtype=np.int64)[draw.integers(size, size=1500)] for size in (20, 30, 40)]
    apart = parts[0][:, :3].sum(axis=1, keepdims=True)
    apart[np.flatnonzero(apart)[:2]] = 0  # three codes of the first table together, less two persons
    document = asked(np.hstack([*parts, apart]).tolist())[3]
    assert not document["whole"] and len(document["kinds"]) < 200
    shown = asked(np.hstack([*parts, apart]).tolist())[2]
    shown = shown.with_table(shown.table.assign(disclosure="shown")).to_json()
    found = attack_unions(json.dumps(document), [File(0, "", 0, shown)], MINIMUM)[0]
    assert [leak.low for leak in found] == [2]


def test_only_what_numbers_of_an_authors_choice_have_a_part_in_is_asked_after():
    """A number less another leaves two persons: no leak where the catalogue chose both, or both left before."""
    many, other = np.ones((30, 1), dtype=np.int64), np.arange(30)[:, None] % 2
    less = np.where(np.arange(30) < 2, 0, 1)[:, None]
    _, names, table, document = asked(np.hstack([many, less, other]).tolist())
    parts = [names[:1], names[1:2], names[2:]]

    def found(chosen, releases=("", "", "")):
        files = [
            File(0, release, number, table.with_table(rows.assign(disclosure="shown")).to_json(), is_chosen)
            for number, (part, release, is_chosen) in enumerate(zip(parts, releases, chosen, strict=True))
            for rows in [table.table[table.table.measure.isin(part)]]
        ]
        return attack_unions(json.dumps(document), files, MINIMUM)[0]

    assert found((False, False, True)) == []
    assert found((True, True, True), ("rel-1", "rel-2", "")) == []
    assert [leak.low for leak in found((False, True, False))] == [2]
    assert [leak.low for leak in found((True, True, True), ("rel-1", "", "rel-2"))] == [2]
