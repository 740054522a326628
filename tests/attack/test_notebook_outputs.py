"""Taking data out in the outputs of a notebook: every way is seen, and only what a released Result prints passes."""

from dataclasses import replace
from pathlib import Path

import disclosure_world as world
import nbformat
import pandas as pd
import pytest
from disclosure_world import count

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
    assert {what for _, what in WAYS.values()} | {"released", "text", "attachment", "metadata", "typed"} == set(REASONS)
