"""What a build says of its links, and how well the stages of the chain found each other."""

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from das_research.catalog.models import Chain


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


def known_before(chain: Chain, cases: ir.Table) -> dict[str, DatasetLinkage]:
    """Per dataset the cases that a dataset of an earlier stage knows.

    Parameters
    ----------
    chain : Chain
        Its stages are in order; a dataset of two stages counts at the first of them.
    cases : Table
        ``dataset, case_id``, in which a pair may stand more often.

    Returns
    -------
    dict
        Dataset to counts, for every dataset of a later stage that has cases.
    """
    order = list(dict.fromkeys(stage.dataset for stage in chain.stages))
    positions = ibis.memtable(
        {"dataset": order, "position": list(range(len(order)))}, schema={"dataset": "string", "position": "int64"}
    )
    seen = cases.join(positions, "dataset").select("dataset", "position", "case_id").distinct()
    first = seen.group_by("case_id").agg(first=seen.position.min())
    joined = seen.join(first, "case_id").filter(ibis._.position > 0)
    counts = joined.group_by("position", "dataset").agg(
        cases=joined.count(), known=(joined["first"] < joined.position).sum()
    )
    rows = counts.order_by("position").to_pyarrow().to_pylist()
    return {row["dataset"]: DatasetLinkage(row["cases"], row["known"]) for row in rows}
