"""Who says yes: two people who did not make it, and a state that only the table of steps can change."""

from itertools import product
from typing import get_args

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.audit import AuditLog
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import State, read_release
from das_research.disclosure.review import NEXT, Act, approve, return_release, withdraw_release
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def checked(home, synthetic=False, monitor="keten", rerun=True):
    result = world.result([count("in", 60, stage="om")], synthetic=synthetic)
    handover = Handover(
        monitor, {}, "verhaal", "ext-000000000000", "snap-000000000000", synthetic, "auteur", results={"flow": result}
    )
    folder = home.project("verhaal") / "runs" / f"{monitor}-000000000000"
    write_handover(folder, handover)
    found = result if rerun else None
    return check_release(world.catalog(), home, folder, lambda project, recipe: found, "brenger").id


def test_every_state_and_act_has_its_answer():
    assert set(NEXT) == set(product(get_args(State), get_args(Act)))


def test_the_first_approval_waits_for_the_second(home):
    id = checked(home)
    assert approve(home, id, "anna").state == "checked"
    release = approve(home, id, "bert")
    assert (release.state, release.reviewed) == ("approved", True)
    assert [review.account for review in release.reviews] == ["anna", "bert"]
    assert [line["act"] for line in AuditLog(home.audit_log).lines()] == ["checked", "approved", "approved"]


@pytest.mark.parametrize("account", ["auteur", "brenger"])
def test_nobody_reviews_own_work(home, account):
    with pytest.raises(ReleaseRefused, match="own work"):
        approve(home, checked(home), account)


def test_one_account_is_one_approval(home):
    id = checked(home)
    approve(home, id, "anna")
    with pytest.raises(ReleaseRefused, match="approved the release already"):
        approve(home, id, "anna")


def test_not_checked_is_not_passed(home):
    id = checked(home, rerun=False)
    with pytest.raises(ReleaseRefused, match="Not checked is not passed: flow"):
        approve(home, id, "anna")
    assert return_release(home, id, "anna", why="kan niet opnieuw worden berekend").state == "returned"


def test_fictitious_accounts_approve_what_is_synthetic_and_it_is_not_reviewed(home):
    id = checked(home, synthetic=True)
    approve(home, id, "iemand-demo", fictitious=True)
    release = approve(home, id, "iemand-anders-demo", fictitious=True)
    assert (release.state, release.reviewed) == ("approved", False)


def test_of_real_data_only_the_demonstrations_accounts_may_be_fictitious(home):
    id = checked(home)
    with pytest.raises(ReleaseRefused, match="real data"):
        approve(home, id, "iemand-demo", fictitious=True)
    approve(home, id, "rol-a", fictitious=True)
    assert approve(home, id, "rol-b", fictitious=True).reviewed is False
    other = checked(home, monitor="eigen-werk")
    with pytest.raises(ReleaseRefused, match="real data"):
        approve(home, other, "rol-a", fictitious=True)


def test_a_role_account_is_never_a_person(home):
    with pytest.raises(ReleaseRefused, match="nobody behind it"):
        approve(home, checked(home), "rol-a")


def test_one_fictitious_and_one_real_approval_are_not_a_review(home):
    id = checked(home)
    approve(home, id, "rol-a", fictitious=True)
    release = approve(home, id, "anna")
    assert (release.state, release.reviewed) == ("approved", False)


def test_what_was_returned_stays_returned(home):
    id = checked(home)
    approve(home, id, "anna")
    release = return_release(home, id, "bert", why="de uitsplitsing klopt niet")
    assert [review.act for review in release.reviews] == ["approve", "return"]
    with pytest.raises(ReleaseRefused, match="is returned"):
        approve(home, id, "carla")


def test_what_was_approved_can_be_withdrawn_and_not_returned(home):
    id = checked(home)
    approve(home, id, "anna")
    approve(home, id, "bert")
    with pytest.raises(ReleaseRefused, match="is approved: no return"):
        return_release(home, id, "carla", why="te laat")
    release = withdraw_release(home, id, "carla", why="een fout in de levering")
    assert (release.state, release.reviewed) == ("withdrawn", False)
    assert len(read_release(home, id).reviews) == 3


def test_a_reason_is_asked_for(home):
    with pytest.raises(ReleaseRefused, match="reason is missing"):
        return_release(home, checked(home), "anna", why=" ")
