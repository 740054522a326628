"""Persons whom no number links, followed by hand.

register (`burgers`: a person stands once)    reports (`meldingen`)                 files (`zaken`)
F1  Jansen   A.B.  1980-01-05  m               1  P1  F1  Jansen  A.B.  1980-01-05   Z1  P1  F1
F2  Jansen   A.B.  1980-01-06  v               2  P2  --  Jansen  A.B.  1980-01-05   Z2  P2  F1
F3  Özdemir  C.    1991-07-30  v               3  P3  --  Nowak   W.    1970-12-12
                                               4  P4  F9  Ozdemir C.    1991-07-30

Weights, in powers of two, from the model below: equal initials 0.8/0.05 = 2^4, but by how rare they are here, as
a family name too; an equal birth date 0.8/0.0005 = 2^10.6; an equal sex 0.8/0.5 = 2^0.7.
Before anything is compared one of 4 persons with a number is as likely as another.
"""

import tempfile
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import ibis
import pytest

from das_research.catalog.models import Catalog
from das_research.engines import memory_engine, number_of
from das_research.home import Home
from das_research.linkage.chain import link_chain
from das_research.linkage.comparisons import LEVELS
from das_research.linkage.records import records
from das_research.linkage.register import KeyRegister, open_register
from das_research.linkage.scoring import in_question, scored_pairs

KINDS = {"naam": "name", "letters": "initials", "geboren": "date", "geslacht": "code"}
PERSONAL = ("naam", "letters", "geboren", "geslacht")
SURNAMES = ("Jansen", "Özdemir", "Ozdemir", "Nowak")
BURGERS = [
    ("F1", "Jansen", "A.B.", "1980-01-05", "m"),
    ("F2", "Jansen", "A.B.", "1980-01-06", "v"),
    ("F3", "Özdemir", "C.", "1991-07-30", "v"),
]
MELDINGEN = [
    ("P1", "F1", "Jansen", "A.B.", "1980-01-05", "m"),
    ("P2", None, "Jansen", "A.B.", "1980-01-05", "m"),
    ("P3", None, "Nowak", "W.", "1970-12-12", "m"),
    ("P4", "F9", "Ozdemir", "C.", "1991-07-30", "v"),
]
ZAKEN = [("Z1", "P1", "F1"), ("Z2", "P2", "F1")]


def identifier(domain):
    return {"title": domain, "type": "identifier", "identifier": domain}


def kept(name, kind="text"):
    spelled = {"formats": ["%Y-%m-%d"]} if kind == "date" else {}
    return name, {"title": name, "type": kind, "take": False, "for_linkage": True} | spelled


def dataset(name, subject, case_keys, variables):
    return {
        "id": name, "title": name, "partner": "p", "row": "rij", "subject": subject, "case_keys": case_keys,
        "person_keys": [["persoon"]], "moment": ["datum"], "events": [],
        "variables": variables | {"datum": {"title": "datum", "type": "date"}},
    }  # fmt: skip


def trained():
    """Every field agrees in 0.8 of a person's pairs, and seldom by chance."""
    chance = {"naam": 0.05, "letters": 0.05, "geboren": 0.0005, "geslacht": 0.5}
    fields = {}
    for name, kind in KINDS.items():
        others = LEVELS[kind][1:]
        fields[name] = {"equal": {"m": 0.8, "u": chance[name]}}
        fields[name] |= {
            label: {
                "m": 0.2 / len(others) if label != "within a month" else 0.001,
                "u": (1 - chance[name]) / len(others),
            }
            for label in others
        }
    return {
        "fields": fields, "pairs": {"naam+letters": 1, "geboren": 1}, "records": 7, "with_keys": 0.1,
        "without_keys": 0.9, "seed": 1, "synthetic": True,
    }  # fmt: skip


def catalog():
    names = dict([kept("naam"), kept("letters"), kept("geboren", "date"), kept("geslacht")])
    sources = {name: [f"burgers.{name}", f"meldingen.{name}"] for name in PERSONAL}
    return Catalog.model_validate(
        {
            "id": "hand", "title": "hand", "host": "h", "contact": "c", "licence": "l",
            "chain": {
                "unit": "zaken", "events": [], "stages": [], "case_attributes": {},
                "identifiers": [{"id": name, "title": name} for name in ("zaak", "pv", "persoon")],
                "linkage": {
                    "fields": {name: {"kind": kind, "sources": sources[name]} for name, kind in KINDS.items()},
                    "blocking": [["naam", "letters"], ["geboren"]], "contradictions": [["geslacht", "geboren"]],
                    "once": ["burgers"], "model": "hand.json",
                },
            },
            "trained": trained(),
            "datasets": {
                "burgers": dataset("burgers", "person", [], {"persoon": identifier("persoon")} | names),
                "meldingen": dataset("meldingen", "case", [["pv", "persoon"]],
                                     {"pv": identifier("pv"), "persoon": identifier("persoon")} | names),
                "zaken": dataset("zaken", "case", [["zaak"], ["pv", "persoon"]],
                                 {name: identifier(name) for name in ("zaak", "pv", "persoon")}),
            },
        }
    )  # fmt: skip


