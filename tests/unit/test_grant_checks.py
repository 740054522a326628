"""The decisions on a grant as truth tables: person, dates, purpose, agreements; and what a refusal says."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
import yaml
from access_world import TODAY, a_catalog, uses

from das_research.access import clock
from das_research.access.deadlines import warnings
from das_research.access.grants import (
    agreements_in_force,
    are_recipients,
    check_agreements,
    check_grant,
    check_in_force,
    check_person,
    check_purpose,
    check_recipients,
    current_account,
    grant_allows,
    in_force,
    is_person,
    purpose_allowed,
)
from das_research.catalog.models import Catalog, Use
from das_research.errors import AccessRefused, UsageError

DAY = timedelta(days=1)
BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)  # of the grant
BRAM_BEGIN, BRAM_END = date(2026, 2, 1), date(2026, 3, 10)


def with_agreement(**changes: Any) -> Catalog:
    """The catalogue with another agreement under the grant."""
    catalog = a_catalog()
    agreement = catalog.agreements["levering-om"].model_copy(update=changes)
    return catalog.model_copy(update={"agreements": {**catalog.agreements, "levering-om": agreement}})


def answers_of(**answers: tuple[str, ...]) -> dict[str, Use]:
    """What an agreement says of every purpose, as models."""
    return {purpose: Use(**use) for purpose, use in uses(**answers).items()}


@pytest.mark.parametrize(
    ("today", "allowed"), [(BEGIN - DAY, False), (BEGIN, True), (TODAY, True), (END, True), (END + DAY, False)]
)
def test_a_grant_is_in_force_from_its_first_day_to_its_last(today: date, allowed: bool) -> None:
    grant = a_catalog().grants["proef"]
    assert in_force(grant, today) is allowed
    if not allowed:
        with pytest.raises(AccessRefused, match="not in force"):
            check_in_force(grant, today)


@pytest.mark.parametrize(
    ("account", "today", "allowed"),
    [
        ("anna", TODAY, True),
        ("bram", BRAM_BEGIN - DAY, False),
        ("bram", BRAM_BEGIN, True),
        ("bram", BRAM_END, True),
        ("bram", BRAM_END + DAY, False),
        ("dirk", TODAY, False),  # of the other grant
        ("Anna", TODAY, False),
        ("", TODAY, False),
    ],
)
def test_a_person_is_in_the_grant_within_the_own_dates(account: str, today: date, allowed: bool) -> None:
    grant = a_catalog().grants["proef"]
    assert is_person(grant, account, today) is allowed
    if not allowed:
        with pytest.raises(AccessRefused, match="may not work in the project"):
            check_person(grant, account, today)


@pytest.mark.parametrize(
    ("purpose", "answers", "met", "allowed"),
    [
        (purpose, answers, met, met if purpose in answers.get("when", ()) else purpose in answers.get("yes", ()))
        for purpose, answers, met in product(
            ("statistiek", "monitor"),
            (
                {"yes": ("statistiek",)},
                {"yes": ("monitor",)},
                {"yes": ("statistiek", "monitor")},
                {"yes": ("statistiek",), "when": ("monitor",)},
                {"when": ("statistiek", "monitor")},
                {},
            ),
            (True, False),
        )
    ],
)
def test_the_agreements_allow_the_purpose_if_its_condition_is_met(
    purpose: str, answers: dict[str, tuple[str, ...]], met: bool, allowed: bool
) -> None:
    catalog = with_agreement(uses=answers_of(**answers))
    told = {"levering-om": "zo"} if met else {"levering-politie": "zo"}  # of another agreement: no answer to this one
    grant = catalog.grants["proef"].model_copy(update={"purpose": purpose, "meets": told})
    assert purpose_allowed(catalog, grant) is allowed
    if not allowed:
        with pytest.raises(AccessRefused, match=r"ask: OM, om@example\.org"):
            check_purpose(catalog, grant)


def test_the_lines_to_add_say_how_the_condition_is_met() -> None:
    conditional = answers_of(when=("wetenschappelijk onderzoek",))
    with pytest.raises(AccessRefused) as refused:
        check_grant(with_agreement(uses=conditional), "proef", "anna", TODAY)
    assert "on a condition: de voorwaarde." in refused.value.why
    (meets,) = lines_of_fix(refused.value).values()
    catalog = with_agreement(uses=conditional)
    grant = catalog.grants["proef"].model_copy(update={"meets": meets})
    assert check_grant(catalog.model_copy(update={"grants": {"proef": grant}}), "proef", "anna", TODAY)


@pytest.mark.parametrize(
    ("begin", "end", "allowed"),
    [
        (TODAY, TODAY, True),
        (TODAY + DAY, TODAY + 2 * DAY, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_an_agreement_must_be_in_force(begin: date, end: date, allowed: bool) -> None:
    catalog = with_agreement(begin=begin, end=end)
    assert agreements_in_force(catalog, catalog.grants["proef"], TODAY) is allowed
    if not allowed:
        with pytest.raises(AccessRefused, match=r"ask: OM, om@example\.org"):
            check_agreements(catalog, catalog.grants["proef"], TODAY)


@pytest.mark.parametrize(
    ("recipients", "day", "allowed"),
    [
        (("wodc",), TODAY, False),  # bram of the CBS is in the project until 10 March
        (("wodc",), date(2026, 3, 11), True),
        (("cbs", "wodc"), TODAY, True),
        (("cbs", "wodc", "om"), TODAY, True),
        (("cbs",), TODAY, False),
        ((), TODAY, False),
    ],
)
def test_everybody_of_the_project_must_belong_to_a_recipient(
    recipients: tuple[str, ...], day: date, allowed: bool
) -> None:
    catalog = with_agreement(recipients=recipients)
    assert are_recipients(catalog, catalog.grants["proef"], day) is allowed
    assert grant_allows(catalog, "proef", "anna", day) is allowed
    if not allowed:
        with pytest.raises(AccessRefused, match=r"ask: OM, om@example\.org; the approvers"):
            check_recipients(catalog, catalog.grants["proef"], day)


@pytest.mark.parametrize("organisation", ["wodc", "WODC", "Wodc", "WODC, afdeling statistiek", "W"])
def test_an_organisation_is_a_partner_by_its_id_or_title_and_by_nothing_like_it(organisation: str) -> None:
    catalog = with_agreement(recipients=("wodc",))
    people = ({"account": "anna", "organisation": organisation},)
    grant = catalog.grants["proef"].model_validate(catalog.grants["proef"].model_dump(mode="json") | {"people": people})
    assert are_recipients(catalog, grant, TODAY) is (organisation.casefold() == "wodc")


@pytest.mark.parametrize(
    ("account", "in_time", "purpose", "agreed"),
    list(product(("anna", "dirk"), (True, False), (True, False), (True, False))),
)
def test_all_must_hold_at_once(account: str, in_time: bool, purpose: bool, agreed: bool) -> None:
    catalog = with_agreement(
        uses=answers_of(yes=("wetenschappelijk onderzoek",) if purpose else ("monitor",)),
        end=END if agreed else TODAY - DAY,
    )
    dates = {"begin": BEGIN, "end": END if in_time else TODAY - DAY}
    grant = catalog.grants["proef"].model_copy(update=dates)
    catalog = catalog.model_copy(update={"grants": {"proef": grant}})
    allowed = account == "anna" and in_time and purpose and agreed
    assert grant_allows(catalog, "proef", account, TODAY) is allowed
    if allowed:
        assert check_grant(catalog, "proef", account, TODAY) == grant


def test_without_a_day_the_clock_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: END + DAY)
    with pytest.raises(AccessRefused, match="It ended on 2026-12-31; it is 2027-01-01 now"):
        check_grant(a_catalog(), "proef", "anna")


def test_an_unknown_project_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"grants for: ander, proef\.\n  fix: Did you mean 'proef'"):
        check_grant(a_catalog(), "proeff", "anna", TODAY)


def lines_of_fix(error: AccessRefused) -> dict[str, Any]:
    """The YAML that a refusal tells to put in the grant."""
    first, *lines = error.fix.splitlines()
    assert first.endswith("put in grants/proef.yaml:")
    return yaml.safe_load("\n".join(lines))


@pytest.mark.parametrize(
    ("account", "today"), [("dirk", TODAY), ("bram", BRAM_BEGIN - DAY), ("bram", BRAM_END + DAY)], ids=str
)
def test_the_lines_to_add_let_the_person_in(account: str, today: date) -> None:
    with pytest.raises(AccessRefused) as refused:
        check_grant(a_catalog(), "proef", account, today)
    people = lines_of_fix(refused.value)["people"]
    people = [line | {"organisation": line["organisation"].replace("<organisation>", "WODC")} for line in people]
    assert check_grant(a_catalog(people=people), "proef", account, today)


@pytest.mark.parametrize("today", [BEGIN - DAY, END + DAY], ids=str)
def test_the_lines_to_add_bring_the_grant_in_force(today: date) -> None:
    with pytest.raises(AccessRefused) as refused:
        check_grant(a_catalog(), "proef", "anna", today)
    assert "ask: the approvers of the grant (functionaris gegevensbescherming)" in str(refused.value)
    assert check_grant(a_catalog(**lines_of_fix(refused.value)), "proef", "anna", today)


@pytest.mark.parametrize("day", [date(2025, 1, 1), BRAM_BEGIN, TODAY, date(2027, 6, 1)], ids=str)
def test_a_refusal_names_nobody_else_of_the_grant(day: date) -> None:
    with pytest.raises(AccessRefused) as refused:
        check_grant(a_catalog(), "proef", "indringer", day)
    for other in ("anna", "bram", "Carla", "WODC", "CBS"):
        assert other not in str(refused.value)


@pytest.mark.parametrize(
    ("left", "count", "urgent"), [(61, 0, False), (60, 1, False), (15, 1, False), (14, 1, True), (0, 1, True)]
)
def test_the_end_is_announced_60_days_before_and_urgently_from_14(left: int, count: int, urgent: bool) -> None:
    given = warnings(a_catalog(), "proef", "anna", END - left * DAY)
    assert len(given) == count
    assert any("nothing opens" in sentence for sentence in given) is urgent


def test_the_end_of_the_own_time_and_of_an_agreement_are_announced_too() -> None:
    catalog = with_agreement(end=TODAY + 20 * DAY)
    own, agreement = warnings(catalog, "proef", "bram", TODAY)  # bram: 9 days, the agreement: 20, the grant: 305
    assert own.startswith("The time of 'bram' in the project 'proef' ends in 9 days, on 2026-03-10: after")
    assert agreement.startswith("The agreement 'levering-om' ends in 20 days, on 2026-03-21. To renew it, ask: OM, om@")
    assert len(warnings(catalog, "proef", "anna", TODAY)) == 1


def test_the_account_is_that_of_das_or_of_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAS_ACCOUNT", "anna")
    assert current_account() == "anna"
    monkeypatch.delenv("DAS_ACCOUNT")
    monkeypatch.setattr("getpass.getuser", lambda: "systeem")
    assert current_account() == "systeem"
