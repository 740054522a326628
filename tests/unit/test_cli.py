"""The command `das`: exit codes, messages, and how soon it starts."""

import json
import os
import subprocess
import sys
from importlib import metadata

import pytest
import typer
from typer.testing import CliRunner

from das_research.cli import NOUNS, app, main
from das_research.commands import context as shared
from das_research.errors import AccessRefused


@pytest.fixture
def das(catalog_dir, tmp_path, monkeypatch):
    monkeypatch.delenv("DAS_CATALOG", raising=False)
    monkeypatch.delenv("DAS_HOME", raising=False)

    def run(*arguments: str, catalog=catalog_dir):
        return CliRunner().invoke(app, ["--catalog", str(catalog), "--home", str(tmp_path / "home"), *arguments])

    return run


def test_a_catalogue_in_order_is_one_line_with_counts(das, catalog_dir):
    outcome = das("catalog", "check")
    assert outcome.exit_code == 0
    assert outcome.stdout == (
        f"{catalog_dir}: in order (2 partners, 2 agreements, 2 datasets, 2 classifications, 2 terms, 2 units, "
        "1 figure, 1 break, 1 published total, 0 recidivism methods, 1 grant, 1 monitor, 0 synthetic chains)\n"
    )


def test_a_faulty_catalogue_is_refused_on_standard_error(das, write_catalog):
    folder = write_catalog({"terms/misdrijf.yaml": "id: misdrijf\n", "partners/om.yaml": "id: om\ntitle: OM\n"})
    outcome = das("catalog", "check")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert outcome.stderr.splitlines()[0] == f"The catalogue {folder} has 5 problems."
    assert f"  {folder}/partners/om.yaml:1: role: is missing" in outcome.stderr.splitlines()
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["catalog", "show", "zakne"],
        ["catalog", "show"],
        ["catalog", "show", "zaken", "--language", "de"],
        ["catalog", "search", " "],
        ["catalog", "verify"],
        ["katalog"],
        ["--katalog", "x"],
    ],
)
def test_wrong_use_is_exit_code_2_without_a_traceback(das, arguments):
    outcome = das(*arguments)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_folder_that_is_no_catalogue_says_what_to_type(das, tmp_path):
    outcome = das("catalog", "check", catalog=tmp_path / "niets")
    assert outcome.exit_code == 2
    assert "fix: Name the folder with --catalog DIR." in outcome.stderr


def test_the_environment_names_catalogue_and_home(catalog_dir, monkeypatch):
    monkeypatch.setenv("DAS_CATALOG", str(catalog_dir))
    assert CliRunner().invoke(app, ["catalog", "check"]).exit_code == 0


def test_search_prints_a_table_or_json(das):
    assert das("catalog", "search", "robbery").stdout.splitlines()[1].split() == [
        *("delicten", "classification", "Delicten", "code", "beroving"),
    ]
    assert json.loads(das("catalog", "search", "robbery", "--json").stdout) == [
        {"kind": "classification", "id": "delicten", "title": "Delicten", "where": "code beroving"}
    ]
    assert das("catalog", "search", "onvindbaar").stdout == "Nothing found.\n"


def test_show_follows_the_language_asked_for(das):
    assert "Eigenaar: om" in das("catalog", "show", "delict").stdout
    assert "Owner: om" in das("catalog", "show", "delict", "--language", "en").stdout


def test_no_colour_codes_where_there_is_no_terminal(das):
    for outcome in (das("catalog", "show", "zaken"), das("catalog", "show", "zakne")):
        assert "\x1b" not in outcome.stdout + outcome.stderr


def test_the_version(das):
    assert das("--version").stdout == f"das-research {metadata.version('das-research')}\n"


@pytest.mark.parametrize(
    ("error", "exit_code", "message"),
    [
        (AccessRefused("Not granted.", why="It ended."), 1, "Not granted.\n  why: It ended.\n"),
        (OSError(28, "No space left on device"), 1, "The disk refused.\n  why: No space left on device\n"),
        (PermissionError(13, "Permission denied", "home"), 1, "The disk refused at home.\n  why: Permission denied\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_command_raises_becomes_a_message_and_an_exit_code(das, monkeypatch, error, exit_code, message):
    def fail(folder):
        raise error

    monkeypatch.setattr(shared, "load_catalog", fail)
    outcome = das("catalog", "check")
    assert outcome.exit_code == exit_code
    assert outcome.stderr == message


def test_a_bug_is_not_dressed_up_as_a_refusal(das, monkeypatch):
    monkeypatch.setattr(shared, "load_catalog", lambda folder: 1 / 0)
    outcome = das("catalog", "check")
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("The program failed: ZeroDivisionError in commands/context.py, line ")


def test_a_table_for_people_aligns_numbers_and_says_when_it_is_empty(capsys):
    shared.print_table(("id", "rows"), [("a", 5), ("b", 1000)])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == ["id  rows", "a      5", "b   1000"]
    shared.print_table(("id", "rows"), [], empty="No deliveries yet.")
    assert capsys.readouterr().out == "No deliveries yet.\n"


def test_every_noun_explains_itself(das):
    commands = typer.main.get_command(app).commands
    assert set(NOUNS) <= set(commands)
    assert all(command.get_short_help_str() for command in commands.values())


def test_the_help_lists_the_commands_in_the_way_of_the_data():
    command = typer.main.get_command(app)
    listed = command.list_commands(None)
    assert listed[0] == "catalog"
    assert sorted(listed) == sorted(command.commands)
    assert [name for name in listed if name in NOUNS] == list(NOUNS)


LISTS = ("intake.delivery", "warehouse.snapshot", "access.manifest", "access.grants")


def test_the_command_and_what_it_lists_load_no_engine():
    heavy = "{'ibis', 'pandas', 'duckdb', 'matplotlib', 'pyarrow', 'papermill'}"
    needed = ", ".join(f"das_research.{module}" for module in ("cli", *LISTS))
    code = f"import sys, {needed}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_numbers_are_added_up_in_one_order_whatever_the_number_of_cores(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["das", "--version"])
    for given, used in ((None, "1"), ("4", "4")):
        with monkeypatch.context() as patch:
            patch.delenv("OPENBLAS_NUM_THREADS", raising=False)
            if given:
                patch.setenv("OPENBLAS_NUM_THREADS", given)
            with pytest.raises(SystemExit):
                main()
            assert os.environ["OPENBLAS_NUM_THREADS"] == used
    loaded = "import das_research.cli, sys; sys.exit('numpy' in sys.modules)"  # it would have its threads already
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
