"""A coarser table beside a finer one, recoded by its author: what is hidden in the one is not left by sums of both."""

import pytest
from unions_world import of_sizes, project, release, shown_of, told_of_few

import das_research as das
from das_research.disclosure.together import protect
from das_research.disclosure.together.unions import Unions
from das_research.errors import ReleaseRefused
from das_research.home import Home

SIZES = {"a1": 3, "a2": 50, "a3": 51, "b1": 4, "b2": 52, "b3": 53}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture(scope="module")
def story():
    return project(of_sizes(SIZES))


@pytest.fixture(scope="module")
def cases(story):
    return story.tables.cases


def table(story, cases, by="soort", **measures):
    return das.tabulate(cases, by=[by], measures=measures or {"zaken": "count"}, project=story)


def told(cases, *released):
    """What the shown cells of tables by kind, or by its first sign, tell of fewer than ten; in sets of persons."""
    shown = []
    for one in released:
        for code in shown_of(one):
            shown.append({person: 1 for person, kind in cases if code == "_T" or kind.startswith(code)})
    return told_of_few(shown, [person for person, _ in cases], 10)


RECODED = {
    "another column": lambda cases: (cases.mutate(groep=cases.soort.substr(0, 1)), "groep"),
    "the same column": lambda cases: (cases.mutate(soort=cases.soort.substr(0, 1)), "soort"),
}


@pytest.mark.parametrize("way", RECODED)
def test_a_coarse_table_beside_a_fine_one_leaves_nothing_of_few(home, story, cases, way):
    fine, coarse = table(story, cases), table(story, *RECODED[way](cases))
    made = release(home, story, fijn=fine, grof=coarse)
    assert told(of_sizes(SIZES), *made.results.values()) == []
    assert 51 in shown_of(made.results["fijn"]).values() or 104 in shown_of(made.results["grof"]).values()
    assert {"name": "sums with others", "verdict": "passed", "given": {"tables": 2}} in made.decisions["grof"]["checks"]


@pytest.mark.parametrize("again", [True, False], ids=["computed again", "as it left"])
@pytest.mark.parametrize("way", RECODED)
def test_nor_when_the_coarse_one_leaves_later(home, story, cases, way, again):
    first = release(home, story, 1, again, fijn=table(story, cases))
    second = release(home, story, 2, again, grof=table(story, *RECODED[way](cases)))
    assert told(of_sizes(SIZES), first.results["fijn"], second.results["grof"]) == []


def test_three_releases_of_one_number_each(home, story, cases):
    def number_of(*codes):
        return das.tabulate(cases.filter(cases.soort.isin(codes)), project=story)

    for number, code in enumerate(("a2", "a3")):
        made = release(home, story, number, een=number_of(code))
        assert (made.results["een"].table.disclosure == "shown").all()
    with pytest.raises(ReleaseRefused, match="Nothing of it is left"):  # 104 - 50 - 51 = 3
        release(home, story, 2, een=number_of("a1", "a2", "a3"))
    other = release(home, story, 3, een=number_of("a1", "a2", "a3", "b2"))  # 156 - 50 - 51 = 55
    assert (other.results["een"].table.disclosure == "shown").all()


def test_a_whole_that_parts_of_two_tables_make_up(home, story, cases):
    halves = [
        das.tabulate(cases.filter(cases.soort.isin(kinds)), by=["soort"], project=story)
        for kinds in (["a2", "b2"], ["a3", "b3"])
    ]
    rest = das.tabulate(cases, project=story)
    made = release(home, story, een=halves[0], twee=halves[1], alles=rest)
    whole = made.results["alles"].table
    parts = shown_of(made.results["een"]).keys() | shown_of(made.results["twee"]).keys()
    assert (whole.disclosure == "hidden").all() or not {"a2", "b2", "a3", "b3"} <= parts  # 213 - 206 = 7


def test_cases_of_few_persons_who_have_many(home):
    persons = [(f"p{number:03}", "b" if number % 2 else "c") for number in range(60)]
    many = [("v1", "a")] * 20 + [("v2", "a")] * 20  # 40 cases of two persons, who have others too
    story = project([*persons, *many, ("v1", "b"), ("v2", "c")])
    cases = story.tables.cases
    fine = table(story, cases.filter(cases.soort != "a"))
    whole = das.tabulate(cases, project=story)
    made = release(home, story, fijn=fine, alles=whole)
    shown, total = shown_of(made.results["fijn"]), made.results["alles"].table
    assert (total.disclosure == "hidden").all() or ("_T" not in shown and not {"b", "c"} <= shown.keys())


def test_cases_of_persons_who_stand_in_several_codes(home):
    """Persons overlap between the codes, cases don't: the cases of a group are still those of its codes."""
    persons = [
        (f"p{number:03}", code) for number in range(60) for code in (("a2", "a3") if number % 3 else ("a2", "b1"))
    ]
    story = project([*persons, *((f"q{number}", "a1") for number in range(4)), ("p001", "a1")])
    cases = story.tables.cases
    fine, coarse = table(story, cases), table(story, cases.mutate(soort=cases.soort.substr(0, 1)))
    made = release(home, story, fijn=fine, grof=coarse)
    fine, coarse = (shown_of(made.results[name]) for name in ("fijn", "grof"))
    assert "a1" not in fine and not ("a" in coarse and {"a2", "a3"} <= fine.keys())


KINDS = {"sum": ("sum", "bedrag"), "mean": ("mean", "bedrag")}


