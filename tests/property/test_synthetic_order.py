"""Whatever the years, the scale and the seed: the synthetic chain keeps the order of events and of cases."""

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_world import chain, dutch

DOMAINS = {domain.id: domain.synthetic for domain in dutch().chain.identifiers}
YEARS = st.tuples(st.integers(2010, 2030), st.integers(0, 4)).map(lambda pair: (pair[0], min(2030, sum(pair))))
SCALES = st.sampled_from([0.0001, 0.0007, 0.002])
SEEDS = st.integers(0, 2**32)
CHAINS = st.builds(chain, YEARS, SCALES, SEEDS)
WITHIN = [
    ("verdachtenregistraties", "geboortedatum", "pleegdatum"),
    ("verdachtenregistraties", "pleegdatum", "registratiedatum"),
    ("verdachtenregistraties", "registratiedatum", "afhandeldatum"),
    ("misdrijven", "pleegdatum", "registratiedatum"),
    ("misdrijven", "registratiedatum", "opgehelderd_op"),
    ("strafzaken", "instroomdatum", "beslisdatum"),
    ("feiten", "pleegdatum", "instroomdatum"),
    ("herinstroom", "herinstroomdatum", "beslisdatum"),
    ("uitspraken", "binnenkomst", "uitspraakdatum"),
    ("uitspraken", "uitspraakdatum", "onherroepelijk"),
    ("hoger_beroepen", "ingesteld", "uitspraakdatum_hof"),
    ("sancties", "uitspraakdatum", "onherroepelijk"),
    ("tenuitvoerleggingen", "ontvangen", "voltooid"),
    ("geldelijke_sancties", "ontvangen", "afgedaan"),
    ("detenties", "instroom", "uitstroom"),
    ("jji_verblijven", "instroom_jji", "uitstroom_jji"),
    ("toezichten", "toezicht_begin", "toezicht_einde"),
    ("taakstraffen", "taakstraf_ontvangen", "taakstraf_begin"),
    ("taakstraffen", "taakstraf_begin", "taakstraf_einde"),
    ("halt_verwijzingen", "verwezen", "halt_einde"),
    ("justitiele_documentatie", "pleegdatum", "jd_ingeschreven"),
    ("justitiele_documentatie", "jd_ingeschreven", "afgedaan_op"),
    ("justitiele_documentatie", "afgedaan_op", "jd_onherroepelijk"),
    ("personen", "geboortedatum", "overleden"),
    ("personen", "geboortedatum", "vertrokken"),
]
ACROSS = [  # of one case: what must have happened in a file before something in another
    ("verdachtenregistraties", "afhandeldatum", "strafzaken", "instroomdatum"),
    ("strafzaken", "beslisdatum", "herinstroom", "herinstroomdatum"),
    ("strafzaken", "beslisdatum", "uitspraken", "binnenkomst"),
    ("uitspraken", "uitspraakdatum", "hoger_beroepen", "ingesteld"),
    ("strafzaken", "beslisdatum", "tenuitvoerleggingen", "ontvangen"),
    ("strafzaken", "instroomdatum", "detenties", "instroom"),
    ("strafzaken", "instroomdatum", "jji_verblijven", "instroom_jji"),
    ("uitspraken", "onherroepelijk", "toezichten", "toezicht_begin"),
    ("strafzaken", "beslisdatum", "sepots", "sepotdatum"),
]
SUMMONED = ("dagvaarding", "oproep_na_verzet")


@settings(max_examples=20, deadline=None)
@given(CHAINS)
def test_no_event_comes_before_the_one_it_follows(told):
    for dataset, first, then in WITHIN:
        assert not (told[dataset][then] < told[dataset][first]).any(), (dataset, first, then)
    for before, first, after, then in ACROSS:
        both = told[after].merge(told[before], on="case_id", suffixes=("", "_before"))
        assert len(both) == len(told[after]), (before, after)
        earlier = both[f"{first}_before" if first in told[after] else first]
        assert not (both[then] < earlier).any() and earlier.notna().all(), (before, first, after, then)


