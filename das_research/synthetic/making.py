"""Making one part of a chain: its true rows, spelled, with errors, written beside their truth."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from das_research.catalog.models import Catalog
from das_research.synthetic import dirt, layout, truth
from das_research.synthetic.aims import Aims
from das_research.synthetic.columns import Rows
from das_research.synthetic.parts import Part, rows_of

PARTS, CORRECTIONS = ".parts", "correcties"
COMPRESSED = {"uitspraken"}

Counted = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Maker:
    """What every part is made with.

    Parameters
    ----------
    catalog : Catalog
        Layouts and codes.
    aims : Aims
        What the chain must look like.
    folder : Path
        Where parts are written.
    """

    catalog: Catalog
    aims: Aims
    folder: Path

    def make(self, part: Part) -> Counted:
        """Write the files of a part; gives for each dataset its rows and how often each error was made."""
        return {rows.dataset: self._write(part, rows) for rows in rows_of(self.aims, part)}

    def _write(self, part: Part, rows: Rows) -> dict[str, int]:
        dataset, chain, seed = self.catalog.datasets[rows.dataset], self.aims.chain, self.aims.seed
        spelled = layout.spell(self.catalog, rows, seed, chain.recoded)
        clean = dict(spelled)
        planted = dirt.plant(chain, dataset, rows, spelled, seed)
        twice, mended = dirt.doubled(chain, rows, seed), dirt.corrected(chain, rows, planted, seed)
        if len(twice):
            spelled = {name: pa.concat_arrays([text, text.take(pa.array(twice))]) for name, text in spelled.items()}
        self._append(dataset.id, part, spelled, PARTS)
        if len(mended):
            again = {name: text.take(pa.array(mended)) for name, text in clean.items()}
            self._append(dataset.id, part, again, f"{PARTS}-{CORRECTIONS}")
        truth.write_part(
            self.folder, dataset.id, part.order, truth.true_table(dataset, rows, part.order, planted, twice)
        )
        faults = {name: int(where.sum()) for name, where in planted.items()}
        return {"rows": len(rows) + len(twice), **faults, dirt.DOUBLED: len(twice), "corrected": len(mended)}

    def _append(self, dataset: str, part: Part, spelled: layout.Spelled, where: str) -> None:
        target = self.folder / where / dataset
        target.mkdir(parents=True, exist_ok=True)
        content = layout.write(self.catalog.datasets[dataset], spelled, header=False, compress=dataset in COMPRESSED)
        (target / f"{part.order:06d}").write_bytes(content)


def put_together(catalog: Catalog, folder: Path, where: str, target: Path) -> dict[str, Path]:
    """Put the parts of every file behind each other, below its header, and remove them; dataset to its file."""
    paths = {}
    for dataset_id in sorted(each.name for each in (folder / where).iterdir()) if (folder / where).is_dir() else []:
        dataset, compress = catalog.datasets[dataset_id], dataset_id in COMPRESSED
        paths[dataset_id] = target / f"{dataset_id}.csv{'.gz' if compress else ''}"
        target.mkdir(parents=True, exist_ok=True)
        empty = {name: pa.array([], pa.string()) for name in dataset.variables}
        with paths[dataset_id].open("wb") as whole:
            whole.write(layout.write(dataset, empty, header=True, compress=compress))
            for part in sorted((folder / where / dataset_id).iterdir()):
                with part.open("rb") as content:
                    shutil.copyfileobj(content, whole, 1 << 22)
                part.unlink()
    shutil.rmtree(folder / where, ignore_errors=True)
    return paths
