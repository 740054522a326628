"""The processing log: the form of the standard, whose data and for which activity, and nothing of a person."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import access_world
import disclosure_world
import pytest
import report_world
import warehouse_world
from disclosure_world import count
from killing import was_killed
from typer.testing import CliRunner

from das_research.access.extract import extract
from das_research.catalog.export import export_catalog
from das_research.catalog.models import Catalog, Text
from das_research.cli import app
from das_research.disclosure.gate import check_release
from das_research.handover import Handover, Section, write_handover
from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.processing_log import Act, ProcessingLog, Status, Touched, of_deliveries, of_extract
from das_research.warehouse.build import build

CATALOG = access_world.a_catalog()
OM = report_world.delivery(1, dataset="zaken")
POLICE = report_world.delivery(2, dataset="zaken-extra")
TOUCHED = [Touched("urn:example:keten/agreements/a/versions/0", "f" * 64, "delivery")]
BEGAN = datetime(2025, 3, 3, 9, 15, 0, 250_000, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> ProcessingLog:
    return ProcessingLog(tmp_path / "home" / "logboek.jsonl")


def activities(catalog: Catalog) -> dict[str, str]:
    """Address of every activity as the register that goes out has it, by its agreement."""
    register = json.loads(export_catalog(catalog, "register")["register.json"])
    return {activity["id"]: activity["address"] for activity in register["activities"]}


def told(log: ProcessingLog) -> list[tuple[str, str, str]]:
    """Act, persons and activity of every line."""
    of = "attributes"
    return [
        (line["name"], line[of]["dpl.core.data_subject_id"], line[of]["dpl.core.processing_activity_id"])
        for line in log.lines()
    ]


def test_a_line_has_the_form_of_the_standard(log):
    log.record("intake", "zaken-000000000001", TOUCHED, BEGAN)
    (line,) = log.lines()
    assert set(line) == {
        *("trace_id", "operation_id", "status_code", "name", "start_time", "end_time", "attributes", "resource")
    }
    assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"]) and re.fullmatch(r"[0-9a-f]{16}", line["operation_id"])
    assert (line["status_code"], line["name"]) == (1, "intake")
    assert line["start_time"] == 1_740_993_300_250 and line["end_time"] > line["start_time"]  # milliseconds
    assert line["attributes"] == {
        "dpl.core.processing_activity_id": TOUCHED[0].activity,
        "dpl.core.data_subject_id": "f" * 64,
        "dpl.core.data_subject_id_type": "delivery",
    }
    assert line["resource"]["attributes"]["das.made"] == "zaken-000000000001"


def test_lines_of_one_act_share_a_trace_and_no_operation(log):
    trace = log.record("build", "snap-000000000000", TOUCHED * 3, BEGAN, Status.ERROR)
    lines = log.lines()
    assert [line["trace_id"] for line in lines] == [trace] * 3
    assert len({line["operation_id"] for line in lines}) == 3
    assert {line["status_code"] for line in lines} == {2}
    assert log.record("build", "snap-000000000000", TOUCHED, BEGAN) != trace


def test_a_part_of_an_act_names_it(log):
    trace = log.record("erasure", "zaken-000000000001", TOUCHED, BEGAN)
    operation = log.lines()[0]["operation_id"]
    assert log.record("rotation", "zaken-000000000001", TOUCHED, BEGAN, parent=(trace, operation)) == trace
    assert log.lines()[1]["parent_operation_id"] == operation


def test_a_delivery_is_told_under_every_agreement_that_covers_its_dataset():
    addresses = activities(CATALOG)
    assert of_deliveries(CATALOG, [OM, POLICE]) == [
        Touched(addresses["levering-om"], OM.file_sha256, "delivery"),
        Touched(addresses["levering-politie"], POLICE.file_sha256, "delivery"),
    ]
    assert of_deliveries(CATALOG, [OM, POLICE], ["levering-politie"]) == of_deliveries(CATALOG, [POLICE])
    assert of_extract(CATALOG, "ext-1", ["levering-om"]) == [Touched(addresses["levering-om"], "ext-1", "extract")]


def test_a_dataset_without_agreement_is_told_under_its_own_address():
    public = CATALOG.model_copy(update={"agreements": {}})
    assert [it.activity for it in of_deliveries(public, [OM])] == ["urn:example:keten/datasets/zaken"]


def test_a_change_of_an_entry_gives_its_activity_another_address_and_the_others_not():
    agreement = CATALOG.agreements["levering-om"]
    changed = agreement.model_copy(update={"legal_basis": Text(nl="art. 2", en="art. 2")})
    other = CATALOG.model_copy(update={"agreements": CATALOG.agreements | {"levering-om": changed}})
    before, after = activities(CATALOG), activities(other)
    assert {name for name in before if before[name] != after[name]} == {"levering-om"}


def test_half_a_line_of_a_killed_process_is_no_line(log):
    log.record("intake", "one", TOUCHED, BEGAN)
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"attributes": "' + b"x" * 10_000)
    assert len(log.lines()) == 1
    log.record("intake", "two", TOUCHED, BEGAN)
    assert [line["resource"]["attributes"]["das.made"] for line in log.lines()] == ["one", "two"]
    assert log.path.read_bytes().startswith(whole)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
import das_research.processing_log as log
os.fsync = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
touched = [log.Touched("urn:a", "f", "delivery")]
log.ProcessingLog(Path(sys.argv[1])).record("build", "killed", touched, datetime.now(UTC))
"""


