"""How two records are compared, field by field: levels from equal to different, as Splink comparisons.

A kind of field has its levels once, for every chain. What the levels weigh is trained and stands in the model file.
"""

from collections.abc import Mapping
from typing import Any

from das_research.catalog.models import FieldKind, Linkage, LinkageField, LinkageModel
from das_research.errors import BuildRefused

LEVELS: dict[FieldKind, tuple[str, ...]] = {
    "name": ("equal", "part of the other", "nearly equal", "alike", "different"),
    "initials": ("equal", "one begins the other", "same first", "different"),
    "date": ("equal", "one digit or two swapped", "within a month", "same year", "different"),
    "year": ("equal", "one year apart", "different"),
    "code": ("equal", "different"),
    "place": ("equal", "nearly equal", "different"),
    "number": ("equal", "one or two characters apart", "different"),
    "shared": ("one in common", "none in common"),
}
WITH_FREQUENCIES: tuple[FieldKind, ...] = ("name", "initials", "place")


def comparisons(linkage: Linkage, model: LinkageModel | None = None) -> list[Any]:
    """The comparisons of a chain, with the weights of a model where there is one.

    Parameters
    ----------
    linkage : Linkage
        The fields of the catalogue.
    model : LinkageModel, optional
        What training found; without it Splink starts from its own guesses.

    Returns
    -------
    list
        Splink comparisons, in the order of the fields.

    Raises
    ------
    BuildRefused
        When the model was trained for other fields or levels.
    """
    from splink.comparison_library import CustomComparison

    found = []
    for name, field in linkage.fields.items():
        weights = _weights(name, field, model) if model else None
        levels = []
        for label, level in _levels(name, field).items():
            if label in LEVELS[field.kind] and weights is not None:
                level = level.configure(m_probability=weights[label][0], u_probability=weights[label][1])
            levels.append(level.configure(label_for_charts=label))
        found.append(CustomComparison(levels, output_column_name=name))
    return found


def _weights(name: str, field: LinkageField, model: LinkageModel) -> Mapping[str, tuple[float, float]]:
    trained = model.fields.get(name)
    if trained is None or set(trained) != set(LEVELS[field.kind]):
        raise BuildRefused(
            f"The linkage model does not fit the catalogue: field '{name}'.",
            why="It was trained for other fields or kinds of comparison.",
            fix="das snapshot train FOLDER",
            ask="the data steward who maintains the catalogue",
        )
    return {label: (level.m, level.u) for label, level in trained.items()}


def _levels(name: str, field: LinkageField) -> dict[str, Any]:
    """Label to Splink level: missing first, then from equal to different."""
    import splink.comparison_level_library as cll

    def custom(sql: str) -> Any:
        return cll.CustomLevel(sql.replace("$", name), base_dialect_str="duckdb")

    missing: Any = cll.NullLevel(name)
    if field.unless:
        both = f"({field.unless}_l is not null and {field.unless}_r is not null)"
        missing = custom(f"$_l is null or $_r is null or {both}").configure(is_null_level=True)
    frequencies = field.kind in WITH_FREQUENCIES
    equal: Any = cll.ExactMatchLevel(name, term_frequency_adjustments=frequencies)
    steps: dict[FieldKind, list[Any]] = {
        "name": [
            equal,
            custom("length($_l) >= 3 and length($_r) >= 3 and (contains($_l, $_r) or contains($_r, $_l))"),
            cll.JaroWinklerLevel(name, 0.92),
            cll.JaroWinklerLevel(name, 0.8),
        ],
        "initials": [
            equal,
            custom("starts_with($_l, $_r) or starts_with($_r, $_l)"),
            custom("left($_l, 1) = left($_r, 1)"),
        ],
        "date": [
            equal,
            custom(
                "damerau_levenshtein(strftime($_l, '%Y%m%d'), strftime($_r, '%Y%m%d')) <= 1 or "
                "(year($_l) = year($_r) and month($_l) = day($_r) and day($_l) = month($_r))"
            ),
            custom("abs(date_diff('day', $_l, $_r)) <= 31"),
            custom("year($_l) = year($_r)"),
        ],
        "year": [equal, custom("abs($_l - $_r) = 1")],
        "code": [equal],
        "place": [equal, cll.JaroWinklerLevel(name, 0.88)],
        "number": [equal, cll.DamerauLevenshteinLevel(name, 2)],
        "shared": [cll.ArrayIntersectLevel(name, 1)],
    }
    found = [*steps[field.kind], cll.ElseLevel()]
    return {"missing": missing} | dict(zip(LEVELS[field.kind], found, strict=True))
