"""A delivery as it is stored, and which deliveries count."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from das_research.catalog.models import Catalog
from das_research.home import Home, complete_folders
from das_research.intake.dependencies import definition_hash
from das_research.keys.data import data_keys

FILE = "delivery.json"
ACCEPTED = "accepted.parquet"
QUARANTINED = "quarantined.parquet"
WITHDRAWN = "its partner withdrew it"


@dataclass(frozen=True)
class Units:
    """Distinct keys of the stage's case in one delivery.

    Parameters
    ----------
    delivered : int
        In the file.
    accepted : int
        In the accepted rows.
    lost : int
        In quarantined rows only.
    """

    delivered: int
    accepted: int
    lost: int


@dataclass(frozen=True)
class RuleCount:
    """What one rule did in one delivery.

    Parameters
    ----------
    rule : str
        ``<check>:<variable>``; a check of rows names the first variable it asked for.
    variable : str
        The variable in question.
    effect : {'quarantined', 'nulled', 'marked'}
        The row went to quarantine, the value was taken out, or its code isn't known, or wasn't valid then.
    rows : int
        Rows concerned, of all delivered rows.
    units : int
        Distinct cases: lost entirely for a rule that quarantines, concerned for the others.
    """

    rule: str
    variable: str
    effect: Literal["quarantined", "nulled", "marked"]
    rows: int
    units: int


@dataclass(frozen=True)
class ColumnCount:
    """What one delivered column held.

    Parameters
    ----------
    variable : str
        A taken variable.
    filled : int
        Delivered rows with a text in it that is no spelling of a missing value.
    codes : dict
        Of a code: every delivered spelling that the catalogue knows to the rows that have it.
    """

    variable: str
    filled: int
    codes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What a delivery changed of those it supersedes, by the key of a row; by whole rows where these have no key.

    Parameters
    ----------
    added, removed, changed, unchanged : int
        Rows: with a key that is new; whose key is no longer there; with another value; all the same.
    columns : dict
        Variable to the number of changed rows in which it differs.
    """

    added: int
    removed: int
    changed: int
    unchanged: int
    columns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Hashing:
    """How an identifier variable of a delivery became pseudonyms.

    Parameters
    ----------
    domain : str
        Its identifier domain.
    epoch : int
        The last key of the domain that it was hashed under.
    normalisation : str
        Version of how the number was written before hashing.
    """

    domain: str
    epoch: int
    normalisation: str


@dataclass(frozen=True)
class Delivery:
    """One file as a partner sent it: never edited, only superseded.

    Parameters
    ----------
    id : str
        ``<dataset>-<12 hex>``, from the file's bytes and the dataset's definition.
    dataset, partner : str
        What was delivered, by whom.
    file_sha256, definition_hash : str
        Hash of the file's bytes, and of the definition it was read by.
    synthetic : bool
        Whether all its identifiers are fictitious.
    delivered, accepted, quarantined : int
        Rows; the latter two make up the first.
    units : Units
        Distinct cases.
    rules : tuple of RuleCount
        Every rule that did something.
    received : str
        When, ISO 8601 in UTC.
    account : str
        Who delivered.
    columns : tuple of ColumnCount
        Every taken variable, in the order of the catalogue.
    years : dict
        Year of the row's moment to accepted rows.
    period : tuple of str, optional
        First and last day (ISO) of the period that the file covers whole: it supersedes earlier deliveries of it.
    supersedes : tuple of str
        Ids of the deliveries that it supersedes whole.
    changes : Changes, optional
        What is other than in the rows that it supersedes; None where it supersedes none.
    identifiers : dict
        Identifier variable to how it was hashed.
    erased : int
        Rows that were destroyed since, for the persons they were about: with accepted and quarantined rows they make
        up those delivered. All other counts stay as they were at receipt.
    erasure : str
        Hash of what is left, where something was erased: part of what a snapshot is made from.
    content_sha256 : str
        Hash of what the file held, unpacked where it was packed: what was erased from is known again by it.
    already_delivered : bool
        True when this very file had been taken in before and nothing was done.
    """

    id: str
    dataset: str
    partner: str
    file_sha256: str
    definition_hash: str
    synthetic: bool
    delivered: int
    accepted: int
    quarantined: int
    units: Units
    rules: tuple[RuleCount, ...]
    received: str
    account: str
    columns: tuple[ColumnCount, ...] = ()
    years: dict[str, int] = field(default_factory=dict)
    period: tuple[str, str] | None = None
    supersedes: tuple[str, ...] = ()
    changes: Changes | None = None
    identifiers: dict[str, Hashing] = field(default_factory=dict)
    erased: int = 0
    erasure: str = ""
    content_sha256: str = ""
    already_delivered: bool = False

    @property
    def corrects(self) -> bool:
        """Whether it only mends: every row takes the place of one with the same key that was delivered before."""
        return self.changes is not None and not self.supersedes and not self.changes.added

    @property
    def fewer(self) -> float:
        """The share of rows that it leaves out of those it takes the place of; 0 where it has as many or more."""
        if not self.supersedes or self.changes is None:
            return 0.0
        net = self.changes.removed - self.changes.added
        stood = self.changes.removed + self.changes.changed + self.changes.unchanged
        return max(net, 0) / stood if stood else 0.0

    def to_json(self) -> str:
        """The content of ``delivery.json``."""
        document = asdict(self)
        del document["already_delivered"]
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Delivery":
        """Read what `to_json` wrote."""
        document = json.loads(text)
        document["units"] = Units(**document["units"])
        document["rules"] = tuple(RuleCount(**rule) for rule in document["rules"])
        document["columns"] = tuple(ColumnCount(**column) for column in document["columns"])
        document["period"] = tuple(document["period"]) if document["period"] else None
        document["supersedes"] = tuple(document["supersedes"])
        document["identifiers"] = {name: Hashing(**it) for name, it in document["identifiers"].items()}
        document["changes"] = Changes(**document["changes"]) if document["changes"] else None
        return cls(**document)


