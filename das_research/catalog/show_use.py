"""What an account tells of the use of data: agreements, their overview, grants and monitors."""

from collections.abc import Iterator

from rich.console import RenderableType

from das_research.catalog import models
from das_research.catalog.show_account import Account
from das_research.catalog.uses import ANSWERS, PURPOSE_TITLES, Uses


def agreement_parts(account: Account, entry: models.Agreement) -> Iterator[RenderableType]:
    permission = entry.permission
    yield from account.facts(
        partner=entry.partner,
        datasets=entry.datasets,
        legal_basis=entry.legal_basis,
        permission=permission and f"{permission.number}, {permission.date}, {permission.signatory}",
        subjects=entry.subjects,
        recipients=entry.recipients,
        only_for=[f"{dataset}: {', '.join(partners)}" for dataset, partners in entry.only_for.items()],
        own_files=entry.own_files,
        conditions=entry.conditions,
        safeguards=entry.safeguards,
        retention_years=entry.retention_years,
        quarantine_days=entry.quarantine_days,
        period=account.period(entry.begin, entry.end),
        withdrawn=entry.withdrawn,
    )
    rows = [
        [purpose, ANSWERS[use.allowed], use.condition, use.article, use.dpia] for purpose, use in entry.uses.items()
    ]
    yield from account.table("purpose", "allowed", "condition", "article", "dpia", rows=rows)


def uses_parts(account: Account, _: Uses) -> Iterator[RenderableType]:
    rows = [
        [f"{name}{account.mark(agreement)}: {account.text(agreement.subjects)}"]
        + [_use(account, agreement.uses[purpose]) for purpose in models.PURPOSES]
        for name, agreement in account.catalog.agreements.items()
    ]
    heads = [account.word("agreement_on"), *(PURPOSE_TITLES[purpose][account.language] for purpose in models.PURPOSES)]
    yield from account.table_of(heads, rows)


def _use(account: Account, use: models.Use) -> str:
    parts = [ANSWERS[use.allowed], use.condition, use.article, use.dpia]
    return "\n".join([*(account.text(part) for part in parts if part is not None), ""])


def grant_parts(account: Account, entry: models.Grant) -> Iterator[RenderableType]:
    yield from account.facts(
        purpose=entry.purpose,
        legal_basis=entry.legal_basis,
        agreements=entry.agreements,
        meets=[f"{agreement}: {account.text(how)}" for agreement, how in entry.meets.items()],
        mode=account.word(entry.mode),
        only_persons_of=entry.only_persons_of,
        period=account.period(entry.begin, entry.end),
        outputs=entry.outputs,
        approvers=[f"{approver.name}, {approver.role}, {approver.date}" for approver in entry.approvers],
    )
    given = [
        [it.partner, it.datasets or account.word("every_dataset"), it.reference, it.date, it.role, it.until]
        for it in entry.permissions
    ]
    yield from account.table("partner", "datasets", "reference", "given_on", "given_by", "until", rows=given)
    lists = [
        [name, own.title, own.controller, own.legal_basis, own.consent, own.reidentification, own.keep_until]
        for name, own in entry.own_files.items()
    ]
    yield from account.table(
        "own_file", "title", "controller", "legal_basis", "consent", "reidentification", "keep_until", rows=lists
    )
    people = [
        [person.account, person.organisation, account.period(person.begin, person.end)] for person in entry.people
    ]
    yield from account.table("account", "organisation", "period", rows=people)
    rows = [[name, ", ".join(granted.columns), granted.rows] for name, granted in entry.tables.items()]
    yield from account.table("table", "columns", "rows", rows=rows)


def monitor_parts(account: Account, entry: models.Monitor) -> Iterator[RenderableType]:
    yield from account.facts(notebook=entry.notebook, project=entry.project, theme=entry.theme, schedule=entry.schedule)
    asked = entry.protection
    method = account.word(asked.method.replace(" ", "_")) + account.mark(asked)
    yield from account.facts(protection=method, base=asked.base, why=asked.why, source=asked.source)
    rows = [
        [name, parameter.title, parameter.default, parameter.choices] for name, parameter in entry.parameters.items()
    ]
    yield from account.table("parameter", "title", "default", "choices", rows=rows)
