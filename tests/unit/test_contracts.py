"""docs/contracts.md says what the code does: fields of files, columns of tables, rules, measures, words of a Result."""

import re
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

import das_research
from das_research import chain
from das_research.access.manifest import Extract, ExtractedTable
from das_research.audit import AuditLog
from das_research.catalog import load_catalog
from das_research.catalog.models import Check, Severity
from das_research.catalog.tables import CHAIN_TABLES, DELIVERY_TABLES, table_columns
from das_research.disclosure.releases import Release, Review, State
from das_research.figures.compute import measure_of
from das_research.handover import VIEWS, Handover, Section
from das_research.intake.delivery import Delivery, RuleCount, Units
from das_research.intake.rules import ACROSS, BY_ITSELF, Effect
from das_research.publish.editions import Edition
from das_research.result import AFTER, BEFORE, STATES
from das_research.warehouse.snapshot import Snapshot

ROOT = Path(das_research.__file__).parents[1]
TEXT = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")


def names(text: str) -> set[str]:
    """Every name that a text sets in code, also several in one."""
    return {name.strip() for code in re.findall(r"`([^`]*)`", text) for name in code.split(",")}


def sentence(start: str) -> str:
    """The sentence that starts so, on however many lines."""
    assert TEXT.count(start) == 1, start
    return re.split(r"\.\s", TEXT.partition(start)[2], maxsplit=1)[0]


def outside_brackets(text: str) -> str:
    return re.sub(r"\([^)]*\)", "", text)


def row(head: str, first_cell: str) -> list[str]:
    """The further cells of the row that starts with this cell, of the table with this head."""
    table = TEXT.partition(head)[2].partition("\n\n")[0]
    (found,) = re.findall(rf"^\| {re.escape(first_cell)} \|(.*)\|$", table, re.MULTILINE)
    return [cell.strip() for cell in found.split("|")]


def names_of(dataclass: type, *without: str) -> set[str]:
    return {field.name for field in fields(dataclass)} - set(without)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("`snapshot.json`:", names_of(Snapshot)),
        ("`manifest.json`:", names_of(Extract)),
        ("`handover.json` of a run:", names_of(Handover, "results")),
        ("`release.json`:", names_of(Release, *names_of(Handover), "results") | {"reviewed"}),
        ("`edition.json`:", names_of(Edition, "results") | {"languages"}),
    ],
)
def test_fields_of_files(file, expected):
    assert names(outside_brackets(sentence(file))) == expected


def test_fields_of_a_delivery():
    told = sentence("`delivery.json`:")
    assert names(outside_brackets(re.sub(r"`\{.*?\}`", "", told))) == names_of(Delivery, "already_delivered")
    assert f"(`{', '.join(field.name for field in fields(Units))}`)" in told
    assert f"`{{{', '.join(field.name for field in fields(RuleCount))}}}`" in told


def test_fields_of_what_stands_in_those_files():
    assert names_of(ExtractedTable) <= names(sentence("`manifest.json`:"))
    assert f"`{', '.join(field.name for field in fields(Review))}`" in sentence("`release.json`:")
    (section,) = re.findall(r"`\{(.*?)\}`", sentence("A section:"))
    assert re.findall(r"\w+", re.sub(r"\[.*?\]|\{.*?\}", "", section)) == [field.name for field in fields(Section)]


def test_lines_of_the_log(tmp_path):
    log = AuditLog(tmp_path / "audit.jsonl")
    log.record("intake", "delivered", "steward")
    assert names(sentence("A line of `audit.jsonl`:").partition(";")[0]) == set(log.lines()[0])


def test_closed_lists_of_words():
    assert names(sentence("`effect` is")) == set(get_args(Effect))
    table = TEXT.partition("| checks | by itself | may become |")[2].partition("\n\n")[0]
    checks = {
        name for line in table.splitlines() for name in names(outside_brackets(line.strip("|").partition("|")[0]))
    }
    assert checks == set(import_module("das_research.chain.deliveries").CHECKS) == set(BY_ITSELF)
    table = TEXT.partition("| check | holds in | by itself | may become |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z-]+):", table, re.MULTILINE)) == set(ACROSS)
    assert set(get_args(Check)) == {*BY_ITSELF, *ACROSS}
    assert {it for it in get_args(Check) if Severity(check=it, then="reject").across} == set(ACROSS)
    assert names(sentence("`view` is one of")) == set(VIEWS)
    assert set(get_args(State)) <= names(sentence("`release.json`:"))
    for column, words in STATES.items():
        assert names(row("| column | values |", f"`{column}`")[0]) == set(words)


def test_columns_of_a_snapshot():
    catalog = load_catalog(ROOT / "data_catalog")
    attributes = {"persons": catalog.chain.person_attributes, "cases": catalog.chain.case_attributes}
    for table in (*CHAIN_TABLES, *DELIVERY_TABLES):
        (columns,) = row("| table | columns |", f"`{table}`")
        told = names(outside_brackets(columns)).union(attributes.get(table, ()))
        assert told == set(table_columns(catalog, table)), table


def test_a_key_figure_is_one_of_the_measures_that_are_told():
    told = names(sentence("A key figure (`das_research.figures.compute`"))
    measures = {measure_of(figure) for figure in load_catalog(ROOT / "data_catalog").figures.values() if figure.is_key}
    assert measures <= told


def test_columns_of_a_result():
    told = sentence("Columns")
    assert names(told.partition(", one per dimension")[0]) == set(BEFORE)
    assert names(outside_brackets(told.partition(", one per dimension")[2])) == set(AFTER)


@pytest.mark.parametrize("function", ["flow", "conversion", "durations", "deliveries", "recidivism"])
def test_measures_of_the_chain(function):
    figure, dimensions, measures, _ = row("| function | figure |", f"`{function}`")
    assert names(figure) <= set(load_catalog(ROOT / "data_catalog").figures)
    assert names(dimensions) <= {"stage", "days", "dataset", "rule", "horizon"}
    assert names(measures) - {"days", "_T"} == set(import_module(getattr(chain, function).__module__).MEASURES)
