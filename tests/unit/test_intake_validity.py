"""A code that was not valid at the moment of its row keeps its place and gets a mark."""

from datetime import date
from pathlib import Path
from typing import Any

import intake_world as world
import pytest

from das_research.catalog.models import Catalog, Code
from das_research.engines import memory_engine
from das_research.home import Home
from das_research.intake.delivery import Delivery, RuleCount
from das_research.intake.dependencies import definition_hash
from das_research.intake.gate import deliver
from das_research.warehouse.accepted import in_force, read_accepted

MARK = "not-valid-code:feit"
OPEN = {"label": {"nl": "-", "en": "-"}}
CODES = (
    # D was in use until 2019 and is again since 2022; G since 2015
    Code(code="diefstal", valid_to=date(2019, 12, 31), **OPEN),
    Code(code="diefstal", valid_from=date(2022, 1, 1), **OPEN),
    Code(code="geweld", valid_from=date(2015, 1, 1), **OPEN),
)


def with_validity(*codes: Code, **dataset: Any) -> Catalog:
    catalog = world.catalog(**dataset)
    feiten = catalog.classifications["feiten"].model_copy(update={"codes": codes})
    return catalog.model_copy(update={"classifications": {"feiten": feiten}})


def take_in(tmp_path: Path, catalog: Catalog, *changes: dict[str, str]) -> tuple[Delivery, list[dict[str, Any]]]:
    home = Home(tmp_path / "home")
    path = world.write(tmp_path / "zaken.csv", world.rows(*changes))
    delivery = deliver(catalog, home, "zaken", path, "steward")
    return delivery, world.stored(home, delivery.id)


@pytest.mark.parametrize(
    ("code", "moment", "marked"),
    [
        ("D", "2010-01-01", False),
        ("D", "2019-12-31", False),  # its last day
        ("D", "2020-01-01", True),
        ("D", "2021-12-31", True),
        ("D", "2022-01-01", False),  # it came back
        ("G", "2014-12-31", True),
        ("G", "2015-01-01", False),  # its first day
        ("", "2014-12-31", False),
    ],
)
def test_a_code_is_valid_in_one_of_its_periods_first_and_last_day_included(tmp_path, code, moment, marked) -> None:
    row = {"feit": code, "instroom": moment, "beslisdatum": ""}
    delivery, [stored] = take_in(tmp_path, with_validity(*CODES), row)
    assert stored["feit"] == (code or None)  # the value stays
    assert stored["marks"] == ([MARK] if marked else [])
    assert delivery.accepted == 1 and delivery.quarantined == 0


def test_an_unknown_code_has_no_period_and_a_row_without_moment_no_day(tmp_path) -> None:
    delivery, _ = take_in(
        tmp_path,
        with_validity(*CODES),
        {"feit": "X", "instroom": "2014-01-01", "beslisdatum": ""},
        {"feit": "G", "instroom": "", "beslisdatum": ""},
        {"feit": "G", "instroom": "2014-01-01", "beslisdatum": ""},
    )
    assert [rule for rule in delivery.rules if rule.effect == "marked"] == [
        RuleCount("unknown-code:feit", "feit", "marked", rows=1, units=1),
        RuleCount(MARK, "feit", "marked", rows=1, units=1),
    ]


@pytest.mark.parametrize(("decided", "marked"), [("2014-12-31", True), ("2015-01-01", False), ("", True)])
def test_the_outcome_of_an_event_is_judged_at_the_moment_of_that_event(tmp_path, decided, marked) -> None:
    events = [{"event": "instroom", "moment": ["beslisdatum", "instroom"], "outcome": "feit"}]
    row = {"feit": "G", "instroom": "2014-06-01", "beslisdatum": decided}
    _, [stored] = take_in(tmp_path, with_validity(*CODES, events=events), row)
    assert stored["marks"] == ([MARK] if marked else [])


def test_the_date_is_that_which_the_other_checks_left(tmp_path) -> None:
    """A day before the range is no moment: the next one counts."""
    row = {"feit": "G", "instroom": "1999-01-01", "beslisdatum": "2016-01-01"}
    _, [stored] = take_in(tmp_path, with_validity(*CODES), row)
    assert stored["marks"] == ["out-of-range:instroom"]


def test_codes_are_judged_anew_at_every_build(tmp_path) -> None:
    """Another period, or another correspondence, asks for no other delivery, but for other marks."""
    in_order, too_late, faulty = {"instroom": "2016-06-01"}, {"instroom": "2020-06-01"}, {"leeftijd": "300"}
    rows = [in_order | {"feit": "G"}, too_late | {"feit": "D"}, faulty | {"feit": "O"}]
    delivery, stored = take_in(tmp_path, with_validity(*CODES), *rows)
    assert [row["marks"] for row in stored] == [[], [MARK], ["unknown-code:feit", "out-of-range:leeftijd"]]
    later = with_validity(*CODES[:2], CODES[2].model_copy(update={"valid_from": date(2016, 12, 1)})).model_dump()
    later["classifications"]["feiten"]["correspondences"][0]["codes"] |= {"O": "geweld"}
    del later["classifications"]["feiten"]["correspondences"][0]["codes"]["D"]
    changed = Catalog.model_validate(later)
    assert definition_hash(changed, "zaken") == delivery.definition_hash
    with memory_engine() as engine:
        accepted = read_accepted(engine, Home(tmp_path / "home"), changed, [delivery])
        marks = in_force(changed, [delivery], accepted)["zaken"].order_by("row").marks.to_pyarrow().to_pylist()
    assert [sorted(each) for each in marks] == [[MARK], ["unknown-code:feit"], ["out-of-range:leeftijd"]]