def amounts_of(story, cases, *codes, kind="sum"):
    """Of persons of these codes the sum, or mean, of an amount of each."""
    amounts = cases.mutate(bedrag=1000 + cases.person_id.substr(1, 4).cast("int64") % 7)
    return das.tabulate(amounts.filter(amounts.soort.isin(codes)), measures={"b": KINDS[kind]}, project=story)


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_of_three_tables_leave_those_of_no_few(home, story, cases, kind):
    """Of 104 persons less 50 less 51 it would be the sum of three."""
    codes = {"een": ("a2",), "twee": ("a3",), "alles": ("a1", "a2", "a3")}
    made = release(home, story, **{name: amounts_of(story, cases, *it, kind=kind) for name, it in codes.items()})
    assert 0 < sum((it.table.disclosure == "shown").sum() for it in made.results.values()) < 3
    assert {"name": "sums with others", "verdict": "passed", "given": {"tables": 3}} in made.decisions["een"]["checks"]


@pytest.mark.parametrize("kind", KINDS)
def test_nor_do_those_of_three_releases(home, story, cases, kind):
    for number, code in enumerate(("a2", "a3")):
        release(home, story, number, een=amounts_of(story, cases, code, kind=kind))
    with pytest.raises(ReleaseRefused, match="Nothing of it is left"):
        release(home, story, 2, een=amounts_of(story, cases, "a1", "a2", "a3", kind=kind))
    other = release(home, story, 3, een=amounts_of(story, cases, "a1", "a2", "a3", "b2", kind=kind))
    assert (other.results["een"].table.disclosure == "shown").all()


def test_a_protector_that_forgets_what_is_under_sums_is_refused(home, story, cases, monkeypatch):
    monkeypatch.setattr(protect, "under_sums", lambda *_: ())
    with pytest.raises(ReleaseRefused, match="could be worked back"):
        codes = {"een": ("a2",), "twee": ("a3",), "alles": ("a1", "a2", "a3")}
        release(home, story, **{name: amounts_of(story, cases, *it) for name, it in codes.items()})


def test_sums_that_left_before_are_laid_beside_others(home, story, cases):
    release(home, story, 1, een=amounts_of(story, cases, "a2"))
    made = release(home, story, 2, twee=amounts_of(story, cases, "a3"))
    assert (made.results["twee"].table.disclosure == "shown").all() and made.attacked["unknown"] == []


def test_hidden_sums_of_one_table_leave_no_sum_of_few(home, story, cases):
    """Three have a1 and four b1: what the total has more than the other codes would be the sum of seven."""
    amounts = cases.mutate(bedrag=1000 + cases.person_id.substr(1, 4).cast("int64") % 7)
    made = release(home, story, fijn=table(story, amounts, b=("sum", "bedrag")))
    shown = shown_of(made.results["fijn"])
    assert not {"a1", "b1"} & shown.keys() and not {"_T", "a2", "a3", "b2", "b3"} <= shown.keys()


RECURRING = [(f"p{number:03}", code) for number in range(60) for code in ("a2", "a3", "b1", "b2")]


def test_persons_who_recur_leave_again_by_other_codes(home):
    """Their parts are more than their whole, also in what left before with a number hidden: no contradiction."""
    story = project([*RECURRING, ("p001", "c")])
    cases = story.tables.cases
    fine = table(story, cases, personen="persons")
    coarse = table(story, cases.mutate(soort=cases.soort.substr(0, 1)), personen="persons")
    first, second = release(home, story, 1, fijn=fine), release(home, story, 2, grof=coarse)
    everybody = dict.fromkeys(("a2", "a3", "b1", "b2", "_T"), 60)
    assert shown_of(first.results["fijn"]) == everybody
    assert shown_of(second.results["grof"]) == {"a": 60, "b": 60, "_T": 60}


def test_persons_of_one_table_whose_codes_overlap(home):
    """60 have a2, and either a3 or b1; four have a1 alone: 64 - 40 - 20."""
    persons = [(f"p{number:03}", code) for number in range(60) for code in ("a2", "a3" if number % 3 else "b1")]
    story = project([*persons, *((f"q{number}", "a1") for number in range(4))])
    made = release(home, story, fijn=table(story, story.tables.cases, personen="persons"))
    shown = shown_of(made.results["fijn"])
    assert "a1" not in shown and not {"_T", "a3", "b1"} <= shown.keys() and not {"_T", "a2"} <= shown.keys()
    assert {"name": "sums with others", "verdict": "passed", "given": {"tables": 1}} in made.decisions["fijn"]["checks"]


def test_a_protector_that_forgets_a_sum_is_refused(home, story, cases, monkeypatch):
    fine, coarse = table(story, cases), table(story, *RECODED["another column"](cases))
    monkeypatch.setattr(protect, "unions_of", lambda *_: Unions())
    with pytest.raises(ReleaseRefused) as refused:
        release(home, story, fijn=fine, grof=coarse)
    assert "numbers of several tables, added and subtracted, leave it" in str(refused.value)
    assert "fijn, grof" in str(refused.value)


def test_tables_that_can_not_be_added_up_are_said_to_be_so(home, story, cases, monkeypatch):
    monkeypatch.setattr("das_research.tabulation.standing.MOST_CELLS", 3)
    made = release(home, story, fijn=table(story, cases), grof=table(story, *RECODED["another column"](cases)))
    names = {it["name"]: it["verdict"] for it in made.decisions["grof"]["checks"]}
    assert names["sums"] == "not checked" and "sums with others" not in names
