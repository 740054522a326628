"""A monitor that rounds: what leaves of it is additive, nothing of it is hidden, and nothing exact stands beside it."""

import json
from dataclasses import replace
from datetime import date
from math import nan

import disclosure_world as world
import pytest
from rounding_world import check, kinds, rounding

from das_research.catalog.models import Disclosure, Protection, StricterRules, Text
from das_research.catalog.strictest import least_base, protection_of
from das_research.disclosure.argus.desk import export_for_argus
from das_research.disclosure.compare import still_shown
from das_research.disclosure.dossier import criteria, dossier
from das_research.disclosure.register import register_of
from das_research.disclosure.review import approve
from das_research.errors import ReleaseRefused
from das_research.home import Home
from das_research.publish.downloads import describe
from das_research.publish.editions import make_edition
from das_research.publish.rounded import each_rounded
from das_research.result import NUMBERS, Band, Rounded, Step

NUMBERS_OF = {"politie": 104, "om": 4, "rechter": 4}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_counts_leave_rounded_with_true_totals_and_nothing_exact_beside_them(home):
    given = replace(
        kinds(NUMBERS_OF), band=Band({}), attrition=(Step(113, 112, Text(nl="zonder datum", en="without a date")),)
    )
    release = check(home, rounding(), {"deel": given})
    table = release.results["deel"].table
    assert set(table.disclosure) == {"rounded"} and table.value.notna().all()
    # 5 + 5 + 105 = 115 changes by 1 + 1 + 1 + 3; 5 + 5 + 100 = 110 by 1 + 1 + 4 + 2
    assert dict(zip(table.stage, table.value, strict=True)) == {"politie": 105, "om": 5, "rechter": 5, "_T": 115}
    assert table[[name for name in NUMBERS if name != "value"]].isna().all(axis=None)
    released = release.results["deel"]
    assert released.attrition == () and released.band == Band({}) and released.rounded == Rounded(5, 5)
    decision = release.decisions["deel"]
    assert (decision["status"], decision["shown"], decision["hidden"]) == ("passed", 4, 0)
    assert decision["checks"][0] == {"name": "rounded", "verdict": "passed", "given": {"base": 5, "less": 4}}
    assert "rounding" in release.attacked["knowledge"] and release.attacked["asked"] > 4


def test_no_file_of_the_release_holds_an_exact_number(home):
    release = check(home, rounding(), {"deel": kinds({"om": 7130413, "rechter": 4, "politie": 1045729})})
    files = [
        path.read_text(encoding="utf-8").replace(".", "").replace(",", "")
        for path in (home.releases / release.id).rglob("*")
        if path.is_file()
    ]
    assert files and not any(str(number) in text for text in files for number in (7130413, 1045729, 8176146))


def test_shares_are_computed_from_rounded_counts_and_no_kind_tells_a_true_zero(home):
    rows = [world.share("of_started", part, whole, span="a", period=period) for period, part, whole in
            (("2020", 1, 3), ("2021", 41, 83), ("2022", 0, 4), ("2020/2022", 42, 90))]  # fmt: skip
    release = check(home, rounding(), {"deel": world.result(rows, ("span",), "das_research.chain.share_within")})
    table = release.results["deel"].table
    told = table[table.denominator > 0]
    assert (told.value == 100 * told.numerator / told.denominator).all()
    assert (table[["numerator", "denominator"]] % 5 == 0).all(axis=None)
    years = table[table.period != "2020/2022"]
    assert years.numerator.sum() == table.numerator.iloc[3] and years.denominator.sum() == table.denominator.iloc[3]
    none_below = table[table.denominator == 0]
    assert none_below.value.isna().all() and set(none_below.kind) <= {"unknown"}
    assert ((told.kind == "zero") == (told.numerator == 0)).all()


def test_all_results_that_leave_together_are_one_model(home):
    years = [
        world.count("in", number, period=period) for period, number in (("2023", 19), ("2024", 17), ("2023/2024", 36))
    ]
    by_year, by_stage = world.result(years, every="year"), kinds({"om": 9, "rechter": 8})
    release = check(home, rounding(), {"een": by_year, "twee": by_stage})
    one, two = (
        release.results[name].table.set_index(key).value for name, key in (("een", "period"), ("twee", "stage"))
    )
    assert one["2024"] == two["_T"] == two["om"] + two["rechter"] == one["2023/2024"] - one["2023"]


