"""Plausible errors in small numbers, so that gate 1 has work: planted after the chain is made, from the seed alone."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from das_research.catalog.models import Dataset
from das_research.synthetic.chance import generator
from das_research.synthetic.deliveries import Columns
from das_research.synthetic.identifiers import NOWHERE
from das_research.synthetic.layout import dates

Kind = Literal["missing", "unknown code", "impossible date", "next century", "too early", "no number", "nowhere"]


@dataclass(frozen=True)
class Fault:
    """So large a share of the known values of a variable has this fault."""

    dataset: str
    variable: str
    kind: Kind
    share: float


FAULTS = (
    Fault("verdachtenregistraties", "geboortedatum", "impossible date", 0.003),
    Fault("verdachtenregistraties", "registratiedatum", "next century", 0.0008),
    Fault("verdachtenregistraties", "skn", "missing", 0.008),
    Fault("verdachtenregistraties", "geslacht", "unknown code", 0.002),
    Fault("verdachtenregistraties", "pleegdatum", "too early", 0.0006),
    Fault("verdachtenregistraties", "afhandeldatum", "too early", 0.001),
    Fault("strafzaken", "skn", "missing", 0.006),
    Fault("strafzaken", "geboortejaar", "no number", 0.001),
    Fault("strafzaken", "geslacht", "unknown code", 0.002),
    Fault("strafzaken", "beslissing", "unknown code", 0.001),
    Fault("strafzaken", "beslisdatum", "too early", 0.001),
    Fault("uitspraken", "parketnummer", "missing", 0.002),
    Fault("uitspraken", "kamer", "unknown code", 0.002),
    Fault("uitspraken", "uitspraakdatum", "too early", 0.0015),
    Fault("tenuitvoerleggingen", "bedrag", "no number", 0.002),
    Fault("tenuitvoerleggingen", "voltooid", "impossible date", 0.001),
    Fault("tenuitvoerleggingen", "afloop", "unknown code", 0.002),
    Fault("detenties", "skn", "missing", 0.003),
    Fault("detenties", "parketnummer", "missing", 0.004),
    Fault("detenties", "parketnummer", "nowhere", 0.004),
    Fault("detenties", "uitstroom", "too early", 0.002),
)
CENTURY = np.timedelta64(36525, "D")
LONG_BEFORE = np.timedelta64(400, "D")


def plant(dataset: Dataset, columns: Columns, spelled: Columns, seed: int) -> Columns:
    """The spelled columns with faults.

    Parameters
    ----------
    dataset : Dataset
        Tells how dates and missing values are spelled, and which date can't come before which.
    columns : dict
        The values as they are.
    spelled : dict
        The same as text.
    seed : int
        The seed of the whole chain.
    """
    faulty = dict(spelled)
    for fault in (fault for fault in FAULTS if fault.dataset == dataset.id):
        rng = generator(seed, f"fault {fault.dataset} {fault.variable} {fault.kind}")
        text = faulty[fault.variable].copy()
        rows = np.flatnonzero((rng.random(len(text)) < fault.share) & (text != dataset.file.missing[0]))
        text[rows] = _wrong(fault, dataset, columns, rows)
        faulty[fault.variable] = text
    return faulty


def _wrong(fault: Fault, dataset: Dataset, columns: Columns, rows: np.ndarray) -> np.ndarray | str:
    variable = dataset.variables[fault.variable]
    values = columns[fault.variable][rows]
    if fault.kind == "missing":
        return dataset.file.missing[0]
    if fault.kind == "unknown code":
        return "?9"
    if fault.kind == "no number":
        return "onb."
    if fault.kind == "nowhere":
        return np.char.mod("99%08d", (rows % NOWHERE) * 100 + 20)
    form = variable.formats[0]
    if fault.kind == "next century":
        return dates(values + CENTURY, form)
    if fault.kind == "too early":
        return dates(columns[str(variable.not_before)][rows] - LONG_BEFORE, form)
    return dates(values, form.replace("%d", "31").replace("%m", "02"))
