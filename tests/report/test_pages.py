"""The pages: the same numbers in both languages, marks that stay, links that lead somewhere, no hidden number."""

import ast
import csv
import gzip
import io
import json
import re
import urllib.parse
from dataclasses import replace
from pathlib import Path

import pytest
from edition_world import (
    EARLIER,
    PUBLISHED,
    catalog,
    conversion_result,
    deliveries_result,
    one_year_release,
    release,
    texts,
)
from site_pages import Page, pages

from das_research.catalog.models import Text
from das_research.home import Home
from das_research.publish import proportions, views
from das_research.publish.colophon import closing
from das_research.publish.editions import compose
from das_research.publish.frame import Site
from das_research.publish.places import Place
from das_research.publish.sites import write_sources
from das_research.result import Step
from das_research.style import palette

SYNTHETIC = {"nl": "Fictieve gegevens, geen echte cijfers", "en": "Fictitious data, not real figures"}
UNREVIEWED = {"nl": "niemand heeft deze uitgave beoordeeld", "en": "nobody reviewed this edition"}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def language_of(name: str) -> str:
    return "en" if name.startswith("en/") else "nl"


def numbers(page: Page, language: str) -> list[str]:
    """Every number of a page, written the same way in both languages, sorted: word order differs."""
    thousands, decimal = (".", ",") if language == "nl" else (",", ".")
    found = NUMBER.findall(" ".join(page.words).replace(catalog().licence, ""))
    return sorted(number.replace(thousands, "").replace(decimal, ".") for number in found)


@pytest.mark.parametrize("which", ["synthetic_home", "real_home", "themes_home"])
def test_both_languages_have_the_same_numbers(which: str, request: pytest.FixtureRequest):
    found = pages(request.getfixturevalue(which))
    dutch = [name for name in found if language_of(name) == "nl"]
    assert sorted(f"en/{name}" for name in dutch) == sorted(name for name in found if language_of(name) == "en")
    for name in (name for name in dutch if not name.startswith("over/")):
        here = numbers(found[name], "nl")
        assert here == numbers(found[f"en/{name}"], "en"), name
        assert len(here) > 100


def test_each_page_names_itself_in_the_other_language(synthetic_home: Home):
    for name, page in pages(synthetic_home).items():
        dutch = name.removeprefix("en/")
        targets = {"nl": dutch, "en": f"en/{dutch}", "x-default": dutch}
        folder = synthetic_home.site / Path(name).parent
        for language, target in targets.items():
            assert (folder / page.alternates[language]).resolve() == (synthetic_home.site / target).resolve(), name


@pytest.mark.parametrize("which", ["synthetic_home", "real_home", "themes_home"])
def test_the_head_of_a_page_holds_no_paragraph(which: str, request: pytest.FixtureRequest):
    for name, text in texts(request.getfixturevalue(which).site).items():
        if name.endswith(".html"):
            assert "<p>" not in text.partition("</head>")[0], name


def test_fictitious_data_are_marked_in_every_file(synthetic_home: Home):
    for name, text in texts(synthetic_home.site).items():
        if not name.startswith("style/"):
            languages = {"nl", "en"} if name.endswith(".json") else {language_of(name)}
            if name.endswith(".csv"):
                languages = {"nl"} if name.endswith("_nl.csv") else {"en"}
            if name.endswith(".svg"):
                languages = {name.split(".")[-2]}
            for language in languages:
                assert SYNTHETIC[language] in text, name
                assert UNREVIEWED[language] in text or name.endswith(".svg"), name
        if name.endswith(".html"):
            assert '<meta name="robots" content="noindex">' in text, name


def test_every_line_of_a_file_is_marked(synthetic_home: Home):
    for path in synthetic_home.site.rglob("*.csv"):
        dutch = path.name.endswith("_nl.csv")
        lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";" if dutch else ","))
        assert lines
        assert {line["note"] for line in lines} == {SYNTHETIC["nl" if dutch else "en"]}
        assert {line["review"] for line in lines} == {UNREVIEWED["nl" if dutch else "en"]}


def test_real_reviewed_data_carry_no_mark(real_home: Home):
    for name, text in texts(real_home.site).items():
        assert not any(mark in text for mark in (*SYNTHETIC.values(), *UNREVIEWED.values(), "noindex")), name


