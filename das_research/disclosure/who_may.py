"""Who may say what of a release, and when it can be said: two tables that have an answer to everything.

The first asks who this account is to the release, the second what has become of it; both must say yes. What two
reviewers have said becomes one state only when the last of them has spoken.
"""

from typing import Literal

from das_research.disclosure.releases import Release, State
from das_research.errors import ReleaseRefused

Act = Literal["approve", "return", "withdraw"]
Role = Literal["author", "reviewer", "reviewer who spoke", "other"]

MAY: dict[tuple[Role, Act], bool] = {
    ("author", "approve"): False,
    ("author", "return"): False,
    ("author", "withdraw"): True,
    ("reviewer", "approve"): True,
    ("reviewer", "return"): True,
    ("reviewer", "withdraw"): True,
    ("reviewer who spoke", "approve"): False,
    ("reviewer who spoke", "return"): False,
    ("reviewer who spoke", "withdraw"): True,
    ("other", "approve"): False,
    ("other", "return"): False,
    ("other", "withdraw"): False,
}
POSSIBLE: dict[tuple[State, Act], bool] = {
    ("checked", "approve"): True,
    ("checked", "return"): True,
    ("checked", "withdraw"): True,
    ("first review", "approve"): True,
    ("first review", "return"): True,
    ("first review", "withdraw"): True,
    ("approved", "approve"): False,
    ("approved", "return"): False,
    ("approved", "withdraw"): True,
    ("returned", "approve"): False,
    ("returned", "return"): False,
    ("returned", "withdraw"): False,
    ("withdrawn", "approve"): False,
    ("withdrawn", "return"): False,
    ("withdrawn", "withdraw"): False,
}
WHY_NOT: dict[Role, str] = {
    "author": "It made the release or brought it to the gate, and nobody reviews own work.",
    "reviewer": "",
    "reviewer who spoke": "It gave its verdict already; the other verdict is another's.",
    "other": "The catalogue does not name it as a reviewer.",
}


def role_of(release: Release, account: str, reviewers: tuple[str, ...]) -> Role:
    """Who an account is to a release.

    Parameters
    ----------
    release : Release
        The release.
    account : str
        The account.
    reviewers : tuple of str
        Whom the catalogue names (`disclosure.reviewers`); where it names nobody, everyone who is not the author
        may review. The fictitious ones of a demonstration review its own releases besides.
    """
    if account in release.makers:
        return "author"
    if any(verdict.account == account for verdict in release.verdicts):
        return "reviewer who spoke"
    return "reviewer" if account in release.fictitious_reviewers or is_reviewer(account, reviewers) else "other"


def is_reviewer(account: str, reviewers: tuple[str, ...]) -> bool:
    """Whether an account reviews what it had no part in; where nobody is named, everyone does.

    Examples
    --------
    >>> is_reviewer("anna", ("anna", "bert")), is_reviewer("anna", ("bert",)), is_reviewer("anna", ())
    (True, False, True)
    """
    return not reviewers or account in reviewers


def check_may(release: Release, account: str, act: Act, reviewers: tuple[str, ...]) -> None:
    """Refuse what this account may not do, and what can't be done to the release any more.

    Raises
    ------
    ReleaseRefused
        Says which of the two it is, and why.
    """
    role = role_of(release, account, reviewers)
    if not MAY[role, act]:
        raise ReleaseRefused(
            f"The account '{account}' can't {act} the release {release.id}.",
            why=WHY_NOT[role],
            fix=f'Type das release withdraw {release.id} --why "...", to take it back.' if role == "author" else "",
            ask="a reviewer who did not work on it",
        )
    if not POSSIBLE[release.state, act]:
        raise ReleaseRefused(
            f"The release {release.id} is {release.state}: nobody can {act} it any more.",
            fix=f"Type das release show {release.id}.",
        )


def state_after(release: Release) -> State:
    """What the verdicts that were given make of a release that was not withdrawn.

    It stays under review until the last verdict is there, so that no reviewer can follow another's; one return among
    them sends it back.
    """
    said = [verdict.act for verdict in release.verdicts]
    if len(said) < release.needed:
        return "first review" if said else "checked"
    return "returned" if "return" in said else "approved"
