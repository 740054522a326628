"""Taking data out in the outputs of a notebook: every way is seen, and only what a released Result prints passes."""

import json
from dataclasses import replace
from pathlib import Path

import disclosure_world as world
import nbformat
import pandas as pd
import pytest
from disclosure_world import count
from typer.testing import CliRunner

from das_research.cli import app
from das_research.disclosure.notebook_copy import copy_of
from das_research.disclosure.notebooks import REASONS, judge_notebook
from das_research.disclosure.releases import Release
from das_research.disclosure.rules import protect
from das_research.errors import UsageError

ROWS = pd.DataFrame({"person_id": ["a1b2c3d4e5f60718"] * 2, "uitspraak": ["vrijspraak", "ovar"]})
COMPUTED = world.result([count("in", 60, stage="om"), count("in", 4, stage="zm"), count("in", 64)])
RELEASED, _ = protect(COMPUTED, world.catalog())
code_cell = nbformat.v4.new_code_cell


def release(state: str = "approved", result=RELEASED) -> Release:
    return Release(
        "rel-000000000000", state, "keten", {}, "verhaal", "ext-0", "snap-0", True, "a", "b", (), {"flow": result}, {}
    )  # type: ignore[arg-type]


def shown(*bundles: dict) -> list:
    return [nbformat.v4.new_output("execute_result", data=bundle) for bundle in bundles]


def bundle(result) -> dict:
    return {"text/plain": repr(result), "text/html": result._repr_html_(), "text/markdown": result._repr_markdown_()}


def judged(folder: Path, *outputs, cell=None, releases=None, **metadata):
    notebook = nbformat.v4.new_notebook(cells=[cell or code_cell("x", outputs=list(outputs))], metadata=metadata)
    path = folder / "werk.ipynb"
    nbformat.write(notebook, path)
    return [(it.what, it.status) for it in judge_notebook(path, releases or [release()])]