def delivery_id(catalog: Catalog, dataset: str, file_sha256: str) -> str:
    """The id of a delivery: of the file's bytes, and of the definition it is read by."""
    named = " ".join((dataset, file_sha256, definition_hash(catalog, dataset)))
    return f"{dataset}-{hashlib.sha256(named.encode()).hexdigest()[:12]}"


def read_delivery(folder: Path) -> Delivery:
    """One stored delivery."""
    return Delivery.from_json((folder / FILE).read_text(encoding="utf-8"))


def is_stored(home: Home, delivery_id: str) -> bool:
    """Whether a delivery stands, with the key of its rows."""
    return (home.deliveries / delivery_id / FILE).is_file() and data_keys(home).has(f"delivery-{delivery_id}")


def read_deliveries(home: Home) -> list[Delivery]:
    """Every stored delivery, sorted by id.

    Parameters
    ----------
    home : Home
        The home folder.

    Returns
    -------
    list of Delivery
        Superseded ones too. One whose data key is gone counts as gone.
    """
    return [read_delivery(folder) for folder in complete_folders(home.deliveries) if is_stored(home, folder.name)]


def destroyed_deliveries(home: Home) -> list[dict[str, Any]]:
    """What is known of deliveries that are gone: ``id, dataset``, both hashes, ``erased, destroyed, why, rows``."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.deliveries.glob("*.destroyed.json"))]


def withdrawn_deliveries(home: Home) -> set[str]:
    """The ids of deliveries that were withdrawn and did not come again."""
    return {it["id"] for it in destroyed_deliveries(home) if it["why"] == WITHDRAWN}


def current_deliveries(home: Home, catalog: Catalog) -> list[Delivery]:
    """The deliveries that count: of each file the one read by the catalogue's present definition, else the latest.

    Parameters
    ----------
    home : Home
        The home folder.
    catalog : Catalog
        Deliveries of datasets it doesn't know are left out.

    Returns
    -------
    list of Delivery
        By dataset, then as they were received; without those that another supersedes. One whose ``definition_hash``
        isn't the catalogue's was read by an older definition, and the file hasn't been delivered again since.
    """
    present = {dataset: definition_hash(catalog, dataset) for dataset in catalog.datasets}
    latest: dict[tuple[str, str], Delivery] = {}
    known = [delivery for delivery in read_deliveries(home) if delivery.dataset in present]
    for delivery in sorted(known, key=lambda it: (it.definition_hash == present[it.dataset], it.received, it.id)):
        latest[(delivery.dataset, delivery.file_sha256)] = delivery
    gone = {id for delivery in latest.values() for id in delivery.supersedes}
    return sorted((it for it in latest.values() if it.id not in gone), key=lambda it: (it.dataset, it.received, it.id))


def repeated(delivery: Delivery) -> Delivery:
    """The same delivery, as the answer to a file that was taken in before."""
    return replace(delivery, already_delivered=True)