def table(name, columns, rows):
    listed = [
        {"delivery": f"{name}-1", "row": number} | dict(zip(columns, row, strict=True))
        for number, row in enumerate(rows, 1)
    ]
    return ibis.memtable(listed, schema={"delivery": "string", "row": "int64"} | dict.fromkeys(columns, "string"))


def delivered(meldingen=tuple(MELDINGEN)):
    tables = {
        "burgers": table("burgers", ("persoon", *PERSONAL), BURGERS),
        "meldingen": table("meldingen", ("pv", "persoon", *PERSONAL), list(meldingen)),
        "zaken": table("zaken", ("zaak", "pv", "persoon"), ZAKEN),
    }
    accepted = {
        name: rows.drop(*(it for it in PERSONAL if it in rows.columns)).mutate(moment=ibis.date("2020-01-01"))
        for name, rows in tables.items()
    }
    names = {name: tables[name].select("delivery", "row", *PERSONAL) for name in ("burgers", "meldingen")}
    return accepted, names


def build(folder, with_names=True, gone=(), meldingen=tuple(MELDINGEN)):
    """Links by dataset and row, and the hash of the register after it."""
    accepted, names = delivered(meldingen)
    with memory_engine() as engine, open_register(Home(folder), engine) as register:
        links = link_chain(engine, register, catalog(), accepted, names if with_names else None, gone)
        rows = {(it["dataset"], it["row"]): it for it in links.rows.to_pyarrow().to_pylist()}
        return rows, register.hash()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    return folder, *build(folder)


def person(rows, name, row, key="person_id"):
    return rows[(name, row)][key]


def test_a_row_without_a_number_is_of_the_person_whose_names_and_birth_date_it_has(world):
    """P2 names Jansen, A.B., 1980-01-05: F1 agrees in all, F2 was born a day later and is of the other sex."""
    _, rows, _ = world
    assert person(rows, "meldingen", 2) == person(rows, "burgers", 1) != person(rows, "burgers", 2)


def test_a_row_that_is_like_nobody_is_a_person_of_its_own(world):
    _, rows, _ = world
    others = {it["person_id"] for place, it in rows.items() if place != ("meldingen", 3)}
    assert person(rows, "meldingen", 3) not in others


def test_a_wrong_number_is_the_person_that_all_else_says(world):
    """F9 stands nowhere else; Ozdemir without its dots is the same name, so F9 is F3."""
    _, rows, _ = world
    assert person(rows, "meldingen", 4) == person(rows, "burgers", 3)


def test_two_rows_of_a_register_of_persons_are_never_one(world):
    """Three rows in which persons stand once, and Nowak, who stands in none: 3 + 1 = 4 persons."""
    _, rows, _ = world
    assert len({person(rows, "burgers", row) for row in (1, 2, 3)}) == 3
    assert len({it["person_id"] for it in rows.values()}) == 4


def test_the_same_report_and_the_same_person_are_the_same_case(world):
    """Z2 is P2 of F1, and the report P2 without a number is F1's: one case. P1, P2, P3, P4: 4 cases."""
    _, rows, _ = world
    assert rows[("meldingen", 2)]["case_id"] == rows[("zaken", 2)]["case_id"]
    assert len({it["case_id"] for it in rows.values()} - {None}) == 4


def test_strict_refines_standard_and_standard_refines_loose(world):
    _, rows, _ = world
    for finer, coarser in (("person_id_strict", "person_id"), ("person_id", "person_id_loose")):
        pairs = {(it[finer], it[coarser]) for it in rows.values()}
        assert len(pairs) == len({fine for fine, _ in pairs})


def test_a_build_without_the_names_changes_nothing(world):
    folder, rows, register = world
    assert build(folder, with_names=False) == (rows, register)