def test_a_process_killed_while_it_writes_leaves_whole_lines(log):
    log.record("intake", "one", TOUCHED, BEGAN)
    assert was_killed(KILLED, str(log.path))
    log.record("intake", "two", TOUCHED, BEGAN)
    made = [line["resource"]["attributes"]["das.made"] for line in log.lines()]
    assert [it for it in made if it != "killed"] == ["one", "two"]


def test_it_is_open_to_its_owner_alone(log):
    log.record("intake", "one", TOUCHED, BEGAN)
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_nothing_touched_is_no_line(log):
    log.record("release", "rel-1", [], BEGAN)
    assert log.lines() == [] and not log.path.exists()


def test_intake_and_build_tell_of_every_delivery_once(tmp_path):
    home = warehouse_world.delivered_home(tmp_path)
    began = datetime.now(UTC)
    snapshot = build(warehouse_world.catalog(), home)
    deliveries = {it.id: it.file_sha256 for it in read_deliveries(home)}
    lines = ProcessingLog(home.processing_log).lines()
    by_act = {
        act: {
            (line["resource"]["attributes"]["das.made"], line["attributes"]["dpl.core.data_subject_id"])
            for line in lines
            if line["name"] == act
        }
        for act in ("intake", "build")
    }
    assert by_act["intake"] == set(deliveries.items())
    assert by_act["build"] == {(snapshot.id, sha256) for sha256 in deliveries.values()}
    assert len(lines) == 2 * len(deliveries)
    built = [line for line in lines if line["name"] == "build"]
    assert all(line["start_time"] >= int((began - timedelta(milliseconds=1)).timestamp() * 1000) for line in built)
    warehouse_world.deliver_text(home, "meldingen", warehouse_world.FILES["meldingen"])
    assert len(ProcessingLog(home.processing_log).lines()) == len(lines), "this file was taken in before"


def test_the_log_holds_no_account_and_nothing_of_a_person(tmp_path):
    home = warehouse_world.built_home(tmp_path)
    text = home.processing_log.read_text(encoding="utf-8")
    assert "steward" in home.audit_log.read_text(encoding="utf-8") and "steward" not in text
    assert not re.search(r"\b[FPZ][1-4]\b", text)


def test_an_extract_tells_of_the_deliveries_that_its_agreements_cover(tmp_path):
    home = Home(tmp_path / "home")
    access_world.write_snapshot(home)
    for id, delivery in ((access_world.FROM_OM, OM), (access_world.FROM_POLICE, POLICE)):
        report_world.store(home, replace(delivery, id=id))
    made = extract(CATALOG, home, "proef", "anna", access_world.TODAY)
    log = ProcessingLog(home.processing_log)
    assert told(log) == [("extract", OM.file_sha256, activities(CATALOG)["levering-om"])]
    assert log.lines()[0]["resource"]["attributes"]["das.made"] == made.id
    extract(CATALOG, home, "proef", "anna", access_world.TODAY)
    assert len(log.lines()) == 1, "the same extract is not made again"


def test_a_release_tells_of_its_extract(tmp_path):
    home, catalog = Home(tmp_path / "home"), disclosure_world.catalog()
    rows = [count("in", value, stage="om", period=period) for period, value in (("2020", 30), ("2021", 60))]
    flow = disclosure_world.result([*rows, count("in", 90, stage="om", period="2020/2021")], first_year=2020)
    handover = Handover(
        monitor="keten", parameters={"first_year": 2020}, project="verhaal", extract="ext-000000000000",
        snapshot="snap-000000000000", synthetic=True, author="auteur",
        sections=(Section("deel", "flow", ("flow",), headline=Text(nl="kop", en="head")),), results={"flow": flow},
    )  # fmt: skip
    run = home.project("verhaal") / "runs" / "keten-000000000000"
    write_handover(run, handover)
    release = check_release(catalog, home, run, lambda project, recipe: flow, "auteur")
    log = ProcessingLog(home.processing_log)
    (expected,) = of_extract(catalog, "ext-000000000000", ["levering"])
    assert told(log) == [("release", "ext-000000000000", expected.activity)]
    assert log.lines()[0]["resource"]["attributes"]["das.made"] == release.id


def test_das_audit_show_processing(tmp_path):
    home = warehouse_world.delivered_home(tmp_path)
    shown = CliRunner().invoke(app, ["--home", str(home.root), "audit", "show", "--processing", "--json"])
    assert json.loads(shown.stdout) == ProcessingLog(home.processing_log).lines()
    listed = CliRunner().invoke(app, ["--home", str(home.root), "audit", "show", "--processing"])
    assert listed.exit_code == 0 and "intake" in listed.stdout


def test_the_page_names_the_fields_and_acts_of_the_code(log):
    page = (Path(__file__).parents[2] / "docs" / "processing-log.md").read_text(encoding="utf-8")
    table = page.partition("| field | content |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1] if line else "")}
    trace = log.record("intake", "one", TOUCHED, BEGAN)
    log.record("expiry", "one", TOUCHED, BEGAN, parent=(trace, log.lines()[0]["operation_id"]))
    assert named == set(log.lines()[1])
    acts = re.search(r"\| `name` \| the act: (.*?) \|", page)[1]
    assert re.findall(r"`(\w+)`", acts) == list(get_args(Act))
