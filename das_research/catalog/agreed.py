"""Whether an agreement is in force on a day, and what to put where, and whom to ask, when it is not."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from das_research.catalog.models import Agreement, Catalog, is_within

RENEWAL = timedelta(days=365)


@dataclass(frozen=True)
class OutOfForce:
    """An agreement that has not begun, has ended or was withdrawn, in words for a refusal.

    Parameters
    ----------
    agreement : str
        Its id.
    why : str
        Since when, or from when on.
    fix : str
        The lines that renew it.
    ask : str
        Its partner.
    """

    agreement: str
    why: str
    fix: str
    ask: str


def out_of_force(catalog: Catalog, agreement: Agreement, today: date) -> OutOfForce | None:
    """Why an agreement is not in force on a day; None where it is."""
    withdrawn = agreement.withdrawn is not None and agreement.withdrawn <= today
    if is_within(agreement.begin, agreement.end, today) and not withdrawn:
        return None
    early = today < agreement.begin
    moment = f"begins on {agreement.begin}" if early else f"ended on {agreement.end}"
    change: dict[str, Any] = {"begin": today} if early else {"end": today + RENEWAL}
    if withdrawn:
        moment, change = f"was withdrawn from {agreement.withdrawn}", {"withdrawn": None}
    return OutOfForce(
        agreement.id,
        f"{moment}; it is {today} now.",
        "once the partner renews it, " + lines_for(f"agreements/{agreement.id}.yaml", change),
        contact(catalog, agreement.partner),
    )


def not_covered(catalog: Catalog, dataset: str, today: date) -> OutOfForce | None:
    """Why rows of a dataset may be neither taken in nor used on a day: no agreement over it is in force.

    Returns
    -------
    OutOfForce or None
        Of the agreement that lasts longest. None also for what no agreement names, such as public data.
    """
    covering = [it for it in catalog.agreements.values() if dataset in it.datasets]
    found = {it.id: out_of_force(catalog, it, today) for it in covering}
    if not covering or None in found.values():
        return None
    return found[max(covering, key=lambda it: (it.end, it.id)).id]


def contact(catalog: Catalog, partner: str) -> str:
    """Whom to ask at a partner."""
    known = catalog.partners.get(partner)
    return f"{known.title.en}, {known.contact}" if known else partner


def lines_for(file: str, change: dict[str, Any]) -> str:
    """The lines to put in a file of the catalogue."""
    text = yaml.safe_dump(change, sort_keys=False, allow_unicode=True)
    return f"put in {file}:\n" + "\n".join(f"      {line}" for line in text.splitlines())
