"""The page of a refused hand-over: exactly the planted numbers, and for a reviewer alone."""

import html
import json
import re
import shutil
import stat
from dataclasses import asdict

import disclosure_world as world
import pytest

from das_research.audit import AuditLog
from das_research.catalog.models import Disclosure
from das_research.disclosure import beside
from das_research.disclosure.gate import check_release
from das_research.disclosure.refused.desk import show_refused
from das_research.disclosure.review import approve
from das_research.disclosure.together.protect import Together
from das_research.errors import ReleaseRefused, UsageError
from das_research.home import Home

CATALOG = world.catalog(disclosure=Disclosure(minimum=10, reviewers=("anna", "bert")))
SIZE = "das_research.chain.cohort_size"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture(autouse=True)
def broken(monkeypatch):
    """What hides, hides only what is small by itself."""

    def hide_only_what_is_unsafe(results, minimum, **_):
        return Together({name: told.unsafe.copy() for name, told in results.items()})

    monkeypatch.setattr(beside, "protect_together", hide_only_what_is_unsafe)


def flow(numbers, **parameters):
    return world.result(
        [world.count("in", n, stage="om", period=period) for period, n in numbers.items()], **parameters
    )


def kinds(numbers, by=("soort",)):
    rows = [world.count("number", n, **dict(zip(by, codes, strict=True))) for codes, n in numbers.items()]
    return world.result(rows, by, SIZE, by=list(by))


def shares(numbers, whole):
    rows = [world.share(measure, n, whole, stage="om") for measure, n in numbers.items()]
    return world.result(rows, ("stage",), world.CONVERSION)


def again(results):
    known = {json.dumps(asdict(it.recipe), sort_keys=True): it for it in results.values()}
    return lambda project, recipe: known[json.dumps(asdict(recipe), sort_keys=True)]


def hand_over(home, number, results):
    return world.hand_over(home, results, number)


def refused(home, *handed_over):
    """The folder of the last of these, which is refused, and the releases of the others."""
    before = []
    for number, results in enumerate(handed_over):
        folder = hand_over(home, number, results)
        if number < len(handed_over) - 1:
            before.append(check_release(CATALOG, home, folder, again(results), "brenger").id)
    with pytest.raises(ReleaseRefused, match=f"das release refused {folder.name} --to DIR"):
        check_release(CATALOG, home, folder, again(handed_over[-1]), "brenger")
    return folder, before


def shown(home, folder, results, to, account="anna"):
    show_refused(CATALOG, home, folder, lambda run: (again(results), None), account, to)
    return {it: (to / f"refused.{it}").read_text(encoding="utf-8") for it in ("json", "nl.html", "en.html")}


def texts(page, tag):
    found = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", page.partition('id="groups"')[2].partition('id="instead"')[0])
    return [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in found]


def rows(page):
    """Every row of numbers: what it counts, the number, the release, the table."""
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page.partition('id="groups"')[2])
    return [(head, *re.findall(r"<td[^>]*>(.*?)</td>", cells)) for head, cells in found]


