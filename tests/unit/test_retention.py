"""How long what was delivered is kept, what goes when it is due, and what a withdrawn delivery leaves."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from closed_files import open_file
from custody_world import ZAKEN, ZITTINGEN, agreed, catalog, custody_home, put, removal_list

from das_research.audit import AuditLog
from das_research.catalog.models import Catalog
from das_research.custody.erase import erase
from das_research.custody.retention import _years_after, destroy_due, terms
from das_research.custody.withdraw import withdraw
from das_research.errors import DasError, UsageError
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.intake.gate import check_file, deliver
from das_research.intake.report_refusal import in_dutch
from das_research.keys.data import data_keys
from das_research.processing_log import ProcessingLog
from das_research.warehouse.build import build
from das_research.warehouse.readiness import refuse_unready
from das_research.warehouse.snapshot import list_snapshots, read_snapshot


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return custody_home(tmp_path)


def received(home: Home) -> date:
    return datetime.fromisoformat(read_deliveries(home)[0].received).date()


def test_the_earliest_of_receipt_and_years_end_and_withdrawal_counts(home: Home) -> None:
    day = received(home)
    for changes, expires, why in [
        ({}, day.replace(year=day.year + 5), "5 years after receipt"),
        ({"end": "2027-03-31"}, date(2027, 4, 1), "agreement levering ended"),
        ({"withdrawn": "2026-11-01"}, date(2026, 11, 1), "agreement levering is withdrawn"),
    ]:
        found = {(it.expires, it.why) for it in terms(agreed(**changes), home) if it.what == "delivery"}
        assert found == {(expires, why)}
    quarantines = {it.expires for it in terms(agreed(), home) if it.what == "quarantine"}
    assert quarantines == {day + timedelta(days=90)}


def test_a_leap_day_has_its_term_on_the_first_of_march() -> None:
    assert _years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert _years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_what_no_agreement_names_is_shown_and_never_destroyed(home: Home) -> None:
    before = read_deliveries(home)
    assert {it.expires for it in terms(catalog(), home)} == {None}
    assert destroy_due(catalog(), home, "steward", date(2999, 1, 1)) == []
    assert read_deliveries(home) == before


def test_a_quarantine_goes_before_its_delivery_and_the_count_stays(home: Home) -> None:
    before = read_deliveries(home)
    destroy_due(agreed(), home, "steward", received(home) + timedelta(days=91))
    assert read_deliveries(home) == before
    assert not list(home.deliveries.glob("*/quarantined.parquet"))
    assert not [name for name in data_keys(home).names() if name.startswith("quarantine-")]
    assert {it.what for it in terms(agreed(), home)} == {"delivery"}
    assert len(list_snapshots(home)) == 1, "no snapshot holds quarantined rows"
    assert build(catalog(), home)


def test_a_withdrawn_delivery_is_gone_with_its_snapshots_and_may_come_again(home: Home) -> None:
    [delivery] = [it for it in read_deliveries(home) if it.dataset == "zittingen"]
    snapshot = read_snapshot(home)
    rows = open_file(home, home.deliveries / delivery.id / "accepted.parquet").num_rows
    withdraw(catalog(), home, delivery.id, "steward")
    assert delivery not in read_deliveries(home)
    assert not (home.deliveries / delivery.id).exists() and list_snapshots(home) == []
    assert not [name for name in data_keys(home).names() if delivery.id in name or snapshot.id in name]
    left = json.loads((home.deliveries / f"{delivery.id}.destroyed.json").read_text())
    assert (left["rows"], left["why"]) == (rows, "its partner withdrew it")
    assert AuditLog(home.audit_log).lines()[-1]["facts"]["delivery"] == delivery.id
    with pytest.raises(UsageError, match="no snapshot yet"):
        read_snapshot(home)
    build(catalog(), home)

    assert put(home, "zittingen", ZITTINGEN) == delivery.id
    assert not (home.deliveries / f"{delivery.id}.destroyed.json").exists()
    with pytest.raises(UsageError, match="There is no delivery zaken-000000000000"):
        withdraw(catalog(), home, "zaken-000000000000", "steward")


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_a_file_that_comes_again_after_its_destruction_is_told_in_both_logs_once(home: Home, how: str) -> None:
    [delivery] = [it for it in read_deliveries(home) if it.dataset == "zittingen"]
    before = told(home, delivery.id)
    if how == "withdrawn":
        withdraw(catalog(), home, delivery.id, "steward")
    else:
        destroy_due(agreed(), home, "steward", date(2999, 1, 1))
    assert put(home, "zittingen", ZITTINGEN) == delivery.id
    assert told(home, delivery.id) == (before[0] + 1, before[1] + 1)
    assert put(home, "zittingen", ZITTINGEN) == delivery.id
    assert told(home, delivery.id) == (before[0] + 1, before[1] + 1), "it stood already"


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({"withdrawn": "2026-01-01"}, "was withdrawn from 2026-01-01; it is 2026-02-01 now."),
        ({"end": "2025-12-31"}, "ended on 2025-12-31; it is 2026-02-01 now."),
        ({"begin": "2026-03-01"}, "begins on 2026-03-01; it is 2026-02-01 now."),
    ],
)
def test_nothing_is_taken_in_or_built_without_an_agreement_in_force(
    home: Home, tmp_path: Path, dates: dict[str, str], says: str
) -> None:
    today, path = date(2026, 2, 1), tmp_path / "zittingen.csv"
    path.write_text(ZITTINGEN + "Z2,F3,1987-09-01\n", encoding="utf-8")
    before = read_deliveries(home)
    gates: list[Callable[[Catalog], object]] = [
        lambda catalog: deliver(catalog, home, "zittingen", path, "steward", today=today),
        lambda catalog: check_file(catalog, "zittingen", path, today),
        lambda catalog: refuse_unready(catalog, before, today),
    ]
    for gate in gates:
        with pytest.raises(DasError) as refused:
            gate(agreed(**dates))
        assert refused.value.why == f"The agreement levering {says}"
        assert "agreements/levering.yaml" in refused.value.fix and refused.value.ask == "om"
    assert in_dutch(f"The agreement levering {says}")
    assert read_deliveries(home) == before
    newer = agreed().agreements["levering"].model_copy(update={"id": "nieuw"})
    renewed = agreed(**dates).model_copy(update={"agreements": agreed(**dates).agreements | {"nieuw": newer}})
    for gate in gates:
        gate(renewed)


def told(home: Home, delivery: str) -> tuple[int, int]:
    """How often each log tells that a delivery was taken in."""
    audit = [it for it in AuditLog(home.audit_log).lines() if it["act"] == "delivered"]
    intake = [it for it in ProcessingLog(home.processing_log).lines() if it["name"] == "intake"]
    made = [it["resource"]["attributes"]["das.made"] for it in intake]
    return [it["facts"]["delivery"] for it in audit].count(delivery), made.count(delivery)


def test_a_file_that_was_erased_from_stays_refused_after_the_delivery_is_gone(home: Home, tmp_path: Path) -> None:
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    for delivery in read_deliveries(home):
        if delivery.dataset == "zaken":
            withdraw(catalog(), home, delivery.id, "steward")
    with pytest.raises(DasError, match="rows of it were erased"):
        put(home, "zaken", ZAKEN)


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("first", ["plain", "gz", "zip"])
def test_a_file_that_was_erased_from_does_not_come_back_packed_in_another_way(
    home: Home, tmp_path: Path, first: str, gone: bool
) -> None:
    text = ZITTINGEN + "Z2,F3,1987-09-01\n"
    delivery = deliver(catalog(), home, "zittingen", packed(tmp_path, text, first), "steward")
    erase(catalog(), home, "om", "persoon", removal_list(tmp_path, "F3"), "steward")
    if gone:
        withdraw(catalog(), home, delivery.id, "steward")
    for other in ("plain", "gz", "zip"):
        with pytest.raises(DasError, match="was not taken in") as refused:
            deliver(catalog(), home, "zittingen", packed(tmp_path, text, other), "steward")
        assert "rows of it were erased" in refused.value.why
    new = deliver(catalog(), home, "zittingen", packed(tmp_path, text + "Z1,F1,2020-03-02\n", "gz"), "steward")
    assert new.accepted == 4


def packed(folder: Path, text: str, how: str) -> Path:
    path = folder / f"pak.csv{'' if how == 'plain' else f'.{how}'}"
    if how == "zip":
        with ZipFile(path, "w") as archive:
            archive.writestr("zittingen.csv", text)
    else:
        path.write_bytes(gzip.compress(text.encode()) if how == "gz" else text.encode())
    return path


def test_today_is_the_day_when_no_other_is_given(home: Home) -> None:
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    destroyed = destroy_due(agreed(withdrawn=yesterday), home, "steward")
    assert {it.what for it in destroyed} == {"delivery"}
    assert read_deliveries(home) == [] and list_snapshots(home) == []
