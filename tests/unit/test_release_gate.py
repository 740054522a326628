"""Gate 3: what is handed over is computed again; what differs, or can't be judged, does not pass."""

import json
from dataclasses import asdict, astuple, replace
from pathlib import Path

import disclosure_world as world
import models_world
import pytest
from disclosure_world import count

from das_research import chain
from das_research.audit import AuditLog, Head
from das_research.audit_facts import fingerprint
from das_research.catalog.models import Text
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import list_releases, read_release
from das_research.disclosure.texts import holds_number
from das_research.errors import ReleaseRefused, UsageError
from das_research.handover import Handover, Section, write_handover
from das_research.home import Home
from das_research.result import NUMBERS

CATALOG = world.catalog()


def flow(small=30):
    rows = [count("in", value, stage="om", period=period) for period, value in (("2020", small), ("2021", 60))]
    return world.result([*rows, count("in", small + 60, stage="om", period="2020/2021")], first_year=2020)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def hand_over(home, results, text="Er kwamen {flow[stage=om, measure=in, period=2021]} zaken binnen", **changes):
    """The folder of a run in which these Results were handed over."""
    section = Section("deel", "flow", tuple(results), headline=Text(nl=text, en=text))
    fields = {
        "monitor": "keten", "parameters": {"first_year": 2020}, "project": "verhaal", "extract": "ext-000000000000",
        "snapshot": "snap-000000000000", "synthetic": True, "author": "auteur", "sections": (section,),
    }  # fmt: skip
    folder = home.project("verhaal") / "runs" / "keten-000000000000"
    write_handover(folder, Handover(**fields | changes, results=results))
    return folder


def check(home, results, rerun=None, **changes):
    known = {fingerprint(asdict(result.recipe)): result for result in results.values()}
    rerun = rerun or (lambda project, recipe: known[fingerprint(asdict(recipe))])
    return check_release(CATALOG, home, hand_over(home, results, **changes), rerun, "auteur")


def test_what_passes_waits_for_its_reviewers(home):
    release = check(home, {"flow": flow()})
    assert (release.state, release.author, release.reviewed) == ("checked", "auteur", False)
    assert release.decisions["flow"]["status"] == "passed"
    assert read_release(home, release.id).to_json() == release.to_json()
    assert [known.id for known in list_releases(home)] == [release.id]


def test_the_audit_log_has_a_line_and_the_dossier_its_head(home):
    release = check(home, {"flow": flow()})
    log = AuditLog(home.audit_log)
    assert (release.audit_line, release.audit_head, release.audit_key) == astuple(Head(1, log.head(), log.end().key))
    facts = log.lines()[-1]["facts"]
    assert (facts["release"], facts["extract"], facts["released"]) == (release.id, release.extract, False)
    assert (facts["results"], facts["hidden"]) == (1, release.decisions["flow"]["hidden"])
    assert facts["shown"] == release.decisions["flow"]["shown"] > 0
    assert facts["asked"] == fingerprint([[flow().recipe.function, flow().recipe.parameters]])


def test_the_same_hand_over_again_gives_the_release_that_is_there(home):
    first, second = check(home, {"flow": flow()}), check(home, {"flow": flow()})
    assert first == second or first.to_json() == second.to_json()
    assert len(AuditLog(home.audit_log).lines()) == 1


def test_a_hidden_number_is_in_no_file_of_the_release(home):
    release = check(home, {"flow": flow(small=7)})
    assert release.decisions["flow"]["hidden"] == 2
    document = json.loads((home.releases / release.id / "results" / "flow.json").read_text())
    at = {name: document["columns"].index(name) for name in (*NUMBERS, "disclosure", "period")}
    by_period = {row[at["period"]]: row for row in document["rows"]}
    assert by_period["2020"][at["disclosure"]] == "hidden"
    assert all(by_period["2020"][at[name]] is None for name in NUMBERS)
    assert by_period["2020/2021"][at["value"]] == 67


@pytest.mark.parametrize(
    "forge",
    [
        lambda result: result.with_table(result.table.assign(value=result.table.value + 1)),
        lambda result: result.with_table(result.table.assign(n=500.0)),
        lambda result: replace(result, labels={"stage": {"om": Text(nl="iets anders", en="else")}}),
        lambda result: replace(result, title=Text(nl="geen misdaad in Urk", en="no crime")),
        lambda result: replace(result, shape="faults"),
        lambda result: result.with_table(result.table.iloc[:2]),
    ],
)
def test_a_forged_result_is_found(home, forge):
    true = flow()
    with pytest.raises(ReleaseRefused, match="'flow' is not what its recipe gives"):
        check(home, {"flow": forge(true)}, rerun=lambda project, recipe: true)
    assert list_releases(home) == []
    assert AuditLog(home.audit_log).lines()[-1]["act"] == "refused"


def test_the_refusal_holds_no_value(home):
    true = flow()
    with pytest.raises(ReleaseRefused) as refusal:
        check(home, {"flow": true.with_table(true.table.assign(value=98765.0))}, rerun=lambda project, recipe: true)
    assert "98765" not in str(refusal.value) and "value in 3 of 3 rows" in str(refusal.value)


