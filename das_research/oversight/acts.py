"""The acts that the audit log tells of, each with its month, its project and the partners whose data it touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from das_research.catalog.models import Catalog

Column = Literal["delivered", "opened", "extracted", "handed_over", "released", "published", "refused", "destroyed"]
COLUMNS: tuple[Column, ...] = (
    *("delivered", "opened", "extracted", "handed_over"),
    *("released", "published", "refused", "destroyed"),
)
DESTROYING = ("erased", "withdrawn", "replaced", "expired", "closed")
OF_SENDERS = ("intake", "custody")  # gates whose lines name who sent a file, and not all whose data a project has


@dataclass(frozen=True)
class Act:
    """One line as a reader needs it.

    Parameters
    ----------
    line : dict
        As it stands in the log.
    project : str
        Empty where the act is of no project.
    partners : tuple of str
        Whose data, as far as the log says.
    """

    line: Mapping[str, Any]
    project: str
    partners: tuple[str, ...]

    @property
    def month(self) -> str:
        """The month of the act, as 2026-11."""
        return str(self.line["moment"])[:7]

    @property
    def day(self) -> str:
        """The day of the act, ISO."""
        return str(self.line["moment"])[:10]

    @property
    def account(self) -> str:
        """Who acted."""
        return str(self.line["account"])

    @property
    def column(self) -> Column | None:
        """What it is counted as; None of what is no act on data, such as a preview or a first approval."""
        gate, act = self.line["gate"], self.line["act"]
        if act == "refused":
            return "refused"
        if gate == "custody":
            return "destroyed" if act in DESTROYING else None
        if gate == "release":
            return "released" if act == "approved" else None
        known: dict[tuple[str, str], Column] = {
            ("intake", "delivered"): "delivered",
            ("project", "opened"): "opened",
            ("extract", "submitted"): "opened",
            ("project", "handed over"): "handed_over",
            ("extract", "extracted"): "extracted",
            ("publish", "published"): "published",
        }
        return known.get((gate, act))

    def fact(self, name: str) -> str:
        """A fact as text; empty where the line has none."""
        return str(self.line["facts"].get(name, ""))

    def number(self, name: str) -> int:
        """A count; 0 where the line has none."""
        value = self.line["facts"].get(name, 0)
        return value if isinstance(value, int) else 0


def acts_of(lines: Iterable[Mapping[str, Any]], catalog: Catalog) -> list[Act]:
    """Every line with project and partners: its own, else those of its release, dataset or grant.

    Parameters
    ----------
    lines : iterable of dict
        Oldest first.
    catalog : Catalog
        Where a line of an earlier version, that tells less, is looked up.
    """
    lines = list(lines)
    projects, touched = dict[str, str](), dict[str, list[str]]()
    for line in lines:
        facts = line["facts"]
        if {"release", "project"} <= set(facts):
            projects[facts["release"]] = facts["project"]
        if {"project", "partners"} <= set(facts) and line["gate"] not in OF_SENDERS:
            touched[facts["project"]] = facts["partners"]
    found = []
    for line in lines:
        facts = line["facts"]
        project = str(facts.get("project") or projects.get(facts.get("release"), ""))
        partners = facts.get("partners") or touched.get(project) or _partners(facts, project, catalog)
        found.append(Act(line, project, tuple(partners)))
    return found


def chosen(acts: Sequence[Act], project: str = "", partner: str = "", month: str = "") -> list[Act]:
    """The acts of a project, on a partner's data, in a month; what is empty chooses nothing away."""
    return [
        act
        for act in acts
        if (not project or act.project == project)
        and (not partner or partner in act.partners)
        and (not month or act.month == month)
    ]


def _partners(facts: Mapping[str, Any], project: str, catalog: Catalog) -> list[str]:
    if facts.get("partner"):
        return [str(facts["partner"])]
    if facts.get("dataset") in catalog.datasets:
        return [catalog.datasets[facts["dataset"]].partner]
    grant = catalog.grants.get(project)
    agreements = [catalog.agreements[name] for name in grant.agreements if name in catalog.agreements] if grant else []
    return sorted({it.partner for it in agreements})
