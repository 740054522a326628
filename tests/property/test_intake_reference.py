"""Gate 1 against a reference in plain loops: the same verdict, the same values taken out, the same counts."""

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import intake_world as world
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from intake_oracle import KEEP, MISSING, OF_A_SPREADSHEET, Demands, Outcome, Refusal, normal, reference

from das_research.errors import DeliveryRefused
from das_research.home import Home
from das_research.intake.file import find
from das_research.intake.gate import deliver, judging
from das_research.intake.store import accepted_rows

Row = dict[str, str]

dates = st.sampled_from(
    [
        *MISSING,
        "2009-12-31",
        "2010-01-01",
        "2023-02-29",
        "2024-02-29",
        "01-03-2023 12:00",
        "31-12-2024 23:59",
        "2025-01-01",
    ]
)
columns = {
    "nummer": st.sampled_from([*MISSING, "99-00000001", "9900000001", "99 00000002", "--", "N/A", "0000-00"]),
    "persoon": st.sampled_from([*MISSING, "F000000001", "f000000002", "\uff1f", "\uff26000000003"]),
    "dossier": st.sampled_from([*MISSING, "1", "a1", "b2", "geen"]),
    "instroom": dates,
    "beslisdatum": dates,
    "feit": st.sampled_from([*MISSING, "D", "G", "H", "d", "X", " D", "#N/A"]),
    "bedrag": st.sampled_from([*MISSING, "0", "-1", "1,5", "1.5", "x", "+2,", ",5", " 3 ", "1e2"]),
    "leeftijd": st.sampled_from([*MISSING, "9", "10", "110", "111", "34,0", "34,5", "-1", "12x", "1e2"]),
    "recidivist": st.sampled_from([*MISSING, "ja", "NEE", "0", "t", "wellicht"]),
    "toelichting": st.sampled_from([*OF_A_SPREADSHEET, "#1"])
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0#"), max_size=8),
    "naam": st.just("Jansen"),
}
files = st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=40)


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(files)
@example([dict.fromkeys(columns, "")])
def test_the_gate_agrees_with_a_walk_through_every_row(rows: list[Row]) -> None:
    rows = [row | {"volgnummer": str(place)} for place, row in enumerate([*rows, world.GOOD], 1)]
    expected = reference(rows)
    assert isinstance(expected, Outcome)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        delivery = deliver(world.catalog(), home, "zaken", world.write(Path(folder) / "zaken.csv", rows), "steward")
        accepted = world.stored(home, delivery.id)
        quarantined = world.stored(home, delivery.id, "quarantined")

    assert delivery.delivered == len(rows) == delivery.accepted + delivery.quarantined
    assert sorted(row["row"] for row in accepted + quarantined) == list(range(1, len(rows) + 1))
    assert {row["row"]: row["rule"] for row in quarantined} == expected.quarantined
    assert_accepted(accepted, expected)
    for row in quarantined:
        for name in ("instroom", "feit", "bedrag", "leeftijd", "recidivist", "toelichting"):
            assert row[name] == rows[row["row"] - 1][name], "a quarantined row stays as it was delivered"
    assert_counted(delivery, expected)
    assert pseudonyms_pair_up(rows, accepted + quarantined)


VARIABLES = {
    "missing": ("nummer", "dossier", "instroom", "bedrag", "toelichting"),
    "not-the-form": ("persoon", "toelichting"),
    "no-number": ("nummer", "dossier"),
    "not-a-date": ("instroom", "beslisdatum"),
    "not-a-number": ("volgnummer", "bedrag"),
    "not-a-boolean": ("recidivist",),
    "unknown-code": ("feit",),
    "not-valid-code": ("feit",),
    "out-of-range": ("instroom", "leeftijd"),
    "before": ("beslisdatum",),
    "not-unique": ("nummer",),
    "no-key": ("nummer",),
    "no-moment": ("instroom",),
}


@st.composite
def severities(draw: st.DrawFn) -> dict[str, Any]:
    check = draw(st.sampled_from(list(VARIABLES)))
    softest = ["quarantine"] if check in ("no-key", "no-moment") else ["quarantine", "mark"]
    then = draw(st.sampled_from([*softest, "reject"]))
    above = {"above": draw(st.sampled_from([0, 0.1, 0.25, 0.5]))} if then == "reject" else {}
    return {"check": check, "variable": draw(st.sampled_from([None, *VARIABLES[check]])), "then": then} | above


