"""What is said of numbers that were rounded before they left."""

from dataclasses import asdict, dataclass
from typing import Any

from das_research.style.numbers import Language

COUNTS = {"nl": "Aantallen zijn afgerond op veelvouden van {base}", "en": "Counts are rounded to multiples of {base}"}
ADDS_UP = {
    "nl": "; totalen kloppen. Elk kan minder dan {within} hoger of lager zijn: 0 zegt niet dat er niemand is.",
    "en": "; totals add up. Each can be less than {within} higher or lower: 0 does not say that there is nobody.",
}
EACH_ALONE = {
    "nl": ", elk voor zich: een totaal kan afwijken van de som, en 0 zegt niet dat er niemand is. "
    "De afronding beschermt niemand.",
    "en": ", each by itself: a total may differ from the sum, and 0 does not say that there is nobody. "
    "The rounding protects nobody.",
}
SHARES = {
    "nl": " Aandelen zijn berekend uit afgeronde aantallen.",
    "en": " Shares are computed from rounded counts.",
}


EXACT_BESIDE = ("se", "lower", "upper", "n")  # digits beside a rounded number that tell it


@dataclass(frozen=True)
class Rounded:
    """How the counts of a Result were rounded.

    Parameters
    ----------
    base : int
        Of which every count is a multiple.
    within : int
        Every count lies less than this from the number under it.
    adds_up : bool
        Whether totals are the sums of their parts, as controlled rounding keeps them. Where each number was rounded by
        itself they may differ, and the rounding protects nobody.
    """

    base: int
    within: int
    adds_up: bool = True

    def note(self, language: Language, *, shares: bool = False) -> str:
        """What stands under a table.

        Examples
        --------
        >>> Rounded(5, 5).note("nl")
        'Aantallen zijn afgerond op veelvouden van 5; totalen kloppen. Elk kan minder dan 5 hoger of lager zijn: 0 zegt niet dat er niemand is.'
        >>> Rounded(5, 3, False).note("en", shares=True)
        'Counts are rounded to multiples of 5, each by itself: a total may differ from the sum, and 0 does not say that there is nobody. The rounding protects nobody. Shares are computed from rounded counts.'
        """  # noqa: E501
        text = COUNTS[language] + (ADDS_UP if self.adds_up else EACH_ALONE)[language] + (SHARES[language] * shares)
        return text.format(base=self.base, within=self.within)

    def short(self, language: Language) -> str:
        """What stands under a chart."""
        return COUNTS[language].format(base=self.base)

    def to_document(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)
