"""When a rule across tables refuses a build: what it says, and that all stays as it was."""

import pytest
from across_world import TOO_EARLY, UNKNOWN_REPORT, across_home, catalog, severity
from warehouse_world import built_home, deliver_text

from das_research.errors import BuildRefused
from das_research.intake.delivery import read_deliveries
from das_research.intake.dependencies import definition_hash
from das_research.warehouse.build import build
from das_research.warehouse.snapshot import list_snapshots, read_snapshot


def everything(home):
    return {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.fixture
def home(tmp_path):
    return across_home(tmp_path)


def id_of(home, dataset):
    [found] = [it.id for it in read_deliveries(home) if it.dataset == dataset]
    return found


def test_a_delivery_with_too_many_unknown_references_is_named_with_what_to_type(home):
    """1 of the 4 rows of zaken names a report that is not there: 25% is more than 20%."""
    standing = build(catalog(), home)
    before = everything(home)
    hard = catalog(zaken=[severity("unknown-reference", "reject", variable="pv", above=0.2)])
    with pytest.raises(BuildRefused) as refused:
        build(hard.model_copy(update={"hash": "d" * 64}), home)
    delivery = id_of(home, "zaken")
    assert refused.value.what == f"Too many rows break a rule across tables: {UNKNOWN_REPORT}."
    assert refused.value.why == (
        f"{delivery}: pv is not in meldingen.pv in 1 of 4 rows, where the catalogue tolerates 20.0% ({UNKNOWN_REPORT})."
    )
    assert refused.value.fix == (
        "Deliver what mends it: das deliver zaken FILE; das deliver meldingen FILE. "
        f"Or take back what is wrong: das delivery withdraw {delivery}"
    )
    assert refused.value.ask == (
        "the partners who delivered it (om, politie), or the data steward who maintains the severities"
    )
    assert read_snapshot(home) == standing
    assert everything(home) == before


def test_a_build_that_is_refused_for_its_references_gives_no_surrogate(home):
    with pytest.raises(BuildRefused, match="rule across tables"):
        build(catalog(zaken=[severity("unknown-reference", "reject")]), home)
    assert not home.register.exists()
    assert list_snapshots(home) == []


@pytest.mark.parametrize(("above", "refuses"), [(0.24, True), (0.25, False)])
def test_as_large_a_share_as_is_tolerated_is_tolerated(home, above, refuses):
    rule = catalog(zaken=[severity("unknown-reference", "reject", above=above)])
    if refuses:
        with pytest.raises(BuildRefused):
            build(rule, home)
    else:
        assert build(rule, home).marked["zaken"] == {UNKNOWN_REPORT: 1}, "what is tolerated is marked"


def test_only_the_rows_that_count_make_the_share(home):
    """Z4 comes again, with its report: the row without one is superseded and no row of it is left against the rule."""
    deliver_text(
        home,
        "zaken",
        "zaak,pv,persoon,geslacht,feit,instroom,beslissing,besluit\nZ4,P2,F5,man,310,2020-08-01,,\n",
        catalog(),
    )
    rule = catalog(zaken=[severity("unknown-reference", "reject")])
    assert "zaken" not in build(rule, home).marked


def test_events_in_the_wrong_order_refuse_a_build_and_the_snapshot_stands(home):
    """1 of the 4 rows of uitspraken came in before its case did: 25% is more than 10%."""
    standing = build(catalog(), home)
    hard = catalog(uitspraken=[severity("order-reversed", "reject", event="binnenkomst", above=0.1)])
    with pytest.raises(BuildRefused) as refused:
        build(hard.model_copy(update={"hash": "d" * 64}), home)
    delivery = id_of(home, "uitspraken")
    assert refused.value.why == (
        f"{delivery}: binnenkomst comes before instroom or registratie in 1 of 4 rows, where the catalogue tolerates "
        f"10.0% ({TOO_EARLY})."
    )
    assert refused.value.fix == (
        "Deliver what mends it: das deliver uitspraken FILE. "
        f"Or take back what is wrong: das delivery withdraw {delivery}"
    )
    assert read_snapshot(home) == standing
    assert list_snapshots(home) == [standing]
    assert not list(home.root.rglob(".staging-*"))


def test_no_value_of_a_row_is_in_a_refusal(home):
    both = catalog(
        zaken=[severity("unknown-reference", "reject")],
        uitspraken=[severity("unknown-reference", "reject"), severity("order-reversed", "reject")],
    )
    with pytest.raises(BuildRefused) as refused:
        build(both, home)
    for value in ("P9", "Z4", "Z9", "F5", "2020"):
        assert value not in str(refused.value).replace(id_of(home, "zaken"), "").replace(id_of(home, "uitspraken"), "")
    assert f"das delivery withdraw {id_of(home, 'uitspraken')}; das delivery withdraw" in refused.value.fix


def test_a_rule_of_another_event_says_nothing_of_this_one(home):
    rule = catalog(uitspraken=[severity("order-reversed", "reject", event="uitspraak")])
    assert build(rule, home).marked["uitspraken"][TOO_EARLY] == 1


def test_another_severity_of_a_rule_across_tables_asks_for_no_new_delivery():
    plain = definition_hash(catalog(), "uitspraken")
    across = [severity("unknown-reference", "quarantine"), severity("order-reversed", "reject", event="binnenkomst")]
    assert definition_hash(catalog(uitspraken=across), "uitspraken") == plain
    within = [*across, severity("unknown-code", "quarantine")]
    assert definition_hash(catalog(uitspraken=within), "uitspraken") != plain


def test_a_chain_without_rules_across_tables_says_so(tmp_path):
    snapshot = read_snapshot(built_home(tmp_path))
    assert (snapshot.references, snapshot.set_aside, snapshot.marked) == ({}, {}, {})
    assert snapshot.contradictions["orders"] == {}
