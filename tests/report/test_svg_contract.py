"""What every chart promises: a name, its numbers in words, text as text, no colliding ids, and the same bytes twice."""

import hashlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from das_research.errors import UsageError
from das_research.style.numbers import SYNTHETIC
from das_research.style.palette import variables
from das_research.style.plots import (
    Amount,
    Bar,
    Curve,
    FlowStage,
    Ratio,
    Series,
    SplitBar,
    SplitPanel,
    bars,
    chain_flow,
    line_chart,
    ratios,
    split_bars,
    step_curves,
)

SVG = "{http://www.w3.org/2000/svg}"
YEARS = ["2019", "2020", "2021", "2022"]


def amount(value):
    return Amount(value, f"{value:g}")


STAGES = [
    FlowStage("o", "Opsporing", amount(100), amount(60), amount(30), amount(10)),
    FlowStage("v", "Vervolging & <OM>", amount(60), Amount(None), Amount(None), amount(5), open_begin=amount(8)),
    FlowStage("b", "Berechting", amount(30), Amount(None, ""), amount(20), amount(10)),
]
SERIES = [Series(f"Lijn {place} & <zo>", (10.0 * place, None, 12.5, 900.0 + place)) for place in range(1, 6)]
CURVES = [
    Curve("Allen", (0, 100, 200), (0.0, 55.0, 80.0), (0.0, 50.0, 75.0), (0.0, 60.0, 85.0), median=100),
    Curve("Weinig", (0, 100, 200), (0.0, None, None)),
]
BARS = [Bar("Geen sleutel & <meer>", 12, "12", "Politie"), Bar("Buiten bereik", None, ".", "Rechtspraak")]
RATIOS = [Ratio("a & <b>", 1.0, group="groep"), Ratio("c", 2.5, 0.8, 7.1, "groep"), Ratio("leeftijd", 0.97, 0.96, 0.98)]
PARTS = ["ging door", "verliet <de> keten", "nog open"]
PANELS = [
    SplitPanel(
        "Opsporing",
        (
            SplitBar("Totaal", (60.0, 30.0, 10.0), total=True),
            SplitBar("Diefstal & <meer>", (70.0, 25.0, 5.0)),
            SplitBar("Drugs", (40.0, 58.0, 2.0)),
        ),
        below="van 100",
    ),
    SplitPanel("Berechting", (SplitBar("Totaal", (0.0, 97.0, 3.0), total=True), SplitBar("Drugs", (0.0, None, None)))),
]
DRAW = {
    "flow": lambda **look: chain_flow(STAGES, title="Keten", **look),
    "flow down": lambda **look: chain_flow(STAGES, title="Keten", orientation="vertical", **look),
    "lines": lambda **look: line_chart(
        YEARS, SERIES, title="Lijnen", provisional=["2022"], breaks={"2021": "nieuw"}, **look
    ),
    "many lines": lambda **look: line_chart(YEARS, [*SERIES, *SERIES], title="Veel", **look),
    "curves": lambda **look: step_curves(CURVES, title="Duur", **look),
    "split bars": lambda **look: split_bars(PANELS, PARTS, title="Delen", **look),
    "split bars down": lambda **look: split_bars(PANELS, PARTS, title="Delen", width=340, **look),
    "ratios": lambda **look: ratios(RATIOS, title="Verhoudingen", **look),
    "bars": lambda **look: bars(BARS, title="Fouten", **look),
}


@pytest.fixture(scope="module", params=DRAW)
def drawn(request):
    return DRAW[request.param](chart_id="a", synthetic=True)


def test_it_is_one_image_with_a_name_and_a_description_that_resolve(drawn):
    root = ET.fromstring(drawn.svg)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    named = {child.get("id"): child.text for child in root}
    assert named[root.get("aria-labelledby")] == drawn.title
    assert named[root.get("aria-describedby")] == drawn.description
    assert re.search(r"\d", drawn.description)


def test_it_scales_with_the_page(drawn):
    root = ET.fromstring(drawn.svg)
    assert root.get("viewBox")
    assert root.get("width") is None


def test_texts_are_texts_and_no_glyphs(drawn):
    root = ET.fromstring(drawn.svg)
    written = "".join(text for element in root.iter(f"{SVG}text") for text in element.itertext())
    assert SYNTHETIC["nl"] in written
    assert "DejaVu" not in drawn.svg


def test_every_id_begins_with_the_charts_own_and_every_reference_resolves(drawn):
    ids = re.findall(r'\bid="([^"]+)"', drawn.svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("a-") for name in ids)
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', drawn.svg)) <= set(ids)


def test_it_needs_nothing_that_a_strict_page_refuses(drawn):
    assert not re.search(r'<style|style="|<script|\son\w+=|<image|href="(?!#)|@import', drawn.svg)


