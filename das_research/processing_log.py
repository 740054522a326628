"""The processing log: one line for each act on the data of one delivery, as the Logboek Dataverwerkingen has it.

It answers what was done with whose data, for which activity of the register and when. Who did it stands in the audit
log, why and on which legal basis in the register. The standard asks a line for each person; here the delivery stands
for the persons in it (see docs/processing-log.md), since a log by person would itself be a register of suspects.
"""

import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, Literal, Protocol

from das_research.catalog.addresses import address_of
from das_research.catalog.models import Catalog
from das_research.catalog.own_files import project_of
from das_research.catalog.register import activity_address
from das_research.home import appending, whole_lines

Act = Literal["intake", "build", "extract", "release", "erasure", "expiry", "rotation", "destruction"]
SERVICE = "das-research"


class Status(IntEnum):
    """How an act ended, as the standard numbers it."""

    UNSET = 0
    OK = 1
    ERROR = 2


class Delivered(Protocol):
    """What the log needs of a delivery."""

    @property
    def dataset(self) -> str: ...

    @property
    def file_sha256(self) -> str: ...


@dataclass(frozen=True)
class Touched:
    """Whose data an act touched, and for which activity.

    Parameters
    ----------
    activity : str
        Address of a version of an entry of the register.
    subjects : str
        The set of persons: SHA-256 of a delivery's file, or an extract's id.
    kind : {'delivery', 'extract'}
        Which of the two.
    """

    activity: str
    subjects: str
    kind: Literal["delivery", "extract"]


def of_deliveries(
    catalog: Catalog, deliveries: Iterable[Delivered], agreements: Collection[str] | None = None
) -> list[Touched]:
    """What an act on deliveries touches: each delivery under every agreement that covers its dataset.

    Parameters
    ----------
    catalog : Catalog
        Its agreements are the activities.
    deliveries : iterable
        The deliveries.
    agreements : collection of str, optional
        Those under which the act is done, such as a grant's; deliveries that none of them covers are not touched.

    Returns
    -------
    list of Touched
        A dataset without any agreement, such as public data, has the address of the dataset for its activity, and a
        project's own file that of its grant.
    """
    found: list[Touched] = []
    for delivery in deliveries:
        if project := project_of(catalog, delivery.dataset):
            found.append(Touched(address_of(catalog, "grants", project), delivery.file_sha256, "delivery"))
            continue
        covering = [it for it in catalog.agreements.values() if delivery.dataset in it.datasets]
        activities = [activity_address(catalog, it) for it in covering if agreements is None or it.id in agreements]
        if not covering and agreements is None:
            activities = [address_of(catalog, "datasets", delivery.dataset)]
        found += [Touched(activity, delivery.file_sha256, "delivery") for activity in activities]
    return found


def of_extract(catalog: Catalog, extract: str, agreements: Iterable[str]) -> list[Touched]:
    """What a computation on an extract touches: the persons in it, under every agreement of its grant."""
    known = [catalog.agreements[name] for name in agreements if name in catalog.agreements]
    return [Touched(activity_address(catalog, it), extract, "extract") for it in known]


@dataclass(frozen=True)
class ProcessingLog:
    """The log of one home folder.

    Parameters
    ----------
    path : Path
        The file; created at the first line.
    """

    path: Path

    def record(
        self,
        act: Act,
        made: str,
        touched: Iterable[Touched],
        started: datetime,
        status: Status = Status.OK,
        parent: tuple[str, str] | None = None,
    ) -> str:
        """Write a line for each delivery that an act touched; they are on disk when this returns.

        Parameters
        ----------
        act : str
            What was done.
        made : str
            Id of what the act made, or what it destroyed.
        touched : iterable of Touched
            Whose data; without any there is no line.
        started : datetime
            When the act began; it ends now.
        status : Status
            How it ended.
        parent : (str, str), optional
            Trace and operation of the act that this one is part of.

        Returns
        -------
        str
            The trace, shared by all lines of the act: 32 hex digits, drawn at random.
        """
        trace = parent[0] if parent else secrets.token_hex(16)
        ended = datetime.now(UTC)
        lines = [
            {"trace_id": trace, "operation_id": secrets.token_hex(8)}
            | ({"parent_operation_id": parent[1]} if parent else {})
            | {
                "status_code": int(status),
                "name": act,
                "start_time": _milliseconds(started),
                "end_time": _milliseconds(ended),
                "attributes": {
                    "dpl.core.processing_activity_id": it.activity,
                    "dpl.core.data_subject_id": it.subjects,
                    "dpl.core.data_subject_id_type": it.kind,
                },
                "resource": {"attributes": {"service.name": SERVICE, "das.made": made}},
            }
            for it in touched
        ]
        if lines:
            with appending(self.path) as stream:
                stream.write("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines).encode())
        return trace

    def lines(self) -> list[dict[str, Any]]:
        """Every line, oldest first; half a line of a killed process is none."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in whole_lines(self.path.read_text(encoding="utf-8"))]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
