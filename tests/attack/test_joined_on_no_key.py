"""Rows of one laid beside those of all others of a group: persons are many under a cell whose values are of three."""

import pytest
from unions_world import of_sizes, project, release, shown_of

import das_research as das
from das_research.disclosure.dossier import open_criteria
from das_research.home import Home

SIZES = {"a1": 3, "a2": 50, "a3": 51}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def story():
    return project(of_sizes(SIZES))


@pytest.fixture(scope="module")
def cases(story):
    return story.tables.cases.mutate(
        groep=story.tables.cases.soort.substr(0, 1), bedrag=story.tables.cases.person_id.substr(1, 4).cast("int64") + 1
    )


def joined_by(cases, *names):
    others = cases.select(*names, code="soort", hun=cases.bedrag)
    return cases.join(others, list(names))


def asked(made):
    return {it["name"]: it["verdict"] for it in made.decisions["eigen"]["checks"]}


@pytest.mark.parametrize("measure", ["count", ("sum", "hun")])
def test_a_count_of_many_persons_times_three_is_for_people(home, story, cases, measure):
    """104 persons, each beside the three of a1: 312 rows of 104 persons, and 312 / 104 is the number that is hidden."""
    table = joined_by(cases, "groep")
    made = release(home, story, eigen=das.tabulate(table, by=["code"], measures={"m": measure}, project=story))
    assert shown_of(made.results["eigen"])["a1"] == 104 * (3 if measure == "count" else 1 + 2 + 3)
    assert asked(made)["joined"] == "not checked" and made.needed == 2
    [people] = [it for it in open_criteria(made) if it["criterion"] == "left to people"]
    assert {"result": "eigen", "name": "joined", "verdict": "not checked", "given": {}} in people["checks"]
    pages = [(home.releases / made.id / f"dossier.{it}.html").read_text(encoding="utf-8") for it in ("nl", "en")]
    told = [page[page.index('id="criteria"') : page.index('id="results"')] for page in pages]
    assert "eigen: De bevraging legt rijen van de een naast die van anderen" in told[0]
    assert "eigen: The query lays rows of one beside those of others, by no key" in told[1]


def test_rows_of_the_same_case_are_no_matter(home, story, cases):
    made = release(
        home, story, eigen=das.tabulate(joined_by(cases, "case_id", "groep"), by=["code"], project=story)
    )  # fmt: skip
    assert "joined" not in asked(made) and "a1" not in shown_of(made.results["eigen"])
