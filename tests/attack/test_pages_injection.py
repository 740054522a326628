"""A text that tries to be more than words: on the page it stays the words that were typed."""

import pypandoc
import pytest

from das_research.publish import markdown

ESCAPES = ["a\n```\n![x](https://example.org/x.png)\n```", "a\n````\n[x](javascript:alert)", "<script>alert()</script>"]


@pytest.mark.parametrize("text", ESCAPES)
@pytest.mark.parametrize("place", [markdown.kicker, markdown.plain])
def test_a_text_brings_no_picture_link_or_script_along(text: str, place) -> None:  # type: ignore[no-untyped-def]
    page = pypandoc.convert_text(place(text), "html5", format="markdown-smart")
    assert not any(tag in page for tag in ("<img", "<a ", "<script"))
