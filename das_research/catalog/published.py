"""Published totals one by one: what a file, a series and a value say of a number, brought together."""

from collections.abc import Iterator
from dataclasses import dataclass

from das_research.catalog.models import (
    Calibration,
    NumberKind,
    PublicationStatus,
    Published,
    PublishedSeries,
    PublishedValue,
    Text,
    Tolerance,
)

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "persons_present": ("table", "begin", "end"),
    "suspects_of_age": ("age",),
    "two_year_reoffending": ("population", "index"),
}


@dataclass(frozen=True)
class Total:
    """One published number with everything that is known of it.

    Parameters
    ----------
    entry : Published
        The file it stands in.
    name : str
        Its series in the file.
    series : PublishedSeries
        The series.
    year : int
        Of which it was published.
    value : float
        The number.
    status : tuple of str
        How its publisher marks it.
    rounding : float or None
        The step it is rounded to.
    source : str or None
        Where it was read.
    words : str or None
        What the publication says of it.
    """

    entry: Published
    name: str
    series: PublishedSeries
    year: int
    value: float
    status: tuple[PublicationStatus, ...]
    rounding: float | None
    source: str | None
    words: str | None

    @property
    def title(self) -> Text:
        """What is counted."""
        return self.series.title or self.entry.title

    @property
    def unit(self) -> Text:
        """In what it is counted."""
        return self.series.unit or self.entry.unit

    @property
    def kind(self) -> NumberKind:
        """How the number behaves."""
        return self.series.kind or self.entry.kind

    @property
    def not_counted(self) -> Text | None:
        """Why no synthetic number stands beside it."""
        counted = self.series.count or self.series.function
        return None if counted else self.series.not_counted or self.entry.not_counted


def totals(entry: Published) -> Iterator[Total]:
    """Every number of a file, in the order in which they stand there.

    Examples
    --------
    >>> from das_research.catalog import load_catalog
    >>> published = load_catalog("data_catalog").published["instroom-om"]
    >>> next(totals(published)).value
    258000
    """
    for name, series in entry.series.items():
        for value in series.values:
            yield total_of(entry, name, series, value)


def total_of(entry: Published, name: str, series: PublishedSeries, value: PublishedValue) -> Total:
    """One number, with what its series and its file say where it says nothing itself."""
    levels = (value, series, entry)
    status, rounding, source, words = (
        next((found for level in levels if (found := getattr(level, field))), None)
        for field in ("status", "rounding", "source", "words")
    )
    return Total(entry, name, series, value.year, value.value, status or (), rounding, source, words)


def tolerance_of(calibration: Calibration, total: Total) -> Tolerance | None:
    """The first tolerance of the catalogue that is about this number."""
    for tolerance in calibration.tolerances:
        if tolerance.kinds and total.kind not in tolerance.kinds:
            continue
        if tolerance.status and not set(tolerance.status) & set(total.status):
            continue
        return tolerance
    return None


def width_of(tolerance: Tolerance, total: Total) -> float | None:
    """How far a number may be from a published one, in its own unit: the widest of what the tolerance allows.

    Examples
    --------
    >>> entry = Published.model_validate({
    ...     "id": "zaken", "title": "Zaken", "theme": "vervolging", "unit": "zaak",
    ...     "series": {"alle": {"values": [{"year": 2018, "value": 170000, "rounding": 1000}]}}})
    >>> width_of(Tolerance(steps=0.5), next(totals(entry)))
    500.0
    """
    widths = [
        tolerance.percent and abs(total.value) * tolerance.percent / 100,
        tolerance.points,
        tolerance.steps and total.rounding and tolerance.steps * total.rounding,
    ]
    return max((width for width in widths if width), default=None)
