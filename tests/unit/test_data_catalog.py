"""The Dutch catalogue: what the rest of the package and its readers count on."""

from datetime import date
from pathlib import Path

import pytest

from das_research.access.cover import uncovered
from das_research.access.grants import check
from das_research.catalog.key_figures import THEME_TITLES, key_figures
from das_research.catalog.load import load_catalog
from das_research.catalog.models import PURPOSES, THEMES, Text
from das_research.figures.functions import functions_of

CATALOG = load_catalog(Path(__file__).parents[2] / "data_catalog")


def test_the_chain_goes_from_registered_suspect_to_enforcement():
    assert [(stage.id, stage.dataset) for stage in CATALOG.chain.stages] == [
        ("opsporing", "verdachtenregistraties"),
        ("vervolging", "strafzaken"),
        ("berechting", "uitspraken"),
        ("tenuitvoerlegging", "tenuitvoerleggingen"),
    ]


@pytest.mark.parametrize("stage", CATALOG.chain.stages, ids=lambda stage: stage.id)
def test_a_case_leaves_with_every_outcome_but_those_that_go_on(stage):
    goes_on = {
        "opsporing": {"ingezonden_om"},
        "vervolging": {"dagvaarding", "oproep_na_verzet", "strafbeschikking"},
        "berechting": {"schuldig_met_straf", "schorsing", "ovar_met_maatregel"},
    }
    for leaving in stage.leave:
        rule = next(rule for rule in CATALOG.datasets[stage.dataset].events if rule.event == leaving.event)
        classification = CATALOG.datasets[stage.dataset].variables[rule.outcome].classification
        codes = {code.code for code in CATALOG.classifications[classification].codes}
        assert codes - set(leaving.outcomes or codes) == goes_on.get(stage.id, set())


def test_the_figures_are_those_of_the_chain_and_the_key_figures():
    others = sorted(name for name, figure in CATALOG.figures.items() if not figure.is_key)
    durations = ["doorlooptijd", "doorlooptijd-norm", "doorlooptijd-traject"]
    recidivism = ["recidive", "recidive-gecorrigeerd", "recidivecohort"]
    assert others == ["conversie", "conversie-naar-jaar", *durations, "lekkage", "leveringen", *recidivism, "stroom"]


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_two_leading_figures_or_more(theme):
    leading = [figure.leading for figure in key_figures(CATALOG, theme) if figure.leading]
    assert len(leading) >= 2
    assert sorted(set(leading)) == sorted(leading)


def test_every_key_figure_is_computed_by_the_demonstration_and_cites_what_it_is_defined_by():
    for figure in key_figures(CATALOG):
        assert figure.monitor in CATALOG.demo.monitors
        if figure.term:
            assert CATALOG.terms[figure.term].unverified <= figure.unverified, figure.id


def test_the_functions_of_key_figures_are_those_the_catalogue_names():
    """A function in code that no figure names, or a name without a function, is a failure."""
    for theme in THEMES:
        named = {figure.function for figure in key_figures(CATALOG, theme) if figure.function}
        assert set(functions_of(theme)) == named


def test_the_grant_of_the_key_figures_gives_exactly_the_columns_they_need():
    needed = {}
    for figure in key_figures(CATALOG):
        for counting in figure.countings:
            stock, columns = counting.stock, needed.setdefault(counting.table, set())
            columns |= {counting.moment, counting.column, counting.weight, *(counting.days or ()), *figure.by}
            columns |= {stock.begin, stock.end} if stock else set()
            columns |= {condition.column for condition in counting.where}
    of_function = {"gevolgd", "begonnen"}
    needed["taakstraffen"] |= {"taakstraf_begin"}
    tables = CATALOG.grants["kerncijfers"].tables
    units = {"case_id", "person_id"}
    assert {name: set(table.columns) - units for name, table in tables.items()} == {
        name: columns - {None} - of_function for name, columns in needed.items()
    }
    assert all(set(table.columns) & units in (set(), units) for table in tables.values())


