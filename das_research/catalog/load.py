"""Reading the catalogue: a folder of YAML files into one frozen model, or every problem at once with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from das_research.catalog import models, yaml_lines
from das_research.catalog.check import problems_between
from das_research.errors import CatalogError, UsageError
from das_research.home import files_hash

FOLDERS: dict[str, type[models.Entry]] = {
    "partners": models.Partner,
    "agreements": models.Agreement,
    "datasets": models.Dataset,
    "classifications": models.Classification,
    "terms": models.Term,
    "units": models.Unit,
    "figures": models.Figure,
    "breaks": models.Break,
    "published": models.Published,
    "recidivism": models.RecidivismMethod,
    "grants": models.Grant,
    "monitors": models.Monitor,
    "synthetic": models.SyntheticChain,
}
FILLED_BY_LOADING = (*FOLDERS, "hash", "trained")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in the catalogue, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """Where an entry of the catalogue was read: its file and the lines in it."""

    file: str
    lines: dict[yaml_lines.Location, int]

    def problem(self, at: yaml_lines.Location, message: str) -> Problem:
        """What is wrong at a location of this file, with its line."""
        return Problem(self.file, yaml_lines.line_of(at, self.lines), message)


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
    paths = {kind: sorted((folder / kind).glob("*.yaml")) for kind in FOLDERS}
    read = [folder / "catalog.yaml", *(path for kind in FOLDERS for path in paths[kind])]
    problems = [*_strays(folder, read)]
    head, origin = _entry(models.Catalog, folder / "catalog.yaml", problems)
    sources = {("catalog", ""): origin}
    parts: dict[str, dict[str, Any]] = {kind: {} for kind in FOLDERS}
    unread = set()
    for kind, model in FOLDERS.items():
        for path in paths[kind]:
            entry, origin = _entry(model, path, problems)
            if entry is None or entry.id != path.stem:
                unread.add((kind, path.stem))
            if entry is None:
                continue
            if entry.id != path.stem:
                problems.append(origin.problem(("id",), f"the file of '{entry.id}' must be named {entry.id}.yaml"))
            parts[kind][entry.id] = entry
            sources[(kind, entry.id)] = origin
    if head is not None:
        for field in sorted(head.model_fields_set.intersection(FILLED_BY_LOADING)):
            own = field in FOLDERS
            message = f"entries stand in the folder {field}, one file each" if own else "no such field"
            problems.append(sources[("catalog", "")].problem((field,), f"{field}: {message}"))
        trained, model_file = _trained(folder, head, sources[("catalog", "")], problems)
        read += [model_file] if model_file else []
        catalog = head.model_copy(update={**parts, "trained": trained, "hash": files_hash(folder, read)})
        found = problems_between(catalog, frozenset(unread))
        problems += [sources[(kind, name)].problem(at, message) for kind, name, at, message in found]
        if not problems:
            return catalog
    raise CatalogError(_report(folder, sorted(set(problems))), ask="the data steward who maintains the catalogue")


def _trained(
    folder: Path, head: Any, source: Source, problems: list[Problem]
) -> tuple[models.LinkageModel | None, Path | None]:
    """The trained model of the linkage and its file; none before training, and none in a chain without."""
    linkage = head.chain.linkage
    path = folder / linkage.model if linkage else None
    if path is None or not path.is_file():
        return None, None
    try:
        return models.LinkageModel.model_validate_json(path.read_text(encoding="utf-8")), path
    except (ValidationError, ValueError):
        message = f"{linkage.model} is no trained model; make it again with: das snapshot train FOLDER"
        problems.append(source.problem(("chain", "linkage", "model"), message))
        return None, None


def _strays(folder: Path, read: Iterable[Path]) -> list[Problem]:
    found = [path for pattern in ("*.yaml", "*.yml") for path in folder.rglob(pattern)]
    visible = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    places = f"catalog.yaml or as NAME.yaml in one of {', '.join(FOLDERS)}"
    return [Problem(str(path), 1, f"is not read here; it must be {places}") for path in set(visible).difference(read)]


def _entry(model: type[BaseModel], path: Path, problems: list[Problem]) -> tuple[Any, Source]:
    source = Source(str(path), {(): 1})
    try:
        data, lines = yaml_lines.read(path)
    except yaml_lines.InvalidYamlError as error:
        problems.append(Problem(source.file, error.line, error.message))
        return None, source
    source = Source(source.file, lines)
    if not isinstance(data, dict):
        problems.append(source.problem((), "the file must be a mapping of fields"))
        return None, source
    try:
        return model.model_validate(data), source
    except ValidationError as error:
        problems += [source.problem(at, message) for at, message in _faults(error, lines)]
        return None, source


def _faults(error: ValidationError, lines: dict[yaml_lines.Location, int]) -> list[tuple[yaml_lines.Location, str]]:
    """One fault a place: a value that may be of several types is refused by each of them."""
    reasons: dict[yaml_lines.Location, list[str]] = {}
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        at = fault["loc"]
        while fault["type"] != "missing" and at not in lines:
            at = at[:-1]
        reasons.setdefault(at, []).append(_plain(fault["type"], fault["msg"]))
    return [(at, f"{'.'.join(map(str, at)) or 'file'}: {', or '.join(texts)}") for at, texts in reasons.items()]


def _plain(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "no such field"
    if kind == "missing":
        return "is missing"
    if kind in ("string_type", "invalid_key"):
        return "must be text; write it in quotes"
    return message[0].lower() + message[1:]


def _report(folder: Path, problems: list[Problem]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The catalogue {folder} has {count}."] + [f"  {problem}" for problem in problems])
