"""Training on files as partners deliver them; nothing of them is stored but the weights."""

import json
import tempfile
from pathlib import Path

from das_research.catalog.models import Catalog, LinkageModel
from das_research.engines import memory_engine
from das_research.errors import UsageError
from das_research.home import write_file
from das_research.linkage.chain import training_records
from das_research.linkage.files import read_files
from das_research.linkage.records import linkage_datasets
from das_research.linkage.register import KeyRegister
from das_research.linkage.train import train

READABLE = 0o644  # the model is a file of the catalogue, and holds no person


def train_on_files(catalog: Catalog, folder: Path, seed: int) -> LinkageModel:
    """Train the linkage of a chain.

    Parameters
    ----------
    catalog : Catalog
        Its linkage says what is compared.
    folder : Path
        Holds a file of every dataset that the linkage compares.
    seed : int
        Of the sample.

    Returns
    -------
    LinkageModel
        What training found.

    Raises
    ------
    UsageError
        When the chain has no linkage, a file is missing, or a blocking rule gives too many pairs.
    """
    linkage = catalog.chain.linkage
    if linkage is None:
        raise UsageError(
            "The chain has no linkage to train.", why="Its catalogue has no chain.linkage.", fix="Describe it there."
        )
    with memory_engine() as engine, tempfile.TemporaryDirectory() as empty:
        files = read_files(engine, catalog, folder, linkage_datasets(catalog))
        register = KeyRegister(Path(empty), engine)
        compared = training_records(engine, register, catalog, files.accepted, files.names)
        return train(engine, compared, linkage, seed=seed, synthetic=files.synthetic)


def write_model(model: LinkageModel, path: Path) -> None:
    """Write a model so that people can read what changed: fields by name, levels from equal to different."""
    text = json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text, READABLE)
