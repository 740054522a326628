"""What gate 1 says of files that offices broke: the verdict and every count, written by hand in `broken_deliveries`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import intake_world as world
import pytest
from broken_deliveries import BROKEN, DEMANDING, HARD, KEPT_OUT, MARKERS, VALUES, Faulty, TakenIn, together

from das_research.errors import DeliveryRefused
from das_research.home import Home
from das_research.intake.delivery import Delivery
from das_research.intake.gate import check_file, deliver
from das_research.intake.report import write_report
from das_research.intake.report_refusal import in_dutch

OUT = ", where that keeps a row out"
# both go through one `judging`; a verdict of every kind: by the file, its rows, its keys, its shares, or taken in
AT_THE_DESK = (
    "there is nothing in it",
    "a delimiter within a value has no quotes",
    "two files were glued together, with both headers",
    "a key occurs twice",
    "one code more is unknown than tolerated",
    "values stand between single quotes",
    "its workbook has cells that are dates and numbers",
)
ROWS: dict[str, Faulty] = VALUES | {f"{fault}{OUT}": row for fault, row in KEPT_OUT.items()}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_delivery_gets_its_verdict(fault: str, tmp_path: Path) -> None:
    broken, home = BROKEN[fault], Home(tmp_path / "home")
    catalog = world.catalog(file=broken.layout, **broken.dataset)
    path = tmp_path / broken.name
    path.write_bytes(broken.data)
    delivered = outcome(lambda: deliver(catalog, home, "zaken", path, "steward"))

    pages = write_report(tmp_path / "reports", catalog, "zaken", delivered, path.name, [])
    told = "".join(page.read_text(encoding="utf-8") for page in pages)
    if isinstance(broken.verdict, TakenIn):
        assert isinstance(delivered, Delivery), str(delivered)
        assert_stored(home, delivered, broken.verdict)
        told += delivered.to_json()
    else:
        assert isinstance(delivered, DeliveryRefused), delivered
        assert broken.verdict.says in delivered.why, delivered.why
        assert delivered.fix and delivered.ask
        assert in_dutch(delivered.why), "the report says it in Dutch"
        assert not any(path.is_file() for path in home.root.rglob("*"))
        told += str(delivered)
    assert [marker for marker in MARKERS if marker in told] == []


@pytest.mark.parametrize("fault", AT_THE_DESK)
def test_a_partner_gets_the_same_verdict_at_its_own_desk(fault: str, tmp_path: Path) -> None:
    broken, home = BROKEN[fault], Home(tmp_path / "home")
    catalog = world.catalog(file=broken.layout, **broken.dataset)
    path = tmp_path / broken.name
    path.write_bytes(broken.data)
    checked = outcome(lambda: check_file(catalog, "zaken", path))
    assert list(tmp_path.iterdir()) == [path]
    delivered = outcome(lambda: deliver(catalog, home, "zaken", path, "steward"))
    if isinstance(broken.verdict, TakenIn):
        assert isinstance(checked, Delivery) and isinstance(delivered, Delivery)
        assert as_checked(delivered) == as_checked(checked)
    else:
        assert isinstance(checked, DeliveryRefused) and str(checked) == str(delivered)


@pytest.fixture(scope="module")
def faulty_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[tuple[str, ...], str]]:
    """Of every faulty row its marks, where it stays, and the rule that keeps it out, where it doesn't."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for faults, dataset in ((VALUES, DEMANDING), (KEPT_OUT, DEMANDING | HARD)):
        folder = tmp_path_factory.mktemp("faulty")
        (folder / "zaken.csv").write_bytes(together(faults).data)
        home = Home(folder / "home")
        delivery = deliver(world.catalog(**dataset), home, "zaken", folder / "zaken.csv", "steward")
        rows = {row["row"]: (tuple(row["marks"]), "") for row in world.stored(home, delivery.id)}
        rows |= {row["row"]: ((), row["rule"]) for row in world.stored(home, delivery.id, "quarantined")}
        found |= {f"{fault}{OUT * (faults is KEPT_OUT)}": rows[row] for row, fault in enumerate(faults, 1)}
    return found


@pytest.mark.parametrize("fault", ROWS)
def test_a_faulty_row_is_marked_or_kept_out_by_its_own_rule_alone(
    fault: str, faulty_rows: dict[str, tuple[tuple[str, ...], str]]
) -> None:
    expected = ROWS[fault]
    assert faulty_rows[fault] == (() if expected.out else expected.marks, expected.out)


def outcome(act: Callable[[], Delivery]) -> Delivery | DeliveryRefused:
    try:
        return act()
    except DeliveryRefused as refusal:
        return refusal


def as_checked(delivery: Delivery) -> Delivery:
    """As the same file would be described at the partner's desk, but for the moment and the keys."""
    return replace(delivery, account="", received="", identifiers={})


def assert_stored(home: Home, delivery: Delivery, verdict: TakenIn) -> None:
    assert (delivery.delivered, delivery.accepted, delivery.quarantined) == (
        verdict.rows,
        verdict.rows - len(verdict.out),
        len(verdict.out),
    )
    assert {rule.rule: (rule.effect, rule.rows, rule.units) for rule in delivery.rules} == verdict.rules
    assert (delivery.units.delivered, delivery.units.accepted, delivery.units.lost) == verdict.units
    accepted = {row["row"]: row for row in world.stored(home, delivery.id)}
    out = {row["row"]: row["rule"] for row in world.stored(home, delivery.id, "quarantined")}
    assert sorted([*accepted, *out]) == list(range(1, verdict.rows + 1))
    assert out == verdict.out
    assert {(row, name): accepted[row][name] for row, name in verdict.values} == verdict.values
    marks = [mark for row in accepted.values() for mark in row["marks"]]
    assert set(marks) <= set(verdict.rules)
