"""Columns of a partner's file before anyone spells them: codes by position, dates, numbers, serials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from das_research.synthetic import identifiers
from das_research.synthetic.chance import Flags, Whole
from das_research.synthetic.identifiers import Serials


@dataclass(frozen=True)
class Coded:
    """Codes or names by their position in a list; -1 is missing."""

    names: tuple[str, ...]
    place: Whole

    def __getitem__(self, rows: Whole | Flags) -> "Coded":
        return Coded(self.names, self.place[rows])

    def __len__(self) -> int:
        return len(self.place)

    def text(self) -> pa.Array:
        """The names themselves; a missing one is null."""
        return looked_up(self.names, self.place)


Column = np.ndarray | Coded | Serials


@dataclass(frozen=True)
class Rows:
    """The true rows of one partner's file.

    Parameters
    ----------
    dataset : str
        The dataset's id.
    entity : array of int
        A number for each row that nothing else has, for draws.
    columns : mapping
        Variable to its values.
    case_id, person_id : array of int
        Whom and what the row is about; -1 where nothing.
    """

    dataset: str
    entity: Whole
    columns: Mapping[str, Column]
    case_id: Whole = field(default_factory=lambda: np.array([], dtype=np.int64))
    person_id: Whole = field(default_factory=lambda: np.array([], dtype=np.int64))

    def __post_init__(self) -> None:
        for name in ("case_id", "person_id"):
            if len(getattr(self, name)) != len(self.entity):
                object.__setattr__(self, name, np.full(len(self.entity), -1))

    def __len__(self) -> int:
        return len(self.entity)

    def only(self, rows: Whole | Flags) -> "Rows":
        """These rows alone, in this order."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Rows(self.dataset, self.entity[rows], columns, self.case_id[rows], self.person_id[rows])


def looked_up(names: Sequence[str], place: Whole) -> pa.Array:
    """Names by position; null for a negative position."""
    known = pa.array(place.astype(np.int32), mask=place < 0)
    return pa.DictionaryArray.from_arrays(known, pa.array(names, pa.string())).cast(pa.string())


def true_values(column: Column) -> pa.Array:
    """The values as the truth has them: normalised identifiers, unified codes, dates, numbers."""
    if isinstance(column, Coded):
        return column.text().dictionary_encode()
    if isinstance(column, Serials):
        return identifiers.normal(column)
    if column.dtype.kind == "f":
        return pa.array(column, mask=np.isnan(column))
    return pa.array(column)  # a date that is not known is null
