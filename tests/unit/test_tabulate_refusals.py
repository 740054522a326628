"""What `tabulate` refuses, and what it says to type instead; what it makes of a table of an open project."""

import ibis
import pytest
from plain_project import plain_project

from das_research.errors import UsageError
from das_research.tabulation import run_tabulate, tabulate

ROWS = [
    # case, person, year, stage, amount, guilty
    ("c1", "p1", 2023, "opsporing", 1.5, True),
    ("c2", "p1", 2023, "vervolging", 2.5, True),
    ("c3", "p2", 2024, "opsporing", None, False),
    ("c4", None, 2024, None, 4.0, None),
]
COLUMNS = ("case_id", "person_id", "jaar", "stage", "bedrag", "schuldig")


@pytest.fixture
def project():
    engine = ibis.duckdb.connect(threads=1)
    engine.con.execute(
        "create table t (case_id text, person_id text, jaar int, stage text, bedrag double, schuldig boolean)"
    )
    engine.con.executemany("insert into t values (?, ?, ?, ?, ?, ?)", ROWS)
    yield plain_project(engine)
    engine.disconnect()


@pytest.fixture
def table(project):
    return project.engine.table("t")


def test_a_table_of_a_project_becomes_a_result_of_that_project(project, table):
    result = tabulate(table.filter(table.jaar == 2023), by=["stage"], measures={"zaken": "cases"})
    assert (result.project, result.snapshot, result.synthetic) == ("proef", "snap-1", True)
    assert result.labels["stage"]["opsporing"] == project.catalog.chain.stages[0].title
    assert [(row.stage, row.value) for row in result.table.itertuples()] == [
        ("opsporing", 1),
        ("vervolging", 1),
        ("_T", 2),
    ]


def test_a_year_becomes_the_period_and_an_empty_code_is_unknown(table):
    result = tabulate(table, by=["jaar", "stage"], measures={"rijen": "count"})
    assert result.dimensions == ("stage",)
    assert result.cell(period=2024, stage="onbekend")["value"] == 1
    assert result.labels["stage"]["onbekend"]["nl"] == "onbekend"
    assert result.cell(period=2023, stage="onbekend")["kind"] == "zero"


def test_a_case_without_a_known_person_counts_as_one(table):
    assert tabulate(table).cell()["n"] == 3  # p1, p2, and c4 itself


def test_a_mean_has_its_standard_error(table):
    cell = tabulate(table, measures={"gemiddeld": ("mean", "bedrag")}).cell()
    assert cell["value"] == pytest.approx(8 / 3)  # (1,5 + 2,5 + 4) / 3
    assert cell["se"] == pytest.approx((19 / 12 / 3) ** 0.5)  # variance (49/36 + 1/36 + 64/36) / 2 = 19/12; over 3
    assert cell["denominator"] == 3


def test_a_share_is_protected_by_its_smaller_side(table):
    cell = tabulate(table, measures={"schuldig": ("share", "schuldig")}).cell()
    assert cell["value"] == pytest.approx(100 * 2 / 3)
    assert (cell["numerator"], cell["denominator"], cell["n"]) == (2, 3, 1)  # p1 against p2


@pytest.mark.parametrize("title", [None, "Mijn tabel", " Mijn\u00a0tabel"])
def test_the_recipe_gives_the_same_result_again(project, table, title):
    kept = table.filter(table.bedrag.notnull()).mutate(duur=table.bedrag > 2)
    result = tabulate(kept, by=["stage"], measures={"duur": ("share", "duur"), "som": ("sum", "bedrag")}, title=title)
    assert result.recipe.function == "das_research.tabulate"
    assert run_tabulate(project, **result.recipe.parameters) == result
    assert title is None or result.title.nl == "Mijn tabel", "with a space as on a keyboard, which gate 3 lets through"


@pytest.mark.parametrize(
    ("change", "by", "measures", "words"),
    [
        (lambda t: t.drop("person_id"), [], None, "no column person_id"),
        (lambda t: t, ["straat"], None, "no column straat"),
        (lambda t: t, ["person_id"], None, "person_id can't be a dimension"),
        (lambda t: t.rename(value="stage"), ["value"], None, "can't be called value"),
        (lambda t: t.mutate(year=t.jaar), ["jaar", "year"], None, "one period only"),
        (lambda t: t, ["stage", "bedrag", "schuldig", "case_id"], None, "case_id can't be a dimension"),
        (lambda t: t.mutate(a=t.stage, b=t.stage), ["stage", "a", "b", "schuldig"], None, "4 dimensions"),
        (lambda t: t, [], {}, "aantal|nothing to measure"),
        (lambda t: t, [], {"x": "median"}, "'x' is not one that can be computed"),
        (lambda t: t, [], {"x": ("sum",)}, "'x' is not one that can be computed"),
        (lambda t: t, [], {"x": ("sum", "stage")}, "needs a column of numbers"),
        (lambda t: t, [], {"x": ("share", "bedrag")}, "needs a column of true and false"),
        (lambda t: t, [], {"x": ("mean", "loon")}, "needs the column loon"),
        (lambda t: t, [], {"Geen Naam": "count"}, "no name for a measure"),
    ],
)
def test_what_can_not_be_tabulated_is_refused_with_a_reason(table, change, by, measures, words):
    if measures == {}:
        assert tabulate(change(table), by=by, measures=measures).cell()["measure"] == "aantal"
        return
    with pytest.raises(UsageError, match=words):
        tabulate(change(table), by=by, measures=measures)


def test_a_code_that_means_the_total_is_refused(table):
    with pytest.raises(UsageError, match="_T, which means the total"):
        tabulate(table.mutate(soort=ibis.literal("_T")), by=["soort"])


def test_a_table_of_no_project_is_refused():
    with pytest.raises(UsageError, match="belongs to no open project"):
        tabulate(ibis.memtable({"person_id": ["p1"]}))


def test_a_query_that_reads_elsewhere_is_refused_without_quoting_anything(project):
    with pytest.raises(UsageError) as refusal:
        run_tabulate(project, "select 'geheim' as person_id from elsewhere")
    assert "geheim" not in str(refusal.value)
    with pytest.raises(UsageError):
        run_tabulate(project, "drop table t")
    assert project.engine.table("t").count().execute() == 4


@pytest.mark.parametrize("kind", ["sum", "mean"])
@pytest.mark.parametrize("factor", [31415926535897.0, float("inf"), float("nan")])
def test_what_can_not_be_added_up_is_refused_by_its_column_without_quoting_it(table, kind, factor):
    table = table.mutate(bedrag=table.bedrag * factor)
    with pytest.raises(UsageError, match="bedrag holds what can't be added up") as refusal:
        tabulate(table, by=["stage"], measures={"som": (kind, "bedrag"), "rijen": "count"})
    assert "314" not in str(refusal.value)
    kept = (table.bedrag.abs() < 1e12).ifelse(table.bedrag, None)  # what the message says to type
    assert tabulate(table.mutate(bedrag=kept), measures={"som": (kind, "bedrag")}).cell()["n"] == 0


def test_a_sum_of_many_that_has_too_many_digits_is_refused(table):
    with pytest.raises(UsageError, match="could not be computed"):
        tabulate(table.mutate(bedrag=table.bedrag * 2e11), measures={"gemiddeld": ("mean", "bedrag")})
