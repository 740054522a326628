"""Gate 1 against a reference in plain loops: the same rows accepted, the same values taken out, the same counts."""

import itertools
import re
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import intake_world as world
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from das_research.home import Home
from das_research.intake.delivery import Units
from das_research.intake.gate import deliver

Row = dict[str, str]
MISSING = ["", "NULL"]
KEEP = {"nummer": "[^A-Z0-9]", "persoon": "[^A-Z0-9]", "dossier": "[^0-9]"}

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
    "nummer": st.sampled_from([*MISSING, "99-00000001", "9900000001", "99 00000002", "--"]),
    "persoon": st.sampled_from([*MISSING, "F000000001", "f000000002"]),
    "dossier": st.sampled_from([*MISSING, "1", "a1", "b2", "geen"]),
    "instroom": dates,
    "beslisdatum": dates,
    "feit": st.sampled_from([*MISSING, "D", "G", "d", "X", " D"]),
    "bedrag": st.sampled_from([*MISSING, "0", "-1", "1,5", "1.5", "x", "+2,", ",5", " 3 ", "1e2"]),
    "leeftijd": st.sampled_from([*MISSING, "9", "10", "110", "111", "34,0", "34,5", "-1", "12x", "1e2"]),
    "recidivist": st.sampled_from([*MISSING, "ja", "NEE", "0", "t", "wellicht"]),
    "toelichting": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8),
    "naam": st.just("Jansen"),
}
files = st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=40)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(files)
@example([dict.fromkeys(columns, "")])
def test_the_gate_agrees_with_a_walk_through_every_row(rows: list[Row]) -> None:
    rows = [row | {"volgnummer": str(place)} for place, row in enumerate(rows, 1)]
    expected = reference(rows)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        delivery = deliver(world.catalog(), home, "zaken", world.write(Path(folder) / "zaken.csv", rows), "steward")
        accepted = world.stored(home, delivery.id)
        quarantined = world.stored(home, delivery.id, "quarantined")

    assert delivery.delivered == len(rows) == delivery.accepted + delivery.quarantined
    assert sorted(row["row"] for row in accepted + quarantined) == list(range(1, len(rows) + 1))
    assert {row["row"]: row["rule"] for row in quarantined} == expected["quarantined"]
    for row in accepted:
        values = expected["values"][row["row"]]
        assert {name: row[name] for name in values} == values
        assert row["marks"] == expected["marks"][row["row"]]
    for row in quarantined:
        for name in ("instroom", "feit", "bedrag", "leeftijd", "recidivist", "toelichting"):
            assert row[name] == rows[row["row"] - 1][name], "a quarantined row stays as it was delivered"
    assert {rule.rule: (rule.effect, rule.rows, rule.units) for rule in delivery.rules} == expected["rules"]
    assert delivery.units == expected["units"]
    assert pseudonyms_pair_up(rows, accepted + quarantined)


def pseudonyms_pair_up(rows: list[Row], stored: list[dict[str, Any]]) -> bool:
    """Equal after normalisation is equal as pseudonym, and different is different."""
    for name in KEEP:
        pairs = {(normal(name, rows[row["row"] - 1][name]), row[name]) for row in stored}
        if not len({text for text, _ in pairs}) == len({hidden for _, hidden in pairs}) == len(pairs):
            return False
    return True


# --- the reference: plain Python, one row at a time -------------------------------------------------------------------


def reference(rows: list[Row]) -> dict[str, Any]:
    values, marks, quarantined, units = {}, {}, {}, {}
    for place, row in enumerate(rows, 1):
        values[place], marks[place] = judged(row)
        units[place] = unit_of(row)
        if units[place] is None:
            quarantined[place] = "no-key:nummer"
        elif values[place]["moment"] is None:
            quarantined[place] = "no-moment:instroom"
    delivered = {unit for unit in units.values() if unit}
    accepted = {units[place] for place in units if place not in quarantined}
    rules: dict[str, tuple[str, int, int]] = {}
    for rule in set(quarantined.values()):
        lost = len(delivered - accepted) if rule.startswith("no-moment") else 0
        rules[rule] = ("quarantined", sum(1 for it in quarantined.values() if it == rule), lost)
    for rule in set(itertools.chain.from_iterable(marks.values())):
        places = [place for place in marks if rule in marks[place]]
        effect = "marked" if rule.startswith("unknown-code") else "nulled"
        rules[rule] = (effect, len(places), len({units[place] for place in places if units[place]}))
    return {
        "values": values,
        "marks": marks,
        "quarantined": quarantined,
        "rules": rules,
        "units": Units(len(delivered), len(accepted), len(delivered - accepted)),
    }


def judged(row: Row) -> tuple[dict[str, Any], list[str]]:
    text = {name: (None if value in MISSING else value) for name, value in row.items()}
    value: dict[str, Any] = {"toelichting": text["toelichting"], "feit": text["feit"]}
    marks = []

    def read(name: str, reader: Any, fault: str) -> None:
        value[name] = None if text[name] is None else reader(text[name])
        if text[name] is not None and value[name] is None:
            marks.append(f"{fault}:{name}")

    def within(name: str, low: Any, high: Any) -> None:
        if value[name] is not None and (
            (low is not None and value[name] < low) or (high is not None and value[name] > high)
        ):
            value[name] = None
            marks.append(f"out-of-range:{name}")

    read("instroom", a_date, "not-a-date")
    read("beslisdatum", a_date, "not-a-date")
    read("bedrag", a_decimal, "not-a-number")
    read("leeftijd", an_integer, "not-a-number")
    read("recidivist", a_boolean, "not-a-boolean")
    if text["feit"] is not None and text["feit"] not in ("D", "G"):
        marks.append("unknown-code:feit")
    within("instroom", date(2010, 1, 1), date(2024, 12, 31))
    within("bedrag", 0, None)
    within("leeftijd", 10, 110)
    if value["instroom"] and value["beslisdatum"] and value["beslisdatum"] < value["instroom"]:
        value["beslisdatum"] = None
        marks.append("before:beslisdatum")
    value["moment"] = value["instroom"] or value["beslisdatum"]
    return value, marks


def a_date(text: str) -> date | None:
    for spelling in ("%Y-%m-%d", "%d-%m-%Y %H:%M"):
        try:
            return datetime.strptime(text, spelling).date()
        except ValueError:
            continue
    return None


def a_decimal(text: str) -> float | None:
    text = text.strip(" ")
    if "." in text or not re.search("[0-9]", text):
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def an_integer(text: str) -> int | None:
    whole, _, rest = text.partition(",")
    return int(whole) if re.fullmatch("[+-]?[0-9]+", whole) and not rest.strip("0") else None


def a_boolean(text: str) -> bool | None:
    return {"ja": True, "t": True, "nee": False, "0": False}.get(text.lower())


def normal(name: str, text: str) -> str:
    return "" if text in MISSING else re.sub(KEEP[name], "", text.upper())


def unit_of(row: Row) -> tuple[str, ...] | None:
    if normal("nummer", row["nummer"]):
        return ("nummer", normal("nummer", row["nummer"]))
    second = tuple(normal(name, row[name]) for name in ("persoon", "dossier"))
    return ("persoon", *second) if all(second) else None
