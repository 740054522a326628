"""What moved between two deliveries; the arithmetic is written out beside each number."""

from dataclasses import replace
from math import log

import pytest
import report_world as world

from das_research.intake.delivery import ColumnCount, RuleCount
from das_research.intake.drift import comparable, drift, stability_index
from das_research.intake.report import write_report

KNOWN = {"feit": ("D", "G")}


def moved(before, now):
    return drift(before, now, KNOWN)


def test_equal_deliveries_moved_nothing():
    assert not moved(world.delivery(1), world.delivery(2))


@pytest.mark.parametrize(("missing", "told"), [(120 + 246, False), (120 + 247, True)])
def test_a_share_moves_from_two_points_on(missing, told):
    # 246 / 12345 = 1.993 points, 247 / 12345 = 2.001 points
    found = moved(world.delivery(1), world.delivery(2, missing=missing))
    assert [(it.variable, it.before.part, it.now.part) for it in found.missing] == (
        [("leeftijd", 120, missing)] if told else []
    )


@pytest.mark.parametrize(("missing", "told"), [(27, False), (28, True)])
def test_few_rows_move_by_chance(missing, told):
    # 10 of 150 before; error sqrt(p (1 - p) 2/150), p over both
    # 27: p 37/300, three errors 11.39 points, the difference 11.33; 28: p 38/300, three errors 11.52, difference 12.00
    few = {"delivered": 150, "years": {}, "thefts": 0, "rules": ()}
    before, now = (
        world.delivery(number, **few, columns=(ColumnCount("leeftijd", 150 - part),))
        for number, part in ((1, 10), (2, missing))
    )
    assert bool(moved(before, now).missing) == told


def test_the_index_of_two_codes():
    # (700.5/1001, 500.5/1001) and (300.5/1001, 500.5/1001): shares 0.6998, 0.5 and 0.3002, 0.5
    old, new = (700.5 / 1001, 300.5 / 1001), (0.5, 0.5)
    by_hand = sum((n - o) * log(n / o) for o, n in zip(old, new, strict=True))
    assert stability_index([(700, 500), (300, 500)]) == pytest.approx(by_hand)
    assert stability_index([(10, 0), (0, 10)]) < 10, "a code that vanishes still has half a row"


def test_codes_that_move_together_are_told_with_each_share():
    found = moved(world.delivery(1), world.delivery(2, thefts=8_000))
    # of 10,955 rows with a known code 5,000 were D and 8,000 are: 45.6% and 73.0%
    assert [(it.code, round(it.before.percent, 1), round(it.now.percent, 1)) for it in found.codes] == [
        ("D", 45.6, 73.0),
        ("G", 54.4, 27.0),
    ]
    index = (0.7303 - 0.4564) * log(0.7303 / 0.4564) + (0.2697 - 0.5436) * log(0.2697 / 0.5436)
    assert found.stability == {"feit": pytest.approx(index, rel=0.01)}


def test_a_code_that_the_catalogue_does_not_know_is_never_looked_at():
    columns = (ColumnCount("feit", 1_000, {"D": 500, "Jansen": 500}),)
    others = (ColumnCount("feit", 1_000, {"D": 900, "Jansen": 100}),)
    found = moved(world.delivery(1, columns=columns), world.delivery(2, columns=others))
    assert not found.codes and not found.stability


def test_what_a_rule_takes_out_or_does_not_know_moves_though_the_column_is_as_full():
    # not-a-date: 17 of 12,345 rows before, 9,000 now; a rule that never held comes, one that held goes
    rules = {it.rule: it for it in world.RULES}
    rules["not-a-date:beslisdatum"] = replace(rules["not-a-date:beslisdatum"], rows=9_000)
    del rules["unknown-code:feit"]
    rules["no-moment:beslisdatum"] = RuleCount("no-moment:beslisdatum", "beslisdatum", "quarantined", 247, 247)
    found = moved(world.delivery(1), world.delivery(2, rules=tuple(rules.values())))
    assert [(it.variable, it.before.part, it.now.part) for it in found.rules] == [
        ("not-a-date:beslisdatum", 17, 9_000),
        ("unknown-code:feit", 1_390, 0),
        ("no-moment:beslisdatum", 0, 247),
    ]
    assert found and not found.missing


def test_the_report_tells_what_the_rules_found_before_and_now(tmp_path):
    before = world.delivery(1)
    now = world.delivery(2, rules=(RuleCount("unknown-code:feit", "feit", "marked", 12_345, 12_000),))
    pages = write_report(tmp_path, world.CATALOG, "zaken", now, "", [before])
    for page, words in zip(pages, ("Wat de regels vonden", "What the rules found"), strict=True):
        assert words in page.read_text(encoding="utf-8")


def test_a_year_that_both_cover_and_the_last_one_that_was_still_filling():
    now = world.delivery(2, years={"2021": 4_000, "2022": 3_000, "2023": 9_000, "2024": 2_000})
    assert [(it.year, it.before, it.now) for it in moved(world.delivery(1), now).years] == [("2022", 4_000, 3_000)]
    whole = {"period": ("2021-01-01", "2023-12-31")}
    told = moved(world.delivery(1, **whole), replace(now, **whole)).years
    assert [it.year for it in told] == ["2022", "2023"]
    part = {"period": ("2021-02-01", "2023-12-30")}
    assert [it.year for it in moved(world.delivery(1, **whole), replace(now, **part)).years] == ["2022"]


def test_a_year_that_is_gone_from_the_midst_moved_to_nothing():
    now = world.delivery(2, years={"2021": 4_000, "2023": 4_302})
    assert [(it.year, it.now) for it in moved(world.delivery(1), now).years] == [("2022", 0)]


def test_only_whole_earlier_files_of_the_dataset_compare():
    now = world.delivery(5)
    others = [
        world.delivery(6),
        world.delivery(4, dataset="andere"),
        world.correcting(3),
        world.delivery(2, delivered=99, thefts=0, rules=(), years={}),
        world.delivery(2, columns=()),
        world.delivery(3),
        world.delivery(1),
        now,
    ]
    assert [it.received[5:7] for it in comparable(now, others)] == ["01", "03"]
    assert comparable(world.correcting(5), others) == []
