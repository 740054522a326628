"""What a build says of its links, and how well the stages of the chain found each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Chain
from das_research.engines import only_row


@dataclass(frozen=True)
class DatasetLinkage:
    """The cases of one dataset, and how many of them a dataset of an earlier stage knows."""

    cases: int
    known: int

    @property
    def share(self) -> float:
        """The share that is known, 0-1."""
        return self.known / self.cases


@dataclass(frozen=True)
class LinkageReport:
    """What a build says of its links.

    Parameters
    ----------
    datasets : dict
        Dataset of every stage but the first, with the cases in it and those known before. A dataset without cases
        has no share and does not stand here.
    conflicts : int
        Cases whose rows name more than one person: a double case number, or a person with two numbers.
    aliases : int
        Surrogates of cases and persons that this build found to be another's.
    splits : int
        Surrogates whose keys fell apart in this build, since evidence was withdrawn.
    """

    datasets: dict[str, DatasetLinkage] = field(default_factory=dict)
    conflicts: int = 0
    aliases: int = 0
    splits: int = 0


def known_before(chain: Chain, datasets: Sequence[str], rows: ir.Table) -> dict[str, DatasetLinkage]:
    """Per dataset the cases that a dataset of an earlier stage knows.

    Parameters
    ----------
    chain : Chain
        Its stages are in order; a dataset of two stages counts at the first of them.
    datasets : sequence of str
        Those of the catalogue.
    rows : Table
        ``place`` (of its dataset among these) and ``case_id``.

    Returns
    -------
    dict
        Dataset to counts, for every dataset of a later stage that has cases.
    """
    bits = {it: 1 << datasets.index(it) for it in dict.fromkeys(stage.dataset for stage in chain.stages)}
    cases = rows.group_by("case_id").agg(own=(ibis.literal(1, "int64") << rows.place.cast("int64")).bit_or())
    counts: dict[str, ir.Value] = {}
    earlier = 0
    for name, bit in bits.items():
        here = (cases.own & bit) > 0
        counts[f"cases {name}"] = here.sum().fill_null(0)
        counts[f"known {name}"] = (here & ((cases.own & earlier) > 0)).sum().fill_null(0)
        earlier |= bit
    told = only_row(cases.agg(**counts)) if counts else {}
    found = {name: DatasetLinkage(told[f"cases {name}"], told[f"known {name}"]) for name in list(bits)[1:]}
    return {name: it for name, it in found.items() if it.cases}
