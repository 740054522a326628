"""The model of a release: what adds up to what, and what is refused."""

import pytest
import suppression_world as world

from das_research.disclosure.tables.cells import Address, Cell, Dimension, Status, Table
from das_research.disclosure.tables.model import build_model
from das_research.errors import ReleaseRefused

KIND, AGE = Dimension.flat("soort", ["gw", "wv"]), Dimension.flat("leeftijd", ["jong", "oud"])
REGION = Dimension("regio", {"noord": "_T", "zuid": "_T", "drenthe": "noord", "friesland": "noord"})


def by_kind(*numbers, measure="zaken", status=Status.FREE):
    codes = ("gw", "wv", "_T")[: len(numbers)]
    return Table(measure, (KIND,), {(code,): Cell(it, status) for code, it in zip(codes, numbers, strict=True)})


def sums_of(model):
    """The sums in words: places of the total, and of its parts."""
    names = ["+".join(code for _, code in address.place) or "_T" for address in model.addresses]
    rows = model.relations.toarray()
    return {
        (next(name for name, sign in zip(names, row, strict=True) if sign < 0),
         tuple(name for name, sign in zip(names, row, strict=True) if sign > 0))
        for row in rows
    }  # fmt: skip


def test_a_hierarchy_gives_a_sum_for_every_total_and_sub_total():
    counts = {("drenthe",): 1, ("friesland",): 2, ("zuid",): 4, ("noord",): 3, ("_T",): 7}
    table = Table("zaken", (REGION,), {codes: Cell(number) for codes, number in counts.items()})
    assert sums_of(build_model([table])) == {("noord", ("drenthe", "friesland")), ("_T", ("noord", "zuid"))}


def test_a_table_of_two_dimensions_has_a_sum_a_row_a_column_and_a_margin():
    model = build_model([world.table((KIND, AGE), {(k, a): 20 for k in ("gw", "wv") for a in ("jong", "oud")})])
    assert len(model) == 9 and model.relations.shape[0] == 6
    assert not (model.relations @ model.values).any()


def test_linked_tables_share_their_margin():
    ages = world.table((KIND, AGE), {(k, a): 20 for k in ("gw", "wv") for a in ("jong", "oud")})
    regions = world.table((KIND, REGION), {(k, r): 20 for k in ("gw", "wv") for r in ("zuid", "drenthe")})
    with pytest.raises(ReleaseRefused, match="no hierarchy"):
        build_model([ages, Table("zaken", (KIND, Dimension.flat("regio", ["zuid"])), regions.cells)])
    model = build_model([ages, regions])
    # the margin of kinds, 3 cells, is one and the same
    assert len(model) == len(ages.cells) + len(regions.cells) - 3
    assert model.addresses.count(Address("zaken", (("soort", "gw"),))) == 1


def test_zeros_are_shown_unless_they_are_protected():
    shown, kept = (build_model([by_kind(0, 20, 20)], zeros=policy) for policy in ("published", "protected"))
    zero = shown.addresses.index(Address("zaken", (("soort", "gw"),)))
    assert (shown.status[zero], shown.lower[zero], shown.lower.max()) == (Status.FIXED, 0, 1)
    assert (kept.status[zero], kept.lower.max()) == (Status.FREE, 0)


def test_an_inner_cell_that_is_left_out_is_a_zero():
    model = build_model([Table("zaken", (KIND,), {("wv",): Cell(5), ("_T",): Cell(5)})])
    assert len(model) == 2
    assert len(set(model.alike)) == 1  # the total is of the same five


def test_what_left_before_is_fixed_and_what_was_hidden_before_stays_hidden():
    earlier = Table("zaken", (KIND,), {
        ("gw",): Cell(20, Status.WITHHELD), ("wv",): Cell(30, Status.WITHHELD), ("_T",): Cell(50, Status.FIXED),
    })  # fmt: skip
    model = build_model([by_kind(20, 30, 50)], earlier=[earlier])
    assert sorted(model.status.tolist()) == [Status.WITHHELD, Status.WITHHELD, Status.FIXED]
    assert model.must_hide.sum() == 2


@pytest.mark.parametrize(
    ("tables", "earlier", "why"),
    [
        ([by_kind(3, 4, 8)], [], "not the sum"),
        ([by_kind(-3, 4, 1)], [], "negative"),
        ([by_kind(3, 4)], [], "missing"),
        ([Table("zaken", (KIND,), {("onbekend",): Cell(3), ("_T",): Cell(3)})], [], "no hierarchy"),
        ([Table("zaken", (Dimension("a", {"x": "y", "y": "x"}),), {("x",): Cell(3)})], [], "goes round"),
        ([by_kind(3, 4, 7), by_kind(3, 5, 8)], [], "differs from another table"),
        ([by_kind(3, 4, 7)], [by_kind(3, 5, 8)], "differs from what left before"),
        ([by_kind(3, 4, 7, status=Status.PRIMARY)], [by_kind(3, 4, 7, status=Status.FIXED)], "seen before"),
    ],
)
def test_what_can_not_be_protected_is_refused_with_what_would_help(tables, earlier, why):
    with pytest.raises(ReleaseRefused, match=why) as refused:
        build_model(tables, earlier=earlier)
    assert refused.value.fix or refused.value.ask
    assert not any(number in str(refused.value) for number in (" 3 ", " 4 ", " 7 ", " 8 "))


def test_a_sum_between_measures_is_a_sum_like_any():
    tables = [by_kind(20, 30, 50, measure="afgedaan"), by_kind(25, 40, 65), by_kind(5, 10, 15, measure="open")]
    at = lambda measure: Address(measure, ())  # noqa: E731
    model = build_model(tables, identities=[(at("zaken"), (at("afgedaan"), at("open")))])
    assert model.relations.shape[0] == 4
    with pytest.raises(ReleaseRefused, match="in no table"):
        build_model(tables[:2], identities=[(at("zaken"), (at("afgedaan"), at("open")))])