def test_the_same_hand_over_gives_the_same_bytes(home):
    numbers = {f"{stage}": number for stage, number in zip(("om", "rechter", "politie"), (11, 13, 7), strict=True)}
    first = check(home, rounding(), {"deel": kinds(numbers)})
    other = check(Home(home.root / "elsewhere"), rounding(), {"deel": kinds(numbers)})
    assert first.id == other.id and first.results["deel"].to_json() == other.results["deel"].to_json()
    assert check(home, rounding(), {"deel": kinds(numbers)}).id == first.id


def test_means_keep_their_own_rules_and_say_so(home):
    rows = [
        {"measure": "mean", "value": 31.5, "denominator": 40, "n": 40, "unit": "days", "stage": "om", "period": "2024"}
    ]
    mean = world.result(rows, function="das_research.figures.compute")
    release = check(home, rounding(), {"duur": mean, "deel": kinds(NUMBERS_OF)})
    assert release.results["duur"].rounded is None and set(release.results["duur"].table.disclosure) == {"shown"}
    assert release.decisions["duur"]["checks"][0]["name"] == "minimum"
    assert release.results["deel"].rounded == Rounded(5, 5)


@pytest.mark.parametrize(
    ("level", "minimum", "base"),
    [("exact", 10, 3), ("threshold", 10, 5), ("threshold", 15, 8), ("threshold", 3, 3), ("wide", 10, 10)],
)
def test_the_base_is_no_less_than_the_rules_ask_for(level, minimum, base):
    assert least_base(Disclosure(minimum=minimum, level=level)) == base


def test_what_an_agreement_asks_for_raises_the_base(home):
    made = world.catalog()
    strict = {id: it.model_copy(update={"disclosure": StricterRules(minimum=20)}) for id, it in made.agreements.items()}
    catalog = rounding(5, made.model_copy(update={"agreements": strict}))
    assert protection_of(catalog, "keten").base == 10
    assert check(home, catalog, {"deel": kinds(NUMBERS_OF)}).results["deel"].rounded == Rounded(10, 10)
    assert protection_of(catalog, "eigen-werk") == protection_of(catalog, "") == Protection()


def test_a_code_that_stands_there_for_a_few_is_refused(home):
    total = [world.count("zaken", 3, soort="gw"), world.count("zaken", 50, soort="wv"), world.count("zaken", 53)]
    with pytest.raises(ReleaseRefused, match="can't be rounded") as refusal:
        check(home, rounding(), {"deel": world.result(total, ("soort",))})
    assert "1 codes of soort" in refusal.value.why


def test_the_dossier_and_the_register_tell_how_it_was_rounded(home):
    catalog = rounding()
    release = check(home, catalog, {"deel": kinds(NUMBERS_OF)})
    assert {"criterion": "attacker", "verdict": "passed", "results": ""} in list(criteria(release))
    assert [it["name"] for it in release.decisions["deel"]["checks"]] == ["rounded", "one method", "no code holds all"]
    assert dossier(catalog, release)["results"]["deel"]["rounded"] == {"base": 5, "within": 5, "adds_up": True}
    for language, words in (
        ("nl", "afgerond op veelvouden van 5; totalen kloppen"),
        ("en", "multiples of 5; totals add"),
    ):
        assert words in (home.releases / release.id / f"dossier.{language}.html").read_text(encoding="utf-8")
    (entry,) = register_of([release])
    assert {(cell["base"], cell["within"]) for cell in entry["cells"]} == {(5, 5)}
    assert json.loads(release.results["deel"].to_json())["rounded"] == {"base": 5, "within": 5, "adds_up": True}


def test_a_reviewer_takes_the_true_and_the_rounded_numbers_to_tau_argus(home, tmp_path):
    catalog, given = rounding(), kinds({"om": 41, "rechter": 4, "politie": 104})
    release = check(home, catalog, {"deel": given})
    (table,) = export_for_argus(
        catalog, home, release.id, lambda run: lambda project, recipe: given, "lezer", tmp_path / "t"
    )
    names = {path.name for path in (tmp_path / "t").iterdir()}
    assert "deel-01.rounded.tab" in names and not any("hidden" in name or name.endswith(".arb") for name in names)
    exact, rounded = ((tmp_path / "t" / f"deel-01.{it}").read_text().splitlines() for it in ("tab", "rounded.tab"))
    assert '"rechter";4;4;4;U;0;6' in exact and '"rechter";5;5;5;S;0;0' in rounded and table.rounded[("rechter",)] == 5
    assert "rounded.tab" in (tmp_path / "t" / "README.en.md").read_text()


