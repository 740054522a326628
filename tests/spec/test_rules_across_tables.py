"""What a build says of rows that name what is nowhere, or come too early, followed by hand: see `across_world`."""

import pytest
from across_world import (
    DELIVERED,
    TOO_EARLY,
    UNKNOWN_CASE,
    UNKNOWN_REPORT,
    across_home,
    catalog,
    severity,
)
from typer.testing import CliRunner
from warehouse_world import deliver_text, read_table

from das_research.cli import app
from das_research.warehouse.build import build

KEEP_OUT = severity("unknown-reference", "quarantine")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    home = across_home(tmp_path_factory.mktemp("marked"))
    return home, build(catalog(), home)


@pytest.fixture(scope="module")
def kept_out(tmp_path_factory):
    """Rows without their report are kept out, and `zaken` was corrected: Z2 once more, and Z5 of an unknown report."""
    home = across_home(tmp_path_factory.mktemp("kept-out"))
    header = DELIVERED["zaken"].splitlines()[0]
    again = "Z2,P2,F3,man,287,2020-03-10,SEP,2020-03-21\nZ5,P8,F6,man,310,2020-08-01,,\n"
    deliver_text(home, "zaken", f"{header}\n{again}", catalog())
    return home, build(catalog(zaken=[KEEP_OUT]), home)


def marks(home, snapshot, dataset):
    return [row["marks"] for row in sorted(read_table(home, snapshot, dataset), key=lambda row: row["row"])]


def test_a_row_that_names_what_is_nowhere_stays_and_is_marked(marked):
    """zaken: Z1, Z2 and Z4 name a report, 2 of 3 are there. uitspraken: Z1 twice and Z4 of 4 are in zaken."""
    home, snapshot = marked
    assert snapshot.references == {
        "uitspraken.zaak -> zaken.zaak": {"rows": 4, "known": 3},
        "verblijven.zaak -> zaken.zaak": {"rows": 1, "known": 1},
        "zaken.pv -> meldingen.pv": {"rows": 3, "known": 2},
    }
    assert marks(home, snapshot, "zaken") == [[], [], [], [UNKNOWN_REPORT]]
    assert marks(home, snapshot, "meldingen")[3] == ["unknown-code:delict"], "the marks of gate 1 stay"
    assert snapshot.set_aside == {}


def test_the_row_that_came_too_early_is_marked_and_no_other_of_its_case(marked):
    """Case Z1 came in at the prosecution on 10 February, its report on 5 January: the court's 31 January lies before
    the first alone. Of 2 cases with both (Z1, Z4) 1 is reversed; of the cases with a report and a court 0 of 1."""
    home, snapshot = marked
    assert snapshot.contradictions["orders"] == {
        "instroom -> binnenkomst": {"cases": 2, "reversed": 1},
        "registratie -> binnenkomst": {"cases": 1, "reversed": 0},
        "beslissing -> uitspraak": {"cases": 1, "reversed": 0},
    }
    assert marks(home, snapshot, "uitspraken") == [[], [TOO_EARLY], [], [UNKNOWN_CASE]]
    assert snapshot.marked == {"uitspraken": {UNKNOWN_CASE: 1, TOO_EARLY: 1}, "zaken": {UNKNOWN_REPORT: 1}}


def test_a_row_that_is_kept_out_is_in_no_table_and_is_counted(kept_out):
    """Z4 and Z5 name P9 and P8. Without them zaken has Z1, Z3 and the corrected Z2."""
    home, snapshot = kept_out
    assert snapshot.set_aside == {"zaken": {UNKNOWN_REPORT: 2}}
    assert snapshot.tables["zaken"] == 3 == len(read_table(home, snapshot, "zaken"))
    told = [row["event"] for row in read_table(home, snapshot, "events") if row["moment"].isoformat() == "2020-08-01"]
    assert told == ["einde"], "no case came in on the day on which Z4 and Z5 did"
    assert "zaken" not in snapshot.marked


def test_what_refers_to_a_row_that_is_kept_out_is_no_worse_for_it(kept_out):
    """The court's Z4 names a row that was accepted, though it is kept out itself: 3 of 4 are known as before."""
    home, snapshot = kept_out
    assert snapshot.references["uitspraken.zaak -> zaken.zaak"] == {"rows": 4, "known": 3}
    assert marks(home, snapshot, "uitspraken")[2] == []