WAYS = {
    "rows as a table": (shown({"text/html": ROWS._repr_html_(), "text/plain": repr(ROWS)}), "rows"),
    "rows as text": (shown({"text/plain": repr(ROWS)}), "rows"),
    "rows without their html": (shown({"text/plain": ROWS.to_csv()}), "numbers"),
    "a number": (shown({"text/plain": "3"}), "numbers"),
    "a number as a word of another script": (shown({"text/plain": "③"}), "numbers"),
    "a printed number": ([nbformat.v4.new_output("stream", text="er zijn 3 personen")], "numbers"),
    "a warning with a value": ([nbformat.v4.new_output("stream", name="stderr", text="row 17 dropped")], "numbers"),
    "points of a plot": (shown({"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"}), "picture"),
    "a plot as svg": (shown({"image/svg+xml": "<svg><circle cx='1'/></svg>"}), "picture"),
    "a picture in html": (shown({"text/html": "<img src='data:image/png;base64,AAAA'>"}), "picture"),
    "a plot with its data": (shown({"application/vnd.plotly.v1+json": {"data": [1, 2, 3]}}), "picture"),
    "a model": (shown({"text/plain": "Logit Regression Results\nLog-Likelihood: -402.3"}), "model"),
    "residuals": (shown({"text/plain": "model.resid\nName: resid, dtype: float64"}), "model"),
    "an error that quotes a row": ([nbformat.v4.new_output("error", ename="KeyError", evalue="a1b2")], "error"),
    "a script": (shown({"text/html": "<script>const rows = []</script>"}), "script"),
    "a widget": (shown({"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}), "script"),
    "rows of words": ([nbformat.v4.new_output("stream", text="naam  delict\njansen diefstal\nbos moord\n")], "rows"),
    "rows of words under an index": (shown({"text/plain": "   naam\na  jansen\nb  bos"}), "rows"),
    "a list of names": (shown({"text/plain": "['jansen', 'bos']"}), "rows"),
    "a list in html": (shown({"text/html": "<UL><LI>jansen</LI></UL>"}), "rows"),
    "a table in capitals": (shown({"text/html": "<TABLE><TR><TD>jansen</TD></TR></TABLE>"}), "rows"),
    "a script in capitals": (shown({"text/html": "<SCRIPT>var a = 'jansen'</SCRIPT>"}), "script"),
    "a plot in capitals": (shown({"text/html": "<SVG><circle cx='a'/></SVG>"}), "picture"),
    "a picture as background": (shown({"text/html": "<p style='background:url(x)'>x</p>"}), "picture"),
    "a page within": (shown({"text/html": "<iframe srcdoc='jansen'></iframe>"}), "script"),
    "another format": (shown({"application/x-parquet": "UEFSMQ=="}), "script"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_out_is_seen(tmp_path: Path, way: str):
    outputs, what = WAYS[way]
    assert judged(tmp_path, *outputs) == [(what, "failed")]


def test_words_are_for_people(tmp_path: Path):
    names = nbformat.v4.new_output("stream", text="vrijspraak ovar vrijspraak")
    assert judged(tmp_path, names) == [("text", "not checked")]


def test_what_a_released_result_prints_passes(tmp_path: Path):
    chart = RELEASED.plot("nl")
    drawn = {"image/svg+xml": chart._repr_svg_(), "text/plain": repr(chart)}
    assert judged(tmp_path, *shown(bundle(RELEASED), drawn)) == [("released", "passed")] * 2


def test_the_result_before_its_release_does_not(tmp_path: Path):
    assert judged(tmp_path, *shown(bundle(COMPUTED))) == [("rows", "failed")]


@pytest.mark.parametrize("state", ["checked", "first review", "returned", "withdrawn"])
def test_a_result_that_is_not_approved_does_not(tmp_path: Path, state: str):
    assert judged(tmp_path, *shown(bundle(RELEASED)), releases=[release(state)]) == [("rows", "failed")]


def test_a_released_table_with_rows_behind_another_form_of_it_does_not(tmp_path: Path):
    hidden = bundle(RELEASED) | {"text/plain": repr(ROWS)}
    assert judged(tmp_path, *shown(hidden)) == [("rows", "failed")]


def test_one_digit_more_makes_it_another_table(tmp_path: Path):
    other = replace(RELEASED, title=world.Text(nl="tabel 4", en="table"))
    assert judged(tmp_path, *shown(bundle(other)))[0][1] == "failed"


def test_files_within_the_text_and_widgets_of_the_notebook_are_seen(tmp_path: Path):
    attached = nbformat.v4.new_markdown_cell("![x](attachment:x.png)", attachments={"x.png": {"image/png": "AAAA"}})
    inline = nbformat.v4.new_markdown_cell("![x](data:image/png;base64,AAAA)")
    assert judged(tmp_path, cell=attached) == judged(tmp_path, cell=inline) == [("attachment", "failed")]
    plain = nbformat.v4.new_markdown_cell("tekst")
    assert judged(tmp_path, cell=plain) == []
    assert judged(tmp_path, cell=plain, widgets={"state": {}}) == [("script", "failed")]


TYPED = {
    "a number": (nbformat.v4.new_markdown_cell("Er waren 3 verdachten in Urk."), "typed", "not checked"),
    "a table": (nbformat.v4.new_markdown_cell("| naam |\n|---|\n| jansen |"), "typed", "not checked"),
    "raw text": (nbformat.v4.new_raw_cell("jansen;moord"), "typed", "not checked"),
    "a picture": (nbformat.v4.new_markdown_cell("<IMG src='https://x/y?d=jansen'>"), "picture", "failed"),
    "the words of a picture": (nbformat.v4.new_markdown_cell("zie ![jansen](https://x/y)"), "picture", "failed"),
    "an address behind words": (nbformat.v4.new_markdown_cell("zie [hier](https://x/jansen)"), "typed", "not checked"),
    "a tag": (nbformat.v4.new_markdown_cell("zie <details>jansen</details>"), "typed", "not checked"),
    "a comment": (nbformat.v4.new_markdown_cell("tekst <!-- jansen, moord -->"), "unseen", "failed"),
    "a hidden tag": (nbformat.v4.new_markdown_cell("tekst <span hidden>jansen</span>"), "unseen", "failed"),
    "a tag of no size": (nbformat.v4.new_markdown_cell("<p style='font-size:0'>jansen</p>"), "unseen", "failed"),
    "what no link refers to": (nbformat.v4.new_markdown_cell("tekst\n\n[//]: # (jansen)"), "unseen", "failed"),
    "signs without a shape": (nbformat.v4.new_markdown_cell("tekst\u200b\u200c"), "unseen", "failed"),
    "such signs in code": (nbformat.v4.new_code_cell("x = 'a\U000e0131'"), "unseen", "failed"),
    "spaces of other widths": (nbformat.v4.new_markdown_cell("een\u2009tekst\u2003van\u00a0ons"), "unseen", "failed"),
    "signs by their names": (nbformat.v4.new_markdown_cell("tekst&zwnj;&zwj;&zwnj;"), "typed", "not checked"),
    "a formula that is not seen": (nbformat.v4.new_markdown_cell(r"tekst $\phantom{jansen}$"), "typed", "not checked"),
}


@pytest.mark.parametrize("way", TYPED)
def test_what_is_typed_beside_the_code_is_listed(tmp_path: Path, way: str):
    cell, *found = TYPED[way]
    assert judged(tmp_path, cell=cell) == [tuple(found)]


def test_fields_that_jupyter_does_not_write_do_not_leave(tmp_path: Path):
    rows = [["jansen", 1985]]
    cell = code_cell("x", metadata={"tags": ["parameters"], "rijen": rows})
    assert judged(tmp_path, cell=cell) == [("metadata", "failed")]
    assert judged(tmp_path, rijen=rows) == [("metadata", "failed")]
    for metadata in ({"rijen": rows}, {"text/plain": {"rijen": rows}}):
        output = nbformat.v4.new_output("display_data", data={"text/plain": "klaar"}, metadata=metadata)
        assert judged(tmp_path, output) == [("metadata", "failed"), ("text", "not checked")]
    known = code_cell("x", metadata={"tags": ["parameters"]})
    assert (
        judged(
            tmp_path,
            cell=known,
            kernelspec={"name": "python3", "display_name": "Python"},
            language_info={"name": "python"},
        )
        == []
    )


def test_a_file_that_is_no_notebook_is_refused_without_a_word_of_it(tmp_path: Path):
    path = tmp_path / "rijen.ipynb"
    path.write_text("a1b2c3d4;vrijspraak")
    with pytest.raises(UsageError) as refused:
        judge_notebook(path, [])
    assert "a1b2" not in str(refused.value)


def test_every_kind_has_its_reason():
    assert {what for _, what in WAYS.values()} | {
        "released",
        "text",
        "attachment",
        "metadata",
        "typed",
        "unseen",
    } == set(REASONS)


def raw(folder: Path, change) -> Path:
    """A notebook whose file is changed by hand; `change` gets it as JSON values, and may give its text."""
    outputs = shown(bundle(RELEASED))
    cells = [nbformat.v4.new_markdown_cell("tekst"), code_cell("x", outputs=outputs, metadata={"tags": ["parameters"]})]
    document = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    path = folder / "werk.ipynb"
    path.write_text(change(document) or json.dumps(document))
    return path


def beside(what: str, **fields):
    return lambda it: {"notebook": it, "cell": it["cells"][0], "output": it["cells"][1]["outputs"][0]}[what].update(
        fields
    )


ROW = [["jansen", 1985]]


@pytest.mark.parametrize("what", ["notebook", "cell", "output"])
def test_rows_beside_the_parts_of_a_notebook_are_seen(tmp_path: Path, what: str):
    found = judge_notebook(raw(tmp_path, beside(what, rijen=ROW)), [release()])
    assert ("metadata", "failed") in [(it.what, it.status) for it in found]


def test_a_cell_of_a_kind_of_its_own_is_seen(tmp_path: Path):
    found = judge_notebook(raw(tmp_path, beside("cell", cell_type="jansen")), [release()])
    assert ("metadata", "failed") in [(it.what, it.status) for it in found]


UNREAD = {
    "an id": beside("cell", id="jansen-1985"),
    "a count": lambda it: it["cells"][1].update(execution_count=1985),
    "a count of an output": beside("output", execution_count=1985),
    "a version": beside("notebook", nbformat_minor=1985),
    "a kernel": beside("notebook", metadata={"kernelspec": {"name": "jansen", "display_name": "1985", "rijen": ROW}}),
    "a language": beside("notebook", metadata={"language_info": {"name": "jansen", "version": "1985"}}),
    "a tag": lambda it: it["cells"][1]["metadata"].update(tags=["parameters", "jansen;1985"]),
    "a field within a field": beside("cell", metadata={"jupyter": {"rijen": ROW}, "slideshow": {"slide_type": "1985"}}),
    "a field of another type": beside("cell", metadata={"collapsed": "jansen 1985"}),
    "a key that stands twice": lambda it: json.dumps(it).replace(
        '"cells": [', f'"cells": {json.dumps(ROW)}, "cells": [', 1
    ),
    "spaces": lambda it: json.dumps(it) + "\n \t  \t",
    "spaces at the ends of lines": lambda it: it["cells"][0].update(source="tekst \t  \t\n\n"),
    "the order of its keys": lambda it: json.dumps(dict(reversed(it.items()))),
}


@pytest.mark.parametrize("change", UNREAD.values(), ids=UNREAD)
def test_the_copy_that_leaves_has_nothing_that_nobody_reads(tmp_path: Path, change):
    plain = copy_of(raw(tmp_path, lambda it: None))
    assert copy_of(raw(tmp_path, change)) == plain
    assert "jansen" not in plain and "1985" not in plain


def test_the_copy_has_the_sources_the_tag_of_parameters_and_what_released_results_print(tmp_path: Path):
    path = raw(tmp_path, lambda it: None)
    there, here = (nbformat.reads(text, as_version=4) for text in (path.read_text(), copy_of(path)))
    assert [it.source for it in there.cells] == [it.source for it in here.cells]
    assert here.cells[1].metadata == {"tags": ["parameters"]}
    (tmp_path / "kopie.ipynb").write_text(copy_of(path))
    found = judge_notebook(tmp_path / "kopie.ipynb", [release()])
    assert [(it.what, it.status) for it in found] == [("released", "passed")]


def test_the_command_writes_the_copy_and_of_what_may_not_leave_none(tmp_path: Path):
    def typed(path: Path) -> int:
        to = ["--to", str(tmp_path / "kopie.ipynb")]
        home = ["--home", str(tmp_path / "home")]
        return CliRunner().invoke(app, [*home, "release", "notebook", str(path), *to]).exit_code

    path = tmp_path / "werk.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code_cell("x", outputs=shown({"text/plain": "3"}))]), path)
    assert typed(path) == 1 and not (tmp_path / "kopie.ipynb").exists()
    nbformat.write(nbformat.v4.new_notebook(cells=[code_cell("x", id="jansen", execution_count=1985)]), path)
    assert typed(path) == 0
    text = (tmp_path / "kopie.ipynb").read_text()
    assert "jansen" not in text and "1985" not in text
    assert typed(path) == 2  # it is there already
