"""Recipes run again in a process of their own, on an extract of the Dutch catalogue with few fictitious cases."""

import inspect
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import das_research as das
from das_research.access.extract import extract
from das_research.access.opening import open_project
from das_research.access.project import Project
from das_research.audit import AuditLog
from das_research.catalog import load_catalog
from das_research.disclosure.compare import differences
from das_research.disclosure.gate import check_release
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.intake.gate import deliver
from das_research.monitors.computing import FUNCTIONS, run_recipe, standing
from das_research.monitors.rerun import own_tables_of, rerun_all, rerun_of
from das_research.presentation.bands import place_of
from das_research.result import Recipe
from das_research.synthetic.generate import generate
from das_research.warehouse.build import build

CATALOG_FOLDER = Path(__file__).parents[2] / "data_catalog"
PROJECT, RESEARCHER, TODAY = "ketenmonitor", "onderzoeker-demo", date(2026, 6, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("rerun") / "home")
    catalog = load_catalog(CATALOG_FOLDER)
    for dataset, path in generate(catalog, home.root / "synthetic", (2020, 2022), 0.001, 1).items():
        deliver(catalog, home, dataset, path, RESEARCHER)
    build(catalog, home)
    extract(catalog, home, PROJECT, RESEARCHER, TODAY)
    return home


@pytest.fixture(scope="module")
def project(home):
    with open_project(PROJECT, home=home, catalog=CATALOG_FOLDER, account=RESEARCHER, today=TODAY) as project:
        yield project


@pytest.fixture(scope="module")
def results(project: Project):
    cases = project.tables.cases
    persons = project.tables.persons.select("person_id", "geslacht")
    known = cases.join(persons, "person_id").mutate(vermogen=cases.delictgroep == "vermogen")
    return {
        "flow": das.chain.flow(project, 2020, 2022),
        "duration": das.chain.durations(project, "vervolging", 2020, 2022, by=["delictgroep"]),
        "deliveries": das.chain.deliveries(project),
        "own": das.tabulate(cases.filter(cases.delictgroep.notnull()), by=["delictgroep"], measures={"zaken": "cases"}),
        "model": das.chain.logistic(known, "vermogen", ["geslacht", "leeftijdsgroep"], errors="clustered"),
    }


def test_a_recipe_gives_the_same_result_in_another_process(home, results):
    recipes = [result.recipe for result in results.values()]
    again = rerun_all(CATALOG_FOLDER, home, PROJECT, recipes, "poort")
    assert [differences(one, other) for one, other in zip(results.values(), again, strict=True)] == [[]] * 5
    assert [one.to_json() for one in results.values()] == [other.to_json() for other in again]


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("os.system", {"command": "true"}),
        Recipe("das_research.chain.journey.journeys", {}),
        Recipe("das_research.chain.flow", {"first_year": 2020}),
        Recipe("das_research.chain.flow", {"first_year": 2022, "last_year": 2020}),
        Recipe("das_research.chain.flow", {"first_year": "2020", "last_year": 2021}),
        Recipe("das_research.tabulate", {"query": "select * from read_csv('/etc/hostname')"}),
    ],
)
def test_only_listed_functions_with_parameters_they_accept_are_run(project, recipe):
    assert run_recipe(project, recipe) is None


def test_a_recipe_that_is_none_is_told_apart_from_a_process_that_failed(home):
    assert rerun_all(CATALOG_FOLDER, home, PROJECT, [Recipe("os.system")], "poort") == [None]
    with pytest.raises(ReleaseRefused, match="could not be computed again"):
        rerun_all(CATALOG_FOLDER, home, PROJECT, [Recipe("os.system")], "poort", extract="ext-000000000000")


def test_no_module_of_the_working_folder_runs_in_the_gate(home, results, tmp_path, monkeypatch):
    (tmp_path / "pandas.py").write_text("raise SystemExit('a notebook left this')")
    monkeypatch.chdir(tmp_path)
    (again,) = rerun_all(CATALOG_FOLDER, home, PROJECT, [results["deliveries"].recipe], "poort")
    assert again == results["deliveries"]


def handed_over(home, project, results, run=f"{0:012d}"):
    manifest = project.manifest
    folder = home.project(PROJECT) / "runs" / f"{PROJECT}-{run}"
    handover = Handover("", {}, PROJECT, manifest.id, manifest.snapshot, True, RESEARCHER, results=results)
    write_handover(folder, handover)
    return folder


def test_a_hand_over_passes_gate_3_and_a_forged_one_does_not(home, project, results):
    folder = handed_over(home, project, results)
    release = check_release(project.catalog, home, folder, rerun_of(folder, CATALOG_FOLDER, home, "poort"), RESEARCHER)
    assert {decision["status"] for decision in release.decisions.values()} == {"passed"}
    assert release.synthetic
    table = results["flow"].table
    forged = results | {"flow": results["flow"].with_table(table.assign(value=table.value * 2))}
    folder = handed_over(home, project, forged)
    with pytest.raises(ReleaseRefused, match="'flow' is not what its recipe gives"):
        check_release(project.catalog, home, folder, rerun_of(folder, CATALOG_FOLDER, home, "poort"), RESEARCHER)


