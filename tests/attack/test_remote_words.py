"""Remote work: what its author hears back is no way out. The notebook saw the rows, and chose every name.

The room is played here, so that it needs no root: what a notebook can leave in it is written by hand.
"""

import json
from dataclasses import replace
from pathlib import Path

import disclosure_world as world
import pytest
from disclosure_world import count

from das_research.commands import monitor as monitor_command
from das_research.commands import submit as submit_command
from das_research.commands.context import State
from das_research.disclosure.gate import check_release
from das_research.errors import DasError, NotJudged, ReleaseRefused, RunFailed
from das_research.handover import FILE, FOLDER, Handover, Section, write_handover
from das_research.home import Home
from das_research.monitors import remote, submitted
from das_research.monitors.drop_folder import Request
from das_research.monitors.run import Run
from das_research.monitors.told_back import told_back

SECRET = "jansen-uit-urk"
RESULT = world.result([count("in", 60, stage="om")], first_year=2020)
GIVEN = {"project": "verhaal", "extract": "ext-000000000000", "snapshot": "snap-000000000000", "synthetic": True}
MANIFEST = type("Manifest", (), {"project": "verhaal", "id": GIVEN["extract"], "snapshot": GIVEN["snapshot"]})


def handed_over(folder: Path, change=lambda document, results: None) -> Path:
    """A run's folder as a notebook leaves it, with its files changed by hand."""
    section = Section("deel", "table", ("flow",))
    write_handover(
        folder,
        Handover(monitor="", parameters={}, author="auteur", sections=(section,), **GIVEN, results={"flow": RESULT}),
    )
    document, path = json.loads((folder / FILE).read_text()), folder / FOLDER / "flow.json"
    result = json.loads(path.read_text())
    change(document, result)
    (folder / FILE).write_text(json.dumps(document))
    path.write_text(json.dumps(result))
    return folder


UNREADABLE = {
    "a view": lambda document, result: document["sections"][0].update(view=SECRET),
    "an id of a section": lambda document, result: document["sections"][0].update(id=f"{SECRET} 1985"),
    "a result that is shown": lambda document, result: document["sections"][0].update(results=[SECRET]),
    "a snapshot": lambda document, result: result.update(snapshot=SECRET),
    "a project": lambda document, result: result.update(project=SECRET),
    "a field": lambda document, result: document.update({SECRET: 1}),
    "a project of all": lambda document, result: [it.update(project=SECRET) for it in (document, result)],
    "a snapshot of all": lambda document, result: [it.update(snapshot=SECRET) for it in (document, result)],
    "half a sign": lambda document, result: document["sections"][0]["text"].update(nl=f"{SECRET}\ud800"),
    "half a sign in a code": lambda document, result: result["rows"][0].__setitem__(2, f"{SECRET}\udfff"),
    "more than a number": lambda document, result: result["rows"][0].__setitem__(4, 10**400),
    "no end": lambda document, result: result.update(definition=float("inf")),
}


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_what_can_not_be_read_is_quoted_nowhere(tmp_path, change):
    with pytest.raises(DasError) as refused:
        remote._handover(handed_over(tmp_path / "run", change), MANIFEST, "auteur")
    assert SECRET not in str(refused.value)


def test_nor_is_a_name_of_a_file(tmp_path):
    run = handed_over(tmp_path / "run")
    (run / FOLDER / f"{SECRET} 1985.json").write_text(RESULT.to_json())
    with pytest.raises(RunFailed, match="can't be read") as refused:
        remote._handover(run, MANIFEST, "auteur")
    assert SECRET not in str(refused.value)


def test_a_notebook_that_handed_over_nothing_hears_so(tmp_path):
    with pytest.raises(RunFailed, match="handed over nothing"):
        remote._handover(tmp_path, MANIFEST, "auteur")


def refused_by_the_gate(home: Home, results, sections=()):
    """Gate 3, as the host has it check a run."""
    folder = home.project("verhaal") / "runs" / "verhaal-000000000000"
    handover = Handover(monitor="", parameters={}, author="auteur", sections=sections, **GIVEN, results=results)
    write_handover(folder, handover)
    check_release(world.catalog(), home, folder, lambda _, recipe: RESULT, "auteur")


ASKED = {
    "another title": ({SECRET: replace(RESULT, title=world.Text(nl="x", en="x"))}, ()),
    "a number in a text": ({"flow": RESULT}, (Section(SECRET, "table", ("flow",), text=world.Text(nl="7", en="7")),)),
    "as many rows as a value": ({SECRET: RESULT.with_table(RESULT.table.iloc[:0])}, ()),
}


@pytest.mark.parametrize(("results", "sections"), ASKED.values(), ids=ASKED)
def test_a_refusal_of_the_gate_tells_the_host_which_and_the_author_that(tmp_path, results, sections):
    home = Home(tmp_path / "home")
    with pytest.raises(ReleaseRefused, match=SECRET):
        refused_by_the_gate(home, results, sections)
    with pytest.raises(ReleaseRefused) as refused, told_back():
        refused_by_the_gate(home, results, sections)
    assert SECRET not in str(refused.value) and "output checker" in refused.value.ask


@pytest.mark.parametrize("error", [ReleaseRefused(SECRET, why=SECRET), NotJudged(SECRET, fix=SECRET), KeyError(SECRET)])
def test_neither_command_nor_answer_passes_the_words_of_the_gate_on(tmp_path, monkeypatch, error):
    def refuses(*_):
        raise error

    run = Run("verhaal-000000000000", tmp_path)
    monkeypatch.setattr(monitor_command, "check", refuses)
    monkeypatch.setattr(remote, "submit", lambda *_, **__: run)
    monkeypatch.setattr(State, "catalog", lambda _: None)
    monkeypatch.setattr(submit_command, "state_of", lambda _: State(tmp_path, Home(tmp_path)))
    with pytest.raises(ReleaseRefused) as refused:
        submit_command.submit(None, "verhaal", tmp_path / "x.ipynb")
    assert SECRET not in str(refused.value)

    told: list[dict] = []
    monkeypatch.setattr(submitted, "submit", lambda *_, **__: run)
    monkeypatch.setattr(submitted, "take", lambda *_: b"{}")
    monkeypatch.setattr(submitted, "answer", lambda *_, **said: told.append(said))
    request = Request("auteur", "verhaal", "verhaal.000000000000.ipynb")
    given = None, tmp_path, Home(tmp_path), tmp_path, request, refuses, None, 1
    assert SECRET not in submitted._one(*given) + json.dumps(told) and told[-1]["state"] == "stopped"
