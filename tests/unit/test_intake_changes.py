"""What a delivery changes of the rows that counted before it; a dictionary by key is the oracle."""

from pathlib import Path

import intake_world as world
import pytest

from das_research.errors import DeliveryRefused
from das_research.home import Home
from das_research.intake.delivery import Changes, Delivery, current_deliveries
from das_research.intake.gate import deliver
from das_research.intake.report import write_report

Amounts = dict[int, str]  # number of the row, which is its key, to its amount


def deliver_amounts(home: Home, amounts: Amounts, period: tuple[str, str] | None = None) -> Delivery:
    rows = [world.GOOD | {"volgnummer": str(key), "bedrag": amount} for key, amount in amounts.items()]
    path = world.write(home.root.parent / "zaken.csv", rows)
    return deliver(world.catalog(), home, "zaken", path, "steward", period)


def by_hand(standing: Amounts, new: Amounts, whole: bool = False) -> Changes:
    """Against the rows that count: those of a superseded period all, the others as far as their key comes back."""
    old = standing if whole else {key: amount for key, amount in standing.items() if key in new}
    changed = sum(old[key] != amount for key, amount in new.items() if key in old)
    added, removed = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    columns = {"bedrag": changed} if changed else {}
    return Changes(added, removed, changed, len(new.keys() & old.keys()) - changed, columns)


def test_a_key_that_came_before_more_than_once_is_compared_with_its_latest_row(tmp_path: Path) -> None:
    home, standing = Home(tmp_path / "home"), {}
    first, second = {1: "10,00", 2: "20,00", 3: "30,00"}, {2: "21,00", 3: "30,00", 4: "40,00"}
    third = {2: "22,00", 3: "30,00"}
    assert deliver_amounts(home, first).changes is None
    for amounts in (second, third):
        standing = first if amounts is second else first | second
        assert deliver_amounts(home, amounts).changes == by_hand(standing, amounts)
    assert by_hand(first | second, third) == Changes(0, 0, 1, 1, {"bedrag": 1})


def test_what_only_mends_says_so_after_several_deliveries_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for amount in ("10,00", "11,00"):
        deliver_amounts(home, dict.fromkeys(range(1, 5), amount))
    mended = deliver_amounts(home, {2: "12,00"})
    assert mended.corrects and not deliver_amounts(home, {2: "13,00", 9: "90,00"}).corrects


def test_a_file_that_leaves_out_much_of_what_it_replaces_is_told(tmp_path: Path) -> None:
    home, year = Home(tmp_path / "home"), ("2023-01-01", "2023-12-31")
    deliver_amounts(home, dict.fromkeys(range(1, 11), "10,00"), year)
    most = deliver_amounts(home, dict.fromkeys(range(1, 9), "10,00"), year)
    assert most.fewer == world.catalog().datasets["zaken"].fewer == 0.2, "2 of 10 rows: at the bound, not above"
    half = deliver_amounts(home, dict.fromkeys(range(1, 5), "11,00"), year)
    assert half.fewer == 0.5, "4 of 8"
    assert deliver_amounts(home, dict.fromkeys(range(3, 7), "12,00"), year).fewer == 0, "other rows, and as many"
    pages = write_report(tmp_path, world.catalog(), "zaken", half, "", [])
    assert "Beware: 50.0% of the rows that stood there is gone." in pages[1].read_text(encoding="utf-8")
    pages = write_report(tmp_path, world.catalog(), "zaken", most, "", [])
    assert "Beware" not in pages[1].read_text(encoding="utf-8")


def test_a_file_of_which_nothing_is_accepted_replaces_nothing(tmp_path: Path) -> None:
    home, year = Home(tmp_path / "home"), ("2023-01-01", "2023-12-31")
    good = deliver_amounts(home, {1: "10,00", 2: "20,00"}, year)
    path = world.write(tmp_path / "leeg.csv", world.rows({"nummer": ""}, {"nummer": "NULL"}))
    before = world.listing(home.root)
    with pytest.raises(DeliveryRefused, match="None of its 2 rows can be used: no-key:nummer holds in 2"):
        deliver(world.catalog(), home, "zaken", path, "steward", year)
    assert world.listing(home.root) == before
    assert current_deliveries(home, world.catalog()) == [good]


def test_a_period_that_is_superseded_is_compared_whole_and_by_its_rows_that_count(tmp_path: Path) -> None:
    home, year = Home(tmp_path / "home"), ("2023-01-01", "2023-12-31")
    before, covered, mended = {1: "10,00", 5: "50,00"}, {1: "11,00", 2: "20,00", 3: "30,00"}, {2: "21,00"}
    deliver_amounts(home, before)
    deliver_amounts(home, covered, year)
    deliver_amounts(home, mended)
    new = {1: "11,00", 2: "21,00", 4: "40,00"}
    made = deliver_amounts(home, new, year)
    # row 2 counts as mended; of the superseded period 1 and 3 stood, and 3 is no longer there
    assert made.changes == Changes(added=1, removed=1, changed=0, unchanged=2, columns={})
    assert len(made.supersedes) == 1
