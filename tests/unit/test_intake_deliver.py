"""What gate 1 makes of a file: typed values, marks, quarantine, pseudonyms, counts, and the same file again."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import intake_world as world
import pandas as pd
import pytest
from closed_files import open_file

from das_research.audit import AuditLog
from das_research.catalog.models import Catalog, Severity
from das_research.home import Home
from das_research.intake import read
from das_research.intake.delivery import Delivery, RuleCount, Units, current_deliveries, read_deliveries
from das_research.intake.dependencies import definition_hash
from das_research.intake.gate import deliver
from das_research.keys.store import KeyStore


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def take_in(home: Home, *changes: dict[str, str], catalog: Catalog | None = None, name: str = "zaken.csv") -> Delivery:
    path = world.write(home.root.parent / name, world.rows(*changes))
    return deliver(catalog or world.catalog(), home, "zaken", path, "steward")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Delivery]:
    """A home in which one file was taken in: a good row, and one without a key. Tests only read it."""
    home = Home(tmp_path_factory.mktemp("standing") / "home")
    return home, take_in(home, {"dossier": "a-7/b 8"}, {"nummer": ""})


def test_values_are_typed_and_the_column_that_is_not_taken_is_gone(standing: tuple[Home, Delivery]) -> None:
    (row,) = world.stored(standing[0], standing[1].id)
    assert list(row) == ["row", *list(world.COLUMNS)[:-1], "moment", "marks"]
    assert {name: row[name] for name in list(row)[4:]} == {
        "volgnummer": 1,
        "instroom": date(2023, 1, 5),
        "beslisdatum": date(2023, 3, 14),
        "feit": "D",
        "bedrag": 12.5,
        "leeftijd": 34,
        "recidivist": True,
        "toelichting": "stil",
        "moment": date(2023, 1, 5),
        "marks": [],
    }
    assert row["row"] == 1


def test_a_pseudonym_is_the_hmac_of_the_normalised_identifier_under_the_key_of_its_domain(
    standing: tuple[Home, Delivery],
) -> None:
    home, delivery = standing
    (row,) = world.stored(home, delivery.id)
    keys = KeyStore(home.keys)
    expected = {
        "nummer": ("identifier-zaak", b"9912345678"),  # from 99-12345678
        "persoon": ("identifier-persoon", b"F000000001"),  # from f 000000001
        "dossier": ("identifier-dossier", b"78"),  # this domain keeps digits only
    }
    for name, (key, text) in expected.items():
        assert row[name] == hmac.new(keys.get_or_create(key), text, hashlib.sha256).hexdigest()
        assert row[name] != hashlib.sha256(text).hexdigest(), (
            "without the key nobody can make it from a list of numbers"
        )
    assert sorted(path.name for path in home.keys.iterdir()) == [
        "identifier-dossier.key",
        "identifier-persoon.key",
        "identifier-zaak.key",
    ]


LATE = "2024-12-31"  # a decision after every date of VALUES, so that each row keeps a moment
VALUES = [
    ("instroom", "2023-02-30", None, "not-a-date:instroom"),
    ("instroom", "5-1-2023", None, "not-a-date:instroom"),
    ("instroom", "2009-12-31", None, "out-of-range:instroom"),
    ("instroom", "2010-01-01", date(2010, 1, 1), None),
    ("instroom", "2024-12-31", date(2024, 12, 31), None),
    ("instroom", "2025-01-01", None, "out-of-range:instroom"),
    ("beslisdatum", "2023-01-04", None, "before:beslisdatum"),
    ("beslisdatum", "2023-01-05", date(2023, 1, 5), None),
    ("beslisdatum", "05-01-2023 00:01", date(2023, 1, 5), None),
    ("beslisdatum", "NULL", None, None),
    ("feit", "X", "X", "unknown-code:feit"),
    ("feit", "d", "d", "unknown-code:feit"),
    ("feit", "", None, None),
    ("bedrag", "0", 0.0, None),
    ("bedrag", " 1,5 ", 1.5, None),
    ("bedrag", "-0,01", None, "out-of-range:bedrag"),
    ("bedrag", "1.5", None, "not-a-number:bedrag"),
    ("bedrag", "1.000,00", None, "not-a-number:bedrag"),
    ("bedrag", "1e999", None, "not-a-number:bedrag"),
    ("bedrag", "nan", None, "not-a-number:bedrag"),
    ("leeftijd", "110", 110, None),
    ("leeftijd", "111", None, "out-of-range:leeftijd"),
    ("leeftijd", "34,0", 34, None),
    ("leeftijd", "34,5", None, "not-a-number:leeftijd"),
    ("leeftijd", "vijf", None, "not-a-number:leeftijd"),
    ("leeftijd", "99999999999999999999", None, "not-a-number:leeftijd"),
    ("recidivist", "Nee", False, None),
    ("recidivist", "1", True, None),
    ("recidivist", "misschien", None, "not-a-boolean:recidivist"),
    ("recidivist", "", None, None),
    ("toelichting", 'met "quotes"; en\nregels', 'met "quotes"; en\nregels', None),
]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """One delivery with a row for each of `VALUES`."""
    home = Home(tmp_path_factory.mktemp("values") / "home")
    delivery = take_in(home, *({"beslisdatum": LATE, variable: delivered} for variable, delivered, _, _ in VALUES))
    return world.stored(home, delivery.id)


@pytest.mark.parametrize("place", range(len(VALUES)), ids=[f"{case[0]} {case[1]!r}" for case in VALUES])
def test_an_impossible_value_is_nulled_and_the_row_marked(values: list[dict[str, Any]], place: int) -> None:
    variable, _, stored, mark = VALUES[place]
    row = values[place]
    assert row["row"] == place + 1
    assert row[variable] == stored
    assert row["marks"] == ([mark] if mark else [])


def test_a_date_is_compared_with_the_other_date_as_it_was_cleaned(home: Home) -> None:
    delivery = take_in(home, {"instroom": "2031-01-01", "beslisdatum": "2023-03-14"})
    (row,) = world.stored(home, delivery.id)
    assert (row["instroom"], row["beslisdatum"]) == (None, date(2023, 3, 14)), (
        "2031 is out of range, so nothing is before it"
    )
    assert row["marks"] == ["out-of-range:instroom"]
    assert row["moment"] == date(2023, 3, 14), "the first moment that is left"


def test_rows_without_key_or_moment_are_quarantined_as_delivered_with_pseudonyms(home: Home) -> None:
    delivery = take_in(
        home,
        {},
        {"nummer": "", "persoon": "F000000001", "dossier": "?"},  # the second key set needs both
        {"nummer": "--", "persoon": "F000000001", "dossier": "12"},  # complete by the second set
        {"nummer": "9912345679", "instroom": "05/01/2023", "beslisdatum": "NULL"},
        {"nummer": "", "persoon": "", "instroom": "", "beslisdatum": ""},  # no key comes before no moment
    )
    assert (delivery.delivered, delivery.accepted, delivery.quarantined) == (5, 2, 3)
    assert [row["row"] for row in world.stored(home, delivery.id)] == [1, 3]
    out = world.stored(home, delivery.id, "quarantined")
    assert list(out[0]) == ["row", "rule", *list(world.COLUMNS)[:-1]]
    assert [(row["row"], row["rule"]) for row in out] == [
        (2, "no-key:nummer"),
        (4, "no-moment:instroom"),
        (5, "no-key:nummer"),
    ]
    persoon = hmac.new(
        KeyStore(home.keys).get_or_create("identifier-persoon"), b"F000000001", hashlib.sha256
    ).hexdigest()
    assert out[0]["persoon"] == persoon
    assert (out[1]["instroom"], out[1]["beslisdatum"], out[1]["bedrag"]) == ("05/01/2023", "NULL", "12,50")


def test_counts_by_rule_in_rows_and_cases(home: Home) -> None:
    one, two, three = "9900000001", "9900000002", "9900000003"
    delivery = take_in(
        home,
        {"nummer": one, "leeftijd": "200"},
        {"nummer": one, "leeftijd": "300", "feit": "X"},
        {"nummer": two, "instroom": "", "beslisdatum": ""},  # this row is lost, the case is not: row 4
        {"nummer": two},
        {"nummer": three, "instroom": "1999-01-01", "beslisdatum": ""},  # out of range, so no moment, so lost
        {"nummer": three, "instroom": "", "beslisdatum": "", "feit": "Y"},  # lost too; its code still is unknown
        {"nummer": "", "leeftijd": "9"},  # no key: a row, no case
    )
    assert delivery.units == Units(delivered=3, accepted=2, lost=1)
    assert delivery.rules == (
        RuleCount("no-key:nummer", "nummer", "quarantined", rows=1, units=0),
        RuleCount("no-moment:instroom", "instroom", "quarantined", rows=3, units=1),
        RuleCount("unknown-code:feit", "feit", "marked", rows=2, units=2),
        RuleCount("out-of-range:instroom", "instroom", "nulled", rows=1, units=1),
        RuleCount("out-of-range:leeftijd", "leeftijd", "nulled", rows=3, units=1),
    )


OF_ITS_OWN = {"nummer": "9900000002"}
LOST = {"nummer": "9900000003", "instroom": "", "beslisdatum": ""}


@pytest.mark.parametrize(
    ("fields", "second"),
    [
        ({}, OF_ITS_OWN),  # a second row of the number would refuse the file
        ({"severities": [{"check": "not-unique", "then": "mark"}]}, {"nummer": "9900000001"}),
        ({"unique": ["nummer", "volgnummer"]}, {"nummer": "9900000001"}),
    ],
    ids=["one row a case", "a second row is marked", "a case may have several rows"],
)
def test_cases_are_counted_once_however_many_rows_they_may_have(
    home: Home, fields: dict[str, Any], second: dict[str, str]
) -> None:
    catalog = world.catalog(**{"case_keys": [["nummer"]], "unique": ["nummer"]} | fields)
    delivery = take_in(home, {"nummer": "9900000001"}, second, LOST, {"nummer": ""}, catalog=catalog)
    accepted = 2 if second is OF_ITS_OWN else 1
    assert delivery.units == Units(delivered=accepted + 1, accepted=accepted, lost=1)


def test_the_manifest_says_what_the_delivery_says(standing: tuple[Home, Delivery]) -> None:
    home, delivery = standing
    document = json.loads((home.deliveries / delivery.id / "delivery.json").read_text())
    assert set(document) == {
        "id", "dataset", "partner", "file_sha256", "definition_hash", "synthetic", "delivered", "accepted",
        "quarantined", "units", "rules", "received", "account", "columns", "years", "period", "supersedes",
        "changes", "identifiers", "erased", "erasure", "content_sha256",
    }  # fmt: skip
    assert document["rules"] == [
        {"rule": "no-key:nummer", "variable": "nummer", "effect": "quarantined", "rows": 1, "units": 0}
    ]
    assert document["file_sha256"] == hashlib.sha256((home.root.parent / "zaken.csv").read_bytes()).hexdigest()
    assert sorted(path.name for path in (home.deliveries / delivery.id).iterdir()) == [
        "accepted.parquet",
        "delivery.json",
        "quarantined.parquet",
    ]
    assert read_deliveries(home) == [delivery]


def test_the_same_file_again_does_nothing(standing: tuple[Home, Delivery]) -> None:
    home, first = standing
    before = world.listing(home.root)
    again = take_in(home, {"dossier": "a-7/b 8"}, {"nummer": ""}, name="under-another-name.csv")
    assert again == replace(first, already_delivered=True)
    assert not first.already_delivered
    assert world.listing(home.root) == before


def test_same_file_same_rows_in_another_home_with_the_same_keys(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    path = world.write(tmp_path / "zaken.csv.gz", world.rows(*[{}, {"feit": "X"}, {"nummer": ""}] * 20))
    first = deliver(world.catalog(), one, "zaken", path, "steward")
    for key in one.keys.iterdir():
        two.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        (two.keys / key.name).touch(mode=0o600)
        (two.keys / key.name).write_bytes(key.read_bytes())
    second = deliver(world.catalog(), two, "zaken", path, "steward")
    assert first.id == second.id
    for name in ("accepted.parquet", "quarantined.parquet"):
        tables = [open_file(it, it.deliveries / first.id / name) for it in (one, two)]
        assert tables[0].equals(tables[1])
        assert (one.deliveries / first.id / name).read_bytes() != (two.deliveries / first.id / name).read_bytes()


def test_each_delivery_is_one_line_in_the_audit_log(standing: tuple[Home, Delivery]) -> None:
    home, delivery = standing
    (line,) = AuditLog(home.audit_log).lines()
    assert (line["gate"], line["act"], line["account"]) == ("intake", "delivered", "steward")
    assert line["facts"] == {
        "delivery": delivery.id,
        "dataset": "zaken",
        "partners": ["om"],
        "delivered": 2,
        "accepted": 1,
        "quarantined": 1,
        "synthetic": True,
    }


def test_fictitious_when_every_identifier_is_and_real_when_none_is(home: Home) -> None:
    real = {"nummer": "0512345678", "persoon": "1234"}
    assert take_in(home, {}, {"nummer": "", "persoon": "F000000001", "dossier": "1"}).synthetic
    assert not take_in(home, real, real, name="real.csv").synthetic


def test_a_number_of_another_form_than_its_domain_has_is_marked_and_stays_one(tmp_path: Path) -> None:
    # 1x9 + 1x8 + 1x7 + 2x6 + 2x5 + 2x4 + 3x3 + 3x2 - 3 = 66 = 6 x 11; with a 4 at the end it is 65
    form, none = ["not-the-form:dossier"], ["no-number:dossier"]
    real = {"111222333": [], "111222334": form, "1112.22.333": [], "11122233": form, "": []}
    real |= {"??": none, "000000000": none, "onbekend": none}
    content = world.catalog().model_dump()
    for domain in content["chain"]["identifiers"]:
        domain["synthetic"] = None
    list(content["chain"]["identifiers"])[2] |= {"form": "[0-9]{9}", "eleven_proof": True, "synthetic": "^9[0-9]{8}$"}
    for numbers in (real, {"912345678": []}):
        home = Home(tmp_path / str(len(numbers)) / "home")
        home.root.parent.mkdir()
        changes = [{"dossier": it} for it in numbers]
        delivery = take_in(home, *changes, catalog=Catalog.model_validate(content))
        assert [row["marks"] for row in world.stored(home, delivery.id)] == list(numbers.values())


def test_a_new_definition_supersedes_the_delivery_of_the_same_file(home: Home) -> None:
    old, new = world.catalog(), world.catalog(moment=["beslisdatum"])
    first = take_in(home, {}, catalog=old)
    other = take_in(home, {}, {}, catalog=old, name="other.csv")
    assert current_deliveries(home, new) == [first, other], "nothing better is there yet"
    second = take_in(home, {}, catalog=new)
    assert second.id != first.id
    assert second.file_sha256 == first.file_sha256
    assert current_deliveries(home, new) == [other, second]
    assert current_deliveries(home, old) == [first, other], "back to the old catalogue"
    assert read_deliveries(home) == sorted([first, second, other], key=lambda it: it.id)


def test_deliveries_of_datasets_the_catalogue_does_not_know_do_not_count(standing: tuple[Home, Delivery]) -> None:
    home, delivery = standing
    assert current_deliveries(home, world.catalog()) == [delivery]
    assert current_deliveries(home, world.catalog().model_copy(update={"datasets": {}})) == []


def test_a_home_without_deliveries_has_none(home: Home) -> None:
    assert read_deliveries(home) == []
    assert current_deliveries(home, world.catalog()) == []


def test_the_definition_is_what_decides_the_outcome_not_its_texts() -> None:
    plain = definition_hash(world.catalog(), "zaken")
    assert definition_hash(world.catalog(title=world.text("anders"), events=[]), "zaken") == plain
    variables = world.variables()
    variables["leeftijd"]["range"] = {"min": 12}
    assert definition_hash(world.catalog(variables=variables), "zaken") != plain
    assert definition_hash(world.catalog(file={"delimiter": ","}), "zaken") != plain
    known = world.catalog().model_dump()
    known["classifications"]["feiten"]["correspondences"][0]["codes"]["O"] = "diefstal"
    assert definition_hash(Catalog.model_validate(known), "zaken") == plain, "codes are judged anew at every build"
    kept = world.catalog().model_dump()
    kept["chain"]["identifiers"][0]["keep"] = "0-9"
    assert definition_hash(Catalog.model_validate(kept), "zaken") != plain


def test_a_partner_without_correspondence_delivers_unified_codes(home: Home) -> None:
    document = world.catalog().model_dump()
    document["classifications"]["feiten"]["correspondences"] = []
    delivery = take_in(home, {"feit": "geweld"}, {"feit": "D"}, catalog=Catalog.model_validate(document))
    assert [row["marks"] for row in world.stored(home, delivery.id)] == [[], ["unknown-code:feit"]]


@pytest.mark.parametrize("name", ["zaken.csv", "zaken.csv.gz"])
def test_windows_1252_and_gzip(home: Home, tmp_path: Path, name: str) -> None:
    rows = world.rows({"toelichting": "café € “één”"})
    path = world.write(tmp_path / name, rows, "cp1252")
    delivery = deliver(world.catalog(file={"encoding": "windows-1252"}), home, "zaken", path, "steward")
    assert world.stored(home, delivery.id)[0]["toelichting"] == "café € “één”"


def test_a_byte_order_mark_a_free_order_of_columns_and_carriage_returns(home: Home, tmp_path: Path) -> None:
    lines = [line.split(";")[::-1] for line in world.table(world.rows({}, {"feit": "G"})).splitlines()]
    path = tmp_path / "zaken.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(";".join(line) for line in lines).encode())
    delivery = deliver(world.catalog(), home, "zaken", path, "steward")
    assert [(row["row"], row["feit"]) for row in world.stored(home, delivery.id)] == [(1, "D"), (2, "G")]


def test_parquet_is_read_as_csv_is(home: Home, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "ZAAKNR": [9900000001, 9900000002, 9900000003],
            "PERSOON_NR": ["F000000001", None, None],
            "DOSSIER": [None, None, None],
            "volgnummer": [1, 2, 3],
            "INSTROOM_DT": [date(2023, 1, 5), date(1999, 1, 1), None],
            "beslisdatum": ["2023-03-14", None, None],
            "feit": pd.Categorical(["D", "X", "G"]),
            "bedrag": [12.5, -1.0, None],
            "leeftijd": [34.0, None, 111.0],
            "recidivist": [True, False, None],
            "toelichting": ["a", "b", "c"],
            "naam": ["Jansen", "Pietersen", "Smit"],
        }
    )
    frame.to_parquet(tmp_path / "zaken.parquet", row_group_size=2)
    parquet = world.catalog(file={"format": "parquet"})
    delivery = deliver(parquet, home, "zaken", tmp_path / "zaken.parquet", "steward")
    (row,) = world.stored(home, delivery.id)
    assert (row["instroom"], row["bedrag"], row["leeftijd"], row["recidivist"]) == (date(2023, 1, 5), 12.5, 34, True)
    assert row["nummer"] == hmac.new(
        KeyStore(home.keys).get_or_create("identifier-zaak"), b"9900000001", hashlib.sha256
    ).hexdigest()  # fmt: skip
    assert [(rule.rule, rule.rows) for rule in delivery.rules] == [
        ("no-moment:instroom", 2),
        ("unknown-code:feit", 1),
        ("out-of-range:instroom", 1),
        ("out-of-range:bedrag", 1),
        ("out-of-range:leeftijd", 1),
    ]
    assert [row["row"] for row in world.stored(home, delivery.id, "quarantined")] == [2, 3]


def with_more_codes(catalog: Catalog, number: int) -> Catalog:
    """The catalogue in which so many more spellings lead to one code."""
    feiten = catalog.classifications["feiten"]
    (spelled,) = feiten.correspondences
    more = spelled.codes | {f"C{place}": "diefstal" for place in range(number)}
    feiten = feiten.model_copy(update={"correspondences": (spelled.model_copy(update={"codes": more}),)})
    return catalog.model_copy(update={"classifications": {"feiten": feiten}})


@pytest.mark.parametrize(
    ("codes", "dataset"),
    [
        (90, {}),
        (0, {"severities": [{"check": "not-unique", "variable": None, "then": "mark"}], "unique": ["persoon"]}),
    ],
    ids=["many codes", "keys that may come twice"],
)
def test_stored_rows_stand_in_the_order_of_the_file(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: int, dataset: dict[str, Any]
) -> None:
    """Read in many blocks by two threads: 8000 rows, of which every seventh has an unknown code and is kept out."""
    monkeypatch.setattr(read, "LONGEST", 1 << 15)
    catalog = with_more_codes(world.catalog(**dataset), codes)
    severities = [*catalog.datasets["zaken"].severities, Severity(check="unknown-code", then="quarantine")]
    zaken = catalog.datasets["zaken"].model_copy(update={"severities": tuple(severities)})
    catalog = catalog.model_copy(update={"datasets": {"zaken": zaken}})
    rows = world.rows(*({"feit": "X" if place % 7 == 0 else "D"} for place in range(1, 8001)))
    delivery = deliver(catalog, home, "zaken", world.write(tmp_path / "zaken.csv", rows), "steward")
    expected: dict[str, list[int]] = {"accepted": [], "quarantined": []}
    for place in range(1, 8001):
        expected["quarantined" if place % 7 == 0 else "accepted"].append(place)
    for name, places in expected.items():
        file = home.deliveries / delivery.id / f"{name}.parquet"
        assert open_file(home, file).column("row").to_pylist() == places