def test_what_was_rounded_is_still_shown_while_it_lies_within(home):
    released = check(home, rounding(), {"deel": kinds(NUMBERS_OF)}).results["deel"]
    assert still_shown(released, kinds(NUMBERS_OF))
    assert still_shown(released, kinds(NUMBERS_OF | {"om": 5, "rechter": 3}))
    assert not still_shown(released, kinds(NUMBERS_OF | {"om": 11}))


def test_what_left_before_on_the_snapshot_is_the_same_multiple_again(home):
    first = check(home, rounding(), {"deel": kinds({"om": 4, "rechter": 4, "politie": 4})}, 1)
    alone = kinds({"om": 4, "rechter": 4}, every="year")  # by itself 5 + 5 = 10; its total is another number
    more = check(home, rounding(), {"deel": replace(alone, table=alone.table.iloc[:2])}, 2)
    before, now = (it.results["deel"].table.set_index("stage").value for it in (first, more))
    assert (before[["om", "rechter"]] == now[["om", "rechter"]]).all()


def test_a_multiple_is_kept_on_the_next_snapshot_where_it_is_still_beside_the_number(home):
    first = check(home, rounding(), {"deel": kinds({"om": 12, "rechter": 31})}, 1)
    kept = first.results["deel"].table.set_index("stage").value
    later = {"om": 13, "rechter": 31}  # by itself 13 goes to 15
    given = replace(kinds(later), snapshot="snap-111111111111")
    second = check(home, rounding(), {"deel": given}, 2, snapshot="snap-111111111111")
    assert (second.results["deel"].table.set_index("stage").value == kept).all()
    far = replace(kinds({"om": 16, "rechter": 31}), snapshot="snap-222222222222")
    third = check(home, rounding(), {"deel": far}, 3, snapshot="snap-222222222222")
    now = third.results["deel"].table.set_index("stage").value
    assert now["om"] in (15, 20) and any(it["cell"].startswith("in") for it in third.revisions)


def test_rounding_each_number_by_itself_is_done_to_what_is_published_and_protects_nobody(home):
    catalog = rounding(5, method="conventional rounding")
    release = check(home, catalog, {"deel": kinds({"om": 4, "rechter": 33, "politie": 61})})
    exact = release.results["deel"].table.set_index("stage")
    assert exact.value["_T"] == 98 and exact.disclosure["om"] == "hidden" == exact.disclosure["rechter"]
    for reviewer in ("lezer-a", "lezer-b"):
        approve(catalog, home, release.id, reviewer)
    edition = make_edition(catalog, home, release.id, date(2025, 3, 3))
    result = edition.results["deel"]
    table = result.table.set_index("stage")
    assert table.value.to_dict() == pytest.approx({"om": nan, "rechter": nan, "politie": 60, "_T": 100}, nan_ok=True)
    assert table.disclosure.to_dict() == dict.fromkeys(("om", "rechter"), "hidden") | dict.fromkeys(
        ("politie", "_T"), "rounded"
    )
    assert result.rounded == Rounded(5, 3, adds_up=False) and table.n.isna().all()
    assert "De afronding beschermt niemand" in repr(result)
    about = describe(catalog, edition, "deel", {})
    assert "is geheim gehouden" in about["disclosure"]["nl"] and "kan afwijken van de som" in about["disclosure"]["nl"]
    assert make_edition(catalog, home, release.id, date(2025, 3, 3)).results["deel"].to_json() == result.to_json()


def test_that_everybody_has_one_code_is_for_people_to_judge_where_it_is_rounded_too(home):
    alike = kinds({"om": 30, "rechter": 0, "politie": 0})
    checks = check(home, rounding(), {"deel": alike}).decisions["deel"]["checks"]
    assert {"name": "one code holds all", "verdict": "not checked", "given": {"cells": 1}} in checks


