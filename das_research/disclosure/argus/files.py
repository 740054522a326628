"""The files of one table: cells, metadata, hierarchies, labels, and two batches, in the form of tau-ARGUS 4.

Source of the forms: P.-P. de Wolf, A. Hundepool and others, "tau-ARGUS User's Manual", version 4.1, chapters 4 and 5.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from das_research.disclosure.argus.names import plain_names
from das_research.disclosure.tables.cells import TOTAL, Cell, Dimension, Status, Table

Codes = tuple[str, ...]

FIELDS = ("value", "freq", "cost", "status", "lower", "upper")
LETTERS = {Status.FREE: "S", Status.WITHHELD: "M", Status.FIXED: "P", Status.PRIMARY: "U"}
LEAD = "@"
OPTIMUM = 1_000  # cells; of more tau-ARGUS looks table by table (Modular)
MINUTES = 5


@dataclass(frozen=True, eq=False)
class ArgusTable:
    """One table for tau-ARGUS.

    Parameters
    ----------
    name : str
        What its files are called.
    table : Table
        With all its totals, and what may become of each cell.
    levels : mapping of tuple of str to (int, int)
        Of each unsafe cell, how far below and above the number a reader must be able to believe it.
    hidden : frozenset of tuple of str
        What gate 3 hides.
    decimals : int
        Numbers are in whole units of so many decimals.
    labels : mapping
        Dimension to code to label.
    rounded : mapping of tuple of str to int
        Where gate 3 rounds: every number as it leaves.
    added : frozenset of tuple of str
        Sub-totals that the release does not show: a reader knows of them what their parts tell.
    """

    name: str
    table: Table
    levels: Mapping[Codes, tuple[int, int]] = field(repr=False)
    hidden: frozenset[Codes] = field(repr=False)
    decimals: int = 0
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    rounded: Mapping[Codes, int] = field(default_factory=dict, repr=False)
    added: frozenset[Codes] = field(default=frozenset(), repr=False)

    @property
    def variables(self) -> dict[str, str]:
        """Name of a dimension to its name in the files."""
        return plain_names((dimension.name for dimension in self.table.dimensions), "d", FIELDS)

    @property
    def codes(self) -> list[dict[str, str]]:
        """Code to code in the files, a dict a dimension."""
        return [plain_names(dimension.parents, "c") | {TOTAL: TOTAL} for dimension in self.table.dimensions]


def argus_files(it: ArgusTable) -> dict[str, str]:
    """The files of one table.

    Parameters
    ----------
    it : ArgusTable
        The table.

    Returns
    -------
    dict of str to str
        File name to text: `NAME.tab` as it was before anything was hidden besides, `NAME.hidden.tab` as gate 3 hides
        it, `NAME.rda` for both, `NAME.<dimension>.hrc` and `.cdl`, and the batches `NAME.protect.arb` and
        `NAME.audit.arb`. Where gate 3 rounds, `NAME.rounded.tab` as it leaves, in the place of what hides.

    Examples
    --------
    >>> kinds = Dimension.flat("soort", ["gw", "wv"])
    >>> cells = {("wv",): Cell(3, Status.PRIMARY), ("gw",): Cell(12), ("_T",): Cell(15, Status.FIXED)}
    >>> hidden = frozenset({("wv",), ("gw",)})
    >>> files = argus_files(ArgusTable("zaken", Table("zaken", (kinds,), cells), {("wv",): (0, 7)}, hidden))
    >>> print(files["zaken.hidden.tab"])
    "wv";3;3;3;U;0;7
    "gw";12;12;12;M;0;0
    "_T";15;15;15;P;0;0
    <BLANKLINE>
    """
    variables = it.variables
    files = {f"{it.name}.tab": _cells(it, frozenset()), f"{it.name}.rda": _lines(_metadata(it))}
    if it.rounded:
        safe = {codes: Cell(it.rounded[codes]) for codes in it.table.cells}
        leaves = replace(it, table=replace(it.table, cells=safe), levels={})
        files[f"{it.name}.rounded.tab"] = _cells(leaves, frozenset())
    else:
        files[f"{it.name}.hidden.tab"] = _cells(it, it.hidden)
        files[f"{it.name}.protect.arb"] = _lines([*_opened(it, "tab"), *_protected(it)])
        written = f'<WRITETABLE> (1,5,AR+,"{it.name}.audit.csv")'
        files[f"{it.name}.audit.arb"] = _lines([*_opened(it, "hidden.tab"), written])
    for dimension, codes in zip(it.table.dimensions, it.codes, strict=True):
        stem = f"{it.name}.{variables[dimension.name]}"
        labels = it.labels.get(dimension.name, {})
        told = [f"{codes[code]},{_one_line(labels.get(code, code))}" for code in dimension.parents]
        files[f"{stem}.cdl"] = _lines(told)
        if _is_hierarchical(dimension):
            files[f"{stem}.hrc"] = _lines(_tree(dimension, codes, TOTAL, 0))
    return files


def _cells(it: ArgusTable, hidden: frozenset[Codes]) -> str:
    names = it.codes
    lines = []
    for codes, cell in it.table.cells.items():
        place = [f'"{known[code]}"' for known, code in zip(names, codes, strict=True)]
        lines.append(";".join([*place, *_numbers(it, codes, cell, codes in hidden)]))
    return _lines(lines)


def _numbers(it: ArgusTable, codes: Codes, cell: Cell, is_hidden: bool) -> list[str]:
    status = Status.WITHHELD if is_hidden and cell.status != Status.PRIMARY else cell.status
    below, above = it.levels.get(codes, (0, 0)) if status == Status.PRIMARY else (0, 0)
    value, lower, upper = (str(Decimal(number).scaleb(-it.decimals)) for number in (cell.value, below, above))
    contributors = max(cell.contributors, 1) if cell.value else 0
    cost = value if cell.value and codes not in it.added else "1"  # what is not shown costs nothing to hide
    return [value, str(contributors), cost, LETTERS[Status(status)], lower, upper]


def _metadata(it: ArgusTable) -> Iterator[str]:
    yield '<SEPARATOR> ";"'
    for word, status in (("SAFE", Status.FREE), ("UNSAFE", Status.PRIMARY), ("PROTECT", Status.FIXED)):
        yield f"<{word}> {LETTERS[status]}"
    for dimension in it.table.dimensions:
        name = it.variables[dimension.name]
        yield from (name, "  <RECODEABLE>", f'  <TOTCODE> "{TOTAL}"', f'  <CODELIST> "{it.name}.{name}.cdl"')
        if _is_hierarchical(dimension):
            yield "  <HIERARCHICAL>"
            yield f'  <HIERCODELIST> "{it.name}.{name}.hrc"'
            yield f'  <HIERLEADSTRING> "{LEAD}"'
    decimals = f"  <DECIMALS> {it.decimals}"
    kinds = ("<NUMERIC>", "<FREQUENCY>", "<NUMERIC> <COST>", "<STATUS>", "<NUMERIC> <LOWERPL>", "<NUMERIC> <UPPERPL>")
    for name, kind in zip(FIELDS, kinds, strict=True):
        yield from (name, f"  {kind}")
        if kind.startswith("<NUMERIC>"):
            yield decimals


def _opened(it: ArgusTable, ending: str) -> Iterator[str]:
    yield f'<OPENTABLEDATA> "{it.name}.{ending}"'
    yield f'<OPENMETADATA> "{it.name}.rda"'
    dimensions = "".join(f'"{name}"' for name in it.variables.values())
    yield f'<SPECIFYTABLE> {dimensions}|"value"||"cost"'
    yield "<SAFETYRULE> MAN(20)"  # no rule but the statuses; the margin is for cells without levels, and none is
    yield "<READTABLE>"


def _protected(it: ArgusTable) -> Iterator[str]:
    method = f"OPT(1,{MINUTES})" if len(it.table.cells) <= OPTIMUM else f"MOD(1,{MINUTES},1,1,1)"
    yield f"<SUPPRESS> {method}"
    yield f'<WRITETABLE> (1,5,AR+,"{it.name}.protected.csv")'


def _is_hierarchical(dimension: Dimension) -> bool:
    return any(parent != TOTAL for parent in dimension.parents.values())


def _tree(dimension: Dimension, names: Mapping[str, str], above: str, depth: int) -> Iterator[str]:
    for code, parent in dimension.parents.items():
        if parent == above:
            yield LEAD * depth + names[code]
            yield from _tree(dimension, names, code, depth + 1)


def _lines(lines: Collection[str] | Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
