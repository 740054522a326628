"""The last look of gate 3: what hides is broken on purpose, and nothing leaves."""

import json
from dataclasses import replace
from functools import partial

import chain_story
import disclosure_world as world
import pytest

from das_research.audit import AuditLog
from das_research.chain import leakage
from das_research.disclosure import beside, worked_back
from das_research.disclosure.attacker.attack import OF_INSIDERS, attack
from das_research.disclosure.attacker.besides import besides_of
from das_research.disclosure.attacker.seen import read_register, read_release
from das_research.disclosure.dossier import criteria
from das_research.disclosure.gate import check_release
from das_research.disclosure.hide import hide
from das_research.disclosure.register import register_of
from das_research.disclosure.releases import list_releases
from das_research.disclosure.review import return_release
from das_research.disclosure.rules import protect
from das_research.disclosure.side_by_side import OwnTables
from das_research.disclosure.together.earlier import name_of
from das_research.disclosure.together.protect import Together
from das_research.disclosure.worked_back import look_back
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home

CATALOG = world.catalog()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def check(home, number=0, again=None, **results):
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results=results
    )  # fmt: skip
    folder = home.project("verhaal") / "runs" / f"keten-{number:012d}"
    write_handover(folder, handover)

    def computed(releases):
        return {name_of(it.id, name): result for it in releases for name, result in (again or {}).items()}

    own_tables = OwnTables(lambda release: {}, lambda project, pairs: [], computed)
    rerun = lambda project, recipe: next(it for it in results.values() if it.recipe == recipe)  # noqa: E731
    return check_release(CATALOG, home, folder, rerun, "brenger", own_tables)


def years(numbers, **parameters):
    rows = [world.count("in", number, stage="om", period=period) for period, number in numbers.items()]
    return world.result(rows, **parameters)


