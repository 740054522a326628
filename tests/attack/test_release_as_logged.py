"""A release is what the audit log tells of it: whose work, of which project and snapshot, and what became of it."""

import json

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.audit import AuditLog
from das_research.audit_facts import fingerprint
from das_research.audit_head import line_hash
from das_research.catalog.models import Grantee
from das_research.disclosure import review
from das_research.disclosure.gate import check_release
from das_research.disclosure.register import register_of
from das_research.disclosure.releases import FILE, all_that_left, read_as_logged, read_release
from das_research.disclosure.review import approve, return_release, withdraw_release
from das_research.errors import NotJudged, ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home

CATALOG = world.catalog()
GRANT = CATALOG.grants["verhaal"]
TWO = world.catalog(
    grants={
        "verhaal": GRANT.model_copy(
            update={"people": tuple(Grantee(account=it, organisation="p") for it in ("auteur", "collega"))}
        )
    }
)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def brought(home, number=0, cases=70, catalog=CATALOG, author="auteur", account="poort"):
    rows = [count("in", cases - 30, stage="om"), count("in", 30, stage="politie"), count("in", cases)]
    result = world.result(rows)
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, author, results={"flow": result}
    )
    folder = home.project("verhaal") / "runs" / f"keten-{number:012d}"
    write_handover(folder, handover)
    return check_release(catalog, home, folder, lambda project, recipe: result, account).id


def out(home):
    id = brought(home)
    approve(CATALOG, home, id, "anna")
    approve(CATALOG, home, id, "bert")
    return id


def edit(home, id, **changes):
    path = home.releases / id / FILE
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize(
    "changes",
    [{"state": "returned"}, {"state": "withdrawn"}, {"state": "checked"}, {"state": "x"}, {"project": "ander"},
     {"snapshot": "snap-111111111111"}, {"run": "keten-000000000001"}, {"extract": "ext-111111111111"},
     {"author": "iemand"}, {"account": "iemand"}, {"needed": 1}, {"synthetic": False}, {"agreed": ["eva", "frits"]},
     {"fictitious_reviewers": []}, {"decisions": {}}, {"hands": ["eva"]}],
    ids=lambda changes: next(iter(changes)) + str(next(iter(changes.values()))),
)  # fmt: skip
def test_what_left_is_not_changed_behind_the_log(home, changes):
    id = out(home)
    assert [it.id for it in all_that_left(home)] == [id]
    edit(home, id, **changes)
    with pytest.raises(NotJudged, match=id):
        all_that_left(home)
    with pytest.raises(NotJudged, match=id):
        brought(home, 1, cases=71)
    with pytest.raises(NotJudged, match=id):
        withdraw_release(CATALOG, home, id, "anna", "fout")
    with pytest.raises(NotJudged, match=id):
        read_as_logged(home, id)


def test_a_line_that_was_changed_with_the_file_holds_nothing(home):
    id = out(home)
    edit(home, id, state="returned")
    lines = AuditLog(home.audit_log).lines()
    for hashed in (False, True):
        changed = lines[-1] | {"act": "returned"}
        changed |= {"hash": line_hash(changed)} if hashed else {}
        home.audit_log.write_text("".join(json.dumps(it) + "\n" for it in [*lines[:-1], changed]), encoding="utf-8")
        with pytest.raises(NotJudged, match="the line in the audit log"):
            all_that_left(home)


def test_a_gate_that_was_killed_before_it_wrote_the_file_is_gone_on_with(home, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    id = brought(home)
    approve(CATALOG, home, id, "anna")
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(review, "write_file", killed)
        approve(CATALOG, home, id, "bert")
    assert [it.state for it in all_that_left(home)] == ["first review"]
    assert len(register_of(all_that_left(home))) == 1
    with pytest.raises(ReleaseRefused, match="was approved"):
        return_release(CATALOG, home, id, "carl", "toch niet")
    assert approve(CATALOG, home, id, "bert").state == "approved"
    assert [it.state for it in all_that_left(home)] == ["approved"]


def handed_over(home, account, run="keten-000000000000", **parameters):
    asked = fingerprint([world.FLOW, parameters])
    AuditLog(home.audit_log).record("project", "handed over", account, project="verhaal", run=run, asked=asked)


def test_who_names_a_colleague_as_the_author_does_not_review_own_work(home):
    id = brought(home, catalog=TWO, author="collega")
    for account in ("auteur", "collega", "poort"):
        with pytest.raises(ReleaseRefused, match="nobody reviews own work"):
            approve(TWO, home, id, account)
    assert approve(TWO, home, id, "anna").state == "first review"


def test_who_handed_over_by_the_log_has_a_part_and_a_colleague_has_none(home):
    handed_over(home, "collega")
    id = brought(home, catalog=TWO, author="collega")
    assert read_release(home, id).hands == ()
    assert approve(TWO, home, id, "auteur").state == "first review"


@pytest.mark.parametrize("what", [{"run": "keten-000000000001"}, {"first_year": 2013}], ids=["run", "recipe"])
def test_a_line_of_another_run_or_recipe_tells_of_nobody(home, what):
    handed_over(home, "collega", **what)
    id = brought(home, catalog=TWO, author="collega")
    with pytest.raises(ReleaseRefused, match="nobody reviews own work"):
        approve(TWO, home, id, "auteur")


def test_the_log_and_not_the_hand_over_says_who_made_it(home):
    handed_over(home, "auteur")
    id = brought(home, catalog=TWO, author="collega")
    assert read_release(home, id).makers == {"auteur", "collega", "poort"}


def test_what_was_withdrawn_leaves_again_as_another_release(home):
    first = out(home)
    withdraw_release(CATALOG, home, first, "anna", "fout in de tekst")
    for number in (0, 1):  # of the same run, and of another
        again = brought(home, number)
        assert again != first
    release = read_release(home, again)
    assert (release.state, release.attempt, release.earlier) == ("checked", 1, (first,))
    assert read_release(home, first).state == "withdrawn"
    approve(CATALOG, home, again, "anna")
    assert approve(CATALOG, home, again, "bert").state == "approved"
    withdraw_release(CATALOG, home, again, "anna", "nog een fout")
    assert read_release(home, brought(home, 2)).attempt == 2
