"""The day on which access is judged: the one place of this room that asks the clock."""

from datetime import date


def today() -> date:
    """The current day of the machine."""
    return date.today()
