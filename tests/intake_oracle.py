"""Gate 1 in plain Python, one row at a time: the reference for the dataset of `intake_world`, whatever it demands."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import intake_world as world

from das_research.intake.delivery import Units

Row = Mapping[str, str]
MISSING = ("", "NULL")
KEEP = {"nummer": "[^A-Z0-9]", "persoon": "[^A-Z0-9]", "dossier": "[^0-9]"}
CODES = {"D": None, "G": None, "H": date(2020, 12, 31)}  # known ones, with the last day they are valid
UNREADABLE = {"not-a-date", "not-a-number", "not-a-boolean"}
NULLED = UNREADABLE | {"cell-error", "no-number", "out-of-range", "before"}
OF_A_SPREADSHEET = ("#N/A", "#BUSY!", "#VERW!")  # some of the errors that stand in cells for texts
TAKEN = [name for name in world.COLUMNS if name != "naam"]
# the order in which rules are asked: by check, then by variable in the order of the catalogue
ASKED = (
    "missing",
    "cell-error",
    "no-number",
    "not-the-form",
    UNREADABLE,
    "unknown-code",
    "out-of-range",
    "before",
    "not-valid-code",
    "not-unique",
)
SHOWN = 5


@dataclass(frozen=True)
class Demands:
    """What the dataset demands beside what its variables say.

    Parameters
    ----------
    severities : sequence of dict
        As in the catalogue.
    required : collection of str
        Variables without which a row is marked.
    patterns : mapping
        Variable to the form it must have.
    """

    severities: Sequence[Mapping[str, Any]] = ()
    required: Sequence[str] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)

    def dataset(self) -> dict[str, Any]:
        """The fields of the dataset that say so."""
        variables = world.variables()
        for name in self.required:
            variables[name]["required"] = True
        for name, pattern in self.patterns.items():
            variables[name]["pattern"] = pattern
        return {"variables": variables, "severities": list(self.severities)}

    def of(self, rule: str, *kinds: str) -> Mapping[str, Any] | None:
        """The severity of a rule, of these kinds: what is said of its variable goes before what is said of all."""
        check, _, name = rule.partition(":")
        said = [it for it in self.severities if it["check"] == check and it["then"] in kinds]
        own = [it for it in said if it.get("variable") == name]
        return next(iter([*own, *(it for it in said if it.get("variable") is None)]), None)

    def effect(self, rule: str) -> str:
        """What follows where it holds in a row."""
        check = rule.partition(":")[0]
        if check in ("no-key", "no-moment") or (self.of(rule, "quarantine", "mark") or {}).get("then") == "quarantine":
            return "quarantined"
        return "nulled" if check in NULLED else "marked"


@dataclass(frozen=True)
class Refusal:
    """The file goes back; the reason holds each of these texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What the gate must make of a file; rows by their number."""

    values: dict[int, dict[str, Any]]
    marks: dict[int, list[str]]
    quarantined: dict[int, str]
    rules: dict[str, tuple[str, int, int]]
    units: Units
    years: dict[str, int]
    columns: dict[str, tuple[int, dict[str, int]]]


def reference(rows: Sequence[Row], demands: Demands | None = None) -> Outcome | Refusal:
    """The outcome of a file whose columns are those of the catalogue."""
    demands = demands or Demands()
    judged = {place: _judged(row, demands) for place, row in enumerate(rows, 1)}
    values, holds = ({place: it[side] for place, it in judged.items()} for side in (0, 1))
    units = {place: unit_of(row) for place, row in enumerate(rows, 1)}
    again = _again(rows, values)
    if again and not any(it["check"] == "not-unique" for it in demands.severities):
        keys = {key for key, _ in again}
        twice = [place for place, row in enumerate(rows, 1) if _key(row, values[place]) in keys]
        one = "1 key occurs" if len(keys) == 1 else f"{len(keys)} keys occur"
        return Refusal((f"{one} more than once in nummer, volgnummer", _told(twice)))
    for _, place in again if any(it["check"] == "not-unique" for it in demands.severities) else ():
        holds[place].append("not-unique:nummer")

    of_values = sorted({rule for each in holds.values() for rule in each}, key=_place)
    quarantined = {}
    for place in values:
        out = ["no-key:nummer"] if units[place] is None else []
        out += ["no-moment:instroom"] if values[place]["moment"] is None else []
        out += [rule for rule in of_values if rule in holds[place] and demands.effect(rule) == "quarantined"]
        if out:
            quarantined[place] = out[0]
    of_rows = [rule for rule in ("no-key:nummer", "no-moment:instroom") if rule in quarantined.values()]
    where = {rule: [place for place in quarantined if quarantined[place] == rule] for rule in of_rows}
    where |= {rule: [place for place in holds if rule in holds[place]] for rule in of_values}
    for rule, places in where.items():
        said = demands.of(rule, "reject")
        if said and len(places) > said["above"] * len(rows):
            return Refusal((f"The rule {rule} holds in {len(places)} of {len(rows)} rows", _told(places)))
    if len(quarantined) == len(rows):
        return Refusal((f"None of its {len(rows)} rows can be used",))

    delivered = {unit for unit in units.values() if unit}
    accepted = {units[place] for place in units if place not in quarantined}
    asked = [*of_rows, *of_values]
    lost_at = Counter(
        min((quarantined[place] for place in units if units[place] == unit), key=asked.index)
        for unit in delivered - accepted
    )
    rules = {}
    for rule, places in where.items():
        effect = demands.effect(rule)
        concerned = len({units[place] for place in places if units[place]})
        rules[rule] = (effect, len(places), lost_at[rule] if effect == "quarantined" else concerned)
    years = Counter(str(values[place]["moment"].year) for place in values if place not in quarantined)
    return Outcome(
        values=values,
        marks={place: sorted(holds[place], key=_place) for place in holds},
        quarantined=quarantined,
        rules=rules,
        units=Units(len(delivered), len(accepted), len(delivered - accepted)),
        years=dict(years),
        columns={name: _column(rows, name) for name in TAKEN},
    )


def _judged(row: Row, demands: Demands) -> tuple[dict[str, Any], list[str]]:
    """The values of a row, and every rule of values that holds in it."""
    text = {name: (None if value in MISSING else value) for name, value in row.items()}
    holds = [f"missing:{name}" for name in demands.required if text[name] is None]
    errors = [name for name in ("feit", "toelichting") if text[name] in OF_A_SPREADSHEET]
    holds += [f"cell-error:{name}" for name in errors]
    text |= dict.fromkeys(errors)
    holds += [f"no-number:{name}" for name in KEEP if text[name] is not None and not normal(name, row[name])]
    text |= {name: normal(name, row[name]) or None for name in KEEP}
    value: dict[str, Any] = {"toelichting": text["toelichting"], "feit": text["feit"]}
    for name, pattern in demands.patterns.items():
        if text[name] is not None and not re.fullmatch(pattern, text[name]):
            holds.append(f"not-the-form:{name}")

    def read(name: str, reader: Any, fault: str) -> None:
        value[name] = None if text[name] is None else reader(text[name])
        if text[name] is not None and value[name] is None:
            holds.append(f"{fault}:{name}")

    def within(name: str, low: Any, high: Any) -> None:
        if value[name] is not None and (
            (low is not None and value[name] < low) or (high is not None and value[name] > high)
        ):
            value[name] = None
            holds.append(f"out-of-range:{name}")

    read("volgnummer", an_integer, "not-a-number")
    read("instroom", a_date, "not-a-date")
    read("beslisdatum", a_date, "not-a-date")
    read("bedrag", a_decimal, "not-a-number")
    read("leeftijd", an_integer, "not-a-number")
    read("recidivist", a_boolean, "not-a-boolean")
    within("instroom", date(2010, 1, 1), date(2024, 12, 31))
    within("bedrag", 0, None)
    within("leeftijd", 10, 110)
    if value["instroom"] and value["beslisdatum"] and value["beslisdatum"] < value["instroom"]:
        value["beslisdatum"] = None
        holds.append("before:beslisdatum")
    value["moment"] = value["instroom"] or value["beslisdatum"]
    if text["feit"] is not None and text["feit"] not in CODES:
        holds.append("unknown-code:feit")
    last = CODES.get(text["feit"] or "")
    if last and value["moment"] and value["moment"] > last:
        holds.append("not-valid-code:feit")
    return value, holds


def _again(rows: Sequence[Row], values: Mapping[int, dict[str, Any]]) -> list[tuple[Any, int]]:
    """Every row but the first of its complete key, with that key."""
    seen, again = set(), []
    for place, row in enumerate(rows, 1):
        key = _key(row, values[place])
        if key in seen:
            again.append((key, place))
        if key:
            seen.add(key)
    return again


def _key(row: Row, value: Mapping[str, Any]) -> tuple[str, int] | None:
    number = normal("nummer", row["nummer"])
    return (number, value["volgnummer"]) if number and value["volgnummer"] is not None else None


def _place(rule: str) -> tuple[int, int]:
    check, _, name = rule.partition(":")
    return next(place for place, it in enumerate(ASKED) if check == it or check in it), TAKEN.index(name)


def _told(places: Sequence[int]) -> str:
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return ("Row " if len(places) == 1 else "Rows ") + ", ".join(map(str, places[:SHOWN])) + more + "."


def _column(rows: Sequence[Row], name: str) -> tuple[int, dict[str, int]]:
    filled = [row for row in rows if row[name] not in MISSING]
    return len(filled), dict(Counter(row["feit"] for row in filled if row["feit"] in CODES)) if name == "feit" else {}


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
    """An identifier as it is hashed; empty where it is none: nothing is left of it, zeros, or a word for none."""
    if text in MISSING or any(it.isalnum() and not it.isascii() for it in text):
        return ""
    number = re.sub(KEEP[name], "", text.upper())
    return "" if number in ("ONBEKEND", "NA") or set(number) == {"0"} else number


def unit_of(row: Row) -> tuple[str, ...] | None:
    if normal("nummer", row["nummer"]):
        return ("nummer", normal("nummer", row["nummer"]))
    second = tuple(normal(name, row[name]) for name in ("persoon", "dossier"))
    return ("persoon", *second) if all(second) else None