def test_a_hidden_number_is_in_no_file(tmp_path: Path):
    """Even if gate 3 had left it in: 86421 stands in cells that are hidden, with every number a cell can have."""
    secret = dict.fromkeys(("value", "numerator", "denominator", "se", "lower", "upper", "n"), 86421.0)
    edition = compose(catalog(), release(), PUBLISHED)
    leaking = {}
    for name, result in edition.results.items():
        table = result.table.copy()
        hidden = table.sample(frac=0.3, random_state=1).index
        table.loc[hidden, "disclosure"] = "hidden"
        for column, number in secret.items():
            table.loc[hidden, column] = number
        leaking[name] = result.with_table(table)
    write_sources(Site(catalog(), (replace(edition, results=leaking),)), tmp_path / "reports")
    for name, text in texts(tmp_path / "reports").items():
        assert not re.search(r"86[.,\s]?421", text), name


def test_no_link_is_broken(synthetic_home: Home):
    found = pages(synthetic_home)
    root = synthetic_home.site.resolve()
    assert sum(len(page.references) for page in found.values()) > 200
    for name, page in found.items():
        for reference in page.references:
            parts = urllib.parse.urlsplit(reference)
            if parts.scheme:
                assert parts.scheme == "mailto", (name, reference)
                continue
            target = (root / name).parent / urllib.parse.unquote(parts.path) if parts.path else root / name
            assert target.is_file(), (name, reference)
            if parts.fragment:
                there = target.resolve().relative_to(root).as_posix()
                assert parts.fragment in found[there].ids, (name, reference)


def test_no_id_stands_twice_on_a_page(synthetic_home: Home):
    for name, page in pages(synthetic_home).items():
        assert len(page.ids) == len(set(page.ids)), name


@pytest.mark.parametrize(("language", "words"), [("nl", ("Figuur", "Tabel")), ("en", ("Figure", "Table"))])
def test_figures_and_tables_are_numbered_without_a_gap(synthetic_home: Home, language: str, words: tuple[str, str]):
    prefix = "" if language == "nl" else "en/"
    text = (synthetic_home.site / f"{prefix}ketenmonitor/index.html").read_text("utf-8")
    figures = re.findall(rf'<span class="number">{words[0]} (\d+)</span>', text)
    tables = re.findall(rf"(?:<span class=\"number\">|<summary>){words[1]} (\d+)", text)
    # the flow, its years, the outcomes, the curves and the deliveries are drawn; each has a table, and two stand alone
    assert figures == ["1", "2", "3", "4", "5"]
    assert tables == ["1", "2", "3", "4", "5", "6", "7"]


def test_an_older_edition_says_that_there_is_a_newer_one(synthetic_home: Home):
    for folder in (synthetic_home.site, synthetic_home.site / "en"):
        older = (folder / f"editie/ketenmonitor-{EARLIER}/index.html").read_text("utf-8")
        newest = (folder / f"editie/ketenmonitor-{PUBLISHED}/index.html").read_text("utf-8")
        latest = (folder / "ketenmonitor/index.html").read_text("utf-8")
        assert 'class="banner"' in older
        assert 'href="../../ketenmonitor/index.html"' in older
        assert 'class="banner"' not in newest + latest


def test_every_edition_is_listed_for_people_and_for_machines(synthetic_home: Home):
    register = json.loads((synthetic_home.site / "edities.json").read_text("utf-8"))
    assert [entry["id"] for entry in register] == [f"ketenmonitor-{PUBLISHED}", f"ketenmonitor-{EARLIER}"]
    index = Page((synthetic_home.site / "index.html").read_text("utf-8"))
    for entry in register:
        assert entry["pages"]["nl"] in index.references
        assert all((synthetic_home.site / file).is_file() for file in [*entry["pages"].values(), *entry["data"]])


def test_the_first_page_leads_with_a_number_for_every_stage(synthetic_home: Home):
    text = (synthetic_home.site / "index.html").read_text("utf-8")
    cards = re.findall(r'<li class="card">.*?</details></li>', text, re.DOTALL)
    # 2.580 in 2024 against 2.630 in 2023: -1,9%; both years are provisional
    assert [re.search(r'class="leading">([\d.]+)<', card).group(1) for card in cards] == [
        "2.580",
        "1.703",
        "1.039",
        "862",
    ]
    assert "daalde met 1,9%" in cards[0]
    assert "ten opzichte van 2023 (2.630)" in cards[0]
    assert all('class="spark"' in card and "(voorlopig cijfer)" in card for card in cards)


