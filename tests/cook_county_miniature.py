"""Four small files in the layout of the Cook County chain, with every kind of fault the real ones have and some more.

The cases are invented, and so are their numbers. Faults are planted one by one, each in a row of its own, so what
gate 1 must count follows from the list `PLANTED` alone.
"""

import csv
import gzip
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from das_research.catalog import load_catalog

CATALOG = Path(__file__).parent.parent / "examples" / "cook-county"
NOT_TAKEN = "NOT-TAKEN"  # what stands in every column that is not taken
DATASETS = ("intake", "initiation", "dispositions", "sentencing")

Row = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """One change of a number of rows, and the rules that each such row then falls under.

    Parameters
    ----------
    rows : int
        How many rows get it.
    change : dict
        Column to its faulty text.
    rules : tuple of str
        Rules of gate 1 that each of these rows must count in.
    several : bool
        Planted in a row of a participant who has more rows: the case is not lost.
    """

    rows: int
    change: dict[str, str]
    rules: tuple[str, ...]
    several: bool = False


NO_CHARGE_DATE, NO_DISPOSITION_DATE = "no-moment:event_date", "no-moment:disposition_date"
PLANTED = {
    "intake": [
        Fault(3, {"age_at_incident": "137"}, ("out-of-range:age_at_incident",)),
        Fault(1, {"age_at_incident": "unknown"}, ("not-a-number:age_at_incident",)),
        Fault(2, {"arrest_date": "1965-11-06 13:00:00"}, ("out-of-range:arrest_date",)),
        Fault(1, {"arrest_date": "2019-13-45 00:00:00"}, ("not-a-date:arrest_date",)),
        Fault(1, {"felony_review_date": "2019-12-13 04:00:00"}, ("out-of-range:felony_review_date",)),
        Fault(4, {"felony_review_date": "2018-12-31 04:00:00"}, ("before:felony_review_date",)),
        Fault(2, {"participant_status": "Lost"}, ("unknown-code:participant_status",)),
        Fault(1, {"gender": "male"}, ("unknown-code:gender",)),
        Fault(1, {"update_offense_category": "Piracy"}, ("unknown-code:updated_offense_category",)),
        Fault(1, {"case_participant_id": " -- "}, ("no-number:participant", "no-key:participant")),
        Fault(2, {"received_date": "", "felony_review_date": ""}, ("no-moment:received_date",)),
        Fault(
            1,
            {"received_date": "2109-01-05 04:00:00", "felony_review_date": ""},
            ("out-of-range:received_date", "no-moment:received_date"),
        ),
    ],
    "initiation": [
        Fault(3, {"event_date": "", "arraignment_date": "2019-11-20"}, ()),
        Fault(5, {"event_date": "", "arraignment_date": ""}, (NO_CHARGE_DATE,)),
        Fault(2, {"event_date": "", "arraignment_date": ""}, (NO_CHARGE_DATE,), several=True),
        Fault(2, {"event_date": "2020-01-07", "arraignment_date": ""}, ("out-of-range:event_date", NO_CHARGE_DATE)),
        Fault(1, {"event_date": "2109-05-08", "arraignment_date": "2019-11-20"}, ("out-of-range:event_date",)),
        Fault(2, {"event_date": "2016-06-26", "arraignment_date": "2019-11-20"}, ("before:event_date",)),
        Fault(
            1,
            {"event_date": "2016-06-26", "arraignment_date": "2109-07-24"},
            ("before:event_date", "out-of-range:arraignment_date", NO_CHARGE_DATE),
        ),
        Fault(1, {"primary_charge": "perhaps"}, ("not-a-boolean:primary_charge",)),
    ],
    "dispositions": [
        Fault(1, {"disposition_date": "4/22/2109 12:00:00 AM"}, ("out-of-range:disposition_date", NO_DISPOSITION_DATE)),
        Fault(2, {"disposition_date": "9/11/2015 12:00:00 AM"}, ("before:disposition_date", NO_DISPOSITION_DATE)),
        Fault(1, {"disposition_date": "2019-09-11"}, ("not-a-date:disposition_date", NO_DISPOSITION_DATE)),
        Fault(1, {"charge_disposition": "FNPC?"}, ("unknown-code:charge_disposition",)),
    ],
    "sentencing": [
        Fault(1, {"sentence_date": "6/27/2219 12:00:00 AM"}, ("out-of-range:sentence_date", "no-moment:sentence_date")),
        Fault(2, {"commitment_term": "two"}, ("not-a-number:commitment_term",)),
        Fault(1, {"commitment_term": "-1"}, ("out-of-range:commitment_term",)),
        Fault(1, {"sentence_type": "Exile"}, ("unknown-code:sentence_type",)),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What gate 1 must say of one file.

    Parameters
    ----------
    rows, quarantined : int
        Rows delivered, and rows put aside.
    participants, lost : int
        Distinct participants delivered, and those of whom no row was accepted.
    rules : dict
        Rule to its number of rows.
    """

    rows: int
    quarantined: int
    participants: int
    lost: int
    rules: dict[str, int]


def write(folder: Path, participants: int = 400, seed: int = 1) -> dict[str, Expected]:
    """Write ``intake.csv.gz``, ``initiation.csv.gz``, ``dispositions.csv.gz`` and ``sentencing.csv.gz``.

    Parameters
    ----------
    folder : Path
        An existing folder.
    participants : int
        Rows of intake.
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    dict
        Dataset to what gate 1 must say of its file.
    """
    chance = random.Random(seed)
    chain = _chain(chance, participants)
    catalog = load_catalog(CATALOG)
    expected = {}
    for dataset in DATASETS:
        rows = chain[dataset]
        expected[dataset] = _plant(rows, PLANTED[dataset], chance)
        columns = [variable.column or name for name, variable in catalog.datasets[dataset].variables.items()]
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, restval=NOT_TAKEN, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{dataset}.csv.gz").write_bytes(gzip.compress(out.getvalue().encode(), mtime=0))
    return expected


def _plant(rows: list[Row], faults: list[Fault], chance: random.Random) -> Expected:
    times: dict[str, int] = {}
    for row in rows:
        times[row["case_participant_id"]] = times.get(row["case_participant_id"], 0) + 1
    alone = [row for row in rows if times[row["case_participant_id"]] == 1]
    first_of_several = {row["case_participant_id"]: row for row in rows if times[row["case_participant_id"]] > 1}
    free = {False: chance.sample(alone, len(alone)), True: list(first_of_several.values())}
    rules: dict[str, int] = {}
    quarantined = lost = keyless = 0
    for fault in faults:
        for _ in range(fault.rows):
            free[fault.several].pop().update(fault.change)
        for rule in fault.rules:
            rules[rule] = rules.get(rule, 0) + fault.rows
        out = any(rule.startswith("no-") for rule in fault.rules)
        quarantined += fault.rows if out else 0
        keyless += fault.rows if "case_participant_id" in fault.change else 0
        lost += fault.rows if out and not fault.several and "case_participant_id" not in fault.change else 0
    return Expected(len(rows), quarantined, len(times) - keyless, lost, rules)


def _chain(chance: random.Random, participants: int) -> dict[str, list[Row]]:
    chain: dict[str, list[Row]] = {dataset: [] for dataset in DATASETS}
    for number in range(participants):
        received = date(2019, 1, 1) + timedelta(chance.randrange(180))
        category = chance.choice(["Narcotics", "UUW - Unlawful Use of Weapon", "Retail Theft", "DUI"])
        participant = {"case_id": f"{129 * 10**9 + number // 2}", "case_participant_id": f"{1077 * 10**9 + number}"}
        status = chance.choices(["Approved", "Rejected", "Continued Investigation", ""], [8, 1, 1, 1])[0]
        chain["intake"].append(_received(chance, participant, received, category, status))
        if status != "Approved" or chance.random() < 0.1:
            continue
        charged = received + timedelta(chance.randrange(1, 60))
        charges = [
            participant | {"charge_id": f"{2542 * 10**9 + number * 10 + it}"}
            for it in range(chance.choice([1, 1, 2, 3]))
        ]
        chain["initiation"] += [_charged(charge, received, charged, category) for charge in charges]
        if chance.random() < 0.3:
            continue
        disposed = charged + timedelta(chance.randrange(60))
        guilty = chance.random() < 0.5
        chain["dispositions"] += [_disposed(charge, received, disposed, category, guilty) for charge in charges]
        if guilty:
            chain["sentencing"].append(_sentenced(chance, charges[0], received, disposed, category))
    return chain


def _received(chance: random.Random, participant: Row, received: date, category: str, status: str) -> Row:
    agency = chance.choice(
        ["CHICAGO PD", "CHICAGO PD - AREA NORTH", "CICERO PD", "COOK COUNTY SHERIFF (IL0160000)", ""]
    )
    return participant | {
        "received_date": f"{received} 04:00:00",
        "offense_category": category,
        "update_offense_category": category,
        "participant_status": status,
        "age_at_incident": str(chance.randrange(17, 80)),
        "gender": chance.choice(["Male", "Male", "Female", "Male name, no gender given", ""]),
        "race": chance.choice(["Black", "White", "HISPANIC", "ASIAN", ""]),
        "law_enforcement_agency": agency,
        "arrest_date": f"{received - timedelta(1)} 19:57:00",
        "felony_review_date": f"{received} 04:00:00",
        "felony_review_result": "Approved" if status == "Approved" else "Rejected",
    }


def _charged(charge: Row, received: date, charged: date, category: str) -> Row:
    return charge | {
        "primary_charge": "true",
        "event": "Preliminary Hearing",
        "event_date": f"{charged}",
        "received_date": f"{received}",
        "arraignment_date": f"{charged + timedelta(14)}",
        "updated_offense_category": category,
    }


def _disposed(charge: Row, received: date, disposed: date, category: str, guilty: bool) -> Row:
    return charge | {
        "primary_charge": "true",
        "disposition_date": _american(disposed),
        "charge_disposition": "Plea Of Guilty" if guilty else "Nolle Prosecution",
        "received_date": f"{received}",
        "updated_offense_category": category,
    }


def _sentenced(chance: random.Random, charge: Row, received: date, disposed: date, category: str) -> Row:
    return charge | {
        "primary_charge": "true",
        "sentence_date": _american(disposed),
        "sentence_type": chance.choice(["Probation", "Prison", "2nd Chance Probation"]),
        "commitment_term": chance.choice(["2", "18", "4.5", ""]),
        "commitment_unit": chance.choice(["Year(s)", "Months", "Term", ""]),
        "received_date": f"{received}",
        "updated_offense_category": category,
    }


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year} 12:00:00 AM"
