"""Codes of dimensions as a reader takes them: of which finest ones each consists."""

from collections.abc import Collection, Iterable, Mapping

ALL = "_T"
PERIOD = "period"
OTHERS = "~"  # the codes that no file holds


def finest_of(
    codes: Collection[str], above: Mapping[str, str], name: str, *, overlap: bool
) -> dict[str, frozenset[str]]:
    """Every code, and the total, to the finest ones in it: below it in the hierarchy, or the months of a period.

    Parameters
    ----------
    codes : collection of str
        Those that any file holds, with or without the total.
    above : mapping of str to str
        Code to the code above it.
    name : str
        Of the dimension.
    overlap : bool
        Whether parts are not known to be all of their whole, which then is more than they.

    Examples
    --------
    >>> found = finest_of(["gv", "jd", "wv"], {"jd": "gv"}, "soort", overlap=True)
    >>> sorted(found["gv"]), sorted(found["_T"])
    (['gv', 'jd'], ['_T', 'gv', 'jd', 'wv'])
    """
    named = set(codes) - {ALL}
    if name == PERIOD:
        known = {code: frozenset(months_in(code)) for code in named}
    else:
        above_it = {code: upward(code, above) for code in named}
        leaves = {code for code in named if not any(code in above_it[other] for other in named if other != code)}
        within = named if overlap else leaves
        known = {code: frozenset(it for it in within if code in above_it[it]) for code in named}
    every = frozenset().union(*known.values()) or frozenset({ALL})
    return known | {ALL: every | {ALL} if overlap else every}


def parents_among(codes: Iterable[str], above: Mapping[str, str]) -> dict[str, str]:
    """Each code to the nearest one above it among these, or the total.

    Examples
    --------
    >>> parents_among(["gv", "jd"], {"jd": "gv"}) == {"gv": "_T", "jd": "gv"}
    True
    """
    known, found = set(codes) - {ALL}, {}
    for code in known:
        up, seen = above.get(code, ALL), {code}
        while up not in known and up not in seen:
            seen.add(up)
            up = above.get(up, ALL)
        found[code] = up if up in known else ALL
    return found


def months_in(period: str) -> list[str]:
    """The months of years, a year or a quarter; any other period is nothing but itself.

    Examples
    --------
    >>> months_in("2024-Q2"), len(months_in("2020/2021")), months_in("2024-05")
    (['2024-04', '2024-05', '2024-06'], 24, ['2024-05'])
    """
    first, _, last = period.partition("/")
    year, _, quarter = period.partition("-Q")
    if quarter in ("1", "2", "3", "4") and year.isdecimal():
        return [f"{year}-{month:02}" for month in range(3 * int(quarter) - 2, 3 * int(quarter) + 1)]
    if not (first.isdecimal() and (last or first).isdecimal()):
        return [period]
    return [f"{one}-{month:02}" for one in range(int(first), int(last or first) + 1) for month in range(1, 13)]


def upward(code: str, above: Mapping[str, str]) -> set[str]:
    """A code and all that it is a part of.

    Examples
    --------
    >>> sorted(upward("zwaar", {"zwaar": "geweld", "geweld": "misdrijf"}))
    ['geweld', 'misdrijf', 'zwaar']
    """
    codes: set[str] = set()
    while code not in codes:
        codes.add(code)
        code = above.get(code, code)
    return codes
