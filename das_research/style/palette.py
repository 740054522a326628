"""The colours of the house, and what tells series apart when colour does not.

Every series colour has a contrast of at least 4.5 to the paper, and any two of them stay apart under every common
colour-vision deficiency. No palette survives greyscale, so a series also has its own dash, its own marker and its name
at its end. There is no red and no green that judges: more is not good and less is not bad.
"""

# a colour stands for one variable only: the accent is one step away from the first series
LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1b1b",
    "mute": "#595959",
    "rule": "#d6d6d6",
    "line": "#767676",
    "accent": "#154274",
    "flow": "#7d9cbd",
    "gone": "#cfc9bf",
}
DARK = {
    "paper": "#14181c",
    "ink": "#f0f0f0",
    "mute": "#b8b8b8",
    "rule": "#3a4046",
    "line": "#8c959d",
    "accent": "#7cc4ed",
    "flow": "#4f88ad",
    "gone": "#585b5f",
}
SERIES_LIGHT = ("#154273", "#118811", "#996677", "#553322", "#7766cc")
SERIES_DARK = ("#7cc4ec", "#ccee66", "#eebbbb", "#997788", "#778833")
MAX_SERIES = len(SERIES_LIGHT)

DASHES = ("solid", (0, (5, 1.6)), (0, (1.2, 1.3)), (0, (7, 1.6, 1.4, 1.6)), (0, (3, 1.2, 1, 1.2, 1, 1.2)))
MARKERS = ("o", "s", "D", "^", "v")


def variables(dark: bool = False) -> dict[str, str]:
    """Every colour under the name of its CSS variable.

    Examples
    --------
    >>> variables()["--s1"], variables(dark=True)["--s1"]
    ('#154273', '#7cc4ec')
    """
    names, series = (DARK, SERIES_DARK) if dark else (LIGHT, SERIES_LIGHT)
    numbered = {f"--s{position}": colour for position, colour in enumerate(series, start=1)}
    return {f"--{name}": colour for name, colour in names.items()} | numbered


def themed(svg: str) -> str:
    """Put the CSS variable in the place of every colour of the light palette, which stays as its fallback.

    Examples
    --------
    >>> themed('<path stroke="#154273"/>')
    '<path stroke="var(--s1,#154273)"/>'
    """
    for name, colour in variables().items():
        svg = svg.replace(colour, f"var({name},{colour})")
    return svg
