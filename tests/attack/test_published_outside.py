"""What others published beside a release: found where it counts the same, and what cannot be compared is told."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import disclosure_world
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog import load_catalog
from das_research.catalog.models import Classification, Code, Counting, Dataset, Figure, Published, Text, Variable
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.codes import months_in
from das_research.disclosure.attacker.known import Bound, Seen
from das_research.disclosure.attacker.seen import read_csv, read_register
from das_research.disclosure.outside import WHY, published_beside

ROOT = Path(__file__).parents[2]
MINIMUM = 10
NOTHING = read_register("[]")
INFLOW = {"table": "zaken", "moment": "instroom"}


def series(*values, count=(INFLOW,), status=("final",), **more):
    """One published series; each value is a year and a number."""
    numbers = [{"year": year, "value": value} for year, value in values]
    return {"values": numbers, "count": count, "status": status, "source": "https://example.org", **more}


def catalog(published, rows=(), **more):
    """A key figure of cases by kind, and one file of published series."""
    kinds = [Code(code=code, label=Text(nl=code, en=code)) for code in ("geweld", "zwaar", "licht", "diefstal")]
    kinds = [
        code.model_copy(update={"parent": "geweld"}) if code.code in ("zwaar", "licht") else code for code in kinds
    ]
    figure = Figure(
        id="instroom", title="instroom", version="1", definition="x", unit="zaken", monitor="keten", numerator="zaak",
        count=Counting(**INFLOW), by=("soort",),
    )  # fmt: skip
    variables = {"soort": Variable(title="soort", type="code", classification="soort")}
    dataset = Dataset(
        id="zaken", title="z", partner="p", row="r", case_keys=(), moment=("instroom",), variables=variables, events=()
    )
    entry = Published.model_validate(
        {"id": "jaarbericht", "title": "zaken", "theme": "vervolging", "unit": "zaak", "series": published, **more}
    )
    made = disclosure_world.catalog(
        figures={"instroom": figure}, published={"jaarbericht": entry}, datasets={"zaken": dataset},
        classifications={"soort": Classification(id="soort", title="soort", version="1", codes=tuple(kinds))},
    )  # fmt: skip
    table = {"columns": ("soort",), "rows": rows}
    grant = made.grants["verhaal"]
    granted = type(grant).model_validate({**grant.model_dump(), "tables": {"zaken": table}})
    return made.model_copy(update={"grants": {"verhaal": granted}})


def seen(numbers, year=2020):
    """The cells of the key figure as a file shows them; None is hidden."""
    rows = [
        f"instroom,number,{code},{year},{'' if value is None else value},{'hidden' if value is None else 'shown'}"
        for code, value in numbers.items()
    ]
    text = "\n".join(["figure,measure,soort,period,value,disclosure", *rows])
    return read_csv(text, ["soort"], {"soort": {"zwaar": "geweld", "licht": "geweld"}})


def beside(published, cells, synthetic=False, **more):
    return published_beside(catalog(published, **more), cells, "verhaal", synthetic)


def leaks(cells, outside):
    return attack(cells, NOTHING, MINIMUM, outside=outside.bounds).leaks


HIDDEN = {"zwaar": None, "diefstal": 100, "_T": None}


def test_a_published_total_and_our_suppressed_table_give_the_hidden_number():
    cells = seen(HIDDEN)
    assert attack(cells, NOTHING, MINIMUM).leaks == ()  # by our own files zwaar is anything from 1
    outside = beside({"statline": series((2020, 103))}, cells)
    (bound,) = outside.bounds
    assert (bound.counted, bound.low, bound.high) == ("instroom/number", 103, 103)
    found = leaks(cells, outside)
    assert ("the hidden cell is bounded by what is shown", 3, 3) in {(it.how, it.low, it.high) for it in found}
    assert any("jaarbericht, statline, 2020" in it.how for it in found)  # and 103 - 100 is told by it


@pytest.mark.parametrize(
    ("rounding", "value", "high"),
    [
        (10, 100, 5),  # 95 to 105, so that zwaar is 1 to 5
        (10, 110, 15),  # 105 to 115: 5 to 15, which proves nothing
        (1000, 0, None),  # 0 to 500
    ],
)
def test_rounding_tells_as_much_as_its_step(rounding, value, high):
    cells = seen(HIDDEN)
    outside = beside({"om": series((2020, value), status=("rounded",), rounding=rounding)}, cells)
    assert [(bound.low, bound.high) for bound in outside.bounds] == [
        (max(0, value - rounding // 2), value + rounding // 2)
    ]
    assert {leak.high for leak in leaks(cells, outside)} == ({high} if high and high < MINIMUM else set())


def test_a_step_that_nobody_says_is_seen_in_the_numbers():
    years = [(2017, 230), (2018, 145), (2019, 120), (2020, 105)]
    (bound, *_) = beside({"s": series(*years)}, seen(HIDDEN)).bounds
    assert (bound.low, bound.high) == (103, 107)
    (bound, *_) = beside({"s": series(*years[2:])}, seen(HIDDEN)).bounds
    assert (bound.low, bound.high) == (105, 105)  # two numbers tell of no step


def test_a_published_number_of_some_codes_is_matched_by_its_lines():
    line = {"column": "soort", "operator": "is", "values": ["geweld"]}
    cells = seen({"zwaar": None, "licht": 40, "diefstal": None, "_T": 90})
    outside = beside({"geweld": series((2020, 44), count=({**INFLOW, "where": [line]},))}, cells)
    (bound,) = outside.bounds
    assert dict(bound.where)["soort"] == {"zwaar", "licht"}  # all that is below it
    assert {(leak.low, leak.high) for leak in leaks(cells, outside)} == {(4, 4)}
    assert attack(cells, NOTHING, MINIMUM).leaks == ()


def test_what_is_left_of_a_published_number_beside_one_that_is_shown_is_attacked_too():
    cells = seen({"diefstal": 100})  # no total of ours, and no other code
    outside = beside({"statline": series((2020, 104))}, cells)
    (leak,) = leaks(cells, outside)
    assert (leak.low, leak.high) == (4, 4) and "what was published differs by it" in leak.how
    assert leaks(cells, beside({"statline": series((2020, 140))}, cells)) == ()


def test_lines_that_say_the_same_otherwise_count_the_same():
    known = {"column": "besluit", "operator": "known"}
    one, other = ({"column": "besluit", "operator": it, "values": ["sepot"]} for it in ("is", "in"))
    figure = catalog({"s": series((2020, 103), count=({**INFLOW, "where": [other]},))})
    count = Counting.model_validate({**INFLOW, "where": [known, one]})
    changed = figure.figures["instroom"].model_copy(update={"count": (count,)})
    found = published_beside(
        figure.model_copy(update={"figures": {"instroom": changed}}), seen(HIDDEN), "verhaal", False
    )
    assert len(found.bounds) == 1
    # but a line that the figure has and the series has not counts fewer
    found = published_beside(
        catalog({"s": series((2020, 103))}).model_copy(update={"figures": {"instroom": changed}}),
        seen(HIDDEN), "verhaal", False,
    )  # fmt: skip
    assert (found.bounds, [it.reason for it in found.not_checked]) == ((), ["definition"])


AGE = {"column": "leeftijd", "operator": "is", "values": ["jong"]}
FRAUD = {"column": "soort", "operator": "in", "values": ["diefstal", "fraude"]}


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (series((2020, 103), count=({**INFLOW, "what": "persons"},)), "definition"),
        (series((2020, 103), count=({"table": "zaken", "moment": "besluit"},)), "definition"),
        (series((2020, 103), kind="share", per=(INFLOW,)), "definition"),
        (series((2020, 103), times=100), "definition"),
        (series((2020, 103), count=(), not_counted="geen telling"), "definition"),
        (series((2020, 103), count=({**INFLOW, "where": [AGE]},)), "breakdown"),
        (series((2020, 103), count=({**INFLOW, "where": [FRAUD]},)), "breakdown"),  # fraude stands in no file
        (series((2020, 103), status=("provisional",)), "status"),
        (series((2020, 103), status=("rounded", "own_count"), rounding=1), "status"),
    ],
)
def test_what_cannot_be_matched_is_told_and_why(published, reason):
    outside = beside({"reeks": published}, seen(HIDDEN))
    assert outside.bounds == () and outside.applies
    assert [(it.entry, it.series, it.years, it.reason) for it in outside.not_checked] == [
        ("jaarbericht", "reeks", (2020,), reason)
    ]
    assert WHY[reason].nl and WHY[reason].en


def test_one_code_of_a_dimension_that_does_not_add_up_is_not_what_was_published_of_all():
    def matched(apart):
        cells = [replace(cell, counted=f"{cell.counted}/wijk={apart}") for cell in seen(HIDDEN)]
        return len(beside({"statline": series((2020, 103))}, cells).bounds)

    assert (matched("_T"), matched("noord")) == (1, 0)


def test_numbers_of_a_part_of_the_chain_are_not_compared():
    only = {"column": "soort", "operator": "is", "values": ["diefstal"]}
    outside = beside({"statline": series((2020, 103))}, seen(HIDDEN), rows=[only])
    assert (outside.bounds, [it.reason for it in outside.not_checked]) == ((), ["part"])


def test_what_was_remembered_and_not_read_is_no_bound():
    outside = beside({"statline": series((2020, 103))}, seen(HIDDEN), unverified=True)
    assert (outside.bounds, [it.reason for it in outside.not_checked]) == ((), ["status"])


def test_other_years_are_not_about_the_release():
    outside = beside({"statline": series((2019, 103))}, seen(HIDDEN))
    assert (outside.bounds, outside.not_checked) == ((), ())


def test_synthetic_data_are_beside_nothing_that_was_published():
    outside = beside({"statline": series((2020, 103))}, seen(HIDDEN), synthetic=True)
    assert (outside.bounds, outside.not_checked, outside.applies) == ((), (), False)


def test_a_publication_that_contradicts_the_files_is_told_and_makes_nothing_unjudged():
    cells = seen({"zwaar": None, "diefstal": 100, "licht": None, "_T": 140})
    outside = beside({"een": series((2020, 141)), "ander": series((2020, 140))}, cells)
    report = attack(cells, NOTHING, MINIMUM, outside=outside.bounds)
    assert [bound.low for bound in report.contradicted] == [141]
    assert report.leaks == () and "outside" in report.knowledge
    assert attack(cells, NOTHING, MINIMUM).contradicted == ()


def test_of_two_publications_that_contradict_each_other_the_closer_one_counts():
    cells = seen(HIDDEN)
    published = {"grof": series((2020, 200), status=("rounded",), rounding=100), "fijn": series((2020, 103))}
    report = attack(cells, NOTHING, MINIMUM, outside=beside(published, cells).bounds)
    assert [bound.high for bound in report.contradicted] == [250]
    assert (3, 3) in {(leak.low, leak.high) for leak in report.leaks}


def test_who_is_alone_in_a_cell_and_knows_better_is_asked_without_the_publication():
    # the publication is of an older count: it says 30 to 32 where there are 33, and none of our files contradicts it
    cells = seen({"zwaar": None, "licht": None, "diefstal": 30, "_T": None})
    alone = [cell for cell in cells if dict(cell.where)["soort"] == {"zwaar"}]
    bound = Bound("instroom/number", (("period", frozenset(months_in("2020"))),), 30, 32, "oud")
    report = attack(cells, NOTHING, MINIMUM, "exact", alone=alone, outside=[bound])
    assert report.leaks  # 31 or 32 leave 1 and 1 at most for the two
    assert report.contradicted == ()


def test_certificates_count_only_where_they_fit_what_was_published():
    cells = seen({"zwaar": None, "diefstal": None, "_T": 60})
    where = lambda code: {"soort": [code], "period": months_in("2020")}  # noqa: E731
    tables = [
        [{"counted": "instroom/number", "where": where(code), "value": value} for code, value in pair.items()]
        for pair in ({"zwaar": 12, "diefstal": 48}, {"zwaar": 3, "diefstal": 57})
    ]
    given = json.dumps(tables)
    report = attack(cells, NOTHING, MINIMUM, certificates=given)
    assert report.by_certificate == report.asked == 2
    place = (("period", frozenset(months_in("2020"))), ("soort", frozenset({"zwaar"})))
    small = attack(
        cells, NOTHING, MINIMUM, certificates=given, outside=[Bound("instroom/number", place, 1, 5, "elders")]
    )
    assert small.by_certificate < small.asked
    assert any((leak.low, leak.high) == (1, 5) for leak in small.leaks)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 14), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.sampled_from([0, 1, 2, 5, 10]),
    st.sampled_from(["exact", "threshold", "wide"]),
)
def test_it_finds_what_every_table_that_fits_would_tell(numbers, shown, half, policy):
    codes = ("zwaar", "licht", "diefstal")
    truth = dict(zip(codes, numbers, strict=True)) | {"_T": sum(numbers)}
    # true zeros are shown, as a hidden cell is taken to hold somebody
    told = {code: n if n == 0 or flag else None for (code, n), flag in zip(truth.items(), shown, strict=True)}
    cells = seen(told)
    bound = Bound(
        "instroom/number",
        (("period", frozenset(months_in("2020"))),),
        max(0, sum(numbers) - half),
        sum(numbers) + half,
        "x",
    )
    report = attack(cells, NOTHING, MINIMUM, policy, outside=[bound])
    assert report.contradicted == ()
    fits = [
        table
        for table in product(range(sum(numbers) + half + 1), repeat=3)
        if bound.low <= sum(table) <= bound.high
        and all(told[code] in (None, n) for code, n in zip(codes, table, strict=True))
        and all(n > 0 for code, n in zip(codes, table, strict=True) if told[code] is None)
        and (told["_T"] in (None, sum(table)))
    ]
    found = {next(iter(dict(leak.cells[0].where)["soort"])) for leak in report.leaks if len(leak.cells) == 1
             and leak.how.startswith("the hidden cell") and len(dict(leak.cells[0].where)["soort"]) == 1}  # fmt: skip
    for place, code in enumerate(codes):
        if told[code] is None:
            values = {table[place] for table in fits}
            enough = len(values) > 1 if policy == "exact" else max(values) >= MINIMUM
            wide = policy != "wide" or max(values) - min(values) >= MINIMUM - 1
            safe = min(values) >= MINIMUM or (enough and wide)
            assert (code in found) == (not safe), (code, values)


def test_the_dutch_catalogue_has_publications_that_count_what_its_key_figures_do():
    dutch = load_catalog(ROOT / "data_catalog")
    cells = [
        Seen(
            "instroom-om/number",
            (("hoofdfeit", frozenset({"_T"})), ("period", frozenset(months_in(str(year))))),
            5,
            "nu",
        )
        for year in (2008, 2018)
    ]
    outside = published_beside(dutch, cells, "ketenmonitor", synthetic=False)
    assert [(bound.low, bound.high) for bound in outside.bounds] == [(257_500, 258_500), (169_500, 170_500)]
    reasons = {(it.entry, it.series): it.reason for it in outside.not_checked}
    assert reasons["instroom-om", "om"] == "status"  # the prosecution service's own count
    assert reasons["instroom-om-groepen", "minderjarigen_cr"] == "breakdown"
    assert reasons["geregistreerde-misdrijven", "totaal"] == "definition"
    assert sum(len(it.years) for it in outside.not_checked) > 20