def test_a_sum_in_another_order_is_the_same_number(home):
    true = flow()
    other = true.with_table(true.table.assign(value=true.table.value * (1 + 1e-13)))
    assert check(home, {"flow": other}, rerun=lambda project, recipe: true).state == "checked"


def test_it_is_the_second_computation_that_is_released(home):
    true = flow()
    handed_over = true.with_table(true.table.assign(value=true.table.value * (1 + 1e-13)))
    release = check(home, {"flow": handed_over}, rerun=lambda project, recipe: true)
    assert release.results["flow"].table.value.tolist() == true.table.value.tolist()


def test_what_cannot_be_run_again_is_not_checked_and_shows_nothing(home):
    release = check(home, {"flow": flow()}, rerun=lambda project, recipe: None)
    assert release.decisions["flow"]["status"] == "not checked"
    assert release.results["flow"].table.empty


def test_a_table_of_persons_labelled_as_faults_is_refused(home):
    table = world.result([count("zaken", 3)], (), world.TABULATE, "faults")
    with pytest.raises(ReleaseRefused, match="counts faults of files"):
        check(home, {"flow": table})


@pytest.mark.parametrize("text", ["Er kwamen 60 zaken binnen", "In 2019 was het meer", "een ½ daarvan", "{60 zaken}"])
def test_a_typed_number_is_refused(home, text):
    with pytest.raises(ReleaseRefused, match=r"headline \(nl\) of the section 'deel' holds a number"):
        check(home, {"flow": flow()}, text=text)


def test_a_year_that_is_a_parameter_may_be_named(home):
    assert (
        check(home, {"flow": flow()}, text="Sinds 2020 {change: flow[period=2020] -> flow[period=2021]}").state
        == "checked"
    )
    assert holds_number("Sinds 2020", {"2021"})


def test_a_number_in_the_title_of_ones_own_table_is_refused(home):
    table = world.result([count("zaken", 30)], (), world.TABULATE)
    table = replace(table, title=Text(nl="Er waren 3 moorden", en="Murders"))
    with pytest.raises(ReleaseRefused, match="title of the result 'flow'"):
        check(home, {"flow": table}, text="")


def test_a_release_whose_files_were_changed_cannot_be_read(home):
    release = check(home, {"flow": flow(small=7)})
    path = home.releases / release.id / "results" / "flow.json"
    assert " 67" in path.read_text()
    path.write_text(path.read_text().replace(" 67", " 66"))
    with pytest.raises(ReleaseRefused, match="don't fit its id"):
        read_release(home, release.id)


def test_an_unknown_release_is_told_with_those_there_are(home):
    with pytest.raises(UsageError, match="none yet"):
        read_release(home, "rel-123456789abc")


@pytest.mark.parametrize("fault", [ValueError, KeyError, ZeroDivisionError])
def test_a_rule_that_stops_lets_nothing_pass(home, monkeypatch, fault):
    def stops(*_given, **_how):
        raise fault

    monkeypatch.setattr("das_research.disclosure.beside.protect", stops)
    with pytest.raises(fault):
        check(home, {"flow": flow()})
    assert list_releases(home) == []


def test_a_shape_that_no_rule_knows_does_not_pass(home):
    with pytest.raises(ReleaseRefused, match="No rule judges the shape 'network'"):
        check(home, {"flow": replace(flow(), shape="network")})
    assert list_releases(home) == []


def test_a_gate_that_is_killed_leaves_no_release(home, monkeypatch):
    def killed(self, *_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        check(home, {"flow": flow()})
    monkeypatch.undo()
    assert list_releases(home) == []
    assert check(home, {"flow": flow()}).state == "checked"


def model(size, **changes):
    """A model of the story's project, fitted on the first of some people."""
    rows = models_world.people(300)[:size]
    fitted = chain.logistic(models_world.project("mensen", rows).engine.table("mensen"), "terug", ["man", "leeftijd"])
    return replace(fitted, project="verhaal", snapshot="snap-000000000000", **changes)


def test_a_model_on_one_person_less_than_a_released_one_is_not_checked(home):
    plain = {"text": "Wie komen terug"}
    first = check(home, {"model": model(300)}, **plain)
    assert first.decisions["model"]["status"] == "passed"
    assert check(home, {"model": model(300)}, **plain).id == first.id  # the same again is no other
    near = check(home, {"model": model(299)}, **plain)
    assert near.decisions["model"]["status"] == "not checked"
    assert set(near.results["model"].table.disclosure) == {"hidden"}
    assert check(home, {"model": model(250)}, **plain).decisions["model"]["status"] == "passed"


def test_a_number_in_the_name_of_a_term_is_refused(home):
    made = model(300)
    table = made.table.assign(term=made.table.term.replace("leeftijd", "geboren-1970"))
    with pytest.raises(ReleaseRefused, match="A dimension of the result 'model' holds a number"):
        check(home, {"model": made.with_table(table)}, text="Wie komen terug")