SMALL = {"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114}
KINDS = {
    "a year and its whole": years(SMALL),
    "what is left of the shares": world.result(
        [world.share(measure, n, 200, stage="om") for measure, n in
         {"reached_later": 120, "left": 3, "open": 77}.items()], ("stage",), world.CONVERSION,
    ),
    "what went out of a flow": world.result(
        [world.count(measure, n, stage="om", period="2020") for measure, n in
         {"open_begin": 100, "in": 60, "on": 90, "out": 3, "open_end": 67}.items()]
    ),
    "nobody of a share": world.result(
        [world.share("of_started", n, 100, span="a", period=period) for period, n in
         {"2020": 0, "2021": 40}.items()] + [world.share("of_started", 40, 200, span="a", period="2020/2021")],
        ("span",), "das_research.chain.share_within",
    ),
}  # fmt: skip


def hide_only_what_is_unsafe(results, minimum, **_):
    return Together({name: told.unsafe.copy() for name, told in results.items()})


@pytest.mark.parametrize("name", KINDS)
def test_hiding_only_what_is_small_is_found_out_and_nothing_is_written(home, monkeypatch, name):
    release = check(home, deel=KINDS[name])
    page = (home.releases / release.id / "dossier.nl.html").read_text(encoding="utf-8")
    assert release.attacked["hidden"] and "Minder dan dit kan niet" in page and "alle bestanden van deze" in page
    assert release.decisions["deel"]["status"] == "passed"
    assert {it["criterion"]: it["verdict"] for it in criteria(release)}["attacker"] == "passed"
    assert all(it["results"] == ["deel"] and it["cost"] >= it["bound"] > 0 for it in release.attacked["hidden"])
    monkeypatch.setattr(beside, "protect_together", hide_only_what_is_unsafe)
    with pytest.raises(ReleaseRefused, match="could be worked back"):
        check(Home(home.root / "other"), deel=KINDS[name])
    assert list_releases(Home(home.root / "other")) == []
    assert AuditLog(Home(home.root / "other").audit_log).lines()[-1]["act"] == "refused"


def test_a_later_release_does_not_give_away_what_an_earlier_one_hid(home, monkeypatch):
    first, later = years(SMALL), years({"2020": 4, "2021": 50}, every="year")
    before = check(home, 1, jaren=first)  # hides 2021 too: 114 - 60 - 50 = 4
    with pytest.raises(ReleaseRefused, match="could be worked back") as refusal:
        check(home, 2, jaren=later)  # what was hidden is not known any more: the last look finds it out
    assert "The tables that tell them: jaren. They are told beside what left before: jaren of" in refusal.value.why
    assert before.id in refusal.value.why
    release = check(home, 2, again={"jaren": first}, jaren=later, bestanden=world.files())
    assert (release.results["jaren"].table.disclosure == "hidden").all()
    assert {it["criterion"]: it["verdict"] for it in criteria(release)}["earlier releases"] == "passed"
    monkeypatch.setattr(beside, "protect_together", hide_only_what_is_unsafe)
    with pytest.raises(ReleaseRefused, match="could be worked back"):
        check(home, 3, again={"jaren": first}, jaren=later)


def test_the_same_handed_over_again_is_the_release_that_is_there_whatever_left_since(home):
    first, later = years(SMALL), years({"2022": 60, "2023": 7, "2022/2023": 67}, every="year")
    one = check(home, 1, jaren=first)
    check(home, 2, again={"jaren": first}, later=later)
    acts = len(AuditLog(home.audit_log).lines())
    assert check(home, 1, again={"later": later}, jaren=first).id == one.id
    assert len(list_releases(home)) == 2 and len(AuditLog(home.audit_log).lines()) == acts
    other = check(home, 1, again={"jaren": first, "later": later}, jaren=years({"2022": 60}))  # the run has changed
    assert other.id != one.id and len(list_releases(home)) == 3


def test_a_number_that_left_in_another_form_contradicts(home):
    before = check(home, 1, jaren=years({"2021": 50}))
    with pytest.raises(ReleaseRefused, match="contradicts what left before") as refusal:
        check(home, 2, anders=years({"2022": 60}), later=years({"2021": 53}, every="year"))
    assert f"No numbers fit both later and jaren, which left in {before.id}" in refusal.value.why
    assert "later snapshot" in refusal.value.fix and not {"50", "53"} & set(refusal.value.why.split())


def test_a_sum_that_cannot_be_with_what_left_contradicts(home):
    before = check(home, 1, jaren=years({"2020": 40, "2021": 50, "2020/2021": 90}))
    with pytest.raises(ReleaseRefused, match="contradicts what left before") as refusal:
        check(home, 2, kwartalen=years({"2020-Q1": 60, "2020-Q2": 70}, every="quarter"))  # more than the year
    assert f"kwartalen and jaren, which left in {before.id}" in refusal.value.why


def test_tables_that_contradict_each_other_are_named(home):
    with pytest.raises(ReleaseRefused, match="contradict each other") as refusal:
        check(home, een=years({"2021": 50}), twee=years({"2021": 53}, every="year"), drie=years({"2023": 90}, last=1))
    assert "fit all of them at once: een, twee." in refusal.value.why and refusal.value.fix


def test_groups_that_overlap_are_no_false_alarm():
    numbers = {"wv": 40, "gw": 70, "vm": 8, "_T": 100}  # 18 persons stand in two kinds
    persons = world.result([world.count("personen", n, soort=code) for code, n in numbers.items()], ("soort",))
    released, _ = protect(persons, CATALOG)
    assert besides_of([persons.to_json()], [released.to_json()]).apart
    assert not look_back(CATALOG, "verhaal", {"a": persons}, {"a": released}, [], []).leaks


def test_a_zero_that_is_hidden_with_its_breakdown_is_reckoned_with():
    numbers = {"wv": 4, "gw": 70, "vm": 0, "_T": 74}
    kinds = world.result([world.count("in", n, soort=code) for code, n in numbers.items()], ("soort",))
    released, _ = protect(kinds, CATALOG)  # the whole breakdown goes, the zero too
    assert besides_of([kinds.to_json()], [released.to_json()]).hidden_zeros
    assert not look_back(CATALOG, "verhaal", {"a": kinds}, {"a": released}, [], []).leaks


def test_codes_that_left_with_their_rows_are_a_group_as_well():
    numbers = {"wv": 3, "gw": 70, "_T": 73}
    kinds = world.result([world.count("in", n, soort=code) for code, n in numbers.items()], ("soort",))
    shown = kinds.table.assign(disclosure="shown")
    forged = kinds.with_table(shown[shown.soort != "wv"])  # the row is gone, and 73 - 70 tells it
    (leak, *_) = look_back(CATALOG, "verhaal", {"a": kinds}, {"a": forged}, [], []).leaks
    assert (leak.low, leak.high) == (3, 3)


def test_the_same_words_in_another_project_are_other_numbers():
    text = years({"2021": 50}).to_json()
    mine, theirs = (read_release([text], None, "", project=project) for project in ("een", "twee"))
    assert not {cell.counted for cell in mine} & {cell.counted for cell in theirs}


def hiding(result, *codes):
    """A Result by kind as it leaves, with these codes hidden."""
    hidden = result.table.soort.isin(codes)
    table = result.table.assign(disclosure=hidden.map({True: "hidden", False: "shown"}))
    table.loc[hidden, ["value", "n"]] = float("nan")
    return replace(result, table=table)


def by_kind(numbers, persons=(), function=world.TABULATE):
    rows = [world.count("in", n, dict(persons).get(code), soort=code) for code, n in numbers.items()]
    return world.result(rows, ("soort",), function)


def test_insiders_are_asked_and_so_is_who_is_the_only_person_in_several_cases():
    kinds = by_kind({"wv": 1, "gw": 20, "vm": 30, "_T": 51})
    look = look_back(CATALOG, "verhaal", {"a": kinds}, {"a": hiding(kinds, "wv", "gw")}, [], [])
    assert look.told["insiders"] == {"asked": 1, "not_asked": 0} and OF_INSIDERS in look.told["knowledge"]
    # by the files the nine are 1 to 11; whoever the three cases are of takes three from twelve
    kinds = by_kind({"wv": 3, "gw": 9, "vm": 30, "_T": 42}, {"wv": 1})
    (leak,) = look_back(CATALOG, "verhaal", {"a": kinds}, {"a": hiding(kinds, "wv", "gw")}, [], []).leaks
    assert (leak.how, leak.low, leak.high) == ("the only one in a cell knows another", 9, 9)
    several = by_kind({"wv": 3, "gw": 9, "vm": 30, "_T": 42}, {"wv": 2})
    assert not look_back(CATALOG, "verhaal", {"a": several}, {"a": hiding(several, "wv", "gw")}, [], []).leaks


def test_who_is_alone_in_what_is_left_of_a_whole_is_asked_of_no_other_number_than_that():
    # nothing goes on from the last stage, as everybody knows: who did not leave is open, and one is the same number
    rows = []
    for period, still, of in (
        ("2019", 4, 50),
        ("2020", 1, 40),
        ("2021", 9, 60),
        ("2022", 30, 90),
        ("2019/2022", 44, 240),
    ):
        place = {"stage": "dji", "period": period}
        rows += [
            world.impossible("of_entered", **place) | {"unit": "percent"},
            world.share("left", of - still, of, **place),
            world.share("open", still, of, **place),
        ]
    result = world.result(rows, function="das_research.chain.conversion_by_year")
    unsafe = result.table.period.isin(["2019", "2020", "2021"]) & (result.table.kind != "cannot occur")
    left = hide(result, unsafe, CATALOG)
    look = look_back(CATALOG, "verhaal", {"a": result}, {"a": left}, [], [])
    assert look.told["insiders"]["asked"] > 0 and look.leaks == ()
    two = hide(result, unsafe & (result.table.period != "2019"), CATALOG)  # of ten, who is one knows the nine
    assert look_back(CATALOG, "verhaal", {"a": result}, {"a": two}, [], []).leaks


def test_a_year_that_can_not_be_followed_so_long_contradicts_no_total(home):
    """Of cases of 2020, 2021 and 2022 of which every third is lost, those of 2022 had less than a year."""
    events = []
    for number in range(180):
        name, year = f"z{number:03}", 2020 + number % 3
        events += [(name, "instroom", None, f"{year}-02-01"), (name, "besluit", "dagvaarding", f"{year}-03-01")]
        events += [(name, "zitting", None, f"{year}-05-01")] if number % 9 > 2 else []
    cases = [(name, f"p{name}", "gw") for name in dict.fromkeys(name for name, *_ in events)]
    lost = leakage(chain_story.project(cases=cases, events=events), 2020, 2022, grace_days=365)
    released = check(home, lost=replace(lost, project="verhaal", snapshot="snap-000000000000", synthetic=True))
    told = released.results["lost"].table.query("stage == 'om' and measure == 'never_seen'").set_index("period")
    assert told.numerator.to_dict() == {"2020": 20, "2021": 20, "2022": 0, "2020/2022": 40}
    assert told.disclosure.eq("shown").all() and told.kind["2022"] == "unknown"


@pytest.mark.parametrize("name", KINDS)
def test_certificates_of_what_is_hidden_are_verified_and_only_their_hash_is_kept(home, name):
    release = check(home, deel=KINDS[name])
    told = release.attacked["certificates"]
    assert told["verified"] == told["given"] > 0 and 0 < told["groups"] <= release.attacked["asked"]
    assert len(told["hash"]) == 64 and all(told["solvers"].values())
    again = check(Home(home.root / "other"), deel=KINDS[name])
    assert again.attacked["certificates"] == told
    assert set(told) == {"given", "verified", "groups", "hash", "solvers"}
    page = (home.releases / release.id / "dossier.en.html").read_text(encoding="utf-8")
    assert "verified in whole numbers" in page and told["solvers"]["highspy"] in page


def test_a_certificate_that_does_not_add_up_proves_nothing():
    kinds = by_kind({"wv": 4, "gw": 20, "vm": 30, "_T": 54})
    left = hiding(kinds, "wv", "gw")
    for wv, gw, given, verified in ((12, 12, 1, 1), (12, 13, 1, 0), (24, 0, 1, 0), (25, -1, 0, 0)):
        table = kinds.table.assign(value=[wv, gw, 30, 54])
        look = look_back(CATALOG, "verhaal", {"a": kinds}, {"a": left}, [], [], [{"a": kinds.with_table(table)}])
        told = look.told["certificates"]
        assert (told["given"], told["verified"], not look.leaks) == (given, verified, True)
        assert (told["groups"] > 0) == bool(verified)


def test_insiders_who_are_too_many_to_ask_are_said_not_to_be_checked(home, monkeypatch):
    rows = {"wv": 1, "gw": 20, "vm": 30, "ov": 40, "_T": 91}
    monkeypatch.setattr(worked_back, "attack", partial(attack, questions=0))
    release = check(home, deel=by_kind(rows, function=world.FLOW))
    assert release.attacked["insiders"] == {
        "asked": 0,
        "not_asked": 2,
    }  # as itself, and as what came
    assert OF_INSIDERS not in release.attacked["knowledge"]
    assert {it["criterion"]: it["verdict"] for it in criteria(release)}["insiders"] == "not checked"
    assert "andere is dat niet gevraagd" in (home.releases / release.id / "dossier.nl.html").read_text(encoding="utf-8")


def test_the_register_has_every_cell_that_left_and_none_that_came_back(home):
    release = check(home, 1, jaren=years(SMALL))
    (entry,) = register_of(list_releases(home))
    assert (entry["release"], entry["project"], entry["snapshot"]) == (release.id, "verhaal", "snap-000000000000")
    values = {
        tuple(sorted({month[:4] for month in it["where"]["period"]})): it["value"]
        for it in entry["cells"]
        if "period" in it["where"]  # the same cells stand there a second time, as what came into the flow
    }
    # 2021 was hidden with 2020
    assert values == {("2020",): None, ("2021",): None, ("2022",): 60, ("2020", "2021", "2022"): 114}
    assert [cell.value for cell in read_register(json.dumps([entry]))].count(114) == 2
    for account in ("anna", "bert"):
        return_release(CATALOG, home, release.id, account, "te weinig context", "context")
    assert register_of(list_releases(home)) == []
