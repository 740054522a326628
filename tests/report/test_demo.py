"""The main job as a stranger runs it: `das demo` from nothing to the website, and again without a change."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from whole_way import ROOT, Walked, das, typed

from das_research.audit import AuditLog
from das_research.catalog import load_catalog
from das_research.catalog.key_figures import key_figures
from das_research.disclosure.argus.choose import tables_for_argus
from das_research.disclosure.releases import Release, list_releases
from das_research.disclosure.tables.model import build_model
from das_research.handover import read_handover
from das_research.oversight.verify import verify
from das_research.result import NUMBERS

HIDING = ("ketenmonitor", "doorlooptijdenmonitor", "kerncijfers", "recidivemonitor")
MONITORS = (*HIDING, "open-data")
MARK = {"nl": "Fictieve gegevens, geen echte cijfers", "en": "Fictitious data, not real figures"}


def test_it_ends_by_naming_a_page_that_is_there(demo: Walked):
    assert demo.output.rstrip().endswith(f"Open {demo.home.site / 'index.html'}")
    assert (demo.home.site / "index.html").is_file()
    assert (demo.home.site / "en" / "index.html").is_file()


def test_every_gate_left_its_lines_in_an_unbroken_log(demo: Walked):
    log = AuditLog(demo.home.audit_log)
    gates = [line["gate"] for line in log.lines()]
    verdict = verify(demo.home)
    assert (verdict.findings, verdict.old) == ((), 0)
    assert verdict.copies >= len(list_releases(demo.home)), "dossiers, manifests and editions know the log"
    assert gates.count("intake") == len(load_catalog(demo.catalog).datasets)
    assert {"intake", "extract", "project", "release", "publish"} == set(gates)


def released(demo: Walked, monitor: str) -> Release:
    """The release of one of the demonstration's monitors."""
    (found,) = [release for release in list_releases(demo.home) if release.monitor == monitor]
    return found


@pytest.mark.parametrize("monitor", MONITORS)
def test_the_release_says_that_nobody_reviewed_it(demo: Walked, monitor: str):
    release = released(demo, monitor)
    assert release.state == "approved"
    assert [review.fictitious for review in release.reviews] == [True, True]
    assert not release.reviewed


def test_every_monitor_of_the_demonstration_is_released_once(demo: Walked):
    assert sorted(release.monitor for release in list_releases(demo.home)) == sorted(MONITORS)
    assert load_catalog(demo.catalog).demo.monitors == MONITORS


def test_every_key_figure_of_the_catalogue_is_released_and_none_that_is_not_in_it(demo: Walked):
    release = released(demo, "kerncijfers")
    assert set(release.results) == {figure.id for figure in key_figures(load_catalog(demo.catalog))}
    assert all(decision["status"] == "passed" for decision in release.decisions.values())


def test_every_leading_figure_has_its_card_on_the_first_page(demo: Walked):
    text = (demo.home.site / "index.html").read_text(encoding="utf-8")
    leading = [figure for figure in key_figures(load_catalog(demo.catalog)) if figure.leading]
    cards = re.findall(r'<li class="card"><h3><a href="(\w+)/index.html#([\w-]+)">', text)
    assert cards == [(figure.theme, figure.id) for figure in leading]


def test_everything_released_is_marked_fictitious(demo: Walked):
    for release in list_releases(demo.home):
        assert release.synthetic
        assert all(result.synthetic for result in release.results.values())
    for page in demo.home.site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert MARK["en" if "/en/" in page.as_posix() else "nl"] in text, page
        assert re.search(r'<meta name="robots" content="noindex', text), page


@pytest.mark.parametrize("monitor", HIDING)
def test_no_released_number_rests_on_fewer_than_ten(demo: Walked, monitor: str):
    release, counted = released(demo, monitor), False
    for name, result in release.results.items():
        table = result.table
        assert set(table.disclosure) <= {"shown", "hidden"}, name
        assert table.loc[table.disclosure == "hidden", list(NUMBERS)].isna().all(axis=None), name
        if result.shape == "counts":
            shown = table[(table.disclosure == "shown") & (table.kind == "number")]
            cases = (
                shown[["numerator"]].assign(rest=shown.denominator - shown.numerator).min(axis=1).fillna(shown.value)
            )
            assert (cases >= 10).all(), name
            assert (shown.n.isna() | (shown.n >= 10)).all(), name  # persons go where they are nearly the cases
            counted = counted or shown.n.notna().any()
    assert counted, "somewhere persons are told"


