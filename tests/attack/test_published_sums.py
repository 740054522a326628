"""What others published of several countings together: it bounds their sum, and what it tells of few refuses."""

import json
from dataclasses import asdict, replace
from itertools import product

import disclosure_world as world
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog.models import Counting, Dataset, Disclosure, Figure, Published, Variable
from das_research.disclosure.attacker.attack import attack
from das_research.disclosure.attacker.codes import months_in
from das_research.disclosure.attacker.explained import proofs_of
from das_research.disclosure.attacker.known import Bound
from das_research.disclosure.attacker.seen import read_csv
from das_research.disclosure.gate import check_release
from das_research.disclosure.outside import published_beside
from das_research.disclosure.refused.desk import show_refused
from das_research.errors import ReleaseRefused
from das_research.home import Home

FIRST = {"table": "zaken", "moment": "instroom"}
AGAIN = {"table": "opnieuw", "moment": "instroom"}
YEAR = ("period", frozenset(months_in("2020")))


def of(counting, *codes):
    """A counting of some kinds alone."""
    return {**counting, "where": [{"column": "soort", "operator": "in", "values": codes}]}


def catalog(published, figures=None, tables=("zaken", "opnieuw")):
    """Two key figures, of first cases and of cases that came back, and series that were published."""
    figures = figures or {"eerste": (FIRST,), "opnieuw": (AGAIN,)}
    figures = {
        id: Figure(
            id=id, title=id, version="1", definition="x", unit="zaken", monitor="keten", numerator="zaak",
            count=tuple(Counting(**it) for it in count), by=("soort",),
        )
        for id, count in figures.items()
    }  # fmt: skip
    columns = {"soort": Variable(title="soort", type="text")}
    datasets = {
        id: Dataset(
            id=id, title=id, partner="p", row="r", case_keys=(), moment=("instroom",), variables=columns, events=()
        )
        for id in ("zaken", "opnieuw")
    }  # fmt: skip
    series = {
        name: {"values": [{"year": 2020, "value": it.pop("value")}], "status": ["final"], "source": "https://x", **it}
        for name, it in published.items()
    }
    entry = Published.model_validate(
        {"id": "boek", "title": "zaken", "theme": "vervolging", "unit": "zaak", "series": series}
    )
    made = world.catalog(
        figures=figures, published={"boek": entry}, datasets=datasets,
        disclosure=Disclosure(minimum=10, reviewers=("anna", "bert")),
    )  # fmt: skip
    grant = made.grants["verhaal"]
    granted = {name: {"columns": ("soort",)} for name in tables}
    return made.model_copy(
        update={"grants": {"verhaal": type(grant).model_validate({**grant.model_dump(), "tables": granted})}}
    )


def seen(figure, numbers, year=2020):
    """The cells of a key figure as its file shows them; None is hidden."""
    rows = [
        f"{figure},number,{code},{year},{'' if value is None else value},{'hidden' if value is None else 'shown'}"
        for code, value in numbers.items()
    ]
    return read_csv("\n".join(["figure,measure,soort,period,value,disclosure", *rows]), ["soort"])


def leaks(cells, outside, register=()):
    found = attack(cells, register, 10, outside=outside.bounds).leaks
    return {(dict(it.cells[0].where)["soort"], it.low, it.high) for it in found if len(it.cells) == 1}


HIDDEN = seen("eerste", {"wv": None, "gw": None, "_T": 64})
SHOWN = seen("opnieuw", {"wv": 30, "gw": 41, "_T": 71})
WV = {"count": (of(FIRST, "wv"), of(AGAIN, "wv"))}


def beside(published, cells, before=(), **more):
    return published_beside(catalog(published, **more), cells, "verhaal", False, before)


@pytest.mark.parametrize(
    ("value", "rounding", "told"),
    [
        (34, 1, (4, 4)),  # 34 and 34 alone: 34 - 30 = 4
        (30, 10, (1, 5)),  # 25 to 35: 35 - 30 = 5 at most
        (0, 100, None),  # 0 to 50: up to 20
        (70, 10, None),  # 65 to 75: 35 or more
    ],
)
def test_the_rounding_of_a_sum_tells_as_much_of_the_part_that_is_hidden(value, rounding, told):
    outside = beside({"wv": WV | {"value": value, "rounding": rounding}}, [*HIDDEN, *SHOWN])
    found = {(low, high) for codes, low, high in leaks([*HIDDEN, *SHOWN], outside) if codes == {"wv"}}
    assert (outside.not_checked, found) == ((), {told} if told else set())


