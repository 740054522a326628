"""What the audit log tells of releases: who made them, what they are of, and what became of them.

The files of a release are held to their id only as far as numbers and texts go; the rest of ``release.json`` is held to
the lines that gate 3 and its reviewers sealed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from das_research.audit import AuditLog
from das_research.audit_facts import fingerprint
from das_research.audit_head import is_sealed, line_hash, read_public
from das_research.catalog.models import Catalog
from das_research.handover import Handover
from das_research.home import Home

STATES = {
    "checked": "checked",
    "reviewed": "first review",
    "approved": "approved",
    "returned": "returned",
    "withdrawn": "withdrawn",
}
# a line keeps their fingerprint: a name that is added here makes every earlier release one that was changed
MADE = (
    *("monitor", "parameters", "project", "run", "extract", "snapshot", "synthetic", "author", "account", "hands"),
    *("needed", "agreed", "fictitious_reviewers", "decisions", "attempt"),
)


def made(document: Mapping[str, Any]) -> str:
    """The fingerprint of what no review changes of a release, from its ``release.json``."""
    return fingerprint({name: document.get(name) for name in MADE})


def lines_of_releases(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Release to the lines of its states, oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in AuditLog(home.audit_log).lines():
        if line["gate"] == "release" and line["act"] in STATES:
            found.setdefault(str(line["facts"].get("release")), []).append(line)
    return found


def differs(document: Mapping[str, Any], lines: Iterable[dict[str, Any]], home: Home) -> str:
    """What the log tells otherwise of a release than its ``release.json``; empty where it tells the same or nothing.

    Parameters
    ----------
    document : mapping
        What stands in the file.
    lines : iterable of dict
        The lines of this release.
    home : Home
        Where the public key of the log is.

    Returns
    -------
    str
        Names of fields, and no value. A gate that was killed between the two leaves the log one state ahead.
    """
    told = list(lines)
    if not told:
        return ""
    public = read_public(home)
    if not all(_is_as_sealed(line, public) for line in told):
        return "the line in the audit log"
    first = [line for line in told if line["act"] == "checked"][-1:]
    facts = first[0]["facts"] if first else {}
    wrong = [name for name in ("project", "run", "extract") if facts.get(name, document[name]) != document[name]]
    if not wrong and facts.get("made", made(document)) != made(document):
        wrong = ["what it was made of"]
    states = list(dict.fromkeys(STATES[line["act"]] for line in told))
    if document["state"] not in states[-2:]:
        wrong.append("state")
    return ", ".join(wrong)


def is_approved(lines: Iterable[dict[str, Any]]) -> bool:
    """Whether a release was approved at some time: readers have its numbers, or had them."""
    return any(line["act"] == "approved" for line in lines)


def who_made(catalog: Catalog, log: AuditLog, handover: Handover, run: str) -> tuple[str, ...]:
    """Whose work a hand-over is, by the log and not by what it says of itself.

    Parameters
    ----------
    catalog : Catalog
        The people of the grant.
    log : AuditLog
        Who handed over these recipes in this run, or handed in a notebook for its extract.
    handover : Handover
        What was handed over.
    run : str
        The name of its folder.

    Returns
    -------
    tuple of str
        Accounts. Where the log does not tell of every recipe it can be the work of each of the grant's people.
    """
    lines = log.lines()
    acts = [(line["gate"], line["act"], line["account"], line["facts"]) for line in lines]
    handed_in = {
        by
        for gate, act, by, facts in acts
        if (gate, act) == ("extract", "submitted") and facts.get("extract") == handover.extract
    }
    handed_over = [
        (by, facts)
        for gate, act, by, facts in acts
        if (gate, act) == ("project", "handed over") and facts.get("project") == handover.project
    ]
    accounts = handed_in | {by for by, facts in handed_over if facts.get("run") == run}
    known = {facts["asked"] for by, facts in handed_over if by in accounts}
    asked = {fingerprint([it.recipe.function, it.recipe.parameters]) for it in handover.results.values()}
    if not handed_in and not asked <= known and (grant := catalog.grants.get(handover.project)):
        accounts |= {person.account for person in grant.people}
    return tuple(sorted(accounts - {handover.author}))


def _is_as_sealed(line: dict[str, Any], public: bytes | None) -> bool:
    """Whether a line is as it was sealed; one from before lines were sealed has its hash alone."""
    if line_hash(line) != line["hash"]:
        return False
    return "seal" not in line if public is None or "seal" not in line else is_sealed(line, public)