@pytest.mark.parametrize("world", ["marked", "kept_out"])
def test_every_accepted_row_is_in_the_snapshot_or_accounted_for(world, request):
    """Of the two deliveries of zaken: 4 = 1 superseded (Z2) + 1 set aside (Z4) + 2; and 2 = 0 + 1 (Z5) + 1."""
    home, snapshot = request.getfixturevalue(world)
    assert set(snapshot.rows) == set(snapshot.deliveries)
    stored: dict[str, int] = {}
    for dataset in DELIVERED:
        for row in read_table(home, snapshot, dataset):
            stored[row["delivery"]] = stored.get(row["delivery"], 0) + 1
    for delivery, it in snapshot.rows.items():
        assert it["accepted"] == it["superseded"] + it["set_aside"] + it["in_snapshot"]
        assert it["in_snapshot"] == stored[delivery]
    for dataset in DELIVERED:
        own = [it for delivery, it in snapshot.rows.items() if delivery.startswith(f"{dataset}-")]
        assert sum(it["set_aside"] for it in own) == sum(snapshot.set_aside.get(dataset, {}).values())
        assert sum(it["in_snapshot"] for it in own) == snapshot.tables[dataset]
    if world == "kept_out":
        found = sorted(tuple(it.values()) for id, it in snapshot.rows.items() if id.startswith("zaken-"))
        assert found == [(2, 0, 1, 1), (4, 1, 1, 2)]


def test_a_row_against_two_rules_is_kept_out_once_and_by_the_first(tmp_path):
    """pv stands before persoon in zaken, so Z4 is counted under pv; F4, who came by himself, under persoon."""
    home = across_home(tmp_path)
    of_persons = catalog(zaken=[KEEP_OUT]).model_dump()
    of_persons["datasets"]["zaken"]["variables"]["persoon"]["references"] = "meldingen.persoon"
    of_persons = type(catalog()).model_validate(of_persons)
    deliver_text(home, "zaken", DELIVERED["zaken"], of_persons)
    snapshot = build(of_persons, home)
    assert snapshot.references["zaken.persoon -> meldingen.persoon"] == {"rows": 4, "known": 2}
    assert snapshot.set_aside == {"zaken": {UNKNOWN_REPORT: 1, "unknown-reference:persoon": 1}}
    assert snapshot.tables["zaken"] == 2


def test_a_mark_goes_when_the_other_dataset_tells_and_a_row_that_was_kept_out_comes_back(tmp_path):
    home = across_home(tmp_path)
    rule = catalog(zaken=[KEEP_OUT])
    before = build(rule, home)
    deliver_text(home, "meldingen", DELIVERED["meldingen"].splitlines()[0] + "\nP9,F5,M,10,2020-07-01,insturen\n", rule)
    after = build(rule, home)
    assert (before.tables["zaken"], after.tables["zaken"]) == (3, 4)
    assert (before.set_aside, after.set_aside) == ({"zaken": {UNKNOWN_REPORT: 1}}, {})
    softer = build(catalog().model_copy(update={"hash": "d" * 64}), home)
    assert marks(home, softer, "zaken") == [[], [], [], []]


def test_what_was_not_delivered_can_not_be_asked(tmp_path):
    """Without verblijven nothing is known of what it names, nor of what names it."""
    home = across_home(tmp_path, "verblijven")
    snapshot = build(catalog(), home)
    assert set(snapshot.references) == {"uitspraken.zaak -> zaken.zaak", "zaken.pv -> meldingen.pv"}
    turned = catalog().model_dump()
    turned["datasets"]["uitspraken"]["variables"]["zaak"]["references"] = "verblijven.zaak"
    turned = type(catalog()).model_validate(turned)
    deliver_text(home, "uitspraken", DELIVERED["uitspraken"], turned)
    assert set(build(turned, home).references) == {"zaken.pv -> meldingen.pv"}


def test_a_build_and_its_snapshot_tell_what_was_kept_out(kept_out, monkeypatch):
    home, snapshot = kept_out
    monkeypatch.setattr("das_research.commands.context.State.catalog", lambda _: catalog(zaken=[KEEP_OUT]))
    built = CliRunner().invoke(app, ["--home", str(home.root), "build"])
    assert f"Left out of zaken: 2 by {UNKNOWN_REPORT}." in built.output
    shown = CliRunner().invoke(app, ["--home", str(home.root), "snapshot", "show", snapshot.id])
    lines = [line.split() for line in shown.output.splitlines()]
    assert ["zaken", UNKNOWN_REPORT, "2", "set", "aside"] in lines
    assert ["uitspraken", UNKNOWN_CASE, "1", "marked"] in lines
    assert [line[1:] for line in lines if line[0].startswith("zaken-") and line[1] == "4"] == [["4", "1", "1", "2"]]
