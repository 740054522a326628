"""A product that was agreed beforehand needs one review, and is one only when it is just what was agreed."""

import disclosure_world as world
import pytest
from disclosure_world import CONVERSION, FLOW, TABULATE, count
from typer.testing import CliRunner

from das_research.audit import AuditLog
from das_research.catalog.models import AgreedProduct
from das_research.cli import app
from das_research.disclosure.dossier import open_criteria
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import read_release
from das_research.disclosure.review import approve
from das_research.disclosure.side_by_side import OwnTables
from das_research.handover import Handover, write_handover
from das_research.home import Home

COMPARED = OwnTables(lambda release: {}, lambda project, pairs: [frozenset() for _ in pairs])
AGREED = {
    "by": ("eva", "frits"),
    "begin": "2020-01-01",
    "end": "2099-12-31",
    "vary": ("last_year",),
    "tables": {"flow": {"function": FLOW, "parameters": {"first_year": 2012}}},
}


def catalog(**changed):
    base = world.catalog()
    monitor = base.monitors["keten"].model_copy(update={"agreed": AgreedProduct(**AGREED | changed)})
    return base.model_copy(update={"monitors": base.monitors | {"keten": monitor}})


def needed(tmp_path, catalog, results=None, cases=60, account="brenger"):
    results = results or {"flow": made(cases=cases)}
    home = Home(tmp_path / "home")
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results=results
    )
    folder = home.project("verhaal") / "runs" / "keten-000000000000"
    write_handover(folder, handover)
    again = {result.recipe.function: result for result in results.values()}
    id = check_release(catalog, home, folder, lambda project, recipe: again[recipe.function], account, COMPARED).id
    return home, read_release(home, id)


def made(function=FLOW, cases=60, **parameters):
    return world.result([count("in", cases, stage="om")], function=function, **{"first_year": 2012} | parameters)


def test_one_review_is_enough_for_what_was_agreed(tmp_path):
    home, release = needed(tmp_path, catalog(), {"flow": made(last_year=2024)})
    assert (release.needed, release.agreed) == (1, ("eva", "frits"))
    assert approve(catalog(), home, release.id, "anna").reviewed


@pytest.mark.parametrize(
    "results",
    [
        {"flow": made(first_year=2013)},
        {"flow": made(by=["leeftijdsgroep"])},
        {"flow": made(CONVERSION)},
        {"other": made()},
        {"flow": made(), "more": made(CONVERSION)},
        {"flow": made(TABULATE, query="select 1")},
    ],
    ids=["another parameter", "one parameter more", "another function", "another name", "a table more", "own table"],
)
def test_anything_else_needs_two(tmp_path, results):
    _, release = needed(tmp_path, catalog(), results)
    assert (release.needed, release.agreed) == (2, ())


@pytest.mark.parametrize(
    "changed",
    [{"by": ("auteur", "frits")}, {"by": ("eva", "brenger")}, {"end": "2021-01-01"}, {"begin": "2098-01-01"}],
    ids=["by its author", "by who brings it", "the agreement is over", "not yet begun"],
)
def test_an_agreement_of_its_author_or_of_another_time_counts_for_nothing(tmp_path, changed):
    _, release = needed(tmp_path, catalog(**changed))
    assert release.needed == 2


def test_what_no_rule_judged_needs_both_reviewers(tmp_path):
    rows = [count("in", 40, stage="om"), count("in", 0, stage="politie"), count("in", 40)]
    everybody_has_one = world.result(rows, function=FLOW, first_year=2012)
    home, release = needed(tmp_path, catalog(), {"flow": everybody_has_one})
    assert release.decisions["flow"]["status"] == "passed"
    assert (release.needed, [it["criterion"] for it in open_criteria(release)]) == (2, ["groups"])
    assert approve(catalog(), home, release.id, "anna").state == "first review"


def test_what_is_open_is_said_before_the_verdict_and_kept_with_it(tmp_path, monkeypatch):
    rows = [count("in", 40, stage="om"), count("in", 0, stage="politie"), count("in", 40)]
    home, release = needed(tmp_path, catalog(), {"flow": world.result(rows, function=FLOW, first_year=2012)})
    monkeypatch.setattr("das_research.commands.context.State.catalog", lambda state: catalog())

    def type_approve(*options):
        return CliRunner().invoke(app, ["--home", str(home.root), "release", "approve", release.id, *options])

    monkeypatch.setenv("DAS_ACCOUNT", "anna")
    refused = type_approve()
    assert refused.exit_code == 1
    assert "not checked: What is the same of everybody in a group (flow)" in refused.stdout
    assert "  flow: Of 1 shown totals everybody has the same code" in refused.stdout
    assert read_release(home, release.id).reviews == ()
    assert type_approve("--judged").exit_code == 0
    (review,) = read_release(home, release.id).reviews
    assert (review.account, review.told) == ("anna", ("groups",))
    assert "2020" < review.moment <= AuditLog(home.audit_log).lines()[-1]["moment"]
