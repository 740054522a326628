"""Gate 3 when something under it breaks: a solver, a file of what left before, an unknown word. Nothing leaves."""

import json
import shutil

import disclosure_world as world
import highspy
import pytest

from das_research.audit import AuditLog
from das_research.disclosure.attacker import bounds
from das_research.disclosure.attacker.seen import read_release
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import FILE, FOLDER, list_releases
from das_research.disclosure.review import approve
from das_research.errors import NotJudged
from das_research.handover import Handover, write_handover
from das_research.home import Home

CATALOG = world.catalog()
SMALL = {"2020": 4, "2021": 50, "2022": 60, "2020/2022": 114}
LATER = {"2023": 70, "2024": 80}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def years(numbers):
    return world.result([world.count("in", number, stage="om", period=period) for period, number in numbers.items()])


def check(home, number, result):
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results={"jaren": result}
    )
    folder = home.project("verhaal") / "runs" / f"keten-{number:012d}"
    write_handover(folder, handover)
    return check_release(CATALOG, home, folder, lambda project, recipe: result, "brenger")


def refused(home, why):
    """That a hand-over is refused with this reason, and that nothing but a line in the log is left of it."""
    before = sorted(home.releases.rglob("*"))
    with pytest.raises(NotJudged) as refusal:
        check(home, 2, years(SMALL))
    assert why in str(refusal.value) and refusal.value.ask
    assert sorted(home.releases.rglob("*")) == before
    assert AuditLog(home.audit_log).lines()[-1]["act"] == "refused"


@pytest.mark.parametrize("status", ["kTimeLimit", "kUnboundedOrInfeasible", "kUnknown", "kSolveError"])
def test_a_solver_that_ends_otherwise_hides_nothing_in_another_way(home, monkeypatch, status):
    ended = getattr(highspy.HighsModelStatus, status)
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda self: ended)
    refused(home, "The solver ended with")


def test_a_solver_that_fails_is_no_answer(home, monkeypatch):
    monkeypatch.setattr(highspy.Highs, "run", lambda self: highspy.HighsStatus.kError)
    refused(home, "The solver ended with")


@pytest.mark.parametrize("status", [1, 4])
def test_an_attack_that_does_not_end_is_no_answer(home, monkeypatch, status):
    class Stopped:
        x, fun, message = None, None, "Time limit reached"

    Stopped.status = status
    monkeypatch.setattr(bounds, "linprog", lambda *args, **kwargs: Stopped())
    refused(home, "did not come to an end")


def cut(path):
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")


def without(key):
    def act(path):
        document = json.loads(path.read_text(encoding="utf-8"))
        del document[key]
        path.write_text(json.dumps(document), encoding="utf-8")

    return act


def with_number(path):
    path.write_text(path.read_text(encoding="utf-8").replace("70", "71"), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        (FILE, cut),
        (FILE, without("sections")),
        (FILE, lambda path: path.write_text("", encoding="utf-8")),
        (FILE, lambda path: path.unlink()),
        (f"{FOLDER}/jaren.json", cut),
        (f"{FOLDER}/jaren.json", without("dimensions")),
        (f"{FOLDER}/jaren.json", with_number),
        (f"{FOLDER}/jaren.json", lambda path: path.unlink()),
        (".", shutil.rmtree),
    ],
)
def test_what_left_before_must_be_there_and_as_it_left(home, file, damage):
    release = check(home, 1, years(LATER))
    for account in ("anna", "bert"):
        approve(CATALOG, home, release.id, account)
    damage(home.releases / release.id / file)
    refused(home, release.id)


def test_what_never_left_may_be_gone(home):
    release = check(home, 1, years(LATER))
    shutil.rmtree(home.releases / release.id)
    check(home, 2, years(SMALL))
    assert len(list_releases(home)) == 1


def file_with(**changes):
    document = json.loads(years(LATER).to_json())
    row = document["rows"][0]
    for column, value in changes.items():
        if column in document["columns"]:
            row[document["columns"].index(column)] = value
        else:
            document[column] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    "text",
    [
        file_with(disclosure="secret"),
        file_with(shape="cube"),
        file_with(disclosure="hidden"),  # with its number
        file_with(value="many"),
        file_with(rows=[["in", 3]]),
        file_with(dimensions=["soort"]),
        file_with(columns=["measure", "value"]),
        "[]",
        '{"shape": "counts"',
    ],
)
def test_a_file_with_what_the_attacker_does_not_know_is_not_judged(text):
    with pytest.raises(NotJudged, match="could not be judged"):
        read_release([text])
    read_release([file_with()])
