"""The picture of the site: the whole chain as one flow, its widths by number, and what leaves it where."""

from collections.abc import Sequence
from typing import Literal

from das_research.style.flow_across import across
from das_research.style.flow_down import down
from das_research.style.flow_parts import MUTE, WORDS, Amount, FlowStage, hatched
from das_research.style.numbers import HIDDEN, SYNTHETIC, Language
from das_research.style.svg import Chart, chart, text

__all__ = ["Amount", "FlowStage", "chain_flow", "describe"]


def chain_flow(
    stages: Sequence[FlowStage],
    *,
    chart_id: str,
    title: str,
    language: Language = "nl",
    orientation: Literal["horizontal", "vertical"] = "horizontal",
    synthetic: bool = False,
    for_print: bool = False,
    notes: Sequence[str] = (),
    width: float = 1040,
) -> Chart:
    """The chain as one flow.

    Parameters
    ----------
    stages : sequence of FlowStage
        In the order of the chain.
    chart_id : str
        Begins every id in the picture.
    title : str
        Its name.
    language : {'nl', 'en'}
        Language of the words in it; the numbers come as texts.
    orientation : {'horizontal', 'vertical'}
        From left to right; or from top to bottom, 320 wide, for a telephone.
    synthetic : bool
        True adds the mark of fictitious data.
    for_print : bool
        Real colours in the place of CSS variables.
    notes : sequence of str
        Lines under the picture.
    width : float
        Of the horizontal drawing; less than 1040 where its words must stay readable on a page.
    """
    body, size = across(stages, language, width) if orientation == "horizontal" else down(stages, language)
    for note in [*notes, *([SYNTHETIC[language]] if synthetic else [])]:
        size = (size[0], size[1] + 18)
        body += text(0, size[1] - 4, note, 12, colour=MUTE)
    pattern, body = hatched(body, chart_id)
    return chart(
        pattern + body,
        chart_id=chart_id,
        title=title,
        description=describe(stages, language),
        size=size,
        language=language,
        for_print=for_print,
    )


def describe(stages: Sequence[FlowStage], language: Language) -> str:
    """The picture in words, one sentence a stage."""
    words = WORDS[language]
    sentences = []
    for stage in stages:
        parts = [f"{stage.entered.text} {words['in']}"]
        parts += [
            f"{amount.text} {words[part]}"
            for part, amount in (("on", stage.passed_on), ("left", stage.left), ("open", stage.open_end))
            if amount.text
        ]
        sentences.append(f"{stage.label}: {', '.join(parts)}.")
    return " ".join(sentences).replace(f" {HIDDEN} ", {"nl": " onbekend aantal ", "en": " unknown number "}[language])
