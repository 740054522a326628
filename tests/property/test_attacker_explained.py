"""The sums that show a leak, done again by hand: over every table that fits, and over what was planted."""

from itertools import product

import numpy as np
import pytest

from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.explained import proofs_of
from das_research.disclosure.attacker.known import Bound, Seen

MINIMUM = 10
CODES = [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
PLACES = [
    {"x": frozenset(xs), "y": frozenset(ys)} for xs in ("a", "b", "ab") for ys in ("1", "2", "12")
]  # fmt: skip


def inside(place, atom):
    return atom[0] in place["x"] and atom[1] in place["y"]


def cells_of(numbers, hidden):
    found = []
    for at, place in enumerate(PLACES):
        value = sum(number for atom, number in zip(CODES, numbers, strict=True) if inside(place, atom))
        found.append(Seen("zaken", tuple(sorted(place.items())), None if at in hidden else value, "nu"))
    return found


def tables_that_fit(cells):
    """Every table of four numbers up to 11 that agrees with what is shown, and has somebody in what is hidden."""
    for numbers in product(range(12), repeat=4):
        told = cells_of(numbers, set())
        if all(seen.value in (None, true.value) and (seen.value is not None or true.value > 0)
               for seen, true in zip(cells, told, strict=True)):  # fmt: skip
            yield numbers


def count(cell, numbers):
    return sum(number for atom, number in zip(CODES, numbers, strict=True) if inside(dict(cell.where), atom))


@pytest.mark.parametrize("seed", range(8))
def test_what_a_sum_comes_to_bounds_every_table_that_fits(seed):
    rng = np.random.default_rng(seed)
    numbers = [int(it) for it in rng.integers(1, 8, 4)]
    hidden = set(rng.choice(9, size=int(rng.integers(1, 4)), replace=False).tolist())
    cells = cells_of(numbers, hidden)
    report = attack(cells, [], MINIMUM)
    fitting = list(tables_that_fit(cells))
    for leak, proofs in zip(report.leaks, proofs_of(report.leaks, cells, []), strict=True):
        assert proofs  # numbers this small are told by adding alone
        for proof in proofs:
            # each term is what a cell shows, or the one that a hidden cell holds at least
            assert all(term.number == (term.told_by.value if term.is_known else 1) for term in proof.terms)
            assert sum(term.times * term.number for term in proof.terms) == proof.number
            for table in fitting:
                whole = [count(cell, table) for cell in leak.cells]
                group = abs(whole[0] - whole[-1]) if len(whole) == 2 else whole[0]
                assert group <= proof.number if proof.is_most else group >= proof.number
                assert not proof.is_all or group == proof.number
    assert report.leaks


def year(counted, months, value, release):
    return Seen(counted, (("period", frozenset(months)),), value, release)


def test_two_numbers_of_which_one_holds_the_other_are_the_whole_sum():
    before, now = year("z", "abc", 412, "rel-1"), year("z", "ab", 409, "")
    (leak,) = attack([now], [before], MINIMUM).leaks
    ((proof,),) = proofs_of([leak], [now], [before])
    assert [(int(term.times), term.number, term.told_by) for term in proof.terms] == [(1, 412, before), (-1, 409, now)]
    assert proof.number == 3 and proof.is_all


def test_of_many_numbers_those_few_are_told_that_it_takes():
    # 114 - 60 - 50 = 4; what else is shown has no part in it
    cells = [year("z", "abc", 114, ""), year("z", "a", None, ""), year("z", "b", 50, ""), year("z", "c", 60, "")]
    others = [year("z", letter, 40, "") for letter in "defgh"]
    (leak,) = [it for it in attack([*cells, *others], [], MINIMUM).leaks if it.cells[0].value is None]
    ((proof,),) = proofs_of([leak], [*cells, *others], [])
    assert [(int(it.times), it.number) for it in proof.terms] == [(1, 114), (-1, 60), (-1, 50)]


def test_what_others_published_stands_in_the_sum_with_the_end_that_was_used():
    hidden, part = year("z", "a", None, ""), year("z", "b", 50, "")
    published = Bound("z", (("period", frozenset("ab")),), 52, 57, "jaarverslag")
    (leak, *_) = attack([hidden, part], [], MINIMUM, outside=[published]).leaks
    (proofs,) = proofs_of([leak], [hidden, part], [], [published])
    # at most 57 - 50 = 7, at least 52 - 50 = 2
    assert [[(int(it.times), it.number) for it in proof.terms] for proof in proofs] == [
        [(1, 57), (-1, 50)], [(1, 52), (-1, 50)]
    ]  # fmt: skip
    assert [proof.is_most for proof in proofs] == [True, False] and not proofs[0].is_all


def test_who_is_alone_in_a_cell_adds_what_only_they_know():
    # a and b are hidden, 36 in all, 30 in c: who is alone in a knows b: 36 - 30 - 1
    alone = year("z", "a", 1, "")
    cells = [year("z", "abc", 36, ""), year("z", "a", None, ""), year("z", "b", None, ""), year("z", "c", 30, "")]
    (leak,) = [it for it in attack(cells, [], MINIMUM, alone=[alone]).leaks if "only one" in it.how]
    ((proof,),) = proofs_of([leak], cells, [], alone=[alone])
    assert sorted((int(it.times), it.number) for it in proof.terms) == [(-1, 1), (-1, 30), (1, 36)]
    assert proof.number == 5
