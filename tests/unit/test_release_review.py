"""Who says yes: two people who did not make it, neither of whom knows what the other said."""

import json
from itertools import product
from typing import get_args

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.access.returned import read_returned
from das_research.audit import AuditLog
from das_research.catalog.models import Disclosure
from das_research.disclosure.gate import check_release
from das_research.disclosure.reasons import REASONS
from das_research.disclosure.releases import FILE, State, read_release
from das_research.disclosure.review import approve, return_release, withdraw_release
from das_research.disclosure.who_may import MAY, POSSIBLE, WHY_NOT, Act, Role
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home

CATALOG = world.catalog()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def checked(home, synthetic=False, monitor="keten", rerun=True, cases=60, catalog=CATALOG, author="auteur"):
    result = world.result([count("in", cases, stage="om")], synthetic=synthetic)
    handover = Handover(
        monitor, {}, "verhaal", "ext-000000000000", "snap-000000000000", synthetic, author, results={"flow": result}
    )
    folder = home.project("verhaal") / "runs" / f"{monitor}-{cases:012d}"
    write_handover(folder, handover)
    found = result if rerun else None
    return check_release(catalog, home, folder, lambda project, recipe: found, "brenger").id


def verbs(home):
    return [line["act"] for line in AuditLog(home.audit_log).lines()]


def test_both_tables_have_an_answer_to_everything():
    assert set(MAY) == set(product(get_args(Role), get_args(Act)))
    assert set(POSSIBLE) == set(product(get_args(State), get_args(Act)))
    assert set(WHY_NOT) == set(get_args(Role))


def test_nothing_can_be_said_of_what_is_decided_but_that_it_is_taken_back():
    assert {step for step, possible in POSSIBLE.items() if possible} == {
        ("checked", "approve"), ("checked", "return"), ("checked", "withdraw"),
        ("first review", "approve"), ("first review", "return"), ("first review", "withdraw"),
        ("approved", "withdraw"),
    }  # fmt: skip


def test_the_first_approval_waits_for_the_second(home):
    id = checked(home)
    assert approve(CATALOG, home, id, "anna").state == "first review"
    release = approve(CATALOG, home, id, "bert")
    assert (release.state, release.reviewed) == ("approved", True)
    assert [review.account for review in release.reviews] == ["anna", "bert"]
    assert verbs(home) == ["checked", "reviewed", "approved"]


@pytest.mark.parametrize(
    ("first", "second", "became"),
    [("approve", "approve", "approved"), ("approve", "return", "returned"), ("return", "approve", "returned"),
     ("return", "return", "returned")],
)  # fmt: skip
def test_two_verdicts_make_one_state_and_the_first_tells_nobody_which_it_was(home, first, second, became):
    def say(act, account):
        if act == "approve":
            return approve(CATALOG, home, id, account)
        return return_release(CATALOG, home, id, account, "de toelichting ontbreekt", "context")

    id = checked(home)
    release = say(first, "anna")
    assert release.state == "first review"
    assert [review.account for review in release.reviews_told("anna")] == ["anna"]
    assert release.reviews_told("bert") == release.reviews_told() == ()
    folder = home.releases / id
    told = [folder / "dossier.json", folder / "dossier.nl.html", folder / "dossier.en.html", home.audit_log]
    for path in told[:3]:
        assert "anna" not in path.read_text(encoding="utf-8")
    assert "toelichting ontbreekt" not in "".join(path.read_text(encoding="utf-8") for path in told)
    assert verbs(home) == ["checked", "reviewed"]
    assert say(second, "bert").state == became
    assert verbs(home)[-1] == became
    assert {it["account"] for it in json.loads((folder / "dossier.json").read_text())["reviews"]} == {"anna", "bert"}


@pytest.mark.parametrize("account", ["auteur", "brenger"])
@pytest.mark.parametrize("act", ["approve", "return"])
def test_nobody_reviews_own_work(home, account, act):
    id = checked(home)
    with pytest.raises(ReleaseRefused, match="own work"):
        approve(CATALOG, home, id, account) if act == "approve" else return_release(CATALOG, home, id, account, "x")
    assert withdraw_release(CATALOG, home, id, account, "te vroeg").state == "withdrawn"


def test_one_account_is_one_verdict(home):
    id = checked(home)
    approve(CATALOG, home, id, "anna")
    with pytest.raises(ReleaseRefused, match="gave its verdict already"):
        return_release(CATALOG, home, id, "anna", "toch niet")


def test_where_the_catalogue_names_reviewers_nobody_else_is_one(home):
    catalog = world.catalog(disclosure=Disclosure(reviewers=("anna", "bert")))
    id = checked(home, catalog=catalog)
    for act in (approve, return_release, withdraw_release):
        with pytest.raises(ReleaseRefused, match="does not name it as a reviewer"):
            act(catalog, home, id, "carla", *(["omdat"] if act is not approve else []))
    approve(catalog, home, id, "anna")
    assert approve(catalog, home, id, "bert").reviewed


def test_not_checked_is_not_passed_and_one_verdict_sends_it_back(home):
    id = checked(home, rerun=False)
    with pytest.raises(ReleaseRefused, match="Not checked is not passed: flow"):
        approve(CATALOG, home, id, "anna")
    assert return_release(CATALOG, home, id, "anna", "kan niet opnieuw worden berekend").state == "returned"


