"""How cases within a term stand beside their norm on a page. The cases are told in tests/chain_story.py."""

import chain_story
import pytest

from das_research import chain
from das_research.publish import norms, views


@pytest.fixture(scope="module")
def project():
    return chain_story.project()


@pytest.fixture(scope="module")
def share(project):
    return chain.share_within_norm(project, "snel", 2019, 2021)


@pytest.mark.parametrize(("language", "word"), [("nl", "norm: 80,0%"), ("en", "norm: 80.0%")])
def test_the_norm_is_a_line_beside_what_started_and_what_ended(project, share, language, word):
    picture = norms.picture(share, "norm_snel", language, norms.norm_of(project.catalog, share))
    assert picture is not None
    for form in (picture.wide, picture.narrow, picture.printed):
        assert word.split(":")[0] in form.description
        assert word.split(" ")[1] in form.description
    assert picture.wide.title == share.title[language]


def test_a_term_of_ones_own_has_no_norm_and_one_year_no_line(project):
    own = chain.share_within(project, "aangifte-besluit", 90, 2020, 2020)
    assert norms.norm_of(project.catalog, own) is None
    assert (norms.picture(own, "eigen", "nl", None), norms.notes(None, "nl")) == (None, ())
    assert [row.heads for row in norms.table(own, "nl").rows] == [("2020",)]


def test_a_norm_is_not_drawn_beside_years_that_are_all_hidden(project, share):
    hidden = {"disclosure": "hidden", "value": float("nan")}
    years = share.table.period.str.isdigit()
    norm = norms.norm_of(project.catalog, share)
    for left, drawn in (([], False), (["2019"], False), (["2019", "2020"], True)):
        gone = years & ~share.table.period.isin(left)
        some = share.with_table(
            share.table.assign(**{name: share.table[name].mask(gone, it) for name, it in hidden.items()})
        )
        assert (norms.picture(some, "norm_snel", "nl", norm) is not None) == drawn
        assert len(norms.table(some, "nl").rows) == (4 if left else 1)


def test_the_table_says_where_the_norm_was_read_and_whether_it_was(project, share):
    norm = norms.norm_of(project.catalog, share)
    assert norms.notes(norm, "nl") == ("norm: verzonnen",)
    doubtful = norm.model_copy(update={"unverified": True, "differs": chain_story.bilingual("telt anders")})
    assert norms.notes(doubtful, "nl") == ("norm: verzonnen (niet geverifieerd)", "telt anders")
    assert [row.heads[0] for row in norms.table(share, "nl").rows] == ["2019", "2020", "2021", "2019–2021"]


def test_a_curve_over_a_span_is_read_as_one_over_a_stage(project):
    curve = chain.durations_between(project, "aangifte-besluit", 2019, 2022, by=["soort"])
    titled = views.titled(curve, project.catalog)
    assert views.median_table(titled, "nl").caption.startswith("van aangifte tot instroom of einde: ")
    assert [row.heads for row in views.median_table(titled, "nl").rows] == [
        ("woninginbraak",), ("geweld",), ("totaal",),
    ]  # fmt: skip