def test_a_recipe_that_was_not_handed_over_is_computed_too(home, project, results):
    """What would pass in the place of a hand-over of which nothing is left is computed, and not guessed."""
    rerun = rerun_of(handed_over(home, project, {"flow": results["flow"]}), CATALOG_FOLDER, home, "poort")
    assert rerun(PROJECT, results["deliveries"].recipe) == results["deliveries"]
    assert rerun(PROJECT, Recipe("os.system")) is None


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, in order."""
    found, start = [], subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **how: found.append(start(*given, **how)) or found[-1])
    return found


def test_one_process_answers_all_that_is_asked_of_a_hand_over_and_ends_with_it(home, project, results, started):
    given = handed_over(home, project, {"own": results["own"]}), CATALOG_FOLDER, home, "poort"
    rerun, own_tables = rerun_of(*given), own_tables_of(*given)
    recipe = results["own"].recipe
    assert rerun(PROJECT, recipe) == results["own"]
    assert own_tables.nearness(PROJECT, [(recipe, recipe)]) and own_tables.standing(PROJECT, [recipe])
    [process] = started
    assert process.poll() is None
    del rerun, own_tables
    assert process.poll() == 0


def test_a_process_that_broke_off_is_a_refusal_and_the_next_question_goes_to_another(home, project, results, started):
    rerun = rerun_of(handed_over(home, project, {"own": results["own"]}), CATALOG_FOLDER, home, "poort")
    recipe, other = results["own"].recipe, Recipe("os.system")
    assert rerun(PROJECT, recipe) == results["own"]
    started[0].kill()
    with pytest.raises(ReleaseRefused, match="could not be computed again") as refused:
        rerun(PROJECT, other)
    assert "ended with -9" in refused.value.why
    assert rerun(PROJECT, other) is None and len(started) == 2


def test_a_recipe_that_was_changed_is_found(home, project, results):
    other = replace(results["flow"], recipe=Recipe("das_research.chain.flow", {"first_year": 2021, "last_year": 2022}))
    folder = handed_over(home, project, {"flow": other})
    with pytest.raises(ReleaseRefused, match="'flow' is not what its recipe gives"):
        check_release(project.catalog, home, folder, rerun_of(folder, CATALOG_FOLDER, home, "poort"), RESEARCHER)


def typed(home, catalog, account, *arguments):
    """What a person of this account reads when typing `das ...`, in a process of its own."""
    command = [sys.executable, "-m", "das_research.cli", "--home", home.root, "--catalog", catalog, *arguments]
    environment = {**os.environ, "DAS_ACCOUNT": account}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_a_reviewer_types_das_release_refused_and_reads_which_numbers_tell_of_few(home, project, results, tmp_path):
    """A table left while 10 were enough; where the catalogue asks for more by now, its total tells of fewer."""
    mine = Home(tmp_path / "home")
    shutil.copytree(home.root, mine.root)
    two = project.tables.cases.filter(project.tables.cases.delictgroep.isin(["wapens", "overig"]))
    table = das.tabulate(two, by=["delictgroep"], measures={"zaken": "cases"})
    few, many, both = (int(table.table.set_index("delictgroep").value[code]) for code in ("wapens", "overig", "_T"))
    assert few + many == both and 10 <= few < many
    folder = handed_over(mine, project, {"tabel": table}, run=f"{1:012d}")
    check_release(project.catalog, mine, folder, rerun_of(folder, CATALOG_FOLDER, mine, "poort"), "poort")
    catalog = tmp_path / "catalog"
    shutil.copytree(CATALOG_FOLDER, catalog)
    for path, before, after in (
        (catalog / "catalog.yaml", "minimum: 10", f"minimum: {few + 1}"),
        (catalog / "monitors" / "open-data.yaml", "base: 5", f"base: {few + 1}"),
    ):
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    run = handed_over(mine, project, {"flow": results["flow"]}, run=f"{2:012d}").name
    check = typed(mine, catalog, "poort", "release", "check", run)
    assert check.returncode == 1 and f"das release refused {run} --to DIR" in check.stderr
    asked = "release", "refused", run, "--to", tmp_path / "bureau"
    author = typed(mine, catalog, RESEARCHER, *asked)
    assert author.returncode == 1 and "can't see which numbers" in author.stderr and not asked[-1].exists()
    reviewer = typed(mine, catalog, "beoordelaar", *asked)
    assert (reviewer.returncode, reviewer.stderr) == (0, "") and str(asked[-1]) in reviewer.stdout
    page = (tmp_path / "bureau" / "refused.nl.html").read_text(encoding="utf-8")
    assert f"{both} \N{MINUS SIGN} {many} = {few} (minder dan {few + 1})" in page
    assert stat.S_IMODE((tmp_path / "bureau").stat().st_mode) == 0o700
    line = AuditLog(mine.audit_log).lines()[-1]
    assert (line["act"], line["account"], line["facts"]["run"]) == ("exported", "beoordelaar", run)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_takes_what_a_recipe_keeps_for_the_result_it_is_of(function):
    module, name = FUNCTIONS[function]
    assert "of" not in inspect.signature(getattr(import_module(module), name)).parameters


def test_who_stands_in_several_tables_is_the_same_in_another_process(home, project, results):
    cases = project.tables.cases.mutate(groep=project.tables.cases.delictgroep == "vermogen")
    coarse = das.tabulate(cases, by=["groep"], measures={"zaken": "cases"})
    recipes = [results["flow"].recipe, results["own"].recipe, coarse.recipe]
    own_tables = own_tables_of(handed_over(home, project, results), CATALOG_FOLDER, home, "poort")
    assert own_tables.standing is not None
    found = own_tables.standing(PROJECT, recipes)
    assert found == standing(project, recipes)
    units = {(place, tuple(address), part): found["units"][column] for place, address, part, column in found["cells"]}
    for place, result in enumerate((results["flow"], results["own"], coarse)):
        for row in result.table[result.table.value > 0].to_dict("records"):
            assert units[place, place_of(row, result.dimensions), "known"] == row["value"]