def test_fictitious_accounts_approve_what_is_synthetic_and_it_is_not_reviewed(home):
    id = checked(home, synthetic=True)
    approve(CATALOG, home, id, "iemand-demo", fictitious=True)
    release = approve(CATALOG, home, id, "iemand-anders-demo", fictitious=True)
    assert (release.state, release.reviewed) == ("approved", False)


def test_of_real_data_only_the_demonstrations_accounts_may_be_fictitious(home):
    id = checked(home)
    with pytest.raises(ReleaseRefused, match="real data"):
        approve(CATALOG, home, id, "iemand-demo", fictitious=True)
    approve(CATALOG, home, id, "rol-a", fictitious=True)
    assert approve(CATALOG, home, id, "rol-b", fictitious=True).reviewed is False
    other = checked(home, monitor="eigen-werk")
    with pytest.raises(ReleaseRefused, match="real data"):
        approve(CATALOG, home, other, "rol-a", fictitious=True)


def test_a_role_account_is_never_a_person(home):
    with pytest.raises(ReleaseRefused, match="nobody behind it"):
        approve(CATALOG, home, checked(home), "rol-a")


def test_one_fictitious_and_one_real_approval_are_not_a_review(home):
    id = checked(home)
    approve(CATALOG, home, id, "rol-a", fictitious=True)
    release = approve(CATALOG, home, id, "anna")
    assert (release.state, release.reviewed) == ("approved", False)


def test_what_was_returned_stays_returned_and_the_author_reads_why(home):
    id = checked(home)
    approve(CATALOG, home, id, "anna")
    assert read_returned(home.project("verhaal") / "runs") == []
    release = return_release(CATALOG, home, id, "bert", "de uitsplitsing klopt niet", "definition")
    assert [review.act for review in release.reviews] == ["approve", "return"]
    with pytest.raises(ReleaseRefused, match="is returned"):
        approve(CATALOG, home, id, "carla")
    (told,) = read_returned(home.project("verhaal") / "runs")
    assert (told.release, told.reasons) == (id, (("definition", "de uitsplitsing klopt niet"),))
    assert "bert" not in (home.project("verhaal") / "runs" / told.run / "returned.json").read_text(encoding="utf-8")


def test_the_next_attempt_begins_with_what_came_back(home):
    id = checked(home)
    return_release(CATALOG, home, id, "anna", "te weinig context", "context")
    return_release(CATALOG, home, id, "bert", "te weinig context", "context")
    again = read_release(home, checked(home, cases=61))
    assert again.earlier == (id,)
    assert read_release(home, checked(home, cases=61, monitor="eigen-werk")).earlier == ()


def test_reasons_are_not_written_through_a_link(home, tmp_path):
    id = checked(home)
    run = home.project("verhaal") / "runs" / read_release(home, id).run
    elsewhere = tmp_path / "elsewhere"
    run.rename(elsewhere)
    run.symlink_to(elsewhere)
    for account in ("anna", "bert"):
        return_release(CATALOG, home, id, account, "te weinig context")
    assert not (elsewhere / "returned.json").exists()


def test_what_was_approved_can_be_withdrawn_and_not_returned(home):
    id = checked(home)
    approve(CATALOG, home, id, "anna")
    approve(CATALOG, home, id, "bert")
    with pytest.raises(ReleaseRefused, match="is approved: nobody can return it"):
        return_release(CATALOG, home, id, "carla", "te laat")
    release = withdraw_release(CATALOG, home, id, "carla", "een fout in de levering")
    assert (release.state, release.reviewed) == ("withdrawn", False)
    assert len(read_release(home, id).reviews) == 3


def test_a_reason_is_asked_for_and_is_one_of_the_list(home):
    id = checked(home)
    with pytest.raises(ReleaseRefused, match="reason is missing"):
        return_release(CATALOG, home, id, "anna", " ")
    with pytest.raises(ReleaseRefused, match=f"one of: {', '.join(REASONS)}"):
        return_release(CATALOG, home, id, "anna", "omdat", "zomaar")


def test_the_dossier_tells_every_criterion_and_of_every_verdict_who_when_and_what(home):
    id = checked(home)
    for account in ("anna", "bert"):
        approve(CATALOG, home, id, account)
    document = json.loads((home.releases / id / "dossier.json").read_text(encoding="utf-8"))
    assert [it["criterion"] for it in document["criteria"]] == [
        "origin", "computed again", "rules", "groups", "something left", "texts", "query of an own table",
        "own tables beside each other", "revisions", "earlier releases", "own tables elsewhere", "attacker",
        "insiders", "published by others",
    ]  # fmt: skip
    assert {it["verdict"] for it in document["criteria"]} <= {"passed", "failed", "not checked"}
    logged = [line for line in AuditLog(home.audit_log).lines() if line["act"] in ("reviewed", "approved")]
    for it, line in zip(document["reviews"], logged, strict=True):
        assert (it["account"], it["act"]) == (line["account"], "approve")
        assert "2020" < it["moment"] <= line["moment"]
    assert document["reviews"][0]["moment"] in (home.releases / id / FILE).read_text(encoding="utf-8")
