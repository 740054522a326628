"""Whatever the years, the scale and the seed: the synthetic chain keeps the order of events and of cases."""

import re
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog.load import load_catalog
from das_research.synthetic import generate, simulate

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")
DOMAINS = {domain.id: domain.synthetic for domain in CATALOG.chain.identifiers}
YEARS = st.tuples(st.integers(2008, 2030), st.integers(0, 4)).map(lambda pair: (pair[0], min(2030, sum(pair))))
SCALES = st.sampled_from([0.0001, 0.0007, 0.002])
SEEDS = st.integers(0, 2**32)
ORDER = [
    ("verdachtenregistraties", "geboortedatum", "pleegdatum"),
    ("verdachtenregistraties", "pleegdatum", "registratiedatum"),
    ("verdachtenregistraties", "registratiedatum", "afhandeldatum"),
    ("strafzaken", "instroomdatum", "beslisdatum"),
    ("uitspraken", "binnenkomst", "uitspraakdatum"),
    ("tenuitvoerleggingen", "ontvangen", "voltooid"),
    ("detenties", "instroom", "uitstroom"),
]


def dates_of(columns, keys, date):
    """The date of each case; the keys are the columns that name it."""
    return dict(zip(zip(*(columns[key].tolist() for key in keys), strict=True), columns[date], strict=True))


def follows(later, earlier):
    """Every later case is an earlier one, whose known date is not after its own."""
    return all(case in earlier and not earlier[case] > day for case, day in later.items())


@settings(max_examples=25, deadline=None)
@given(YEARS, SCALES, SEEDS)
def test_no_event_comes_before_the_one_it_follows(years, scale, seed):
    chain = simulate(years, scale, seed)

    for dataset, first, then in ORDER:
        assert not (chain[dataset][then] < chain[dataset][first]).any(), (dataset, first, then)

    handled = dates_of(chain["verdachtenregistraties"], ["pv_nummer", "skn"], "afhandeldatum")
    decided = dates_of(chain["strafzaken"], ["parketnummer"], "beslisdatum")
    judged = dates_of(chain["uitspraken"], ["parketnummer"], "uitspraakdatum")
    enforced = dates_of(chain["tenuitvoerleggingen"], ["parketnummer"], "ontvangen")
    assert follows(dates_of(chain["strafzaken"], ["pv_nummer", "skn"], "instroomdatum"), handled)
    assert follows(dates_of(chain["uitspraken"], ["parketnummer"], "binnenkomst"), decided)
    assert follows(enforced, decided)
    assert follows({case: day for case, day in enforced.items() if case in judged}, judged)


@settings(max_examples=25, deadline=None)
@given(YEARS, SCALES, SEEDS)
def test_nothing_is_known_of_the_time_after_the_last_day(years, scale, seed):
    last_day = np.datetime64(f"{years[1]}-12-31")
    for columns in simulate(years, scale, seed).values():
        for values in columns.values():
            assert values.dtype.kind != "M" or not (values > last_day).any()


@settings(max_examples=25, deadline=None)
@given(YEARS, SCALES, SEEDS)
def test_every_identifier_is_one_that_cannot_exist_and_every_case_has_its_own(years, scale, seed):
    chain = simulate(years, scale, seed)
    for dataset, columns in chain.items():
        for name, variable in CATALOG.datasets[dataset].variables.items():
            if variable.type == "identifier":
                pattern = re.compile(DOMAINS[variable.identifier])
                assert all(pattern.match(number) for number in columns[name].tolist())
    for dataset, keys in [("verdachtenregistraties", ["pv_nummer", "skn"]), ("strafzaken", ["parketnummer"])]:
        rows = list(zip(*(chain[dataset][key].tolist() for key in keys), strict=True))
        assert len(set(rows)) == len(rows)


@settings(max_examples=25, deadline=None)
@given(YEARS, SCALES, SEEDS)
def test_a_person_keeps_birth_and_sex_and_is_twelve_or_older(years, scale, seed):
    suspects = simulate(years, scale, seed)["verdachtenregistraties"]
    facts = set(
        zip(suspects["skn"].tolist(), suspects["geboortedatum"].tolist(), suspects["geslacht"].tolist(), strict=True)
    )
    assert len(facts) == len(set(suspects["skn"].tolist()))
    ages = suspects["pleegdatum"].astype("M8[M]") - suspects["geboortedatum"].astype("M8[M]")
    assert (ages.astype(int) >= 12 * 12).all()


@settings(max_examples=8, deadline=None)
@given(YEARS, SCALES, st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(years, scale, seed):
    with tempfile.TemporaryDirectory() as folder:
        once, again, other = (
            {name: path.read_bytes() for name, path in generate(CATALOG, Path(folder) / sub, years, scale, own).items()}
            for sub, own in [("once", seed), ("again", seed), ("other", seed + 1)]
        )
    assert once == again
    assert all(once[name] != other[name] for name in ("verdachtenregistraties", "strafzaken"))