def test_the_titles_of_the_themes_are_those_of_the_stages():
    assert list(THEME_TITLES) == list(THEMES)
    assert all(THEME_TITLES[stage.theme] == stage.title for stage in CATALOG.chain.stages)


def test_the_monitor_has_the_parameters_of_its_notebook():
    parameters = CATALOG.monitors["ketenmonitor"].parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "first_year": 2012,
        "last_year": 2024,
        "breakdown": "delictgroep",
        "language": "nl",
    }
    assert set(parameters["breakdown"].choices) < set(CATALOG.chain.case_attributes)


def test_two_clearance_rates_stand_side_by_side_with_the_reason_they_differ():
    ours, theirs = CATALOG.terms["ophelderingspercentage"], CATALOG.terms["oplossingspercentage-politie"]
    assert [difference.with_term for difference in ours.differs] == [theirs.id]
    assert [difference.with_term for difference in theirs.differs] == [ours.id]
    assert theirs.unverified
    assert not ours.unverified


def test_what_was_not_read_in_a_source_is_marked():
    assert all(domain.unverified and domain.synthetic for domain in CATALOG.chain.identifiers)
    assert CATALOG.disclosure.unverified


def test_the_agreements_call_themselves_fictitious():
    assert {agreement.partner for agreement in CATALOG.agreements.values()} == {
        "politie",
        "om",
        "rechtspraak",
        "cjib",
        "dji",
        "halt",
        "reclassering",
        "justid",
        "cbs",
    }
    for agreement in CATALOG.agreements.values():
        assert "Fictieve" in agreement.description.nl
        assert "fictief" in agreement.permission.signatory
        assert all(use.dpia.startswith("FICTIEF") for use in agreement.uses.values())


def test_the_partners_do_not_all_allow_the_same():
    allowed = {
        agreement.partner: tuple(agreement.uses[purpose].allowed for purpose in PURPOSES)
        for agreement in CATALOG.agreements.values()
    }
    assert {use for uses in allowed.values() for use in uses} == {"yes", "if", "no"}
    assert len(set(allowed.values())) >= 4
    assert {allowed[partner][PURPOSES.index("wetenschappelijk onderzoek")] for partner in allowed} == {"if"}


def test_every_link_of_the_chain_delivers():
    assert set(CATALOG.datasets) == {
        "misdrijven", "verdachtenregistraties", "strafzaken", "feiten", "sepots", "herinstroom", "uitspraken",
        "sancties", "hoger_beroepen", "tenuitvoerleggingen", "geldelijke_sancties", "detenties", "jji_verblijven",
        "taakstraffen", "toezichten", "halt_verwijzingen", "justitiele_documentatie", "personen", "bevolking",
        "veiligheidsmonitor",
    }  # fmt: skip


def test_datasets_say_that_their_layout_is_fictitious():
    for dataset in CATALOG.datasets.values():
        assert "fictieve indeling" in dataset.description.nl
        assert "fictitious layout" in dataset.description.en


def test_definitions_that_compete_both_say_why():
    pairs = [
        ("instroom-om", "instroom-om-totaal"),
        ("om-beslissing", "om-beslissing-cbs"),
        ("opgelegde-straf", "zaak-met-straf"),
        ("jeugdige-naar-recht", "jeugdige-naar-leeftijd"),
        ("recidive-feitelijk", "recidive-gecorrigeerd"),
        ("cohortmethode", "terugkijkmethode"),
        ("gedetineerde", "gedetineerde-in-het-jaar"),
        ("strafbeschikking", "strafbeschikking-cjib"),
        ("jeugdnorm-kalsbeek", "jeugdnorm-2024"),
    ]
    for one, other in pairs:
        assert other in {difference.with_term for difference in CATALOG.terms[one].differs}
        assert one in {difference.with_term for difference in CATALOG.terms[other].differs}


def test_thresholds_of_reoffending_are_no_facts():
    for name in ("recidive-ernstig", "recidive-zeer-ernstig", "recidive-frequent", "recidive-speciaal"):
        assert CATALOG.terms[name].unverified


