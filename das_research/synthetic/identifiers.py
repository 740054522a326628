"""Numbers of cases that cannot exist, and how each partner writes the same number."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from das_research.synthetic.chance import Codes, Dates

NOWHERE = 100_000  # case numbers below this are never given out
PARTS = {
    "parketnummer": r"^(\d{2})(\d{6})(\d{2})$",
    "pv_nummer": r"^(PL\d{4})(\d{4})(\d{6})$",
    "skn": r"^F(\d{9})$",
}
SPELLINGS = {
    ("verdachtenregistraties", "pv_nummer"): r"\1-\2\3",
    ("strafzaken", "pv_nummer"): r"\1 \2 \3",
    ("strafzaken", "parketnummer"): r"\1-\2-\3",
    ("uitspraken", "parketnummer"): r"\1/\2-\3",
    ("detenties", "parketnummer"): r"\1.\2.\3",
    ("detenties", "skn"): r"f\1",
}


def case_numbers(received: Dates) -> Codes:
    """A number for each case that was received, by year and in order of date; none for the others.

    Examples
    --------
    >>> case_numbers(np.array(["2021-03-01", "NaT", "2021-02-01"], "M8[D]")).tolist()
    ['9910000121', '', '9910000021']
    """
    order = np.argsort(received, kind="stable")
    order = order[~np.isnat(received[order])]
    year = received[order].astype("datetime64[Y]").astype(int) + 1970
    within = np.arange(len(order)) - np.searchsorted(year, year)
    numbers = np.full(len(received), "", dtype="U10")
    numbers[order] = np.char.mod("99%08d", (NOWHERE + within) * 100 + year % 100)
    return numbers


def spelled(dataset: str, domain: str, numbers: Codes) -> Codes:
    """The numbers as this partner writes them.

    Examples
    --------
    >>> spelled("strafzaken", "parketnummer", np.array(["9910000021", ""])).tolist()
    ['99-100000-21', '']
    """
    spelling = SPELLINGS.get((dataset, domain))
    if spelling is None:
        return numbers
    text = pc.replace_substring_regex(pa.array(numbers.astype(object), pa.string()), PARTS[domain], spelling)
    return np.asarray(text.to_pylist(), dtype=object)
