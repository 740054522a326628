"""Which likely pairs become links, where several are as likely."""

from itertools import permutations

from das_research.linkage.decide import Candidate, decide

# two records of a register in which a person stands once, and a report that is as like the one as the other
REGISTER, REPORT = (10, 11), 20


def taken(numbers: dict[int, int]) -> list[set[int]]:
    """The records of the pairs that are taken, where the nodes of records are numbered so."""
    candidates = [
        Candidate(
            *sorted((numbers[it], numbers[REPORT])),
            probability=0.9,
            left_record=it if numbers[it] < numbers[REPORT] else REPORT,
            right_record=REPORT if numbers[it] < numbers[REPORT] else it,
            left_key=0,
            right_key=0,
            delivery="a",
            other="b",
        )
        for it in REGISTER
    ]
    nodes = {number: number for number in numbers.values()}
    found = decide(candidates, nodes, {numbers[it]: 1 for it in REGISTER}, {})
    return [{it.left_record, it.right_record} for it in found]


def test_of_equally_likely_pairs_the_one_of_the_first_record_is_taken_however_nodes_are_numbered():
    for numbers in permutations((1, 2, 3)):
        assert taken(dict(zip((*REGISTER, REPORT), numbers, strict=True))) == [{10, 20}]
