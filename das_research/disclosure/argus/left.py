"""Why a measure of a Result is no table for tau-ARGUS, in one sentence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from das_research.catalog.models import Text

Left = Mapping[str, Text]  # Result and measure to the reason

NOT_PASSED = Text(nl="Kwam niet door poort 3.", en="It did not pass gate 3.")
NO_NUMBERS = Text(
    nl="Een curve, model, reeks of faaltelling: geen aantallen of sommen.",
    en="A curve, a model, a series or counts of faults: no counts or sums.",
)
SHARES = Text(
    nl="Aandelen en gemiddelden tellen niet op: tau-ARGUS leest alleen aantallen en sommen.",
    en="Shares and means don't add up: tau-ARGUS reads counts and sums alone.",
)
NOT_WHOLE = Text(
    nl="Een getal is negatief, ontbreekt, is niet heel of staat er tweemaal.",
    en="A number is negative, missing, no whole one, or stands there twice.",
)
ALONE = Text(nl="Losse getallen: er staat geen totaal bij.", en="Numbers by themselves: no total stands beside them.")
NOT_JUDGED = Text(
    nl="Hoeveel ervan van één persoon is, is niet beoordeeld.", en="How much of it is one person's was not judged."
)


def no_sum_of(dimensions: Iterable[str]) -> Text:
    """That codes are no parts of the total: who stands under two of them is counted twice, or a stock is no sum."""
    names = ", ".join(dimensions)
    return Text(
        nl=f"Telt niet op naar {names}: wie onder twee codes staat, telt in elk, en standen zijn geen som.",
        en=f"It does not add up by {names}: who stands under two codes counts in each, and stocks are no sum.",
    )


def grouped(left: Left) -> dict[Text, list[str]]:
    """Each reason once, with what it holds for."""
    found: dict[Text, list[str]] = defaultdict(list)
    for name, reason in left.items():
        found[reason].append(name)
    return dict(found)
