"""The synthetic files are laid out as the catalogue's datasets say, each in its partner's own dialect."""

import csv
import errno
import gzip
import io
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from das_research.catalog.load import load_catalog
from das_research.catalog.models import FileLayout
from das_research.errors import UsageError
from das_research.synthetic.columns import Coded, Rows
from das_research.synthetic.generate import generate, generate_again
from das_research.synthetic.identifiers import Serials
from das_research.synthetic.layout import spell, write

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
DATASETS = sorted(CATALOG.datasets)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return generate(CATALOG, tmp_path_factory.mktemp("deliveries") / "chain", (2018, 2021), 0.004, 7)


def rows_of(path, dataset):
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = io.StringIO(content.decode(CATALOG.datasets[dataset].file.encoding), newline="")
    return list(csv.DictReader(text, delimiter=CATALOG.datasets[dataset].file.delimiter))


def known(rows, dataset, name):
    layout = CATALOG.datasets[dataset]
    column = layout.variables[name].column or name
    return [row[column] for row in rows if row[column] not in layout.file.missing]


def test_every_dataset_gets_a_file_and_one_of_them_is_gzipped(files):
    assert sorted(files) == DATASETS
    assert [path.name for path in files.values() if path.suffix == ".gz"] == ["uitspraken.csv.gz"]
    assert files["uitspraken"].read_bytes()[4:8] == b"\0\0\0\0"  # the moment of compression, which would differ


@pytest.mark.parametrize("dataset", DATASETS)
def test_columns_dates_and_codes_are_those_of_the_dataset(files, dataset):
    rows = rows_of(files[dataset], dataset)
    variables = CATALOG.datasets[dataset].variables
    assert list(rows[0]) == [variable.column for variable in variables.values()]
    for name, variable in variables.items():
        values = known(rows, dataset, name)
        if variable.type == "code":
            own = {
                code
                for correspondence in CATALOG.classifications[variable.classification].correspondences
                if correspondence.id == CATALOG.datasets[dataset].partner
                for code in correspondence.codes
            }
            assert set(values) - own <= {"?9"}
            assert len(set(values) & own) > 1
        if variable.type == "date":
            readable = [value for value in values if not value.startswith("31-02") and not value.endswith("0231")]
            assert readable
            for value in readable:
                datetime.strptime(value, variable.formats[0])  # raises when it isn't spelled so


def test_missing_values_are_spelled_as_the_partner_does(files):
    police, cjib, dji = (
        rows_of(files[dataset], dataset) for dataset in ("verdachtenregistraties", "tenuitvoerleggingen", "detenties")
    )
    assert any(row["SKN"] == "" for row in police)
    assert any(row["DAT_EINDE"] == "-" for row in cjib)
    assert any(row["UITSTROOM_DT"] == "NULL" for row in dji)


def test_accents_are_written_in_the_encoding_of_the_office(files):
    content = files["verdachtenregistraties"].read_bytes()
    assert b"S\xfadwest-Frysl\xe2n" in content  # ú and â in windows-1252
    assert "Súdwest-Fryslân".encode() not in content


def test_amounts_have_the_decimal_comma_of_the_office(files):
    amounts = known(rows_of(files["tenuitvoerleggingen"], "tenuitvoerleggingen"), "tenuitvoerleggingen", "bedrag")
    assert all(amount == "onb." or amount[-3] == "," for amount in amounts)
    assert len(amounts) > 100


def test_the_layout_is_read_from_the_catalogue():
    dataset = CATALOG.datasets["tenuitvoerleggingen"]
    changed = dataset.model_copy(
        update={
            "file": FileLayout(delimiter="\t", encoding="utf-8", decimal=".", missing=("n.b.",)),
            "variables": {
                name: variable.model_copy(update={"column": f"kolom_{name}", "formats": ("%Y/%j",)})
                for name, variable in dataset.variables.items()
            },
        }
    )
    day = np.array(["2020-02-01"], dtype="M8[D]")
    columns = {
        "parketnummer": Serials("parketnummer", np.array([10000020])),
        "sanctiesoort": Coded(("geldboete",), np.array([0])),
        "bedrag": np.array([12.5]),
        "woongemeente": Coded(("Utrecht",), np.array([-1])),
        "ontvangen": day,
        "voltooid": np.array(["NaT"], dtype="M8[D]"),
        "afloop": Coded(("voltooid",), np.array([-1])),
    }
    catalog = CATALOG.model_copy(update={"datasets": {**CATALOG.datasets, dataset.id: changed}})

    spelled = spell(catalog, Rows(dataset.id, np.array([1]), columns), seed=1)
    lines = write(changed, spelled, header=True, compress=False).decode().splitlines()

    header, first = lines[0].split("\t"), lines[1].split("\t")
    assert header == [f"kolom_{name}" for name in dataset.variables]
    assert first == ["9910000020", "GB", "12.50", "n.b.", "2020/032", "n.b.", "n.b."]  # 31 days of January and one


def test_a_value_with_the_delimiter_in_it_is_quoted():
    dataset = CATALOG.datasets["tenuitvoerleggingen"]
    texts = {name: pa.array([None], pa.string()) for name in dataset.variables} | {
        "woongemeente": pa.array(["Ede; Gld"])
    }
    assert b'"Ede; Gld"' in write(dataset, texts, header=False, compress=False)


@pytest.mark.parametrize(
    ("years", "scale", "seed"),
    [
        ((2020, 2019), 0.01, 1), ((2001, 2010), 0.01, 1), ((2020, 2031), 0.01, 1), (range(0), 0.01, 1),
        ((2020, 2021), 0, 1), ((2020, 2021), 1.5, 1), ((2020, 2021), 0.01, -1),
    ],
)  # fmt: skip
def test_wrong_use_is_refused_and_nothing_is_written(tmp_path, years, scale, seed):
    with pytest.raises(UsageError, match="das synthetic"):
        generate(CATALOG, tmp_path / "new", years, scale, seed)
    assert not (tmp_path / "new").exists()


def test_another_catalogue_is_refused(tmp_path):
    other = CATALOG.model_copy(update={"id": "other", "synthetic": {}})
    with pytest.raises(UsageError, match="The catalogue other has no synthetic chain"):
        generate(other, tmp_path / "new", (2020, 2021), 0.01, 1)


def test_a_folder_that_is_there_already_is_left_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        generate(CATALOG, tmp_path, (2020, 2021), 0.001, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_full_disk_is_one_message_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("das_research.synthetic.truth.write_part", full)
    with pytest.raises(UsageError, match="The disk is full, and nothing of the synthetic chain was kept"):
        generate(CATALOG, tmp_path / "new", (2020, 2021), 0.001, 1)
    assert list(tmp_path.iterdir()) == []


def test_made_again_with_the_same_nothing_is_written_and_with_another_seed_all(tmp_path):
    folder = tmp_path / "chain"
    first = generate_again(CATALOG, folder, (2020, 2021), 0.001, 1)["strafzaken"]
    before, when = first.read_bytes(), first.stat().st_mtime_ns
    assert generate_again(CATALOG, folder, (2020, 2021), 0.001, 1)["strafzaken"].stat().st_mtime_ns == when
    assert generate_again(CATALOG, folder, (2020, 2021), 0.001, 2)["strafzaken"].read_bytes() != before
