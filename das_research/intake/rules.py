"""The rules that rows are judged by: what each is called, and what follows where it holds."""

from dataclasses import dataclass
from typing import Literal

from das_research.catalog.models import Check, Dataset, Severity

Effect = Literal["quarantined", "nulled", "marked"]
BY_ITSELF: dict[Check, Effect] = {
    "no-key": "quarantined",
    "no-moment": "quarantined",
    "not-unique": "marked",
    "missing": "marked",
    "not-a-date": "nulled",
    "not-a-number": "nulled",
    "not-a-boolean": "nulled",
    "not-the-form": "marked",
    "no-number": "nulled",
    "cell-error": "nulled",
    "unknown-code": "marked",
    "not-valid-code": "marked",
    "out-of-range": "nulled",
    "before": "nulled",
}
ACROSS: dict[Check, Effect] = {"unknown-reference": "marked", "order-reversed": "marked"}  # asked by builds


@dataclass(frozen=True)
class Rule:
    """One rule of a dataset; in the checked table its name is a column that says where it holds.

    Parameters
    ----------
    check, variable : str
        What is asked, of which variable; a rule about several names the first, one about an order its later event.
    effect : {'quarantined', 'nulled', 'marked'}
        What becomes of a row in which it holds.
    takes_out : bool
        Whether the value is one that can't be: it is taken out, whatever becomes of the row.
    tolerated : float, optional
        The share of rows above which the whole file, or the build, is refused; None: no share is too much.
    """

    check: Check
    variable: str
    effect: Effect
    takes_out: bool
    tolerated: float | None

    @property
    def name(self) -> str:
        """What the rule is called in counts and marks."""
        return f"{self.check}:{self.variable}"


def severities_of(dataset: Dataset, check: Check, variable: str) -> list[Severity]:
    """What the dataset says of a rule: first of its variable, then of every variable."""
    said = (it for it in dataset.severities if it.check == check and it.about in (None, variable))
    return sorted(said, key=lambda it: it.about is None)


def rule_of(dataset: Dataset, check: Check, variable: str) -> Rule:
    """A rule as the dataset has it."""
    effect, said = (BY_ITSELF | ACROSS)[check], severities_of(dataset, check, variable)
    takes_out = effect == "nulled"
    of_row = next((it.then for it in said if it.then != "reject"), None)
    if of_row == "quarantine":
        effect = "quarantined"
    elif of_row == "mark" and effect == "quarantined":
        effect = "marked"
    tolerated = next((it.above for it in said if it.then == "reject"), None)
    return Rule(check, variable, effect, takes_out, tolerated)
