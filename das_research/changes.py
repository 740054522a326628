"""Acts on the whole warehouse: one at a time, and each whole or not at all.

A change is prepared in a folder of its own: every new file, every new key, and the list of steps. When that folder
gets its name the change is decided; from then on the steps are taken, and whoever next opens the warehouse takes those
that a killed process left. Each step can be taken twice. Before it is decided, nothing has happened.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from das_research.audit import AuditLog, Gate
from das_research.audit_facts import Fact
from das_research.home import (
    READ_ONLY_FILE,
    READ_ONLY_FOLDER,
    Home,
    locked,
    private_folder,
    scratch_folder,
    settle,
    staging_beside,
    sweep,
    write_file,
)
from das_research.keys import files
from das_research.keys.data import SUFFIX, data_keys
from das_research.keys.sweeping import destroy_own, sweep_keys
from das_research.processing_log import Act, ProcessingLog, Touched

LOCK = ".lock"
PLAN = "plan.json"
DECIDED = "decided"
ORDER = ("destroy key", "destroy file", "replace key", "replace", "write", "make read-only", "remove")


@contextmanager
def warehouse_lock(home: Home) -> Iterator[None]:
    """Wait for the warehouse, and keep it from every other act until the block ends. It can't be taken twice.

    What a killed act left is completed, where it was decided, or cleared away.
    """
    with locked(home.warehouse / LOCK):
        _complete(home)
        for folder in (home.changes, *(sender.deliveries for sender in home.senders())):
            sweep(folder)
        sweep_keys(home)
        yield


@dataclass
class Change:
    """A change in the making; nothing of it is seen before it is decided.

    Parameters
    ----------
    home : Home
        What it changes; its warehouse is locked.
    folder : Path
        Where its new files are prepared.
    facts : dict
        What the audit log will say of it: ids and counts.
    lines, processing : list
        What else the two logs will say; see `also` and `touched`.
    """

    home: Home
    folder: Path
    facts: dict[str, Fact] = field(default_factory=dict)
    steps: list[dict[str, str]] = field(default_factory=list)
    lines: list[tuple[str, dict[str, Fact]]] = field(default_factory=list)
    processing: list[tuple[Act, str, list[Touched]]] = field(default_factory=list)

    def replace(self, target: Path) -> Path:
        """A file or new folder: the place to prepare what will stand under this name."""
        return self._staged("replace", self._place(target))

    def new_key(self, name: str) -> bytes:
        """A new data key; where one of this name stands, that is destroyed."""
        path = self._staged("replace key", name)
        files.create(path)
        return files.read(path)

    def destroy_key(self, name: str) -> None:
        """Have a data key destroyed."""
        self.steps.append({"do": "destroy key", "what": name})

    def destroy_file(self, target: Path) -> None:
        """Have a key that stands outside the steward's folder overwritten and taken away, if it is there."""
        self.steps.append({"do": "destroy file", "what": self._place(target)})

    def make_read_only(self, target: Path) -> None:
        """Have a folder with all that is in it closed to writing, once it stands."""
        self.steps.append({"do": "make read-only", "what": self._place(target)})

    def write(self, target: Path, content: str) -> None:
        """Have a small file written."""
        self.steps.append({"do": "write", "what": self._place(target), "content": content})

    def remove(self, target: Path) -> None:
        """Have a file or a folder with all that is in it removed, if it is there."""
        self.steps.append({"do": "remove", "what": self._place(target)})

    def also(self, act: str, **facts: Fact) -> None:
        """Have the audit log tell of an act that is a part of this change, in a line of its own."""
        self.lines.append((act, facts))

    def touched(self, act: Act, what: str, whose: list[Touched]) -> None:
        """Have the processing log tell of what was made or destroyed, and of whose data it was."""
        self.processing.append((act, what, whose))

    def _staged(self, do: str, what: str) -> Path:
        name = f"{len(self.steps):06d}"
        self.steps.append({"do": do, "what": what, "from": name})
        return self.folder / name

    def _place(self, target: Path) -> str:
        return target.relative_to(self.home.root).as_posix()


@contextmanager
def change(home: Home, gate: Gate, act: str, account: str) -> Iterator[Change]:
    """Prepare a change while the block runs, decide it at its end, and take its steps.

    Parameters
    ----------
    home : Home
        Its warehouse is locked already.
    gate, act, account : str
        For the line of the audit log.

    Yields
    ------
    Change
        To be filled. Without any step nothing happens and nothing is logged.
    """
    with scratch_folder(home.changes, "change") as staging:
        made, began = Change(home, staging), moment_now()
        yield made
        if not made.steps:
            return
        plan: dict[str, Any] = {"id": secrets.token_hex(8), "gate": gate, "act": act, "account": account}
        plan |= {"facts": made.facts, "lines": made.lines, "began": began}
        plan["processing"] = [(act, what, [asdict(it) for it in whose]) for act, what, whose in made.processing]
        plan |= {"steps": sorted(made.steps, key=lambda step: ORDER.index(step["do"]))}
        write_file(staging / PLAN, json.dumps(plan))
        settle(staging)
        staging.rename(home.changes / DECIDED)
    _complete(home)


def tombstone(target: Path) -> Path:
    """The file beside a destroyed folder that says what was destroyed, when and why."""
    return target.parent / f"{target.name}.destroyed.json"


def moment_now() -> str:
    """The moment of an act, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _complete(home: Home) -> None:
    """Take the steps of a change that was decided."""
    folder = home.changes / DECIDED
    if not folder.is_dir():
        return
    plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    for step in plan["steps"]:
        _take(home, folder, step)
    _tell(home, plan)
    done = staging_beside(folder)
    folder.rename(done)
    shutil.rmtree(done, ignore_errors=True)


def _tell(home: Home, plan: dict[str, Any]) -> None:
    """Write the lines of both logs. Who was killed here may write one of the processing log twice, and never none."""
    audit, log = AuditLog(home.audit_log), ProcessingLog(home.processing_log)
    if audit.tells(plan["gate"], plan["act"], change=plan["id"]):
        return
    for act, what, whose in plan["processing"]:
        log.record(act, what, [Touched(**it) for it in whose], datetime.fromisoformat(plan["began"]))
    for act, facts in (*plan["lines"], (plan["act"], plan["facts"])):  # the change's own at last
        if not audit.tells(plan["gate"], act, change=plan["id"], **facts):
            audit.record(plan["gate"], act, plan["account"], change=plan["id"], **facts)


def _take(home: Home, folder: Path, step: dict[str, str]) -> None:
    target = home.root / step["what"]
    if step["do"] == "destroy key":
        data_keys(home).destroy(step["what"])
    elif step["do"] == "destroy file":
        destroy_own(home, target)
    elif step["do"] == "make read-only":
        for path in (*target.rglob("*"), target):
            path.chmod(READ_ONLY_FOLDER if path.is_dir() else READ_ONLY_FILE)
    elif step["do"] == "write":
        write_file(target, step["content"])
    elif step["do"] == "remove":
        shutil.rmtree(target) if target.is_dir() and not target.is_symlink() else target.unlink(missing_ok=True)
    elif (staged := folder / step["from"]).exists():
        if step["do"] == "replace key":
            target = files.key_folder(home.steward_keys) / f"{step['what']}{SUFFIX}"
            files.destroy(target)
        private_folder(target.parent)
        staged.replace(target)
        settle(target)
