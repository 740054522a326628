"""The same project on Spark: the chain, recidivism, key figures, own tables and models give what DuckDB gives."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ibis import _
from same_numbers import MODELS, OF_COHORTS, OF_THE_CHAIN, YEARS, a_cohort, numbers, of_the_survey, sums_of

import das_research as das
from das_research.access.project import Project
from das_research.chain.reoffending.cohorts import Cohort
from das_research.disclosure.compare import differences
from das_research.result import Result

KEY_FIGURES = (  # a kind each: persons, a share, a weighted share with its margin, a stock, days, a function
    *("unieke-verdachten", "sepotpercentage", "slachtofferschap", "gedetineerden", "duur-tot-uitspraak"),
    "begonnen-taakstraffen",
)
Both = tuple[Project, Project]
pytestmark = pytest.mark.filterwarnings("ignore:.* were taken out with")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from spark_session import a_session

    yield from a_session(tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="module")
def chain(in_a_file: Any, spark: Any) -> Iterator[Both]:
    """The project of the chain in its file, and the same tables in Spark."""
    yield from opened(in_a_file, spark, "ketenmonitor")


@pytest.fixture(scope="module")
def themes(in_a_file: Any, spark: Any) -> Iterator[Both]:
    """The project of the key figures likewise."""
    yield from opened(in_a_file, spark, "kerncijfers")


@pytest.fixture(scope="module")
def cohorts(in_a_file: Any, spark: Any) -> Iterator[list[Cohort]]:
    """The same cohort of the project of recidivism, in both."""
    for both in opened(in_a_file, spark, "recidivemonitor"):
        yield [a_cohort(project) for project in both]


def opened(in_a_file: Any, spark: Any, name: str) -> Iterator[Both]:
    from das_research.engines.spark import open_tables

    with in_a_file.open(name) as file:
        tables = {table: file.engine.table(table).to_pyarrow() for table in file.manifest.tables}
        engine = open_tables(spark.newSession(), tables)
        yield file, Project(in_a_file.home, file.catalog, file.grant, file.manifest, file.account, engine)


def same(both: Both, compute: Callable[[Project], Result]) -> None:
    file, on_spark = (compute(project) for project in both)
    assert len(file.table)
    assert differences(numbers(file), numbers(on_spark)) == []


FUNCTIONS: dict[str, Callable[[Project], Result]] = {
    **OF_THE_CHAIN,
    "an own table": lambda project: das.tabulate(
        project.tables.cases.mutate(geweld=_.delictgroep == "geweld"), by=["leeftijdsgroep"],
        measures={"zaken": "cases", "personen": "persons", "geweld": ("share", "geweld")},
    ),
    **MODELS,
}  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_of_the_chain(chain: Both, function: str) -> None:
    same(chain, FUNCTIONS[function])


@pytest.mark.parametrize("function", OF_COHORTS)
def test_recidivism(cohorts: list[Cohort], function: str) -> None:
    assert cohorts[0].attrition == cohorts[1].attrition and cohorts[0].size > 100
    file, on_spark = (OF_COHORTS[function](cohort) for cohort in cohorts)
    assert file.table.value.sum() > 0
    assert differences(file, on_spark) == []


def test_an_estimate_of_the_survey(themes: Both) -> None:
    same(themes, of_the_survey)


@pytest.mark.parametrize("figure", KEY_FIGURES)
def test_key_figures(themes: Both, figure: str) -> None:
    same(themes, lambda project: das.figures.compute(project, figure, *YEARS))


def test_how_much_of_a_sum_is_one_persons(chain: Both) -> None:
    file, on_spark = (sums_of(project) for project in chain)
    assert differences(numbers(file), numbers(on_spark)) == [] and file.dominance == on_spark.dominance
