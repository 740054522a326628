"""A small line without axes, beside numbers that say the same."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 160.0, 34.0, 4.0


def sparkline(numbers: Sequence[float | None], fewest: int = 3) -> str:
    """A small line over periods; decoration beside a table that holds the numbers.

    Parameters
    ----------
    numbers : sequence of float or None
        One a period, in order; the line stops where there is none.
    fewest : int
        Under so many known numbers there is no line.

    Returns
    -------
    str
        An SVG of the class ``spark`` that the page colours; empty where there is no line.

    Examples
    --------
    >>> sparkline([1.0, None, 2.0])
    ''
    """
    known = [(place, number) for place, number in enumerate(numbers) if number is not None]
    if len(known) < fewest:
        return ""
    lowest, highest = min(number for _, number in known), max(number for _, number in known)
    step = (WIDTH - 2 * MARGIN) / (len(numbers) - 1)
    height = HEIGHT - 2 * MARGIN
    spread = (highest - lowest) or 1
    line, before, x, y = "", None, 0.0, 0.0
    for place, number in known:
        x, y = MARGIN + place * step, MARGIN + height * (1 - (number - lowest) / spread)
        line += f"{'L' if before == place - 1 else 'M'}{x:.1f} {y:.1f}"
        before = place
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true" focusable="false">'
        f'<path d="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3"/></svg>'
    )
