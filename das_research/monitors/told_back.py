"""What the author of a remote notebook hears of a refusal: words that no notebook had its hands on.

The notebook saw the rows, and chose the names of its tables, measures and columns while it did. A refusal of gate 3
quotes these, and counts: told to the author they would be a way out that no gate judged.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from das_research.disclosure.refused.advice import LEFT, WORKED_BACK
from das_research.errors import DasError, NotJudged, ReleaseRefused

WHAT = "Gate 3 refused what the notebook handed over."
WHY = {WORKED_BACK: WORKED_BACK, LEFT: LEFT}
NOT_JUDGED = "Whether it may leave could not be judged."
REST = "A text, a name or a table of it may not leave, or is not what its recipe gives."
FIX = "Hand over fewer and coarser tables, computed as on the twin, and no number in a text or a name."
ASK = "an output checker, who finds the run with das release list and can read the rest"


@contextmanager
def told_back() -> Iterator[None]:
    """Let a refusal of gate 3 out in a closed choice of words.

    Raises
    ------
    ReleaseRefused
        In the place of any error within; which table, measure or text it was stays with the host.

    Examples
    --------
    >>> with told_back():
    ...     raise ReleaseRefused("The result 'jansen-uit-urk' has no rows.")
    Traceback (most recent call last):
    das_research.errors.ReleaseRefused: Gate 3 refused what the notebook handed over.
      why: A text, a name or a table of it may not leave, or is not what its recipe gives.
      fix: Hand over fewer and coarser tables, computed as on the twin, and no number in a text or a name.
      ask: an output checker, who finds the run with das release list and can read the rest
    """
    try:
        yield
    except Exception as error:  # of Python's own, too, which quote what they stumble over
        is_judged = isinstance(error, DasError) and not isinstance(error, NotJudged)
        why = WHY.get(getattr(error, "what", ""), REST) if is_judged else NOT_JUDGED
        raise ReleaseRefused(WHAT, why=why, fix=FIX, ask=ASK) from None