@settings(max_examples=15, deadline=None)
@given(CHAINS)
def test_every_case_has_what_its_kind_of_case_has(told):
    police, prosecution, courts = (told[name] for name in ("verdachtenregistraties", "strafzaken", "uitspraken"))
    assert not police.duplicated(["pv_nummer", "skn"]).any()
    for dataset, key in [("strafzaken", "parketnummer"), ("uitspraken", "parketnummer"), ("misdrijven", "pv_nummer"),
                         ("personen", "skn"), ("geldelijke_sancties", "cjib_nummer")]:  # fmt: skip
        assert told[dataset][key].is_unique, dataset
    sent = police[police.afhandeling == "ingezonden_om"].case_id
    assert set(prosecution.case_id) <= set(sent)
    assert (told["feiten"].groupby("case_id").zwaarste.sum() == 1).all()
    assert set(told["feiten"].case_id) == set(prosecution.case_id)
    again = told["herinstroom"]
    summoned = set(prosecution[prosecution.beslissing == "dagvaarding"].case_id)
    summoned |= set(again[again.beslissing.isin(SUMMONED)].case_id)
    assert set(courts.case_id) <= summoned
    punished = set(courts[courts.einduitspraak == "schuldig_met_straf"].case_id)
    assert set(told["sancties"].case_id) == punished
    dismissed = prosecution[prosecution.beslissing.str.contains("sepot", na=False)]
    assert set(dismissed.case_id) <= set(told["sepots"].case_id)
    assert set(told["verdachtenregistraties"].person_id) <= set(told["personen"].person_id)


@settings(max_examples=15, deadline=None)
@given(CHAINS, st.data())
def test_crimes_and_their_suspects_agree(told, data):
    crimes, suspects = told["misdrijven"].set_index("pv_nummer"), told["verdachtenregistraties"]
    of_crime = suspects.groupby("pv_nummer").agg(first=("registratiedatum", "min"), towns=("pleeggemeente", "nunique"))
    assert (of_crime.towns == 1).all()
    both = crimes.join(of_crime, how="inner")
    assert (both.opgehelderd_op <= both["first"]).all()
    assert crimes.opgehelderd_op.notna().sum() <= len(crimes)


@settings(max_examples=10, deadline=None)
@given(CHAINS)
def test_nobody_commits_a_crime_while_in_detention(told):
    crimes = told["verdachtenregistraties"][["person_id", "pleegdatum"]]
    for dataset, begin, end in (
        ("detenties", "instroom", "uitstroom"),
        ("jji_verblijven", "instroom_jji", "uitstroom_jji"),
    ):
        both = told[dataset][["person_id", begin, end]].merge(crimes, on="person_id")
        until = both[end].fillna(pd.Timestamp("2100-01-01"))
        assert not ((both.pleegdatum >= both[begin]) & (both.pleegdatum < until)).any(), dataset


@settings(max_examples=15, deadline=None)
@given(st.shared(YEARS, key="years"), SCALES, SEEDS)
def test_nothing_is_known_of_the_time_after_the_last_day(years, scale, seed):
    last_day = pd.Timestamp(f"{years[1]}-12-31")
    for dataset, rows in chain(years, scale, seed).items():
        for name, variable in dutch().datasets[dataset].variables.items():
            if variable.type == "date":
                assert not (pd.to_datetime(rows[name]) > last_day).any(), (dataset, name)


@settings(max_examples=15, deadline=None)
@given(CHAINS)
def test_every_identifier_is_one_that_cannot_exist(told):
    for dataset, rows in told.items():
        for name, variable in dutch().datasets[dataset].variables.items():
            if variable.type == "identifier":
                pattern = re.compile(DOMAINS[variable.identifier])
                assert all(pattern.match(number) for number in rows[name].dropna()), (dataset, name)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    for number in told["personen"].bsn:
        assert sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11


@settings(max_examples=15, deadline=None)
@given(CHAINS)
def test_a_person_keeps_birth_and_sex_and_is_twelve_or_older(told):
    suspects, persons = told["verdachtenregistraties"], told["personen"]
    facts = suspects[["person_id", "skn", "geboortedatum", "geslacht"]].drop_duplicates()
    assert facts.person_id.is_unique and facts.skn.is_unique
    both = facts.merge(persons, on="person_id", suffixes=("", "_register"))
    assert len(both) == len(facts)
    for name in ("skn", "geboortedatum", "geslacht"):
        assert (both[name] == both[f"{name}_register"]).all()
    months = (suspects.pleegdatum.dt.year - suspects.geboortedatum.dt.year) * 12
    assert (months + suspects.pleegdatum.dt.month - suspects.geboortedatum.dt.month >= 12 * 12).all()
    ended = told["tenuitvoerleggingen"].groupby("person_id").ontvangen.max()
    died = persons.set_index("person_id").overleden.dropna()
    assert not (died < ended.reindex(died.index)).any()
