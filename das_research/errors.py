"""Every error a user can meet, drawn as a tree.

    DasError                 something was refused; exit code 1
    ├── UsageError           wrong use: an unknown name, a wrong option; exit code 2
    ├── CatalogError         the catalogue is not consistent; lists every problem with file and line
    ├── DeliveryRefused      gate 1: a file was not taken in; nothing was stored
    ├── BuildRefused         the warehouse could not be built from these deliveries
    ├── AccessRefused        gate 2: the grant does not allow this
    ├── ReleaseRefused       gate 3: a number may not leave
    │   └── NotJudged        whether it may could not be found out, which is no yes
    ├── RunFailed            a monitor's notebook stopped
    └── PublicationFailed    a page could not be rendered

Each says what happened, why, what to type and whom to ask. No message ever holds a value of a person: row numbers,
column names, rules and counts only.
"""


class DasError(Exception):
    """Something was refused. Carries what, why, what to type and whom to ask.

    Parameters
    ----------
    what : str
        One sentence: what was refused.
    why : str
        The reason, as far as it is known.
    fix : str
        What to type or change.
    ask : str
        Whom to ask when the reader can't mend it.

    Examples
    --------
    >>> print(DasError("Delivery refused.", why="The file is empty.", fix="Send the file again."))
    Delivery refused.
      why: The file is empty.
      fix: Send the file again.
    """

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", fix: str = "", ask: str = ""):
        self.what, self.why, self.fix, self.ask = what, why, fix, ask
        lines = [what] + [f"  {name}: {text}" for name, text in (("why", why), ("fix", fix), ("ask", ask)) if text]
        super().__init__("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows for it: the message, without the calls that led there."""
        return str(self).splitlines()


class UsageError(DasError):
    """Wrong use: an unknown name or a wrong option."""

    exit_code = 2


class CatalogError(DasError):
    """The catalogue is not consistent. The message lists every problem found, each with file and line."""


class DeliveryRefused(DasError):
    """Gate 1 refused a file. Nothing was stored."""


class BuildRefused(DasError):
    """The warehouse could not be built from these deliveries."""


class AccessRefused(DasError):
    """Gate 2: the grant does not allow this."""


class ReleaseRefused(DasError):
    """Gate 3: a number may not leave."""


class NotJudged(ReleaseRefused):
    """Gate 3: a solver failed or a file can't be read, so that whether a number may leave could not be found out."""


class RunFailed(DasError):
    """A monitor's notebook stopped before its end."""


class PublicationFailed(DasError):
    """A page could not be rendered."""