def test_a_part_that_is_in_no_table_may_have_been_published_by_itself():
    alone = {"alleen": {"value": 30, "count": (of(AGAIN, "wv"),)}}
    (bound,) = beside({"wv": WV | {"value": 34}} | alone, HIDDEN).bounds
    assert (bound.low, bound.high, bound.more) == (4, 4, ()) and "boek, alleen, 2020" in bound.source
    rounded = {"alleen": alone["alleen"] | {"value": 30, "rounding": 4}}  # 28 to 32
    (bound,) = beside({"wv": WV | {"value": 34}} | rounded, HIDDEN).bounds
    assert (bound.low, bound.high) == (2, 6)


@pytest.mark.parametrize("status", [None, ["provisional"]])
def test_where_a_part_is_not_known_it_is_not_checked_and_said_why(status):
    alone = {"alleen": {"value": 30, "count": (of(AGAIN, "wv"),), "status": status}} if status else {}
    outside = beside({"wv": WV | {"value": 34}} | alone, HIDDEN)
    assert outside.bounds == ()
    assert ("wv", "several") in [(it.series, it.reason) for it in outside.not_checked]


def test_a_part_of_which_the_project_sees_a_part_or_no_codes_is_not_checked():
    def reasons(published, **more):
        return [it.reason for it in beside(published, [*HIDDEN, *SHOWN], **more).not_checked]

    assert reasons({"wv": WV | {"value": 34}}, tables=("zaken",)) == ["part"]
    assert reasons({"x": {"value": 34, "count": (FIRST, of(AGAIN, "fraude"))}}) == ["breakdown"]
    assert reasons({"x": {"value": 34, "count": (FIRST, AGAIN), "status": ["provisional"]}}) == ["status"]


def test_a_part_that_left_before_counts_as_well():
    outside = beside({"wv": WV | {"value": 34}}, HIDDEN, SHOWN)
    assert (frozenset({"wv"}), 4, 4) in leaks(HIDDEN, outside, SHOWN)
    # but nothing is said of two that left before, by what has nothing to do with them
    other = seen("eerste", {"wv": 40, "gw": 40, "_T": 80}, year=2021)
    assert beside({"wv": WV | {"value": 34}}, other, [*HIDDEN, *SHOWN]).bounds == ()


def test_who_is_added_up_twice_counts_twice():
    """All first cases, and those of wv again: 68 - 64 = 4."""
    outside = beside({"dubbel": {"value": 68, "count": (FIRST, of(FIRST, "wv"))}}, HIDDEN)
    assert (frozenset({"wv"}), 4, 4) in leaks(HIDDEN, outside)


def test_a_key_figure_that_adds_up_the_same_is_what_was_published():
    cells = seen("samen", {"wv": None, "gw": 60, "_T": None})
    outside = beside({"samen": {"value": 64, "count": (AGAIN, FIRST)}}, cells, figures={"samen": (FIRST, AGAIN)})
    assert (frozenset({"wv"}), 4, 4) in leaks(cells, outside)
    other = beside({"samen": {"value": 64, "count": (FIRST, FIRST)}}, cells, figures={"samen": (FIRST, AGAIN)})
    assert (other.bounds, [it.reason for it in other.not_checked]) == ((), ["definition"])


def test_a_sum_that_contradicts_the_files_is_told_and_not_used():
    outside = beside({"wv": WV | {"value": 500}}, [*HIDDEN, *SHOWN])
    report = attack([*HIDDEN, *SHOWN], [], 10, outside=outside.bounds)
    assert (len(report.contradicted), report.leaks) == (1, ())


