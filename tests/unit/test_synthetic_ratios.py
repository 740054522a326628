"""The synthetic chain against published ratios, with tolerance: its units and years are not those of the sources."""

from collections import Counter

import numpy as np
import pytest

from das_research.synthetic import ratios, simulate

YEARS = range(2012, 2025)


@pytest.fixture(scope="module")
def chain():
    return simulate(YEARS, 0.01, 1)


def year(dates):
    return dates.astype("datetime64[Y]").astype(int) + 1970


def in_years(dates, first=2012, last=2024):
    return (year(dates) >= first) & (year(dates) <= last)


def test_registrations_follow_the_published_series(chain):
    per_year = Counter(year(chain["verdachtenregistraties"]["registratiedatum"]).tolist())
    for published_year, published in ratios.REGISTRATIONS.items():
        assert per_year[published_year] == pytest.approx(published / 100, rel=0.1)


def test_a_suspect_has_about_one_and_a_half_registrations_a_year(chain):
    suspects = chain["verdachtenregistraties"]
    now = year(suspects["registratiedatum"]) == 2018
    unique = len(set(suspects["skn"][now].tolist()))
    cases = (year(chain["strafzaken"]["instroomdatum"]) == 2018).sum()
    assert now.sum() / unique == pytest.approx(245 / 160, abs=0.15)
    assert cases / unique == pytest.approx(170 / 160, abs=0.12)


def test_some_persons_come_back_over_many_years(chain):
    suspects = chain["verdachtenregistraties"]
    times = Counter(suspects["skn"].tolist())
    assert sum(1 for number in times.values() if number == 1) > 2_000
    assert max(times.values()) > 20
    often = max(times, key=times.__getitem__)
    assert len(set(year(suspects["registratiedatum"][suspects["skn"] == often]).tolist())) > 3


def test_suspects_of_one_crime_share_its_report_and_its_date(chain):
    suspects = chain["verdachtenregistraties"]
    reports = set(suspects["pv_nummer"].tolist())
    dated = set(zip(suspects["pv_nummer"].tolist(), suspects["pleegdatum"].tolist(), strict=True))
    assert len(dated) == len(reports)
    assert 1.1 < len(suspects["skn"]) / len(reports) < 1.4


def test_the_prosecution_decides_as_published(chain):
    cases = chain["strafzaken"]
    decided = in_years(cases["beslisdatum"])
    before, after = (decided & in_years(cases["beslisdatum"], *span) for span in ((2012, 2018), (2019, 2024)))

    def share(rows, *codes):
        return np.isin(cases["beslissing"][rows], codes).mean()

    unconditional = ("technisch_sepot", "onvoorwaardelijk_beleidssepot")
    assert decided.sum() / in_years(cases["instroomdatum"]).sum() == pytest.approx(1.05, abs=0.06)
    assert share(before, "dagvaarding") == pytest.approx(0.53, abs=0.03)
    assert share(before, *unconditional) == pytest.approx(0.20, abs=0.02)
    assert share(after, *unconditional) == pytest.approx(0.26, abs=0.03)  # published: 20 to 30 since dismissals moved
    assert share(before, "strafbeschikking") == pytest.approx(0.18, abs=0.02)
    assert (cases["leeftijdsklasse"] == "12-17").mean() == pytest.approx(0.07, abs=0.015)


def test_the_courts_judge_and_punish_as_published(chain):
    cases, court, sanctions = (chain[name] for name in ("strafzaken", "uitspraken", "tenuitvoerleggingen"))
    judged = in_years(court["uitspraakdatum"]) & (court["einduitspraak"] != "gevoegd_ter_zitting")
    guilty = judged & np.char.startswith(court["einduitspraak"], "schuldig")
    summoned = in_years(cases["beslisdatum"]) & (cases["beslissing"] == "dagvaarding")
    punished = in_years(sanctions["ontvangen"]) & (sanctions["sanctiesoort"] != "strafbeschikking")
    assert judged.sum() / summoned.sum() == pytest.approx(0.94, abs=0.04)
    assert guilty.sum() / judged.sum() == pytest.approx(0.90, abs=0.02)
    assert punished.sum() / guilty.sum() == pytest.approx(1.25, abs=0.06)
    assert (court["kamer"] == "politierechter").mean() == pytest.approx(75_125 / 94_350, abs=0.03)
    assert (court["kamer"] == "meervoudig").mean() == pytest.approx(12_255 / 94_350, abs=0.03)


def test_the_prosecution_takes_about_sixteen_weeks_and_five_for_a_penal_order(chain):
    cases = chain["strafzaken"]
    decided = ~np.isnat(cases["beslisdatum"])
    weeks = (cases["beslisdatum"] - cases["instroomdatum"])[decided].astype(int) / 7
    assert weeks.mean() == pytest.approx(16, abs=1.5)
    assert weeks[cases["beslissing"][decided] == "strafbeschikking"].mean() == pytest.approx(5, abs=0.7)
    assert np.median(weeks) < 0.75 * weeks.mean()  # skewed: most are short


def test_cases_are_open_at_the_first_and_at_the_last_day(chain):
    cases = chain["strafzaken"]
    begin = cases["instroomdatum"] < np.datetime64("2012-01-01")
    undecided = np.isnat(cases["beslisdatum"])
    assert 300 < begin.sum() < 2500
    assert 300 < (undecided & ~begin).sum() < 1200
    assert (cases["beslissing"][undecided] == "").all()


def test_every_group_is_large_enough_to_be_shown(chain):
    cases = chain["strafzaken"]["hoofdfeit"]
    assert {str(group) for group in np.unique(cases)} == set(ratios.GROUPS)
    assert min(Counter(cases.tolist()).values()) > 0.03 * len(cases)
