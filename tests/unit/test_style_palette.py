"""The colours: readable on their paper, and apart for every reader. The arithmetic is written out here, on its own."""

import itertools

import numpy as np
import pytest

from das_research.style import palette

MODES = {
    "light": (palette.LIGHT, palette.SERIES_LIGHT),
    "dark": (palette.DARK, palette.SERIES_DARK),
}
# Machado, Oliveira and Fernandes (2009), full severity
VISIONS = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}


def linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(colour, other):
    low, high = sorted(float(linear(one) @ [0.2126, 0.7152, 0.0722]) for one in (colour, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    xyz = matrix @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def ciede2000(one, other):
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(mean / (mean + 25**7)))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.2 * np.cos(np.radians(4 * hue - 63))
    )
    by_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2) / (1 + 0.015 * chroma * t)
    rotation = (
        -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    )
    return float(np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue))


def test_the_arithmetic_gives_published_values():
    # Sharma, Wu and Dalal (2005), pairs 1 and 17 of their table; WCAG: black on white is 21
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
def test_every_series_and_every_text_is_readable_on_its_paper(mode):
    names, series = MODES[mode]
    readable = [*series, names["ink"], names["mute"], names["accent"], names["line"]]
    assert min(contrast(colour, names["paper"]) for colour in readable) >= 4.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", MODES)
def test_any_two_series_stay_apart_for_every_reader(mode, vision):
    seen = [lab(VISIONS[vision] @ linear(colour)) for colour in MODES[mode][1]]
    assert min(ciede2000(one, other) for one, other in itertools.combinations(seen, 2)) >= 19.5


@pytest.mark.parametrize("mode", MODES)
def test_what_goes_on_and_what_leaves_differ_without_colour(mode):
    names, _ = MODES[mode]
    assert abs(lab(linear(names["flow"]))[0] - lab(linear(names["gone"]))[0]) >= 15


def test_without_colour_a_series_has_a_dash_and_a_marker_of_its_own():
    assert palette.MAX_SERIES == len(palette.SERIES_DARK) == len(set(palette.MARKERS)) == len(set(palette.DASHES)) == 5


def test_a_colour_stands_for_one_variable_only():
    colours = list(palette.variables().values())
    assert len(set(colours)) == len(colours)
    assert palette.variables().keys() == palette.variables(dark=True).keys()