def test_one_year_has_no_change_and_no_line(real_home: Home):
    text = (real_home.site / "index.html").read_text("utf-8")
    assert text.count('<li class="card">') == 4
    assert 'class="spark"' not in text
    assert 'class="change"' not in text
    # instead of what the picture says already: what went on, and how long half of the cases took
    leading = re.findall(r'class="leading">([\d.,%]+)<', text)
    assert leading == ["66,0%", "61,0%", "83,0%", "902"]


def test_both_files_of_a_table_hold_the_same_numbers(synthetic_home: Home):
    folder = synthetic_home.site / f"editie/ketenmonitor-{PUBLISHED}/data"
    for name in ("flow", "conversion", "duration", "deliveries"):
        plain = list(csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text("utf-8"))))
        raw = (folder / f"{name}_nl.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        dutch = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
        assert [line["value"] for line in plain] == [line["value"].replace(",", ".") for line in dutch]
        hidden = [line for line in plain if line["disclosure"] == "hidden"]
        assert all(line[number] == "" for line in hidden for number in ("value", "numerator", "denominator", "n"))
        about = json.loads((folder / f"{name}-metadata.json").read_text("utf-8"))
        assert about["licence"] == "CC BY 4.0"
        assert about["definition"]["text"]["nl"]
        assert list(about["files"]) == [f"{name}.csv", f"{name}_nl.csv"]


def test_every_edition_states_its_unit_its_symbols_and_how_to_make_it_again(synthetic_home: Home):
    text = " ".join(pages(synthetic_home)["ketenmonitor/index.html"].words)
    for said in ("zaken (een verdachte in een zaak)", "onbekend of geheim", "snap-0123456789ab", "Kaplan en Meier"):
        assert said in text
    assert "das monitor run ketenmonitor -p " in text


def test_the_sources_of_an_edition_are_those_of_its_project(synthetic_home: Home):
    text = " ".join(pages(synthetic_home)["ketenmonitor/index.html"].words)
    assert re.search(r"Bronnen\s+Politie\s+Momentopname", text)


def test_a_result_without_a_view_of_its_own_is_shown_as_a_table(tmp_path: Path):
    one = release()
    first, *_ = one.sections
    edition = compose(
        catalog(), replace(one, sections=(replace(first, view="table", results=("conversion",)),)), PUBLISHED
    )
    write_sources(Site(catalog(), (edition,)), tmp_path / "reports")
    text = (tmp_path / "reports/ketenmonitor/index.md").read_text("utf-8")
    assert "66,0%" in text
    assert "<svg" not in text


def test_signs_of_markup_in_a_text_stay_signs(tmp_path: Path):
    odd = one_year_release()
    title = odd.results["flow"].title.model_copy(update={"nl": "A <b> & *c* | [d](e) $f$ `g`", "en": "A <b> & *c*"})
    results = odd.results | {"flow": replace(odd.results["flow"], title=title)}
    edition = compose(catalog(), replace(odd, results=results), PUBLISHED)
    write_sources(Site(catalog(), (edition,)), tmp_path / "reports")
    text = (tmp_path / "reports/ketenmonitor/index.md").read_text("utf-8")
    assert "A &lt;b&gt; &amp; *c*" in text
    assert "<b>" not in re.sub(r"\\<b\\>", "", text)


def test_the_colours_of_the_style_sheet_are_those_of_the_house():
    sheet = Path("reports/style/site.css").read_text("utf-8")
    for name, colour in palette.variables().items():
        assert sheet.count(f"{name}:{colour}") == 2, "on a light screen and on paper"
    for name, colour in palette.variables(dark=True).items():
        assert sheet.count(f"{name}:{colour}") == 1
        assert sheet.count(f"{name}:") == 3


def test_the_publication_zone_reaches_no_rows():
    allowed = {
        "errors",
        "home",
        "catalog",
        "style",
        "presentation",
        "result",
        "audit",
        "audit_facts",
        "handover",
        "publish",
        "disclosure.releases",
    }
    for path in Path("das_research/publish").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in (name for name in names if name.startswith("das_research.")):
                room = name.removeprefix("das_research.")
                assert any(room == one or room.startswith(f"{one}.") for one in allowed), (path.name, name)


def test_a_breakdown_that_is_withheld_whole_leaves_its_total_and_says_so():
    result = views.titled(conversion_result(), catalog())
    table = result.table.copy()
    numbers_of = ["value", "numerator", "denominator", "n"]
    # of the stage vervolging every group is withheld; of berechting only one of the four
    groups = (table["stage"] == "vervolging") & (table["delictgroep"] != "_T")
    table.loc[groups, "disclosure"] = "hidden"
    table.loc[groups, numbers_of] = float("nan")
    before = result.with_table(table)
    after = views.without_withheld_groups(before)
    rows = views.conversion_table(after, "nl").rows
    assert [row.heads[1] for row in rows if row.heads[0] == "Vervolging"] == ["Alle delicten"]
    assert [row.heads[1] for row in rows if row.heads[0] == "Berechting"] == [
        "Vermogensmisdrijven",
        "Gewelds- en seksuele misdrijven",
        "Verkeersmisdrijven",
        "Drugsmisdrijven",
        "Alle delicten",
    ]
    assert views.withheld_note(before, after, "en")
    assert not views.withheld_note(after, after, "en")


def test_deliveries_stand_in_the_order_of_the_chain():
    turned = deliveries_result()
    turned = turned.with_table(turned.table.iloc[::-1])
    view = views.accepted_table(views.in_chain_order(turned, catalog()), "nl")
    assert [row.heads[0] for row in view.rows] == [
        "Verdachten (Politie)",
        "Strafzaken (OM)",
        "Strafzaken (Rechtspraak)",
        "Straffen (CJIB)",
    ]


def test_a_file_of_no_stage_has_a_heading_of_its_own_words_alone():
    given = deliveries_result()
    first = given.table.dataset.iloc[0]
    stages = given.table.dataset.map(lambda dataset: "opsporing" if dataset == first else "_T")
    labels = given.labels | {"stage": {"opsporing": Text(nl="Opsporing", en="Investigation")}}
    table = given.table.copy()
    table.insert(table.columns.get_loc("dataset") + 1, "stage", stages)
    result = replace(given, table=table, dimensions=("dataset", "stage", "rule"), labels=labels)
    view = views.rules_table(views.in_chain_order(result, catalog()), "nl")
    assert [name for name, _ in view.blocks()][:2] == ["Verdachten (Politie), Opsporing", "Strafzaken (OM)"]


def test_shares_stand_beside_how_many_cases_they_are_of():
    view = views.conversion_table(views.titled(conversion_result(), catalog()), "en")
    total = next(row for row in view.rows if row.heads == ("Investigation", "All offences"))
    assert [cell.text for cell in total.cells] == ["66.0%", "28.0%", "6.0%", "35,000"]


def test_no_page_is_heavy(synthetic_home: Home):
    for name, text in texts(synthetic_home.site).items():
        assert len(text.encode()) < 600_000, name
        assert len(gzip.compress(text.encode())) < 60_000, name


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "1 2016: Nieuw systeem (1 juli 2016, niet geverifieerd)"),
        ("en", "1 2016: New system (1 July 2016, unverified)"),
    ],
)
def test_a_break_stands_in_the_series_that_it_breaks(language: str, said: str, synthetic_home: Home):
    page = synthetic_home.site / ("en" if language == "en" else "") / "ketenmonitor" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert said in text
    assert text.count(said.split(": ")[1]) > text.count(said)  # in the description, too, without the number
    assert {"nl": "Elders", "en": "Elsewhere"}[language] not in text


