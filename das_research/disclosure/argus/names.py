"""Names and codes as tau-ARGUS can read them: it knows no quotes within quotes, and cuts a name at a space."""

import re
from collections.abc import Collection, Iterable

from das_research.disclosure.tables.cells import TOTAL

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,39}")


def plain_names(words: Iterable[str], stem: str, taken: Collection[str] = ()) -> dict[str, str]:
    """Each word as itself where tau-ARGUS can read it, else the stem with a number.

    Parameters
    ----------
    words : iterable of str
        Names of columns, or codes of one column.
    stem : str
        What a name begins with that stands for another.
    taken : collection of str
        Names that mean something else; the code of the total is always one. Capitals make no difference.

    Returns
    -------
    dict of str to str
        Word to name; no name stands twice.

    Examples
    --------
    >>> plain_names(["wv", "ernstig; zeer", "_T", "WV", "c1"], "c")
    {'wv': 'wv', 'c1': 'c1', 'ernstig; zeer': 'c2', '_T': 'c3', 'WV': 'c4'}
    """
    names: dict[str, str] = {}
    used = {TOTAL.lower(), *(name.lower() for name in taken)}
    others = []
    for word in dict.fromkeys(words):
        if PLAIN.fullmatch(word) and word.lower() not in used:
            names[word] = word
            used.add(word.lower())
        else:
            others.append(word)
    number = 0
    for word in others:
        number += 1
        while f"{stem}{number}".lower() in used:
            number += 1
        names[word] = f"{stem}{number}"
    return names
