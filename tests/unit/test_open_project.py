"""Opening a project: what it tells, what it refuses, and how Results are handed over from it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from access_world import SNAPSHOT, TODAY, a_catalog, but_the_log, extracted_home
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import das_research as das
from das_research.access.extract import extract
from das_research.access.opening import open_for_release, open_project
from das_research.access.project import Project
from das_research.catalog.models import Text
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import Release
from das_research.disclosure.review import approve, return_release, withdraw_release
from das_research.errors import AccessRefused, UsageError
from das_research.handover import Section, read_handover
from das_research.home import Home
from das_research.result import AFTER, BEFORE, Recipe, Result

TABLES = ["cases", "deliveries", "delivery_rules", "events", "persons", "zaken"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of the test's own, with a snapshot and an extract of it."""
    return extracted_home(tmp_path, "proef")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAS_HOME", "DAS_CATALOG", "DAS_ACCOUNT", "DAS_RUN", "DAS_MONITOR", "DAS_PARAMETERS"):
        monkeypatch.delenv(name, raising=False)


def opened(home: Home, **given: Any) -> Project:
    return open_project("proef", **{"home": home, "catalog": a_catalog(), "account": "anna", "today": TODAY} | given)


def a_result(number: float = 12.0, **origin: Any) -> Result:
    row = ["stroom", "in", "2024", number, "cases", None, None, None, None, None, number]
    return Result(
        table=pd.DataFrame([[*row, "final", "number", "not checked"]], columns=[*BEFORE, *AFTER]),
        dimensions=(),
        title=Text(nl="Stroom", en="Flow"),
        definition="stroom",
        definition_version="1",
        shape="counts",
        labels={},
        recipe=Recipe("das_research.chain.flow", {"number": number}),
        **{"project": "proef", "snapshot": SNAPSHOT, "synthetic": True} | origin,
    )


def released_from(home: Home, run: str) -> Release:
    """What gate 3 makes of a run of which every recipe gives what was handed over."""
    folder = home.project("proef") / "runs" / run
    handed = {it.recipe.parameters["number"]: it for it in read_handover(folder).results.values()}
    return check_release(a_catalog(), home, folder, lambda _, recipe: handed[recipe.parameters["number"]], "brenger")


def test_it_reads_what_left_it_and_nothing_that_did_not(home: Home) -> None:
    """Checked is not out; withdrawn was; what came back, and what another project released, is not there."""
    catalog = a_catalog()
    with opened(home) as project:
        numbers = (12.0, 20.0, 31.0)
        for number, name in zip(numbers, "abc", strict=True):
            run = project.release(a_result(number), f"stroom-{name}")  # of all so far
        made = released_from(home, run)
        assert project.released == []
        for reviewer in ("bram", "carla"):
            assert project.released == []
            approve(catalog, home, made.id, reviewer)
        assert sorted(result.table.value[0] for result in project.released) == list(numbers)
        assert {(it.snapshot, *it.table.disclosure) for it in project.released} == {(SNAPSHOT, "shown")}
        withdraw_release(catalog, home, made.id, "anna", "een jaar vergeten")
        assert len(project.released) == 3
    with opened(home) as project:
        back = released_from(home, project.release(a_result(40.0), "later"))
        for reviewer in ("bram", "carla"):
            return_release(catalog, home, back.id, reviewer, "te weinig context")
        assert len(project.released) == 3
    extract(catalog, home, "ander", "dirk", TODAY)
    with open_project("ander", home=home, catalog=catalog, account="dirk", today=TODAY) as other:
        assert other.released == []


def test_it_tells_where_its_data_come_from(home: Home) -> None:
    with opened(home) as project:
        assert (project.id, project.account, project.snapshot) == ("proef", "anna", SNAPSHOT)
        assert project.grant == a_catalog().grants["proef"]
        assert (project.synthetic, project.observed_until, project.linkage) == (
            True,
            date(2024, 12, 31),
            {"vonnissen": 0.5},
        )


def test_its_tables_come_by_attribute_and_by_item(home: Home) -> None:
    with opened(home) as project:
        assert project.tables.zaken.equals(project.tables["zaken"])
        assert project.tables.zaken.count().execute() == 3
        assert "zaken" in project.tables and "vonnissen" not in project.tables
        assert len(project.tables) == len(TABLES)


def test_tab_completes_exactly_the_granted_tables(home: Home) -> None:
    with opened(home) as project:
        assert dir(project.tables) == project.tables._ipython_key_completions_() == sorted(project.tables) == TABLES