def test_colours_are_variables_with_the_light_colour_behind_them(drawn):
    bare = re.sub(r"var\(--\w+,#[0-9a-f]{6}\)", "", drawn.svg)
    assert not re.search(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", bare)
    assert set(re.findall(r"var\((--\w+),#", drawn.svg)) <= variables().keys()


@pytest.mark.parametrize("name", DRAW)
def test_two_charts_on_a_page_share_no_id(name):
    one, other = (set(re.findall(r'\bid="([^"]+)"', DRAW[name](chart_id=id).svg)) for id in ("one", "other"))
    assert not one & other


def test_a_ratio_and_its_reciprocal_lie_as_far_from_one():
    svg = ratios([Ratio("een", 1.0), Ratio("dubbel", 2.0), Ratio("half", 0.5)], chart_id="a", title="a").svg
    one, twice, half = (float(place) for place in re.findall(r'cx="([\d.]+)"', svg))
    assert twice - one == pytest.approx(one - half, abs=0.2) and twice > one


@pytest.mark.parametrize("name", DRAW)
def test_for_print_there_are_real_colours_only(name):
    assert "var(" not in DRAW[name](chart_id="a", for_print=True).svg


def test_the_same_chart_is_the_same_to_the_byte_in_another_process():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_svg_contract\nprint(test_svg_contract.fingerprint())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == fingerprint()


def fingerprint():
    """One hash of every chart."""
    return hashlib.sha256("".join(DRAW[name](chart_id="a").svg for name in DRAW).encode()).hexdigest()


def test_english_charts_speak_english():
    chart = chain_flow(STAGES, chart_id="a", title="Chain", language="en", synthetic=True)
    assert 'lang="en"' in chart.svg
    assert "leaves the chain" in chart.svg
    assert SYNTHETIC["en"] in chart.svg


def test_in_a_notebook_the_chart_has_paper_of_its_own():
    chart = DRAW["bars"](chart_id="a")
    assert 'fill="var(--paper,#ffffff)"' in chart._repr_svg_()
    assert chart._repr_svg_().count("<rect") == chart.svg.count("<rect") + 1


def test_an_id_that_could_break_out_is_refused():
    with pytest.raises(UsageError, match="chart's id"):
        bars(BARS, chart_id='a"><script>', title="t")


def ribbon_heights(svg):
    """Lengths of the stage bars: the closed paths in the accent colour, from left to right."""
    return [float(found) for found in re.findall(r'<path d="M[\d.]+ [\d.]+h9v([\d.]+)h-9z" fill="#154274"', svg)]


def test_the_flow_is_as_wide_as_its_numbers():
    chart = chain_flow(STAGES, chart_id="a", title="Keten", for_print=True)
    first, second, third = ribbon_heights(chart.svg)
    assert second / first == pytest.approx(68 / 100, abs=0.01)  # 60 entered, 8 stood open before
    assert third / first == pytest.approx(30 / 100, abs=0.01)


def test_a_hidden_number_has_a_hatch_a_point_and_no_width_of_its_own():
    def hidden(whole):
        stage = FlowStage("v", "Vervolging", amount(whole), Amount(None), Amount(None), Amount(None))
        return chain_flow([stage, *STAGES[2:]], chart_id="a", title="Keten", for_print=True).svg

    hatched = [re.findall(r'd="([^"]+)" fill="url\(#a-hatch\)"', hidden(whole)) for whole in (40, 90)]
    assert len(hatched[0]) == len(hatched[1]) == 6  # going on, leaving, open, and the key of each
    widths = [re.search(r"V([\d.]+)C.*?V?", paths[0])[1] for paths in hatched]
    assert widths[0] == widths[1]
    assert "onbekend aantal gaat door" in chain_flow(STAGES, chart_id="a", title="Keten").description


def test_names_at_line_ends_do_not_overlap():
    series = [Series(f"Naam {place}", (5.0, 5.0 + place / 100)) for place in range(5)]
    svg = line_chart(["2023", "2024"], series, chart_id="a", title="Lijnen").svg
    places = re.findall(r'<text[^>]*font-weight="700"[^>]* y="([\d.]+)"', svg)
    heights = sorted(map(float, places))
    assert len(heights) == 5
    assert min(later - earlier for earlier, later in pairwise(heights)) >= 15


def test_provisional_points_are_open():
    chart = line_chart(YEARS, SERIES[:1], chart_id="a", title="Lijn", provisional=["2022"], for_print=True)
    assert chart.svg.count('fill="#ffffff"') == 1
    assert "open punt: voorlopig" in chart.svg


def test_the_description_tells_first_last_and_highest():
    series = [Series("Instroom", (1000.0, 1500.0, None, 1200.0))]
    chart = line_chart(YEARS, series, chart_id="a", title="Lijn", breaks={"2021": "nieuwe telwijze"})
    assert chart.description == (
        "Instroom: 1.000 in 2019, 1.200 in 2022, hoogste 1.500 in 2020. breuk in 2021: nieuwe telwijze."
    )


@pytest.mark.parametrize("count", [1, 6], ids=["one chart", "panels"])
def test_a_break_is_a_numbered_rule_and_its_note_stands_under_the_chart(count):
    def drawn(**look):
        return line_chart(YEARS, [SERIES[0]] * count, chart_id="a", title="Lijn", for_print=True, **look)

    breaks = {YEARS[0]: "begin", YEARS[2]: "een heel nieuwe telwijze die niet op een enkele regel past " * 2}
    plain, broken = drawn(), drawn(breaks=breaks)
    rules = [svg.count("stroke-dasharray") for svg in (plain.svg, broken.svg)]
    assert rules[1] - rules[0] == 2 * count  # one in each panel
    assert f"1 {YEARS[0]}: begin" in broken.svg
    heights = [float(re.search(r'viewBox="0 0 \S+ ([\d.]+)"', chart.svg)[1]) for chart in (plain, broken)]
    assert heights[1] - heights[0] >= 3 * 16  # a line for the first note, two or more for the second


def test_more_than_five_curves_are_refused_and_more_than_five_lines_become_panels():
    with pytest.raises(UsageError, match="6 curves"):
        step_curves([CURVES[0]] * 6, chart_id="a", title="t")
    panels = DRAW["many lines"](chart_id="a").svg
    assert panels.count('font-weight="700"') == 10


def test_a_step_that_is_not_known_makes_the_one_before_wider_and_says_so():
    def drawn(shares):
        return step_curves([Curve("Allen", (0, 100, 200, 300), shares)], chart_id="a", title="Duur", for_print=True)

    gap, end, none = drawn((0.0, 40.0, None, 80.0)), drawn((0.0, 40.0, 60.0, None)), drawn((None,) * 4)
    assert "bredere treden" in gap.svg
    assert "bredere treden" not in end.svg + none.svg
    assert end.description == "Allen: 60,0% na 200 dagen."
    assert none.description == "Allen: ."
    line = re.search(r'<path d="([^"]+)"[^>]*stroke="#154273" stroke-width="2.2"', gap.svg)[1]
    assert len(re.findall("[ML]", line)) == 5  # three known points: two treads, two risers


def parts_drawn(svg: str) -> list[tuple[float, str]]:
    """Length and fill of every part of every bar; the boxes of the key are ten wide."""
    found = re.findall(r'<path d="M[\d.]+ [\d.]+h([\d.]+)v[\d.]+h-[\d.]+z" fill="([^"]+)" stroke=', svg)
    return [(float(long), fill) for long, fill in found if long != "10.0"]


def test_the_parts_of_a_split_bar_are_as_long_as_their_shares_and_fill_it():
    chart = split_bars(PANELS[:1], PARTS, chart_id="a", title="Delen", for_print=True)
    drawn = parts_drawn(chart.svg)
    whole = sum(long for long, _ in drawn[:3])
    assert [long / whole for long, _ in drawn[:6]] == pytest.approx([0.6, 0.3, 0.1, 0.7, 0.25, 0.05], abs=0.002)
    assert len({fill for _, fill in drawn[:3]}) == 3


def test_a_part_that_may_not_be_seen_is_hatched_and_one_that_cannot_occur_is_not_drawn():
    chart = split_bars(PANELS[1:], PARTS, chart_id="a", title="Delen", for_print=True)
    total, hidden = parts_drawn(chart.svg)[:2], parts_drawn(chart.svg)[2:]
    assert len(total) == 2
    assert [fill for _, fill in hidden] == ["url(#a-hatch)"] * 2
    assert sum(long for long, _ in hidden) == pytest.approx(sum(long for long, _ in total), abs=0.2)
    assert chart.svg.count(">.</text>") == 1
    assert "url(#" not in split_bars(PANELS[:1], PARTS, chart_id="a", title="Delen").svg


def test_a_share_is_printed_where_it_fits_and_always_described():
    chart = split_bars(PANELS, PARTS, chart_id="a", title="Delen", width=640)
    assert ">60,0%</text>" in chart.svg
    assert ">2,0%</text>" not in chart.svg
    assert chart.description == (
        "Opsporing: 60,0% ging door, 30,0% verliet <de> keten, 10,0% nog open, "
        "ging door van 40,0% (Drugs) tot 70,0% (Diefstal & <meer>). "
        "Berechting: 97,0% verliet <de> keten, 3,0% nog open."
    )


def test_the_names_of_groups_stand_once_beside_panels_and_in_every_panel_on_a_telephone():
    wide, narrow = DRAW["split bars"](chart_id="a").svg, DRAW["split bars down"](chart_id="a").svg
    assert (wide.count(">Drugs</text>"), narrow.count(">Drugs</text>")) == (1, 2)


def test_a_flow_says_nothing_of_what_stood_open_where_nothing_did():
    stage = FlowStage("o", "Opsporing", amount(100), amount(60), amount(30), amount(10), open_begin=amount(0))
    assert "stond al open" not in chain_flow([stage], chart_id="a", title="Keten").svg
    assert "8 stond al open" in chain_flow(STAGES, chart_id="a", title="Keten").svg


def test_a_line_under_a_bar_is_drawn_and_described():
    chart = bars([Bar("Opgenomen", 95, "95", note="−5 door: geen datum")], chart_id="a", title="t")
    assert ">−5 door: geen datum</text>" in chart.svg
    assert chart.description == "Opgenomen: 95 (−5 door: geen datum)."
