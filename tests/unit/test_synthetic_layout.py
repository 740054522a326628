"""The synthetic files are laid out as the catalogue's datasets say, each in its partner's own dialect."""

import csv
import gzip
import io
from datetime import datetime
from pathlib import Path

import pytest

from das_research.catalog.load import load_catalog
from das_research.catalog.models import FileLayout
from das_research.errors import UsageError
from das_research.synthetic import generate, simulate
from das_research.synthetic.layout import spell, write

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
DATASETS = ["detenties", "strafzaken", "tenuitvoerleggingen", "uitspraken", "verdachtenregistraties"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return generate(CATALOG, tmp_path_factory.mktemp("deliveries"), (2018, 2021), 0.004, 7)


def rows_of(path, dataset):
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = io.StringIO(content.decode(CATALOG.datasets[dataset].file.encoding), newline="")
    return list(csv.DictReader(text, delimiter=CATALOG.datasets[dataset].file.delimiter))


def known(rows, dataset, name):
    layout = CATALOG.datasets[dataset]
    column = layout.variables[name].column or name
    return [row[column] for row in rows if row[column] not in layout.file.missing]


def test_five_datasets_get_one_file_each_and_one_of_them_is_gzipped(files):
    assert sorted(files) == DATASETS
    assert {path.name for path in files.values()} == {
        "detenties.csv", "strafzaken.csv", "tenuitvoerleggingen.csv", "uitspraken.csv.gz", "verdachtenregistraties.csv",
    }  # fmt: skip
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
    columns = {name: values[:3] for name, values in simulate((2020, 2020), 0.002, 1)["tenuitvoerleggingen"].items()}
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
    columns["voltooid"][0] = "NaT"
    columns["ontvangen"][0] = "2020-02-01"

    lines = write(changed, spell(CATALOG, changed, columns, 1), compress=False).decode().splitlines()

    header, first = lines[0].split("\t"), lines[1].split("\t")
    assert header == [f"kolom_{name}" for name in dataset.variables]
    assert first[header.index("kolom_ontvangen")] == "2020/032"  # 31 days of January and one
    assert first[header.index("kolom_voltooid")] == "n.b."


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
    other = CATALOG.model_copy(update={"id": "other", "datasets": {}})
    with pytest.raises(UsageError, match="no dataset detenties, strafzaken"):
        generate(other, tmp_path, (2020, 2021), 0.01, 1)
