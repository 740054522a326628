"""Reading the catalogue: a folder of YAML files into one frozen model, or every problem at once, each with file and line."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from das_research.catalog import models, yaml_lines
from das_research.catalog.check import problems_between
from das_research.errors import CatalogError, UsageError

FOLDERS: dict[str, type[models.Entry]] = {
    "partners": models.Partner,
    "agreements": models.Agreement,
    "datasets": models.Dataset,
    "classifications": models.Classification,
    "terms": models.Term,
    "figures": models.Figure,
    "grants": models.Grant,
    "monitors": models.Monitor,
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in the catalogue, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Sources:
    """Where each entry of the catalogue was read: its file and the lines in it."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], tuple[str, dict[yaml_lines.Location, int]]] = {}

    def add(self, kind: str, entry: str, file: str, lines: dict[yaml_lines.Location, int]) -> None:
        self._files[(kind, entry)] = (file, lines)

    def problem(self, kind: str, entry: str, at: yaml_lines.Location, message: str) -> Problem:
        file, lines = self._files[(kind, entry)]
        return Problem(file, yaml_lines.line_of(at, lines), message)


def load_catalog(folder: str | Path) -> models.Catalog:
    """Read and check a catalogue.

    Parameters
    ----------
    folder : str or Path
        A folder with ``catalog.yaml`` and the folders of ``FOLDERS``, one YAML file an entry.

    Returns
    -------
    Catalog
        The checked, frozen catalogue.

    Raises
    ------
    CatalogError
        With every problem found: file, line, what is wrong.
    UsageError
        When the folder is no catalogue.

    Examples
    --------
    >>> load_catalog("data_catalog").chain.stages[0].id
    'opsporing'
    """
    folder = Path(folder)
    if not (folder / "catalog.yaml").is_file():
        raise UsageError(
            f"{folder} is not a catalogue.", why="It has no catalog.yaml.", fix="Name the folder with --catalog DIR."
        )
    problems: list[Problem] = []
    sources = Sources()
    head = _entry(models.Catalog, folder / "catalog.yaml", folder, problems)
    if head is not None:
        sources.add("catalog", "", *head[1:])
    parts: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    for kind, model in FOLDERS.items():
        for path in sorted((folder / kind).glob("*.yaml")):
            read = _entry(model, path, folder, problems)
            if read is None:
                continue
            entry, file, lines = read
            if path.stem != entry.id:
                problems.append(Problem(file, 1, f"the file of '{entry.id}' must be named {entry.id}.yaml"))
            parts[kind][entry.id] = entry
            sources.add(kind, entry.id, file, lines)
    if head is not None and not problems:
        catalog = head[0].model_copy(update={**parts, "hash": _content_hash(folder)})
        problems = [sources.problem(*found) for found in problems_between(catalog)]
        if not problems:
            return catalog
    raise CatalogError(_report(folder, sorted(problems)), ask="the data steward who maintains the catalogue")


def _entry(model: type, path: Path, folder: Path, problems: list[Problem]) -> tuple[Any, str, dict] | None:
    file = str(path.relative_to(folder.parent))
    try:
        data, lines = yaml_lines.read(path)
    except yaml_lines.YamlProblem as problem:
        problems.append(Problem(file, problem.line, problem.message))
        return None
    if not isinstance(data, dict):
        problems.append(Problem(file, 1, "the file must be a mapping of fields"))
        return None
    try:
        return model.model_validate(data), file, lines
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            at = tuple(fault["loc"])
            name = ".".join(str(part) for part in at) or "file"
            problems.append(Problem(file, yaml_lines.line_of(at, lines), f"{name}: {_plain(fault)}"))
        return None


def _plain(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "no such field"
    if fault["type"] == "missing":
        return "is missing"
    return fault["msg"][0].lower() + fault["msg"][1:]


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _report(folder: Path, problems: list[Problem]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The catalogue {folder} has {count}."] + [f"  {problem}" for problem in problems])