def test_beside_what_is_rounded_no_other_shape_tells_how_many(home):
    points = [
        {"measure": "completed_share", "unit": "percent", "value": value, "numerator": 20, "denominator": left}
        | {"n": 104, "days": str(day), "period": "2024"}
        for day, value, left in ((0, 20.0, 80), (5, 40.0, 60), (9, 60.0, 40))
    ]
    curve = world.result(points, ("days",), function="das_research.chain.durations", shape="curve")
    alone = check(home, rounding(), {"duur": curve}, 1, "eigen-werk").results["duur"].table
    assert (alone.n == 104).all()
    beside = check(home, rounding(), {"deel": kinds(NUMBERS_OF), "duur": curve}, 2)
    table = beside.results["duur"].table
    assert table.n.isna().all() and set(table.disclosure) == {"shown"}
    # what left before told it, and nobody compares that
    (said,) = [it for it in beside.decisions["deel"]["checks"] if it["name"] == "one method"]
    assert said["verdict"] == "not checked"
    later = check(home, rounding(), {"later": replace(curve, definition="later")}, 3, "eigen-werk").results["later"]
    assert later.table.n.isna().all()


def test_a_code_with_several_rows_of_one_period_is_judged_as_one_that_has_a_single_row(home):
    rows = [world.count("zaken", 2, soort="gw", stage=stage, period="2024") for stage in ("om", "_T")]
    rows += [world.count("zaken", 50, soort="wv", period=period) for period in ("2023", "2024")]
    with pytest.raises(ReleaseRefused, match="can't be rounded") as refusal:
        check(home, rounding(), {"deel": world.result(rows, ("soort", "stage"))})
    assert "1 codes of soort" in refusal.value.why


def test_a_result_without_rows_is_refused_with_the_reason(home):
    full = kinds(NUMBERS_OF)
    empty = full.with_table(full.table.iloc[:0])
    for catalog in (rounding(), world.catalog()):
        with pytest.raises(ReleaseRefused, match="'deel' has no rows"):
            check(home, catalog, {"deel": empty})


def test_a_sum_is_not_rounded_by_itself_and_a_measure_is_rounded_as_a_whole():
    rows = [
        {"measure": "boete", "value": 1200, "n": 40, "unit": "number", "soort": "a"},  # whole by chance
        {"measure": "boete", "value": 1300.5, "n": 40, "unit": "number", "soort": "b"},
        {"measure": "dagen", "value": 1204, "n": 40, "unit": "number", "soort": "a"},
        {"measure": "zaken", "value": 83, "n": 40, "unit": "rows", "soort": "a"},
    ]
    given = world.result(rows, ("soort",), world.TABULATE)
    shown = replace(
        given.with_table(given.table.assign(disclosure="shown")), band=Band({("zaken", "a", "_T"): (73, 93)})
    )
    result = each_rounded(shown, 5)
    assert result.table.value.tolist() == [1200, 1300.5, 1204, 85] and result.band is None
    of_days = world.result([{"measure": "duur", "value": 1204, "n": 40, "unit": "days"}])
    assert each_rounded(of_days.with_table(of_days.table.assign(disclosure="shown")), 5).rounded is None
    whole = [world.count("gewogen", number, 40, stage=stage) for number, stage in ((83, "om"), (84.5, "rechter"))]
    mixed = world.result(whole)
    assert each_rounded(mixed.with_table(mixed.table.assign(disclosure="shown")), 5).rounded is None
    assert "0 does not say that there is nobody" in result.rounded.note("en")


def test_what_is_no_count_is_not_rounded_by_itself():
    rows = [{"measure": "mean", "value": 31.5, "denominator": 42, "n": 42, "unit": "days", "stage": "om"},
            world.share("deel", 41, 83, stage="om"), world.count("in", 83, stage="om")]  # fmt: skip
    given = world.result(rows)
    result = each_rounded(given.with_table(given.table.assign(disclosure="shown")), 5)
    table = result.table.set_index("measure")
    assert (table.value["mean"], table.denominator["mean"], table.disclosure["mean"]) == (31.5, 42, "shown")
    assert (table.numerator["deel"], table.denominator["deel"], table.value["in"]) == (40, 85, 85)
    assert table.value["deel"] == 100 * 40 / 85