def test_the_open_data_has_no_hole_and_adds_up(demo: Walked):
    result = released(demo, "open-data").results["sancties"]
    table = result.table
    assert set(table.disclosure) == {"rounded"} and table.value.notna().all() and (table.value % 5 == 0).all()
    for column in ("opgelegde_sanctie", "toegepast_recht", "period"):
        places = [name for name in ("opgelegde_sanctie", "toegepast_recht", "period") if name != column]
        parts = table[table[column] != "_T"].groupby(places).value.sum()
        assert (parts == table[table[column] == "_T"].set_index(places).value.sort_index()).all(), column
    assert (table.value < 10).sum() > 50, "many cells that hiding would take out"
    page = (demo.home.site / "open-data" / "index.html").read_text(encoding="utf-8")
    assert "afgerond op veelvouden van 5; totalen kloppen" in page and "beschermt niemand" not in page
    assert "Geteld wordt in" not in page  # sanctions are no suspects in cases
    english = (demo.home.site / "en" / "open-data" / "index.html").read_text(encoding="utf-8")
    assert "rounded to multiples of 5; totals add up" in english
    assert "Because of rounding, a total may differ" not in english
    (csv,) = demo.home.site.rglob("data/sancties.csv")
    assert "Counts are rounded to multiples of 5" in csv.read_text(encoding="utf-8").splitlines()[1]
    about = json.loads(csv.with_name("sancties-metadata.json").read_text(encoding="utf-8"))
    assert about["rounded"] == {"base": 5, "within": 5, "adds_up": True}
    assert about["unit_of_counting"] == {"nl": "rijen", "en": "rows"}
    assert about["disclosure"]["nl"].startswith("Aantallen zijn afgerond")


def test_the_breakdown_by_offence_group_survives_disclosure_control(demo: Walked):
    table = released(demo, "ketenmonitor").results["conversion"].table
    groups = table[(table.delictgroep != "_T") & (table.measure == "reached_later") & (table.kind == "number")]
    assert len(groups) >= 3 * 6
    assert (groups.disclosure == "shown").all()


def test_shares_of_every_stage_are_there_where_they_do_not_tell_of_few(demo: Walked):
    release = released(demo, "doorlooptijdenmonitor")
    for name in ("conversion_by_year", "leakage"):
        checks = {check["name"] for check in release.decisions[name]["checks"]}
        assert "cell by cell" in checks and "sums with others" not in checks, f"{name} asks what others don't"
    table = release.results["conversion_by_year"].table
    went_on = table[table.measure.isin(["of_entered", "of_ended"]) & (table.kind == "number")]
    assert len(went_on) == 3 * 2 * 14 and (went_on.disclosure == "shown").all()
    last = table[(table.stage == "tenuitvoerlegging") & table.measure.isin(["left", "open"])]
    assert {"2023", "2024", "2012/2024"} <= set(last[last.disclosure == "shown"].period)
    lost = release.results["leakage"].table.query("stage == 'berechting' and measure == 'never_seen'")
    assert (lost.disclosure == "shown").sum() > 10


def test_a_second_run_changes_nothing(demo: Walked):
    home = demo.home
    logs = (home.audit_log, home.audit_head, home.processing_log)  # these tell of the second run too
    files = lambda: {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path not in logs}  # noqa: E731
    before = files()
    again = das("--catalog", demo.catalog, "--home", demo.home.root, "demo")
    assert again.returncode == 0, again.stderr
    after = files()
    assert sorted(path for path in {*before, *after} if before.get(path) != after.get(path)) == []