def test_a_table_not_granted_says_what_the_grant_would_need(home: Home) -> None:
    with opened(home) as project, pytest.raises(AccessRefused) as refused:
        _ = project.tables.vonnissen
    lines = str(refused.value).splitlines()
    assert lines[0] == "The project 'proef' has no table 'vonnissen'."
    assert "      agreements: [levering-om, levering-rechtspraak]" in lines
    assert "        vonnissen:" in lines
    assert "  ask: the approvers of the grant (functionaris gegevensbescherming)" in lines


def test_a_direct_identifier_is_never_proposed(home: Home) -> None:
    extract(a_catalog(tables={"cases": {"columns": ["case_id"]}}), home, "proef", "anna", TODAY)
    narrow = a_catalog(tables={"cases": {"columns": ["case_id"]}})
    with opened(home, catalog=narrow) as project, pytest.raises(AccessRefused) as refused:
        _ = project.tables["zaken"]
    assert "bedrag" in refused.value.fix
    assert "naam" not in refused.value.fix


def test_a_mistyped_table_names_the_one_meant(home: Home) -> None:
    with opened(home) as project:
        with pytest.raises(AccessRefused, match="Did you mean 'zaken'"):
            _ = project.tables.zaaken
        assert not hasattr(project.tables, "zaaken")
        assert not hasattr(project.tables, "_repr_html_")


def test_a_notebook_shows_the_message_without_the_calls_that_led_there(home: Home) -> None:
    shell = InteractiveShell.instance()
    with opened(home) as project, capture_output() as captured:
        shell.push({"project": project})
        shell.run_cell("project.tables.zaaken")
    assert captured.stdout.splitlines()[0] == "The project 'proef' has no table 'zaaken'."
    assert "Traceback" not in captured.stdout


def test_it_shows_itself_without_a_row(home: Home) -> None:
    with opened(home) as project:
        shown = project._repr_html_() + repr(project)
    for part in ("Proef", "wetenschappelijk onderzoek", "2026-12-31", "Fictieve gegevens", *TABLES):
        assert part in shown
    assert "diefstal" not in shown


def test_a_title_with_markup_is_shown_as_text(home: Home) -> None:
    catalog = a_catalog(title="<script>")
    extract(catalog, home, "proef", "anna", TODAY)
    with opened(home, catalog=catalog) as project:
        assert "<script>" not in project._repr_html_()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"account": "dirk"}, AccessRefused),
        ({"today": date(2027, 1, 1)}, AccessRefused),
        ({"catalog": a_catalog(mode="remote")}, AccessRefused),
    ],
    ids=["not in the grant", "expired", "remote"],
)
def test_what_the_grant_does_not_allow_is_not_opened(home: Home, given: dict[str, Any], error: type) -> None:
    before = but_the_log(home)
    with pytest.raises(error):
        opened(home, **given)
    assert but_the_log(home) == before


def test_a_project_without_extract_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(AccessRefused, match="das project extract proef"):
        opened(Home(tmp_path))


@pytest.mark.parametrize(
    "change",
    [{"tables": {"cases": {"columns": ["case_id"]}}}, {"agreements": ["levering-politie"]}],
    ids=["less", "other"],
)
def test_an_extract_of_an_earlier_grant_is_not_opened(home: Home, change: dict[str, Any]) -> None:
    with pytest.raises(AccessRefused, match="not that of its grant as it is now"):
        opened(home, catalog=a_catalog(**change))