FLOW_LATER = {"jaren": flow({"2021/2022": 409})}
PLANTED = {
    "a shifted period": (
        {"eerst": flow({"2020/2022": 412})}, FLOW_LATER,
        [("in, stage: om, 2020–2022", "412", "eerst"), ("in, stage: om, 2021–2022", "−409", "jaren")],
    ),
    "a nested group": (
        {"eerst": kinds({(): 412}, ())}, {"jaren": kinds({("wv",): 409, ("gw",): 3})},
        [("number, alle jaren", "412", "eerst"), ("number, soort: wv, alle jaren", "−409", "jaren")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", PLANTED)
def test_the_page_shows_exactly_the_planted_pair(home, tmp_path, way):
    first, second, pair = PLANTED[way]
    folder, (before,) = refused(home, first, second)
    pages = shown(home, folder, second, tmp_path / "bureau")
    # where the group is a hidden cell as well, the same two numbers tell it
    assert set(texts(pages["en.html"], "h3")) == {"412 − 409 = 3 (fewer than 10)"}
    assert set(texts(pages["nl.html"], "h3")) == {"412 − 409 = 3 (minder dan 10)"}
    releases = (before, "deze aanbieding")
    assert list(dict.fromkeys(rows(pages["nl.html"]))) == [
        (head, number, release, table) for (head, number, table), release in zip(pair, releases, strict=True)
    ]
    document = json.loads(pages["json"])
    assert {(it["least"], it["most"]) for it in document["told"]} == {(3, 3)}
    assert document["earlier"] == [{"release": before, "table": "eerst"}] and document["tables"] == ["jaren"]


def test_a_hidden_cell_is_told_by_the_numbers_that_it_takes_and_no_other(home, tmp_path):
    results = {"jaren": flow({"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114, "2019": 70, "2018": 80})}
    folder, _ = refused(home, results)
    pages = shown(home, folder, results, tmp_path / "bureau")
    assert texts(pages["en.html"], "h3") == ["114 − 60 − 50 = 4 (fewer than 10)"]
    assert [number for _, number, *_ in rows(pages["en.html"])] == ["114", "−60", "−50"]


def test_of_a_share_the_part_is_named(home, tmp_path):
    results = {"door": shares({"reached_later": 120, "left": 3, "open": 77}, 200)}
    folder, _ = refused(home, results)
    pages = shown(home, folder, results, tmp_path / "bureau")
    # of 200 did 120 reach it, so 80 did not; 77 are open, and what is left of these left
    assert "80 − 77 = 3 (fewer than 10)" in texts(pages["en.html"], "h3")
    assert ("reached_later, stage: om, all years (to whom it did not happen)", "80") in [
        it[:2] for it in rows(pages["en.html"])
    ]
    assert ("open, stage: om, alle jaren (bij wie het gebeurde)", "−77") in [it[:2] for it in rows(pages["nl.html"])]


def test_what_would_pass_and_what_the_reader_knew_stand_below(home, tmp_path):
    results = {"groepen": kinds({("wv",): 4, ("gw",): 60, ("_T",): 64})}
    folder, _ = refused(home, results)
    pages = shown(home, folder, results, tmp_path / "bureau")
    assert "<li>groepen zonder de uitsplitsing naar soort</li>" in pages["nl.html"]
    assert "<li>groepen without the breakdown by soort</li>" in pages["en.html"]
    assert "which numbers add up" in pages["en.html"] and "Fictieve gegevens" in pages["nl.html"]


def test_codes_that_an_author_typed_are_text(home, tmp_path):
    results = {"groepen": kinds({("<b>wv</b>",): 4, ("gw",): 60, ("<i>vm</i>",): 40, ("_T",): 104})}
    folder, _ = refused(home, results)
    pages = shown(home, folder, results, tmp_path / "bureau")
    assert not any(tag in page for page in (pages["nl.html"], pages["en.html"]) for tag in ("<b>wv", "<i>vm"))


def test_only_its_owner_can_open_it_and_the_log_tells_of_it_without_a_number(home, tmp_path):
    folder, _ = refused(home, {"eerst": flow({"2020/2022": 412})}, FLOW_LATER)
    to = tmp_path / "ver" / "bureau"
    shown(home, folder, FLOW_LATER, to)
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in to.iterdir()} == {0o600}
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["gate"], line["act"], line["account"]) == ("release", "exported", "anna")
    assert line["facts"] == {
        "run": folder.name, "form": "refused", "groups": line["facts"]["groups"], "released": False,
        "project": "verhaal", "purpose": "monitor", "partners": ["p"],
    }  # fmt: skip
    kept = [path for path in home.root.rglob("*") if path.is_file() and "412 − 409" in path.read_text(errors="replace")]
    assert kept == []  # the gate keeps no such sum


@pytest.mark.parametrize("account", ["auteur", "brenger", "iemand"])
def test_nobody_but_a_reviewer_gets_it(home, tmp_path, account):
    folder, _ = refused(home, {"eerst": flow({"2020/2022": 412})}, FLOW_LATER)
    lines = len(AuditLog(home.audit_log).lines())
    with pytest.raises(ReleaseRefused, match="can't see which numbers"):
        shown(home, folder, FLOW_LATER, tmp_path / "bureau", account)
    assert not (tmp_path / "bureau").exists() and len(AuditLog(home.audit_log).lines()) == lines


def test_it_lies_in_no_folder_that_others_read(home, tmp_path):
    folder, _ = refused(home, {"eerst": flow({"2020/2022": 412})}, FLOW_LATER)
    with pytest.raises(UsageError, match="lies in the home folder"):
        shown(home, folder, FLOW_LATER, home.project("verhaal") / "bureau")


def test_what_is_not_refused_has_nothing_to_show(home, tmp_path):
    results = {"jaren": flow({"2020": 40, "2021": 50, "2020/2021": 90})}
    folder = hand_over(home, 1, results)
    with pytest.raises(ReleaseRefused, match="No hidden number") as refusal:
        shown(home, folder, results, tmp_path / "bureau")
    assert f"das release check {folder.name}" in refusal.value.fix and not (tmp_path / "bureau").exists()


def test_where_what_left_is_missing_it_shows_nothing(home, tmp_path):
    folder, (before,) = refused(home, {"eerst": flow({"2020/2022": 412})}, FLOW_LATER)
    for reviewer in ("anna", "bert"):
        approve(CATALOG, home, before, reviewer)
    shutil.rmtree(home.releases / before)
    with pytest.raises(ReleaseRefused, match="could not be judged"):
        shown(home, folder, FLOW_LATER, tmp_path / "bureau")
    assert not (tmp_path / "bureau").exists()