@pytest.mark.parametrize(
    "command",
    [
        "delivery list",
        "snapshot list",
        "project list",
        "figure list",
        "monitor list",
        "release list",
        "edition list",
        "audit show",
    ],
)
def test_every_list_is_also_json(demo: Walked, command: str):
    done = typed(demo, *command.split(), "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize("monitor", MONITORS)
def test_the_notebook_runs_cell_by_cell(demo: Walked, tmp_path, monitor: str):
    shutil.copy(ROOT / "notebooks" / f"{monitor}.ipynb", tmp_path)
    run = demo.home.project(released(demo, monitor).project) / "runs" / f"{monitor}-000000000000"
    run.mkdir()
    settings = {
        "DAS_CATALOG": str(demo.catalog),
        "DAS_HOME": str(demo.home.root),
        "DAS_ACCOUNT": "onderzoeker-demo",
        "DAS_RUN": str(run),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", f"{monitor}.ipynb"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(run)
    assert done.returncode == 0, done.stdout[-2000:]


def test_two_organisations_work_in_one_project_and_the_tutorial_runs_cell_by_cell(demo: Walked, tmp_path):
    project, account = "om-rechtspraak-samen", "analist-rechtspraak-demo"
    home = tmp_path / "home"
    shutil.copytree(demo.home.root, home, symlinks=True)
    places = ("--catalog", demo.catalog, "--home", home)
    for arguments in (["grant", "check", project], ["project", "extract", project]):
        done = das(*places, *arguments, account=account)
        assert done.returncode == 0, done.stderr + done.stdout
    shutil.copy(ROOT / "notebooks" / "samen-om-rechtspraak.ipynb", tmp_path)
    settings = {"DAS_CATALOG": str(demo.catalog), "DAS_HOME": str(home), "DAS_ACCOUNT": account}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "samen-om-rechtspraak.ipynb"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("arguments", "account", "code", "says"),
    [
        (["monitor", "run", "ketenmonitor", "-p", "jaar=2020"], "onderzoeker-demo", 2, "has no parameter jaar"),
        (["monitor", "run", "ketenmonitor", "-p", "last_year"], "onderzoeker-demo", 2, "needs a name and a value"),
        (["monitor", "run", "weermonitor"], "onderzoeker-demo", 2, "no monitor weermonitor"),
        (["monitor", "run", "ketenmonitor", "-p", "last_year=2031"], "onderzoeker-demo", 1, "was not observed"),
        (["project", "extract", "weerproject"], "onderzoeker-demo", 2, "weerproject"),
        (["project", "extract", "doorlooptijden-2023"], "onderzoeker-demo", 1, "not in force"),
        (["project", "extract", "ketenmonitor"], "iemand-anders", 1, "may not work in the project"),
        (["monitor", "run", "ketenmonitor"], "iemand-anders", 1, "may not work in the project"),
        (["release", "approve", "rel-000000000000"], "beoordelaar", 2, "rel-000000000000"),
        (["release", "export", "argus", "rel-000000000000", "--to", "tabellen"], "beoordelaar", 2, "rel-000000000000"),
        (["delivery", "show", "x-000000000000"], "steward", 2, "x-000000000000"),
        (["synthetic", "files", "--years", "toen"], "steward", 2, "years can't be read"),
    ],
)
def test_refusals_are_one_message_and_change_nothing(demo: Walked, arguments, account, code, says):
    def state():
        return {
            path: path.stat().st_mtime_ns
            for path in demo.home.root.rglob("*")
            if path.is_file() and path.name not in ("audit.jsonl", "audit.head") and not path.name.startswith("failed-")
        }

    before = state()
    done = typed(demo, *arguments, account=account)
    assert done.exit_code == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.output
    assert state() == before


def test_a_reviewer_takes_the_tables_of_a_release_to_tau_argus(demo: Walked, tmp_path):
    release, to = released(demo, "kerncijfers"), tmp_path / "tabellen"
    done = das("--home", demo.home.root, "release", "export", "argus", release.id, "--to", to, account="beoordelaar")
    assert done.returncode == 0, done.stderr
    tables = sorted(path.name.removesuffix(".protect.arb") for path in to.glob("*.protect.arb"))
    assert f"{len(tables)} tables for tau-ARGUS" in done.stdout
    assert len(tables) > 5
    for name in tables:
        cells = [line.split(";") for line in (to / f"{name}.tab").read_text().splitlines()]
        hidden = [line.split(";") for line in (to / f"{name}.hidden.tab").read_text().splitlines()]
        assert [cell[:-3] for cell in cells] == [cell[:-3] for cell in hidden]
        assert {cell[-3] for cell in cells} <= {"S", "U"}
        assert {cell[-3] for cell in hidden} <= {"S", "U", "M"}
    assert AuditLog(demo.home.audit_log).lines()[-1]["act"] == "exported"


@pytest.mark.parametrize("page", ["index.html", "en/index.html"])
def test_the_editions_of_a_day_stand_in_the_order_of_the_alphabet(demo: Walked, page: str):
    text = (demo.home.site / page).read_text("utf-8")
    listed = re.findall(r"<li><a [^>]*>(.*?)</a>", text[text.index('<section class="editions"') :])
    assert len(listed) == len(MONITORS) and listed == sorted(listed)


def test_every_table_of_every_release_goes_to_tau_argus_or_has_a_reason(demo: Walked):
    catalog, levels = load_catalog(demo.catalog), {}
    for release in list_releases(demo.home):
        computed = read_handover(demo.home.project(release.project) / "runs" / release.run).results
        for name, leaves in release.results.items():
            tables, left = tables_for_argus(name, computed[name], leaves, catalog)
            told = {it.table.measure.split("/")[1] for it in tables} | {words.split("/")[0] for words in left}
            assert told == (set(leaves.table.measure) if leaves.shape == "counts" else {""})
            for it in tables:
                build_model([it.table])  # refuses what does not add up
                levels |= {name: it} if it.added else {}
    assert [(name, len(it.rounded) == len(it.table.cells)) for name, it in levels.items()] == [("sancties", True)]
    kinds, known = levels["sancties"].table.dimensions[0].parents, levels["sancties"].rounded
    assert {code for code, above in kinds.items() if above == "gevangenisstraf+"} == {
        "gevangenisstraf",
        "jeugddetentie",
    }
    assert all(number % 5 == 0 for number in known.values())


def test_without_its_files_the_real_chain_says_what_to_type(tmp_path):
    done = das("--catalog", "examples/cook-county", "--home", tmp_path / "home", "demo")
    assert done.returncode == 2
    assert "make real DATA=" in done.stderr
    assert not (tmp_path / "home").exists()
