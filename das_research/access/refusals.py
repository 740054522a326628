"""Why a grant does not allow something, one function a rule: the refusal with the lines to add, or None.

No refusal names a person of the grant but the one who asks: others are lines of its file.
"""

from datetime import date
from typing import Any

from das_research.access.cover import is_of
from das_research.catalog.agreed import RENEWAL, contact, lines_for, out_of_force
from das_research.catalog.models import Agreement, Catalog, Grant, Grantee, is_within
from das_research.errors import AccessRefused


def of_person(grant: Grant, account: str, today: date) -> AccessRefused | None:
    """Of an account that is none of the grant's people on this day."""
    lines = [person for person in grant.people if person.account == account]
    if any(is_within(person.begin, person.end, today) for person in lines):
        return None
    what = f"'{account}' may not work in the project '{grant.id}'."
    if not lines:
        entry = {"account": account, "organisation": "<organisation>", "begin": today, "end": grant.end}
        return refused(grant, what, "The grant does not name this account.", {"people": [entry]})
    why, entry = _own_dates(lines, today)
    return refused(grant, what, why, {"people": [entry]})


def of_period(grant: Grant, today: date) -> AccessRefused | None:
    """Of a grant that has not begun or has ended."""
    what = f"The grant of the project '{grant.id}' is not in force."
    if today < grant.begin:
        return refused(grant, what, f"It begins on {grant.begin}; it is {today} now.", {"begin": today})
    if today > grant.end:
        return refused(grant, what, f"It ended on {grant.end}; it is {today} now.", {"end": today + RENEWAL})
    return None


def of_purpose(catalog: Catalog, grant: Grant, agreement: Agreement) -> AccessRefused | None:
    """Of an agreement that does not allow the purpose."""
    use = agreement.uses.get(grant.purpose)
    if use is not None and use.allowed != "no":
        return None
    others = [other for other in grant.agreements if other != agreement.id]
    allowed = [purpose for purpose, other in agreement.uses.items() if other.allowed != "no"]
    change = {"uses": {grant.purpose: {"allowed": "yes", "article": "<the article that allows it>"}}}
    return AccessRefused(
        _may_not_use(grant, agreement),
        why=f"Its purpose is '{grant.purpose}'; the agreement allows: {', '.join(allowed) or 'nothing'}.",
        fix=lines_for(f"grants/{grant.id}.yaml", {"agreements": others})
        + "\n    or, once the partner allows the purpose, "
        + lines_for(f"agreements/{agreement.id}.yaml", change),
        ask=contact(catalog, agreement.partner),
    )


def of_condition(catalog: Catalog, grant: Grant, agreement: Agreement) -> AccessRefused | None:
    """Of an agreement that allows the purpose on a condition of which the grant says nothing."""
    use = agreement.uses.get(grant.purpose)
    if use is None or use.allowed != "if" or agreement.id in grant.meets:
        return None
    how = {"meets": {agreement.id: {"nl": "<hoe aan de voorwaarde is voldaan>", "en": "<how it is met>"}}}
    condition = f": {use.condition.en.rstrip('.')}" if use.condition else ""
    return AccessRefused(
        _may_not_use(grant, agreement),
        why=f"It allows the purpose '{grant.purpose}' on a condition{condition}. The grant says nothing of it.",
        fix="once the partner agrees that it is met, " + lines_for(f"grants/{grant.id}.yaml", how),
        ask=contact(catalog, agreement.partner),
    )


def of_agreement(catalog: Catalog, grant: Grant, agreement: Agreement, today: date) -> AccessRefused | None:
    """Of an agreement that has not begun, has ended or was withdrawn."""
    found = out_of_force(catalog, agreement, today)
    if found is None:
        return None
    return AccessRefused(_may_not_use(grant, agreement), why=f"The agreement {found.why}", fix=found.fix, ask=found.ask)


def of_recipients(catalog: Catalog, grant: Grant, agreement: Agreement, today: date) -> AccessRefused | None:
    """Of an agreement that does not name the organisation of everybody of the project as one that may receive.

    A project has one database, that all its people read: so one of them who may not receive keeps it closed for all.
    """
    lines = [
        str(number)
        for number, person in enumerate(grant.people, start=1)
        if is_within(person.begin, person.end, today) and not is_of(catalog, person.organisation, agreement.recipients)
    ]
    if not lines:
        return None
    change = {"recipients": [*agreement.recipients, "<organisation of these lines>"]}
    return AccessRefused(
        _may_not_use(grant, agreement),
        why=f"Those who may receive them are: {', '.join(agreement.recipients) or 'nobody'}; "
        f"line {', '.join(lines)} of 'people' is of another organisation.",
        fix=f"give these lines of 'people' in grants/{grant.id}.yaml an end, or a project of their own;\n"
        "    or, once the partner agrees, " + lines_for(f"agreements/{agreement.id}.yaml", change),
        ask=f"{contact(catalog, agreement.partner)}; {roles(grant)}",
    )


def agreements_of(catalog: Catalog, grant: Grant) -> list[Agreement]:
    """The agreements that a grant rests on."""
    return [catalog.agreements[agreement] for agreement in grant.agreements]


def of_own_file(grant: Grant, name: str, today: date) -> AccessRefused | None:
    """Of a list of persons that may not be kept any more."""
    until = grant.own_files[name].keep_until
    if today <= until:
        return None
    return AccessRefused(
        f"The project '{grant.id}' may not have its own file '{name}' any more.",
        why=f"It could be kept until {until}; it is {today} now.",
        fix=f"take '{name}' out of 'own_files' and 'tables' in grants/{grant.id}.yaml, and type: das retention run\n"
        "    or, once those responsible and the approvers agree, "
        + lines_for(f"grants/{grant.id}.yaml", {"own_files": {name: {"keep_until": grant.end}}}),
        ask=f"{grant.own_files[name].controller.en}, {grant.own_files[name].contact}; {roles(grant)}",
    )


def refused(grant: Grant, what: str, why: str, change: dict[str, Any]) -> AccessRefused:
    """A refusal that a change of the grant would mend."""
    fix = "once the approvers agree, " + lines_for(f"grants/{grant.id}.yaml", change)
    return AccessRefused(what, why=why, fix=fix, ask=roles(grant))


def roles(grant: Grant) -> str:
    """Those who approve the grant, by role."""
    known = dict.fromkeys(approver.role for approver in grant.approvers)
    return f"the approvers of the grant ({', '.join(known)})" if known else "the host, for approval of the grant"


def _may_not_use(grant: Grant, agreement: Agreement) -> str:
    return f"The project '{grant.id}' may not use the data of the agreement '{agreement.id}'."


def _own_dates(lines: list[Grantee], today: date) -> tuple[str, dict[str, Any]]:
    later = [person for person in lines if person.begin and person.begin > today]
    if later:
        person = min(later, key=lambda line: line.begin or today)
        entry: dict[str, Any] = {"begin": today, "end": person.end}
        why = f"Its time in the grant begins on {person.begin}; it is {today} now."
    else:
        person = max(lines, key=lambda line: line.end or today)
        entry = {"begin": person.begin, "end": today + RENEWAL}
        why = f"Its time in the grant ended on {person.end}; it is {today} now."
    dates = {name: day for name, day in entry.items() if day}
    return why, {"account": person.account, "organisation": person.organisation, **dates}