def test_the_sum_that_tells_it_can_be_done_again():
    outside = beside({"wv": WV | {"value": 34}}, [*HIDDEN, *SHOWN])
    cells = [*HIDDEN, *SHOWN]
    found = attack(cells, [], 10, outside=outside.bounds).leaks
    told = dict(zip(found, proofs_of(found, cells, [], outside.bounds), strict=True))
    (leak,) = [it for it in found if it.cells[0].value is None]
    assert {(int(term.times), term.number) for term in told[leak][0].terms} == {(1, 34), (-1, 30)}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 7), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.sampled_from([0, 1, 3]),
    st.sampled_from(["a", "all"]),
)
def test_it_finds_what_every_pair_of_tables_that_fits_would_tell(numbers, shown, half, published):
    """The oracle: all pairs of tables of two kinds that agree with what is shown, and with the published sum."""
    minimum, most = 5, 20  # what is not bounded by 20 is not bounded at all
    codes, wholes = ("a", "b", "_T"), [(*two, sum(two)) for two in (numbers[:2], numbers[2:])]
    told = [
        {code: n if n == 0 or flag else None for code, n, flag in zip(codes, whole, flags, strict=True)}
        for whole, flags in zip(wholes, (shown[:3], shown[3:]), strict=True)
    ]
    at = codes.index("a" if published == "a" else "_T")
    true = wholes[0][at] + wholes[1][at]
    where = tuple(sorted((YEAR, *((("soort", frozenset("a")),) if published == "a" else ()))))
    bound = Bound("een/number", where, max(0, true - half), true + half, "x", (("twee/number", where),))
    report = attack([*seen("een", told[0]), *seen("twee", told[1])], [], minimum, outside=[bound])
    assert report.contradicted == ()

    fits = [
        [
            table
            for a, b in product(range(most + 1), repeat=2)
            for table in [(a, b, a + b)]
            if all(n == it[code] if it[code] is not None else n > 0 for code, n in zip(codes, table, strict=True))
        ]
        for it in told
    ]
    sums = [{table[at] for table in tables} for tables in fits]
    both = [
        [table for table in tables if any(bound.low <= table[at] + other <= bound.high for other in others)]
        for tables, others in zip(fits, reversed(sums), strict=True)
    ]
    names = {frozenset("a"): "a", frozenset("b"): "b", frozenset("ab"): "_T"}
    found = {
        (cell.counted.partition("/")[0], names[dict(cell.where)["soort"]])
        for (cell,) in (leak.cells for leak in report.leaks if len(leak.cells) == 1)
        if cell.value is None
    }
    expected = {
        (name, code)
        for name, table, numbers_of in zip(("een", "twee"), told, both, strict=True)
        for place, code in enumerate(codes)
        if table[code] is None and max(it[place] for it in numbers_of) < minimum
    }
    assert {it for it in found if it[1] != "_T"} == {it for it in expected if it[1] != "_T"}
    assert found == expected


def results(numbers, figure):
    rows = [world.count("number", n, soort=code, figure=figure, period="2020") for code, n in numbers.items()]
    made = world.result(rows, ("soort",), "das_research.figures.compute", synthetic=False, figure=figure)
    return replace(made, definition=figure)


@pytest.mark.parametrize(("rounding", "is_refused"), [(1, True), (10, True), (100, False)])
def test_gate_3_refuses_what_a_published_sum_tells_of_few(tmp_path, rounding, is_refused):
    home = Home(tmp_path / "home")
    given_out = {
        "eerste": results({"wv": 4, "gw": 60, "_T": 64}, "eerste"),
        "opnieuw": results({"wv": 30, "gw": 41, "_T": 71}, "opnieuw"),
    }
    known = {json.dumps(asdict(it.recipe), sort_keys=True): it for it in given_out.values()}
    rerun = lambda project, recipe: known[json.dumps(asdict(recipe), sort_keys=True)]  # noqa: E731
    made = catalog({"wv": WV | {"value": round(34 / rounding) * rounding, "rounding": rounding}})
    folder = world.hand_over(home, given_out)
    if not is_refused:
        release = check_release(made, home, folder, rerun, "brenger")
        assert release.attacked["published"] == {"not_checked": [], "contradicted": 0, "used": 1}
        return
    with pytest.raises(ReleaseRefused, match="could be worked back") as refusal:
        check_release(made, home, folder, rerun, "brenger")
    assert not {"34", "30", "4"} & set(str(refusal.value).replace("keten-", " ").split())
    show_refused(made, home, folder, lambda run: (rerun, None), "anna", tmp_path / "bureau")
    page = (tmp_path / "bureau" / "refused.nl.html").read_text(encoding="utf-8")
    line = {1: "34 − 30 = 4", 10: "35 − 30 = 5"}[rounding] + ": meer kan het niet zijn (minder dan 10)"
    assert line in page and "gepubliceerd door anderen" in page