demanding = st.builds(
    Demands,
    st.lists(severities(), max_size=5),
    st.lists(st.sampled_from(VARIABLES["missing"]), unique=True),
    st.fixed_dictionaries({}, optional={"persoon": st.just("F0+1"), "toelichting": st.just("[a-z ]*")}),
)
# most rows have a number of their own, some that of the first, or none
numbered = st.lists(
    st.tuples(st.fixed_dictionaries(columns), st.sampled_from([None] * 12 + ["1", "x", "", "1,0"])),
    min_size=1,
    max_size=25,
)


@settings(max_examples=14, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(numbered, demanding)
def test_whatever_a_dataset_demands_the_verdict_and_the_counts_are_those_of_the_walk(
    drawn: list[tuple[Row, str | None]], demands: Demands
) -> None:
    rows = [row | {"volgnummer": number or str(place)} for place, (row, number) in enumerate(drawn, 1)]
    judged_as(reference(rows, demands), rows, list(world.COLUMNS), demands)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.data())
def test_columns_are_those_of_the_catalogue_in_any_order(data: st.DataObject) -> None:
    names = data.draw(st.permutations(list(world.COLUMNS)))
    gone = data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    left = [name for name in names if name not in gone]
    extra = data.draw(st.lists(st.sampled_from(["Jansen", *left]), max_size=2, unique=True))
    rows = world.rows({}, {"feit": "X"})
    verdict: Outcome | Refusal = reference(rows)
    if gone or extra:
        faults = {
            "unknown": [f"number {len(left) + place}" for place, it in enumerate(extra, 1) if it == "Jansen"],
            "missing": [world.COLUMNS[name] for name in world.COLUMNS if name in gone],
            "there twice": sorted(world.COLUMNS[name] for name in extra if name != "Jansen"),
        }
        told = {
            fault: f"{', '.join(places)} {'is' if len(places) == 1 else 'are'} {fault}"
            for fault, places in faults.items()
        }
        verdict = Refusal(tuple(told[fault] for fault, places in faults.items() if places))
    judged_as(verdict, rows, [*left, *extra], Demands())


def judged_as(expected: Outcome | Refusal, rows: list[Row], order: Sequence[str], demands: Demands) -> None:
    """A file with its columns in this order gets this verdict."""
    catalog = world.catalog(**demands.dataset())
    dataset = catalog.datasets["zaken"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zaken.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\n")
            writer.writerow([world.COLUMNS.get(name, name) for name in order])
            writer.writerows([row.get(name, "") for name in order] for row in rows)
        try:
            with judging(catalog, dataset, find(path)) as (_, judged):
                accepted = accepted_rows(judged.checked, dataset).to_pyarrow().to_pylist()
        except DeliveryRefused as refused:
            assert isinstance(expected, Refusal), str(refused)
            assert [text for text in expected.texts if text not in refused.why] == []
            return
    assert isinstance(expected, Outcome), f"it was not refused: {expected}"
    assert sorted(row["row"] for row in accepted) == [
        place for place in expected.values if place not in expected.quarantined
    ]
    assert_accepted(accepted, expected)
    assert_counted(judged.counts, expected)


def assert_accepted(accepted: list[dict[str, Any]], expected: Outcome) -> None:
    for row in accepted:
        values = expected.values[row["row"]]
        assert {name: row[name] for name in values} == values
        assert row["marks"] == expected.marks[row["row"]]


def assert_counted(counts: Any, expected: Outcome) -> None:
    """The counts of a delivery, or of a file that is only judged."""
    assert {rule.rule: (rule.effect, rule.rows, rule.units) for rule in counts.rules} == expected.rules
    assert counts.units == expected.units
    assert counts.years == expected.years
    assert {it.variable: (it.filled, it.codes) for it in counts.columns} == expected.columns


def pseudonyms_pair_up(rows: list[Row], stored: list[dict[str, Any]]) -> bool:
    """Equal after normalisation is equal as pseudonym, and different is different."""
    for name in KEEP:
        pairs = {(normal(name, rows[row["row"] - 1][name]), row[name]) for row in stored}
        if not len({text for text, _ in pairs}) == len({hidden for _, hidden in pairs}) == len(pairs):
            return False
    return True
