"""One table in three forms: each says the same, and hides nothing that a reader needs."""

import re
from html.parser import HTMLParser

import pypandoc
import pytest

from das_research.style.numbers import SYNTHETIC
from das_research.style.tables import Cell, Row, TableView, to_html, to_markdown, to_notebook_html, to_text

VIEW = TableView(
    caption="Zaken <per> fase | 2024",
    row_titles=("fase",),
    columns=("in_stroom", "uit"),
    rows=(
        Row(("Opsporing *",), (Cell("1.234", revision="provisional"), Cell("."))),
        Row(("Totaal",), (Cell("2.000"), Cell("")), total=True),
    ),
    source="bron: proef",
    synthetic=True,
)


class Reader(HTMLParser):
    """Every start tag with its attributes, and everything that is read aloud."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.silent = [], "", 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.silent += self.silent > 0 or dict(attrs).get("aria-hidden") == "true"

    def handle_endtag(self, tag):
        self.silent -= self.silent > 0

    def handle_data(self, data):
        self.words += "" if self.silent else data


def test_heads_have_a_scope_and_the_table_a_caption():
    tags = Reader(to_html(VIEW)).tags
    assert [attributes["scope"] for tag, attributes in tags if tag == "th"] == ["col"] * 3 + ["row"] * 2
    assert [tag for tag, _ in tags].count("caption") == 1


def test_there_is_no_id_and_no_style_that_another_table_could_meet():
    assert not {"id", "style"} & {name for _, attributes in Reader(to_html(VIEW)).tags for name in attributes}


def test_a_symbol_is_read_aloud_as_what_it_means():
    words = Reader(to_html(VIEW)).words
    assert "1.234 (voorlopig cijfer)onbekend of geheim" in words
    assert "2.000kan niet voorkomen" in words


def test_texts_are_escaped_in_html():
    assert "<caption>Zaken &lt;per&gt; fase | 2024</caption>" in to_html(VIEW)


def test_the_legend_explains_the_symbols_that_occur_and_no_others():
    assert VIEW.legend == ". onbekend of geheim; * voorlopig cijfer"
    assert TableView("", ("a",), ("b",), (Row(("x",), (Cell("1"),)),)).legend == ""


@pytest.mark.parametrize("form", [to_html, to_notebook_html, to_markdown, to_text])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_fictitious_data_are_marked_in_every_form(form, language):
    view = TableView("t", ("a",), ("b",), (), language=language, synthetic=True)
    assert SYNTHETIC[language] in form(view)


def test_a_small_table_takes_about_a_kilobyte():
    assert len(to_html(VIEW)) < 1400


def test_pandoc_reads_the_pipe_table_with_its_caption_and_no_markup_of_ours():
    html = pypandoc.convert_text(to_markdown(VIEW), "html", format="markdown", extra_args=["--wrap=none"])
    assert "<caption>Zaken &lt;per&gt; fase | 2024</caption>" in re.sub(r"</?p>", "", html)
    assert [re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", html)] == [
        "fase", "in_stroom", "uit", "Opsporing *", "1.234*", ".", "Totaal", "2.000", "",
    ]  # fmt: skip
    assert html.count("text-align: right") == 6


def test_plain_text_stands_in_columns():
    lines = to_text(VIEW).splitlines()
    assert lines[2:6] == [
        "fase         in_stroom  uit",
        "───────────────────────────",
        "Opsporing *     1.234*    .",
        "Totaal           2.000",
    ]


def test_a_cell_without_a_number_carries_no_mark_of_revision():
    assert Cell(".", revision="provisional").mark == ""
    assert Cell("5", revision="revised provisional").mark == "**"
