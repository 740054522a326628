"""The columns of a snapshot's tables, as the catalogue implies them."""

import pytest

from das_research.catalog import load_catalog
from das_research.catalog.tables import table_columns, table_names

PERSONS = ("person_id", "person_id_strict", "person_id_loose")


@pytest.fixture
def catalog(catalog_dir):
    return load_catalog(catalog_dir)


def test_a_dataset_has_its_taken_variables_but_no_identifiers(catalog):
    assert list(table_columns(catalog, "zaken")) == [
        *("row", "delivery", "case_id", *PERSONS, "moment"),
        *("naam", "ingeschreven", "besloten"),
        *("feit", "feit_bron", "feit_versie", "uitkomst", "uitkomst_bron", "uitkomst_versie"),
        *("geboortejaar", "marks"),
    ]


def test_the_tables_of_the_chain(catalog):
    assert list(table_columns(catalog, "persons")) == [*PERSONS, "geboortejaar"]
    assert list(table_columns(catalog, "cases")) == ["case_id", *PERSONS, "delict"]
    assert list(table_columns(catalog, "delivery_rules")) == ["dataset", "stage", "rule", "effect", "rows", "units"]
    assert table_names(catalog) == ("persons", "cases", "events", "meldingen", "zaken")


def test_a_chain_without_persons_has_one_empty_key_of_them(catalog):
    nameless = catalog.chain.model_copy(update={"person": False, "person_attributes": {}})
    assert list(table_columns(catalog.model_copy(update={"chain": nameless}), "cases"))[:3] == [
        "case_id",
        "person_id",
        "delict",
    ]


def test_a_column_knows_its_codes_and_how_identifying_it_is(catalog):
    zaken = table_columns(catalog, "zaken")
    assert zaken["feit"].codes == ("geweld", "beroving", "01")
    assert zaken["feit_bron"].codes is None
    assert zaken["naam"].identifying == "direct"
    assert table_columns(catalog, "persons")["geboortejaar"].identifying == "quasi"
    assert table_columns(catalog, "events")["stage"].codes == ("opsporing", "vervolging")


def test_there_is_no_such_table(catalog):
    with pytest.raises(KeyError):
        table_columns(catalog, "zakken")
