"""A chain that a test writes by hand, beside the published totals of the miniature catalogue."""

import json
from datetime import date
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from das_research.catalog import load_catalog
from das_research.catalog.models import TruthFunction
from das_research.catalog.published import ARGUMENTS
from das_research.cli import app
from das_research.errors import UsageError
from das_research.synthetic.calibration import calibrate
from das_research.synthetic.calibration_table import calibration_table
from das_research.synthetic.generate import generate
from das_research.synthetic.truth import write_counts, write_part
from das_research.synthetic.truth_functions import FUNCTIONS

PUBLISHED = "published/ingeschreven.yaml"


def zaak(case, year, feit="geweld", decided=None, faults=(), person=None):
    """A true row of zaken."""
    day = date(year, 3, 1)
    row = {"row": case, "zaaknummer": f"99{case:04}", "ingeschreven": day, "besloten": decided, "feit": feit}
    return {**row, "case_id": case, "person_id": person or case, "faults": list(faults)}


def write_chain(folder: Path, zaken: list[dict], meldingen: list[dict], years=(2019, 2021), scale=0.01) -> Path:
    """A folder as the generator writes it, with the truth only."""
    schema = pa.schema(
        [("part", pa.int64()), ("row", pa.int64()), ("zaaknummer", pa.string()), ("ingeschreven", pa.date32()),
         ("besloten", pa.date32()), ("feit", pa.string()), ("gemeld", pa.date32()), ("delict", pa.string()),
         ("case_id", pa.int64()), ("person_id", pa.int64()), ("faults", pa.list_(pa.string()))]
    )  # fmt: skip
    for name, rows in (("zaken", zaken), ("meldingen", meldingen)):
        whole = [{field.name: row.get(field.name) for field in schema} | {"part": 0} for row in rows]
        write_part(folder, name, 0, pa.Table.from_pylist(whole, schema=schema))
    write_counts(folder, {name: {"before": {"0": 0}} for name in ("zaken", "meldingen")})
    about = {"years": list(years), "scale": scale, "seed": 1}
    (folder / "keten.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


@pytest.fixture
def chain(tmp_path) -> Path:
    """Twelve cases of violence in 2019, fifteen in 2021, one written twice; ten cases in 2020, four reported."""
    zaken = [zaak(case, 2019) for case in range(1, 13)] + [zaak(case, 2021) for case in range(13, 28)]
    zaken += [zaak(13, 2021, faults=["mistyped:zaaknummer"]) | {"row": 90, "faults": ["doubled"]}]
    zaken += [
        zaak(case, 2020, "beroving", decided=date(2020, 4, 1) if case < 34 else None, person=1)
        for case in range(30, 40)
    ]
    meldingen = [
        {"row": case, "gemeld": date(2020, 1, 2), "delict": "beroving", "case_id": case, "faults": []}
        for case in range(30, 34)
    ]
    return write_chain(tmp_path / "keten", zaken, meldingen)


def lines(catalog, folder):
    """Series and year to what stands there."""
    return {(it.total.name, it.total.year): it for it in calibrate(catalog, folder).compared}


def test_every_kind_of_number_is_counted_at_the_real_size(catalog_dir, chain):
    found = lines(load_catalog(catalog_dir), chain)
    assert {place: it.synthetic for place, it in found.items()} == {
        ("geweld", 2019): 1200,  # 12 / 0.01
        ("geweld", 2021): 1500,  # 15 rows; the one that was written again counts once
        ("gemeld", 2020): 40,  # 4 of 10, a share: not divided by the scale
        ("duur", 2020): 90,  # 2 January to 1 April 2020
        ("lopend", 2020): 1200,  # persons 1 to 12, of whom the first in cases of 2020 too
        ("rechtspersonen", 2020): None,
    }


def test_each_total_is_judged_by_the_first_tolerance_about_it(catalog_dir, chain):
    found = lines(load_catalog(catalog_dir), chain)
    assert {place: (it.width, it.verdict) for place, it in found.items()} == {
        ("geweld", 2019): (50, "met"),  # half a step of 100
        ("geweld", 2021): (50, "missed"),
        ("gemeld", 2020): (2, "met"),  # 41.5 and 40: in points
        ("duur", 2020): (pytest.approx(1.8), "met"),
        ("lopend", 2020): (16, "not scored"),
        ("rechtspersonen", 2020): (pytest.approx(0.24), "not scored"),
    }
    assert found["lopend", 2020].reason == "At scale 0.01 one row is more than twice its tolerance."
    assert found["rechtspersonen", 2020].reason == "The chain knows none."


def test_a_miss_is_told_with_the_reason_of_the_catalogue_or_with_what_chance_can_do(
    write_catalog, miniature, catalog_dir, chain
):
    by_chance = "May be chance: at scale 0.01 that alone moves this number by ± 775."  # 2 * sqrt(1500 * 100)
    assert lines(load_catalog(catalog_dir), chain)["geweld", 2021].reason == by_chance
    text = miniature[PUBLISHED].replace("    headline: true\n", "    headline: true\n    miss: Too few are drawn.\n")
    folder = write_catalog({PUBLISHED: text})
    assert lines(load_catalog(folder), chain)["geweld", 2021].reason == "Too few are drawn."


def test_adjusted_numbers_are_never_compared(write_catalog, miniature, chain):
    text = miniature[PUBLISHED].replace("{year: 2020, value: 41.5}", "{year: 2020, value: 41.5, status: [corrected]}")
    found = lines(load_catalog(write_catalog({PUBLISHED: text})), chain)["gemeld", 2020]
    assert (found.verdict, found.reason) == ("not scored", "Adjusted.")


def test_years_outside_those_of_the_chain_are_left_out(catalog_dir, chain):
    about = json.loads((chain / "keten.json").read_text())
    (chain / "keten.json").write_text(json.dumps(about | {"years": [2020, 2020]}))
    assert {year for _, year in lines(load_catalog(catalog_dir), chain)} == {2020}


def test_a_dataset_that_the_chain_does_not_have_is_named(catalog_dir, chain):
    for path in (chain / "waarheid" / "meldingen").iterdir():
        path.unlink()
    found = lines(load_catalog(catalog_dir), chain)
    assert found["gemeld", 2020].reason == "The chain has no file of meldingen."
    assert found["geweld", 2019].verdict == "met"


def test_the_table_has_the_headline_first_and_the_years_between(catalog_dir, chain):
    text = calibration_table(calibrate(load_catalog(catalog_dir), chain))
    assert "Years 2019-2021, scale 0.01." in text
    assert "| Headline series | 1 | 1 | 0 | 2 |\n| Other totals | 2 | 0 | 2 | 4 |\n| All | 3 | 1 | 2 | 6 |" in text
    missed = text.partition("## Missed")[2].partition("## Vervolging")[0]
    assert "| **Ingeschreven zaken** | 2021 | zaak | 1,400 | rounded | 1,500 | +7.1 % | ± 50 | **missed** |" in missed
    assert "| Aandeel met melding | 2020 | % | 41.5 | final | 40 | -1.5 points | ± 2 | met |" in text
    assert text.endswith("| **Ingeschreven zaken** | 2020 | 1,300 | 0 | -100.0 % |\n")


def test_a_folder_without_a_chain_is_refused(catalog_dir, tmp_path):
    (tmp_path / "leeg").mkdir()
    with pytest.raises(UsageError, match="holds no synthetic chain"):
        calibrate(load_catalog(catalog_dir), tmp_path / "leeg")


def test_the_command_writes_the_table_of_a_chain_that_is_there(catalog_dir, chain, tmp_path):
    file = tmp_path / "calibration.md"
    arguments = ["--catalog", str(catalog_dir), "synthetic", str(chain), "--only-calibration"]
    result = CliRunner().invoke(app, [*arguments, "--calibration", str(file)])
    assert result.exit_code == 0, result.output
    assert "1 totals are met, 1 missed and 0 not scored; 6 totals in all" in " ".join(result.output.split())
    assert file.read_text(encoding="utf-8").startswith("# Calibration of the synthetic chain\n")
    assert sorted(path.name for path in chain.iterdir()) == ["keten.json", "waarheid"]


def test_every_function_that_the_catalogue_can_name_is_there():
    assert set(FUNCTIONS) == set(get_args(TruthFunction)) == set(ARGUMENTS)


def test_every_counted_series_of_the_dutch_catalogue_can_be_counted(tmp_path):
    catalog = load_catalog(Path(__file__).parents[2] / "data_catalog")
    generate(catalog, tmp_path / "keten", (2016, 2018), 0.0005, 1, workers=1)
    comparison = calibrate(catalog, tmp_path / "keten")
    counted = {it.total.title.nl for it in comparison.compared if it.total.not_counted is None}
    unscored = {it.reason for it in comparison.compared if it.verdict == "not scored" and it.total.not_counted is None}
    assert len(counted) > 60
    assert not [reason for reason in unscored if reason.startswith("The chain has no file")]
    assert {it.total.year for it in comparison.compared} == {2016, 2017, 2018}
    assert len({(it.total.entry.id, it.total.name) for it in comparison.between}) > 5