def test_only_sepot_grounds_that_were_read_have_their_digits():
    digits = {code for code in CATALOG.classifications["sepotgronden"].correspondences[0].codes if code.isdigit()}
    assert digits == {"01", "02", "04", "58", "59"}
    dropped = [code for code in CATALOG.classifications["sepotgronden"].codes if code.valid_to]
    assert [(code.code, code.valid_to) for code in dropped] == [("burgerlijke_rechter", date(2022, 6, 30))]


def test_the_main_groups_of_crime_lead_to_the_offence_groups():
    codes = CATALOG.classifications["scm-2010"].codes
    leads = {it.id: it.codes for it in CATALOG.classifications["delictgroepen"].correspondences}["scm-2010"]
    assert set(leads) == {code.code for code in codes if code.parent is None}
    assert {code.code for code in codes if not code.unverified} == {
        "CRI1000", "CRI2000", "CRI3000", "CRI3100", "CRI5000", "CRI5100", "CRI6000", "CRI6100", "CRI6200",
    }  # fmt: skip


def test_the_same_column_has_the_same_title_wherever_a_partner_sends_it():
    standing = {"parketnummer", "pv_nummer"}  # told apart on purpose: whose number it is
    titles = {}
    for dataset in CATALOG.datasets.values():
        for name, variable in dataset.variables.items():
            titles.setdefault(name, set()).add(variable.title.nl)
    assert {name for name, found in titles.items() if len(found) > 1} <= standing


def test_an_outcome_has_one_label_whichever_file_tells_it():
    labels = {}
    for dataset in CATALOG.datasets.values():
        for rule in dataset.events:
            if rule.outcome:
                for code in CATALOG.classifications[dataset.variables[rule.outcome].classification].codes:
                    labels.setdefault(code.code, set()).add(code.label.nl)
    assert all(len(found) == 1 for found in labels.values())


def test_six_grants_are_in_force_and_one_has_expired():
    ends = {name: grant.end for name, grant in CATALOG.grants.items()}
    running = dict.fromkeys(("kerncijfers", "ketenmonitor", "open-data", "recidivemonitor"), date(2030, 12, 31))
    together = dict.fromkeys(("om-rechtspraak-samen", "nazorg-deelnemers"), date(2028, 12, 31))
    assert ends == {"doorlooptijden-2023": date(2024, 12, 31)} | running | together


@pytest.mark.parametrize("project", CATALOG.grants)
def test_a_grant_gets_all_that_it_asks_for_on_its_first_day(project):
    grant = CATALOG.grants[project]
    found = check(CATALOG, project, grant.people[0].account, grant.begin)
    assert [(it.about, it.name, it.why) for it in found if not it.holds] == []


def test_every_permission_is_fictitious_and_older_than_its_grant():
    for grant in CATALOG.grants.values():
        for permission in grant.permissions:
            assert permission.reference.startswith("FICTIEF") and "fictief" in permission.role
            assert permission.date < grant.begin


def test_a_dataset_for_two_organisations_is_in_the_project_of_these_two_alone():
    om = CATALOG.agreements["levering-om"]
    assert om.only_for == {"sepots": ("om", "rechtspraak")}
    day = date(2026, 6, 1)
    reasons = {name: uncovered(CATALOG, grant.on(day), "sepots") for name, grant in CATALOG.grants.items()}
    assert reasons["om-rechtspraak-samen"] is None
    assert reasons["ketenmonitor"] == "not for every organisation of the project"


def test_no_grant_gives_a_direct_identifier_or_a_date_of_birth():
    for grant in CATALOG.grants.values():
        for name, granted in grant.tables.items():
            variables = CATALOG.datasets[name].variables if name in CATALOG.datasets else {}
            assert not {
                column
                for column in granted.columns
                if column in variables and variables[column].identifying == "direct"
            }
            assert "geboortedatum" not in granted.columns


def texts_in(value):
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))


def test_every_text_for_readers_stands_there_in_both_languages():
    texts = list(texts_in(CATALOG))
    assert len(texts) > 200
    assert all(text.nl.strip() and text.en.strip() for text in texts)
    long = [text for text in texts if len(text.nl) > 40]
    assert all(text.nl != text.en for text in long)
