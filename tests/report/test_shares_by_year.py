"""How the shares of every stage stand over the years on a page. The cases are told in tests/chain_story.py."""

from types import SimpleNamespace

import chain_story
import pytest

from das_research import chain
from das_research.handover import Section
from das_research.publish.exhibits import exhibits
from das_research.publish.proportions_by_year import shares


@pytest.fixture(scope="module")
def project():
    return chain_story.project()


@pytest.fixture(scope="module")
def by_year(project):
    return chain.conversion_by_year(project, 2020, 2022)


@pytest.fixture(scope="module")
def leakage(project):
    return chain.leakage(project, 2020, 2022, grace_days=100)


def test_what_goes_on_is_a_picture_a_stage_with_a_line_for_every_way_to_count_it(by_year):
    found = list(shares(by_year, "verder", "nl", ()))
    assert [name for name, _, _ in found] == ["verder-politie", "verder-om"]  # nothing goes on from the last stage
    for _, table, picture in found:
        assert picture is not None and picture.wide.title == table.caption
        for measure in ("of_entered", "of_ended"):
            assert by_year.labels["measure"][measure].nl in picture.wide.description


def test_what_is_lost_is_a_picture_a_measure_with_a_line_for_every_stage_where_it_can_be(leakage):
    found = {name: (table, picture) for name, table, picture in shares(leakage, "lekkage", "en", ())}
    assert list(found) == ["lekkage-never_seen", "lekkage-without_before"]
    stages = leakage.labels["stage"]
    lost, strange = (picture.wide.description for _, picture in found.values())
    # only the prosecution says itself that a case goes on; before the police there is no stage
    assert stages["om"].en in lost and stages["politie"].en not in lost
    assert stages["rechter"].en in strange and stages["politie"].en not in strange


def test_the_table_under_a_picture_has_the_years_and_all_of_them(by_year):
    _, table, _ = next(shares(by_year, "verder", "nl", ()))
    assert [row.heads for row in table.rows] == [("2020",), ("2021",), ("2022",), ("2020–2022",)]
    # 2020: a, b and c entered the police; a and c went on, b left. Done in 2020 were a, which went on, and b
    assert [cell.text for cell in table.rows[0].cells] == ["66,7%", "50,0%", "33,3%", "0,0%"]


def test_what_may_not_be_seen_is_in_no_form_of_the_picture(by_year):
    hidden = by_year.with_table(by_year.table.assign(disclosure="hidden"))
    found = list(shares(hidden, "verder", "nl", ()))
    assert [picture for _, _, picture in found] == [None, None]
    for _, table, _ in found:  # and no table of nothing but points
        assert [row.heads for row in table.rows] == [("2020–2022",)]
        assert any("geheim" in note for note in table.notes)


def test_one_year_is_a_table_and_no_line(project):
    one = chain.leakage(project, 2021, 2021, grace_days=100)
    found = list(shares(one, "lekkage", "nl", ()))
    assert [picture for _, _, picture in found] == [None, None]
    assert all(table.rows for _, table, _ in found)


def test_a_section_of_shares_shows_each_picture_with_its_table(project, leakage):
    edition = SimpleNamespace(results={"lekkage": leakage}, snapshot="snap-1")
    section = Section("lekkage", "shares", ("lekkage",), *(chain_story.bilingual(""),) * 3)
    shown = exhibits(project.catalog, edition, section, "nl")
    assert [one.id for one in shown] == ["lekkage-never_seen", "lekkage-without_before"]
    assert all(one.result == "lekkage" and one.picture and one.table.source.endswith("snap-1") for one in shown)
