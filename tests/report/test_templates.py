"""Texts that address cells: what they print, and what they refuse."""

import pytest
from edition_world import conversion_result, flow_result, row
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.publish.templates import Address, Change, parse, render

HIDDEN = "(onbekend of geheim)", "(unknown or confidential)"
RESULTS = {"flow": flow_result(), "conversion": conversion_result()}
IN = "flow[stage=opsporing, measure=in, period={}]"
NEXT = "conversion[measure=reached_next, stage={}]"
NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
CODES = st.from_regex(r"[A-Za-z0-9_./-]{1,12}", fullmatch=True)
ADDRESSES = st.builds(
    Address,
    NAMES,
    st.dictionaries(NAMES, CODES, min_size=1, max_size=4).map(lambda pairs: tuple(pairs.items())),
    st.sampled_from(["value", "numerator", "denominator", "lower", "upper", "n"]),
)


def said(text: str, language: str = "nl") -> str:
    return render(Text(nl=text, en=text), RESULTS, language, "stroom")


@pytest.mark.parametrize(
    ("text", "dutch", "english"),
    [
        ("geen cel", "geen cel", "geen cel"),
        # 3110 * 0.98 ** 12 = 2440,5 -> 2440, and 140 more in 2023 and 2024
        ("{flow[stage=opsporing, measure=in, period=2024]}", "2.580", "2,580"),
        ("{ flow [ stage = opsporing , measure=in, period=2024 ] }", "2.580", "2,580"),
        # 23.100 of 35.000 = 66%
        ("{conversion[stage=opsporing, measure=reached_next, delictgroep=_T]}", "66,0%", "66.0%"),
        ("{conversion[stage=opsporing, measure=reached_next].numerator}", "23.100", "23,100"),
        ("{conversion[stage=opsporing, measure=reached_next].denominator}", "35.000", "35,000"),
        # 2.580 / 2.630 - 1 = -1,9%
        (
            f"{{change: {IN.format(2023)} -> {IN.format(2024)}}}",
            "daalde met 1,9%",
            "fell by 1.9%",
        ),
        # 66% to 61%
        (
            f"{{change: {NEXT.format('opsporing')} -> {NEXT.format('vervolging')}}}",
            "daalde met 5,0 procentpunt",
            "fell by 5.0 percentage points",
        ),
        ("{conversion[stage=berechting, measure=left, delictgroep=drugs]}", *HIDDEN),
        ("{conversion[stage=berechting, measure=left, delictgroep=drugs].denominator}", *HIDDEN),
        (
            f"{{change: {NEXT.format('berechting')} -> {NEXT.format('berechting, delictgroep=drugs')}}}",
            "kan niet worden vergeleken",
            "cannot be compared",
        ),
    ],
)
def test_a_text_prints_the_cells_it_addresses(text, dutch, english):
    assert (said(text), said(text, "en")) == (dutch, english)


def test_a_hidden_cell_never_prints_its_number_even_where_it_still_has_one():
    leaking = flow_result()
    table = leaking.table.copy()
    table.loc[len(table)] = row("stroom", "in", "1999", 86421.0, "zaken", stage="opsporing", disclosure="hidden")
    text = Text(nl="{flow[stage=opsporing, measure=in, period=1999]}", en="")
    assert render(text, {"flow": leaking.with_table(table)}, "nl", "stroom") == HIDDEN[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{flows[stage=opsporing, measure=in, period=2024]}", "no released result 'flows'"),
        ("{flow[stage=opsporing, measure=in, period=2031]}", "No number at"),
        ("{flow[stage=opsporing, measure=in]}", "13 numbers at|14 numbers at"),
        ("{flow[fase=opsporing]}", "No such column: fase"),
        (
            "{change: flow[stage=opsporing, measure=in, period=2024] -> conversion[stage=opsporing, measure=left]}",
            "different units",
        ),
    ],
)
def test_an_unknown_cell_is_named_with_its_section(text, why):
    with pytest.raises(UsageError, match=why) as refusal:
        said(text)
    assert "section 'stroom'" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "brace stands alone"),
        ("een } los", "brace stands alone"),
        ("{flow}", "written as result"),
        ("{flow[]}", "pairs column=code"),
        ("{flow[stage]}", "pairs column=code"),
        ("{flow[stage=a, stage=b]}", "stands twice"),
        ("{flow[stage=a].worth}", "no number 'worth'"),
        ("{change: flow[stage=a]}", "two cells"),
        ("{flow[stage=a].__class__}", "written as result"),
        ("{flow[stage=a]!r}", "written as result"),
        ("{flow[stage=a]:>10}", "written as result"),
    ],
)
def test_what_does_not_fit_the_grammar_is_refused(text, why):
    with pytest.raises(UsageError, match=why):
        parse(text)


@settings(deadline=None)
@given(ADDRESSES)
def test_an_address_reads_as_it_is_written(address: Address):
    assert parse(f"x {{{address}}} y") == ("x ", address, " y")


@settings(deadline=None)
@given(ADDRESSES, ADDRESSES)
def test_a_change_reads_as_it_is_written(before: Address, after: Address):
    assert parse(f"{{{Change(before, after)}}}") == (Change(before, after),)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="{}")))
def test_a_text_without_braces_is_itself(text: str):
    assert said(text) == text


@settings(deadline=None)
@given(st.text(alphabet="{}[]=.,:-> abflowstagechnge2024"))
def test_any_text_is_printed_or_refused_for_what_it_is(text: str):
    try:
        assert "{" not in said(text)
    except UsageError as refusal:
        assert refusal.fix
