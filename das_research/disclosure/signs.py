"""Signs that every reader tells from every other: what can't be seen, or looks like something else, can hold anything.

Signs without width, tags, letters of another script that look like ours and runs of spaces are read by a program and
not by the people who approve: a text of ten words can hold a date of birth so.
"""

import re
import unicodedata

# Latin, without the space, the hyphen, and the letters that only look like others: a, o, IJ, L with a dot, n, s
LETTERS = "\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b9\u00bb-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0218-\u021b"
MARKS = "–—\u2018\u2019“”„…•€‰≥≤≈→×·"  # noqa: RUF001
READ = re.compile(rf"[\x20-\x7e{LETTERS}{MARKS}]*")
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u3164\uffa0\u2800]")


def is_read_as_written(text: str) -> bool:
    """Whether a text or name holds nothing but Latin letters, digits, usual punctuation and single spaces.

    Examples
    --------
    >>> is_read_as_written("Súdwest-Fryslân: 40–60 €"), is_read_as_written("")
    (True, True)
    >>> is_read_as_written("Za\\u200bken"), is_read_as_written("Z\\u0430ken"), is_read_as_written("Zaken  naar jaar ")
    (False, False, False)
    """
    return READ.fullmatch(text) is not None and text == " ".join(text.split())


def holds_unseen(text: str) -> bool:
    """Whether a page or program holds signs without a shape, or spaces of another width; those of a keyboard are none.

    Examples
    --------
    >>> [holds_unseen(it) for it in ("x = 1\\n\\ty = 2", "x = 'a\\u200b'", "a\\ufe01", "a\\u2009b")]
    [False, True, True, True]
    """
    signs = (unicodedata.category(sign) for sign in text if sign not in " \n\t")
    return any(it in UNSEEN for it in signs) or SELECTORS.search(text) is not None
