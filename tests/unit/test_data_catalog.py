"""The Dutch catalogue: what the rest of the package and its readers count on."""

from datetime import date
from pathlib import Path

import pytest

from das_research.catalog.load import load_catalog
from das_research.catalog.models import Text

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
        "vervolging": {"dagvaarding", "strafbeschikking"},
        "berechting": {"schuldig_met_straf", "schorsing"},
    }
    for leaving in stage.leave:
        rule = next(rule for rule in CATALOG.datasets[stage.dataset].events if rule.event == leaving.event)
        classification = CATALOG.datasets[stage.dataset].variables[rule.outcome].classification
        codes = {code.code for code in CATALOG.classifications[classification].codes}
        assert codes - set(leaving.outcomes or codes) == goes_on.get(stage.id, set())


def test_the_figures_are_the_four_that_are_computed():
    assert sorted(CATALOG.figures) == ["conversie", "doorlooptijd", "leveringen", "stroom"]


def test_the_monitor_has_the_parameters_of_its_notebook():
    parameters = CATALOG.monitors["ketenmonitor"].parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "first_year": 2012,
        "last_year": 2024,
        "breakdown": "delictgroep",
        "language": "nl",
    }
    assert set(parameters["breakdown"].choices) == set(CATALOG.chain.case_attributes)


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
    }
    for agreement in CATALOG.agreements.values():
        assert "Fictieve" in agreement.description.nl
        assert "fictief" in agreement.permission.signatory


def test_one_grant_is_in_force_and_one_has_expired():
    ends = {name: grant.end for name, grant in CATALOG.grants.items()}
    assert ends == {"doorlooptijden-2023": date(2024, 12, 31), "ketenmonitor": date(2030, 12, 31)}


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