def test_the_environment_says_home_and_account(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAS_HOME", str(home.root))
    monkeypatch.setenv("DAS_ACCOUNT", "anna")
    with das.open_project("proef", catalog=a_catalog(), today=TODAY) as project:
        assert project.account == "anna"


def test_the_end_that_comes_is_told(home: Home) -> None:
    with pytest.warns(UserWarning, match="ends in 5 days"), opened(home, today=date(2026, 12, 26)):
        pass


def test_a_closed_project_reads_nothing(home: Home) -> None:
    with opened(home) as project:
        table = project.tables.zaken
    with pytest.raises(Exception, match=r"[Cc]onnection"):
        table.count().execute()


def test_gate_3_opens_the_extract_of_the_hand_over(home: Home) -> None:
    with opened(home) as project:
        old = project.manifest
    extract(a_catalog(purpose="statistiek"), home, "proef", "anna", TODAY)
    with open_for_release(home, a_catalog(), "proef", old.id, "poort") as project:
        assert (project.manifest, project.account) == (old, "poort")
    with pytest.raises(AccessRefused, match="no such extract"):
        open_for_release(home, a_catalog(), "proef", "ext-000000000000", "poort")


# --- hand-over -------------------------------------------------------------------------------------------------------


def test_a_researchers_own_work_is_handed_over_under_its_content(home: Home) -> None:
    with opened(home) as project:
        first = project.release(a_result(), "stroom")
        second = project.release(a_result(20), "meer", context="Let op")
        extract_id = project.manifest.id
    runs = home.project("proef") / "runs"
    assert {first, second} == {path.name for path in runs.iterdir()}  # with its context it is one hand-over
    handover = read_handover(runs / second)
    assert (handover.monitor, handover.project, handover.extract) == ("", "proef", extract_id)
    assert (handover.snapshot, handover.synthetic, handover.author) == (SNAPSHOT, True, "anna")
    assert sorted(handover.results) == ["meer", "stroom"]
    [section] = handover.sections
    assert (section.id, section.view, section.results) == ("meer", "table", ("meer",))
    assert section.text == Text(nl="Let op", en="Let op")


def test_the_same_work_again_is_the_same_hand_over(home: Home) -> None:
    with opened(home) as project:
        first = project.release(a_result(), "stroom")
    before = but_the_log(home)
    with opened(home) as project:
        assert project.release(a_result(), "stroom") == first
    assert but_the_log(home) == before


def test_a_monitors_run_is_handed_over_in_its_folder(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home.project("proef") / "runs" / ".staging-keten-1"
    folder.mkdir(parents=True)
    monkeypatch.setenv("DAS_RUN", str(folder))
    monkeypatch.setenv("DAS_MONITOR", "keten")
    monkeypatch.setenv("DAS_PARAMETERS", json.dumps({"jaar": 2024}))
    headline = Text(nl="{stroom[measure=in]} zaken", en="{stroom[measure=in]} cases")
    with opened(home) as project:
        project.release(a_result(), "stroom")
        project.section("doorstroom", view="flow", results=["stroom"], kicker="  De\u00a0keten \n", headline=headline)
    handover = read_handover(folder)
    assert (handover.monitor, handover.parameters) == ("keten", {"jaar": 2024})
    assert handover.sections == (
        Section("doorstroom", "flow", ("stroom",), Text(nl="De keten", en="De keten"), headline),
    )
    assert list((home.project("proef") / "runs").iterdir()) == [folder]


def test_the_id_of_a_run_names_its_folder(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAS_RUN", "keten-0123456789ab")
    with opened(home) as project:
        assert project.release(a_result(), "stroom") == "keten-0123456789ab"
    assert read_handover(home.project("proef") / "runs" / "keten-0123456789ab").results


@pytest.mark.parametrize("run", ["../buiten", "/is/er/niet", "Hoofdletter"])
def test_a_run_that_is_none_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    monkeypatch.setenv("DAS_RUN", run)
    before = but_the_log(home)
    with opened(home) as project, pytest.raises(UsageError, match="DAS_RUN names no run"):
        project.release(a_result(), "stroom")
    assert but_the_log(home) == before


@pytest.mark.parametrize(
    ("result", "name", "why"),
    [
        (a_result(project="ander"), "stroom", "does not belong"),
        (a_result(snapshot="snap-ffffffffffff"), "stroom", "does not belong"),
        (a_result(synthetic=False), "stroom", "does not belong"),
        (a_result(), "Met spatie", "can't be the name"),
        (a_result().table, "stroom", "only a Result can be released"),
    ],
)
def test_what_can_not_be_released_leaves_nothing(home: Home, result: Any, name: str, why: str) -> None:
    with opened(home) as project:
        with pytest.raises(UsageError, match=why):
            project.release(result, name, context="x")
        assert not (home.project("proef") / "runs").exists()
        run = project.release(a_result(), "later")
    assert set(read_handover(home.project("proef") / "runs" / run).results) == {"later"}


def test_a_later_result_or_section_of_a_name_takes_the_place_of_the_earlier(home: Home) -> None:
    with opened(home) as project:
        project.release(a_result(1), "stroom", context="eerst")
        run = project.release(a_result(2), "stroom", context="daarna")
    handover = read_handover(home.project("proef") / "runs" / run)
    assert handover.results["stroom"].table["value"].tolist() == [2.0]
    assert [section.text.nl for section in handover.sections] == ["daarna"]