def test_when_the_evidence_is_withdrawn_the_person_falls_apart_and_cases_with_it(tmp_path):
    """The register's delivery goes, and with it the links to its records; F1 keeps its surrogate in Z1."""
    rows, _ = build(tmp_path)
    accepted, _ = delivered()
    del accepted["burgers"]
    with memory_engine() as engine, open_register(Home(tmp_path), engine) as register:
        links = link_chain(engine, register, catalog(), accepted, None, {"burgers-1", "meldingen-1"})
        later = {(it["dataset"], it["row"]): it for it in links.rows.to_pyarrow().to_pylist()}
    assert person(later, "zaken", 1) == person(rows, "zaken", 1)
    assert person(later, "meldingen", 2) != person(later, "zaken", 2)
    assert later[("meldingen", 2)]["case_id"] != later[("zaken", 2)]["case_id"]


def test_no_name_and_no_birth_date_stands_in_the_register(world):
    folder, *_ = world
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with memory_engine() as engine:
        texts = [str(engine.read_parquet(path).to_pyarrow().to_pylist()) for path in folder.rglob("*.parquet")]
    for planted in (*SURNAMES, *(name.lower() for name in SURNAMES), "1980-01-05", "1991-07-30"):
        assert planted.encode() not in written
        assert not [text for text in texts if planted in text]


def test_a_record_holds_of_every_field_the_first_value_that_is_known():
    """Row 1 has initials alone, row 2 no initials and a name of signs alone; row 3 comes too late but for the name."""
    rows = [("P4", "F9", None, "C.", None, None), ("P5", "F9", "-", None, "1991-07-30", "v")]
    accepted, names = delivered([*rows, ("P6", "F9", "Ozdemir", "D.", "1991-07-31", "m")])
    same = {"dataset": "meldingen", "delivery": "meldingen-1", "person": 7, "exact_person": 7, "names_person": True}
    rows = ibis.memtable([same | {"row": row} for row in (1, 2, 3)])
    one = catalog()
    assert one.chain.linkage is not None
    with memory_engine() as engine:
        found = records(engine, one, one.chain.linkage, accepted, names, rows).to_pyarrow().to_pylist()
    assert [{name: it[name] for name in ("dataset", "node", "rows", *PERSONAL)} for it in found] == [
        {"dataset": "meldingen", "node": 7, "rows": 3}
        | {"naam": "ozdemir", "letters": "c", "geboren": date(1991, 7, 30), "geslacht": "v"}
    ]


def test_two_keys_of_one_number_are_numbered_anew(world, tmp_path, monkeypatch):
    """At the first attempt all keys get one of three numbers, as two may by chance once in many million builds."""
    attempts = []

    def numbered(text, domain, attempt):
        attempts.append(attempt)
        return number_of(text, domain, attempt) % 3 if attempt == 0 else number_of(text, domain, attempt)

    monkeypatch.setattr("das_research.linkage.numbering.number_of", numbered)
    _, rows, _ = world
    assert build(tmp_path)[0] == rows
    assert set(attempts) == {0, 1}


def test_what_is_left_out_of_the_question_makes_no_pair(monkeypatch):
    """Visser is like nobody without a number. The pairs of all records are those of the others, and as likely."""
    one, told = catalog(), []
    monkeypatch.setitem(globals(), "BURGERS", [*BURGERS, ("F4", "Visser", "Q.", "1965-03-03", "v")])
    monkeypatch.setattr("das_research.linkage.likely.scored_pairs", lambda *of: told.append(of) or scored_pairs(*of))
    monkeypatch.setattr("das_research.linkage.chain.for_now", lambda engine: nullcontext([]))  # so that records stay
    with memory_engine() as engine, tempfile.TemporaryDirectory() as folder:
        link_chain(engine, KeyRegister(Path(folder), engine), one, *delivered())
        [(_, compared, linkage, model, _)] = told
        asked = in_question(engine, compared, linkage)
        found = [scored_pairs(engine, compared, linkage, model, 0.0)]
        monkeypatch.setattr("das_research.linkage.scoring.in_question", lambda engine, records, linkage: records)
        found.append(scored_pairs(engine, compared, linkage, model, 0.0))
        pairs, of_all = ({tuple(row.values()) for row in it.to_pyarrow().to_pylist()} for it in found)
        left_out = compared.anti_join(asked, "record").to_pyarrow().to_pylist()
    assert pairs == of_all != set()
    assert [(it["dataset"], it["letters"]) for it in left_out] == [("burgers", "q")]