def test_the_page_of_uses_says_of_every_purpose_whether_it_may_and_where_that_stands(synthetic_home: Home):
    text = (synthetic_home.site / "over" / "gebruik.html").read_text(encoding="utf-8")
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text)
    assert heads[1:] == ["Statistiek", "Monitor", "Wetenschappelijk onderzoek", "Ketenverantwoording"]
    (head,) = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', text)
    assert [part in head for part in ("Levering politie", "verdachten &amp; getuigen", "10 jaar")] == [True] * 3
    cells = [re.sub("<.*?>", "|", cell).split("|") for cell in re.findall(r"<td.*?>(.*?)</td>", text)]
    assert [[part for part in cell if part] for cell in cells] == [
        ["mag", "art. 1", "DPIA: 7"], ["mag", "art. 2"], ["mag, mits", "Na toestemming.", "art. 3"],
        ["mag niet", "art. 4"],
    ]  # fmt: skip
    assert text.count("Een [verzonnen] afspraak.") == 1
    english = (synthetic_home.site / "en" / "over" / "gebruik.html").read_text(encoding="utf-8")
    assert "<strong>allowed if</strong><br>With permission.<br>art. 3" in english


def test_every_page_leads_to_the_page_of_uses(synthetic_home: Home):
    found = pages(synthetic_home)
    assert all(any(link.endswith("gebruik.html") for link in page.references) for page in found.values())


