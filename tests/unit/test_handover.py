"""The hand-over survives its way over the disk, and refuses what does not belong to it."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from das_research.catalog.models import Text
from das_research.errors import UsageError
from das_research.handover import Handover, Section, read_handover, write_handover
from das_research.result import AFTER, BEFORE, Recipe, Result


def a_result(project: str = "proef", snapshot: str = "snap-1", synthetic: bool = True) -> Result:
    row = ["doorstroom", "in", "2024", 12.0, "cases", None, None, None, None, None, 12.0]
    return Result(
        table=pd.DataFrame([[*row, "final", "number", "not checked"]], columns=[*BEFORE, *AFTER]),
        dimensions=(),
        title=Text(nl="Doorstroom", en="Flow"),
        definition="doorstroom",
        definition_version="1",
        shape="counts",
        labels={},
        recipe=Recipe("das_research.chain.flow", {"period": [2024, 2024]}),
        project=project,
        snapshot=snapshot,
        synthetic=synthetic,
    )


def a_handover(**changes: object) -> Handover:
    headline = Text(nl="{stroom[measure=in]} zaken", en="{stroom[measure=in]} cases")
    handover = Handover(
        monitor="keten",
        parameters={"jaar": 2024},
        project="proef",
        extract="ext-1",
        snapshot="snap-1",
        synthetic=True,
        author="onderzoeker",
        sections=(Section("stroom", "flow", ("stroom",), headline=headline),),
        results={"stroom": a_result()},
    )
    return replace(handover, **changes)


def test_reading_gives_back_what_was_written(tmp_path: Path) -> None:
    handover = a_handover()
    write_handover(tmp_path, handover)
    read = read_handover(tmp_path)
    assert replace(read, results={}, sections=()) == replace(handover, results={}, sections=())
    assert read.sections == handover.sections
    assert read.results["stroom"].to_json() == handover.results["stroom"].to_json()


def test_writing_twice_gives_equal_bytes(tmp_path: Path) -> None:
    write_handover(tmp_path / "a", a_handover())
    write_handover(tmp_path / "b", read_handover(tmp_path / "a"))
    for name in ("handover.json", "results/stroom.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_result_no_longer_handed_over_is_gone(tmp_path: Path) -> None:
    write_handover(tmp_path, a_handover())
    write_handover(tmp_path, a_handover(sections=(), results={"anders": a_result()}))
    assert set(read_handover(tmp_path).results) == {"anders"}


@pytest.mark.parametrize(
    "other",
    [{"project": "ander"}, {"snapshot": "snap-2"}, {"synthetic": False}],
    ids=["project", "snapshot", "synthetic"],
)
def test_a_result_from_elsewhere_is_refused(other: dict) -> None:
    with pytest.raises(UsageError, match="does not belong"):
        a_handover(results={"stroom": a_result(**other)})


@pytest.mark.parametrize("name", ["", "Hoofdletter", "met spatie", "../weg", "1eerst", "a/b", "a.json", "naam\n"])
def test_a_name_that_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="can't be the name"):
        a_handover(sections=(), results={name: a_result()})


def test_a_section_of_a_missing_result_is_refused() -> None:
    with pytest.raises(UsageError, match="not handed over: weg"):
        a_handover(sections=(Section("stroom", "flow", ("weg",)),))


def test_a_section_that_stands_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="twice"):
        a_handover(sections=(Section("stroom", "flow", ()), Section("stroom", "table", ())))


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(UsageError, match="no view 'taart'"):
        Section("stroom", "taart", ())


def test_a_folder_without_hand_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no hand-over"):
        read_handover(tmp_path)


@pytest.mark.parametrize("change", [{"author": None}, {"extra": 1}, {"sections": [{"id": "a"}]}, {"sections": 3}])
def test_a_hand_over_of_another_form_is_refused(tmp_path: Path, change: dict) -> None:
    write_handover(tmp_path, a_handover())
    document = json.loads((tmp_path / "handover.json").read_text()) | change
    document = {key: value for key, value in document.items() if value is not None}
    (tmp_path / "handover.json").write_text(json.dumps(document))
    with pytest.raises(UsageError, match="can't be read"):
        read_handover(tmp_path)
