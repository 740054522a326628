"""The catalogue of a real chain, on a miniature of its files: every fault is found, counted, and nothing else is."""

from pathlib import Path

import cook_county_miniature as miniature
import pytest
from closed_files import open_file

from das_research.catalog import load_catalog
from das_research.catalog.models import Catalog
from das_research.home import Home
from das_research.intake.delivery import Delivery
from das_research.intake.gate import deliver


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(miniature.CATALOG)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("miniature") / "home")


@pytest.fixture(scope="module")
def expected(home: Home) -> dict[str, miniature.Expected]:
    return miniature.write(home.root.parent)


@pytest.fixture(scope="module")
def delivered(catalog: Catalog, home: Home, expected: dict[str, miniature.Expected]) -> dict[str, Delivery]:
    assert catalog.demo
    files = catalog.demo.source.files
    return {name: deliver(catalog, home, name, home.root.parent / file, "steward-demo") for name, file in files.items()}


@pytest.mark.parametrize("dataset", miniature.DATASETS)
def test_rows_participants_and_rules(
    dataset: str, delivered: dict[str, Delivery], expected: dict[str, miniature.Expected]
) -> None:
    found, planted = delivered[dataset], expected[dataset]
    assert (found.delivered, found.quarantined) == (planted.rows, planted.quarantined)
    assert found.accepted + found.quarantined == found.delivered
    assert (found.units.delivered, found.units.lost) == (planted.participants, planted.lost)
    assert {rule.rule: rule.rows for rule in found.rules} == planted.rules
    assert not found.synthetic


def test_the_planted_faults_of_intake_by_hand(delivered: dict[str, Delivery]) -> None:
    """The sums, without the fixture's own counting: 400 participants, of whom 1 has no key and 3 have no date."""
    found = delivered["intake"]
    assert (found.delivered, found.accepted, found.quarantined) == (400, 400 - 4, 1 + 2 + 1)
    assert (found.units.delivered, found.units.accepted, found.units.lost) == (400 - 1, 399 - 3, 3)
    lost = {rule.rule: rule.units for rule in found.rules if rule.effect == "quarantined"}
    assert lost == {"no-key:participant": 0, "no-moment:received_date": 3}


def test_the_first_date_that_is_known_is_the_moment(home: Home, delivered: dict[str, Delivery]) -> None:
    rows = _accepted(home, delivered["initiation"])
    without_event_date = [row for row in rows if row["event_date"] is None]
    assert len(without_event_date) == 3 + 1 + 2, "empty, 2109, and before the case was received"
    assert {str(row["moment"]) for row in without_event_date} == {"2019-11-20"}


def test_one_name_for_a_column_that_two_files_name_differently(home: Home, delivered: dict[str, Delivery]) -> None:
    for name in miniature.DATASETS:
        assert (
            "updated_offense_category"
            in open_file(home, _folder(home, delivered[name]) / "accepted.parquet").column_names
        )


def test_what_is_not_taken_is_nowhere(catalog: Catalog, home: Home, delivered: dict[str, Delivery]) -> None:
    for name, delivery in delivered.items():
        left_out = {it for it, variable in catalog.datasets[name].variables.items() if not variable.take}
        assert left_out
        for table in ("accepted", "quarantined"):
            rows = open_file(home, _folder(home, delivery) / f"{table}.parquet").to_pylist()
            assert rows
            assert not left_out.intersection(rows[0])
            assert miniature.NOT_TAKEN not in repr(rows)


def test_participants_join_across_the_files(home: Home, delivered: dict[str, Delivery]) -> None:
    known = {name: {row["participant"] for row in _accepted(home, delivery)} for name, delivery in delivered.items()}
    assert len(known["initiation"] & known["intake"]) > 200
    assert len(known["sentencing"] & known["dispositions"]) > 80
    assert all(len(pseudonym) == 64 for pseudonym in known["intake"])


def test_the_same_seed_gives_the_same_files(
    tmp_path: Path, home: Home, expected: dict[str, miniature.Expected]
) -> None:
    assert miniature.write(tmp_path) == expected
    for name in miniature.DATASETS:
        file = f"{name}.csv.gz"
        assert (tmp_path / file).read_bytes() == (home.root.parent / file).read_bytes()


def _folder(home: Home, delivery: Delivery) -> Path:
    return home.deliveries / delivery.id


def _accepted(home: Home, delivery: Delivery) -> list[dict]:
    return open_file(home, _folder(home, delivery) / "accepted.parquet").to_pylist()