def test_the_outcomes_of_every_stage_are_drawn_from_what_may_be_seen(synthetic_home: Home):
    text = (synthetic_home.site / "ketenmonitor/index.html").read_text("utf-8")
    drawn = re.search(r'<svg[^>]*aria-labelledby="conversion-wide-title".*?</svg>', text, re.DOTALL).group(0)
    # opsporing: 66 + 28 + 6 = 100; drugs in berechting is hidden
    assert "Opsporing: 66,0% bereikte de volgende fase, 28,0% verliet de keten, 6,0% nog open" in drawn
    assert drawn.count('fill="url(#conversion-wide-hatch)"') == 3
    assert drawn.count(">.</text>") == 1


def test_a_stage_stands_once_above_its_rows(synthetic_home: Home):
    text = (synthetic_home.site / "ketenmonitor/index.html").read_text("utf-8")
    heads = re.findall(r'<th scope="rowgroup" colspan="\d+"><span>(.*?)</span></th>', text)
    assert heads[:3] == ["Opsporing", "Vervolging", "Berechting"]
    assert '<th scope="row">Opsporing</th><th' not in text


def test_an_edition_says_what_was_linked_and_what_it_leaves_out():
    linked = replace(
        conversion_result(),
        attrition=(
            Step(37121, 36043, Text(nl="kwam niet in deze jaren binnen", en="did not enter in these years")),
            Step(36043, 36043, Text(nl="zonder gevolg", en="without effect")),
        ),
    )
    one = release()
    edition = compose(catalog(), replace(one, results=one.results | {"conversion": linked}), PUBLISHED)
    said = closing(Site(catalog(), (edition,)), edition, Place("ketenmonitor/index", "nl"))
    assert "dat een eerdere fase ook kent: Strafzaken (OM) 97%" in said
    assert "36.043 van de 37.121 mee; de rest kwam niet in deze jaren binnen" in said
    assert "zonder gevolg" not in said


def test_a_caption_says_its_period_once():
    flow = views.titled(release().results["flow"], catalog())
    assert views.flow_table(flow, "nl").caption.count("2024") == 1
    assert views.flow_table(flow, "en").caption.count("2024") == 1
    cohort = views.titled(conversion_result(), catalog())
    titles = Text(nl="Zaken die in 2012–2024 binnenkwamen", en="Cases that entered in 2012 to 2024")
    for language in ("nl", "en"):
        assert views.conversion_table(replace(cohort, title=titles), language).caption.count("2024") == 1
    until = Text(nl="Gevolgd tot 31 december 2019", en="Followed to 31 December 2019")  # a day, not the period 2019
    one_year = replace(views.titled(conversion_result("2019"), catalog()), title=until)
    assert views.conversion_table(one_year, "nl").caption == "Gevolgd tot 31 december 2019 (2019, zaken)"


def test_a_file_that_lost_cases_says_how_many_and_mainly_why():
    picture = proportions.accepted(views.in_chain_order(deliveries_result(), catalog()), "deliveries", "nl")
    # 36.190 delivered: 145 without a key and 398 without a moment are 543 lost
    assert "aangenomen: 35.647 (−543 vooral door: Geen bruikbare datum)" in picture.wide.description
