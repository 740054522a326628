"""What the last look found, told by cells: for each group the numbers that tell it, with where each of them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from das_research.disclosure.attacker.attack import Leak
from das_research.disclosure.attacker.explained import Proof, Term, proofs_of
from das_research.disclosure.attacker.known import Bound, Seen
from das_research.disclosure.attacker.readings import OUTCOME, WAYS, YES
from das_research.disclosure.judge import Judged
from das_research.presentation.addresses import MEASURE, axis_title, label
from das_research.result import TOTAL, Result
from das_research.style.numbers import LANGUAGES

MOST = 20  # groups that are told by cells; of the others only how many
Table = tuple[str, str]  # release, empty for what is about to leave, and name of the Result


@dataclass(frozen=True)
class Findings:
    """Why a hand-over was refused.

    Parameters
    ----------
    groups : int
        How many groups can be told; of those told by cells each once.
    told : tuple of (Leak, tuple of Proof)
        The first of them, those told by the fewest numbers first.
    own : tuple of str
        Names of the Results of the hand-over that tell them; all that were read where no sum tells one of them.
    earlier : tuple of (str, str)
        Release and name of what left before and tells them too.
    ways : tuple of str
        How they are told.
    tables : mapping
        Release and name to the Result as its readers have it, or would have.
    """

    groups: int
    told: tuple[tuple[Leak, tuple[Proof, ...]], ...]
    own: tuple[str, ...]
    earlier: tuple[Table, ...]
    ways: tuple[str, ...]
    tables: Mapping[Table, Result]

    @property
    def is_new(self) -> bool:
        """Whether the hand-over has a part in it; else what left before tells it by itself."""
        return bool(self.own)


def findings_of(judged: Judged) -> Findings:
    """What was found of a hand-over that is refused.

    Parameters
    ----------
    judged : Judged
        As gate 3 judged it.
    """
    look = judged.look
    releases = {"": judged.results} | {release.id: release.results for release in judged.before}
    names = {release: list(results) for release, results in releases.items()}
    proofs = proofs_of(look.leaks[:MOST], look.now, look.before, look.outside, alone=look.alone)
    once = dict[Any, tuple[Leak, tuple[Proof, ...]]]()
    for leak, some in zip(look.leaks[:MOST], proofs, strict=True):
        once.setdefault(_seen(leak, some), (leak, some))
    told = sorted(once.values(), key=lambda it: _size(it[1]))
    cells = [cell for leak in look.leaks for cell in leak.cells]
    cells += [it.told_by for _, some in told for one in some for it in one.terms if isinstance(it.told_by, Seen)]
    if not all(proofs):  # whole tables tell it, and any that was read can have a part in it
        cells += look.now
    used = sorted({(cell.release, names[cell.release][cell.file]) for cell in cells})
    return Findings(
        len(told) + max(len(look.leaks) - MOST, 0),
        tuple(told),
        tuple(name for release, name in used if not release),
        tuple((release, name) for release, name in used if release),
        tuple(sorted({leak.how for leak in look.leaks})),
        {(release, name): result for release, results in releases.items() for name, result in results.items()},
    )


def _seen(leak: Leak, proofs: Sequence[Proof]) -> tuple[Any, ...]:
    """What a reader sees of it: a hidden cell and a difference that the same sum tells are one group."""
    used = [it.told_by for proof in proofs for it in proof.terms] or leak.cells
    return tuple((it.release, it.file, it.place, _outcome(it)) if isinstance(it, Seen) else it for it in used)


def _outcome(cell: Seen) -> frozenset[str]:
    return dict(cell.where).get(OUTCOME, frozenset())


def _size(proofs: Sequence[Proof]) -> int:
    return sum(len(proof.terms) for proof in proofs) or 1_000


def document_of(findings: Findings) -> list[dict[str, Any]]:
    """The groups as JSON values: for output checkers alone, since they hold what nobody else may read.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of dict
        Of each group ``how`` it is told, by which ``cells``, ``least`` and ``most`` units, and the ``sums`` that show
        it: ``terms`` (the cell with ``times`` and ``number``, and ``is_known``: false of a hidden cell, of which the
        number is the least that is known), what they come to (``number``), and whether that is the ``most`` or the
        ``least`` it can be, or ``all``.
    """
    return [
        {
            "how": leak.how,
            "cells": [_cell(cell, findings.tables) for cell in leak.cells],
            "least": leak.low,
            "most": leak.high,
            "sums": [
                {
                    "terms": [_term(term, findings.tables) for term in proof.terms],
                    "number": str(proof.number),
                    "tells": "all" if proof.is_all else "most" if proof.is_most else "least",
                }
                for proof in proofs
            ],
        }
        for leak, proofs in findings.told
    ]


def _term(term: Term, tables: Mapping[Table, Result]) -> dict[str, Any]:
    about = term.told_by
    where = _published(about) if isinstance(about, Bound) else _cell(about, tables)
    return where | {"times": str(term.times), "number": term.number, "is_known": term.is_known}


def _published(bound: Bound) -> dict[str, Any]:
    codes = " + ".join(
        ", ".join(f"{name}={'+'.join(sorted(some))}" for name, some in where) for _, where in bound.parts
    )
    return {"release": "", "table": bound.source, "part": "published", "cell": dict.fromkeys(LANGUAGES, codes)}


def _cell(cell: Seen, tables: Mapping[Table, Result]) -> dict[str, Any]:
    names = [name for release, name in tables if release == cell.release]
    name = names[cell.file]
    result = tables[cell.release, name]
    words = {}
    for language in LANGUAGES:
        said = []
        for column, code in cell.place:
            if column == MEASURE:
                said.append(label(result, column, code, language))
            elif column in result.dimensions and code != TOTAL:
                said.append(f"{axis_title(result, column, language)}: {label(result, column, code, language)}")
            elif column not in result.dimensions:
                said.append(label(result, column, code, language))
        words[language] = ", ".join(said)
    where = {"release": cell.release, "table": name, "part": _part(cell, result), "cell": words}
    return where | {"number": cell.value}


def _part(cell: Seen, result: Result) -> str:
    """Which number of units of a row it is: its value, or that above or below the line, or what lies between."""
    row = dict(cell.place)
    table = result.table
    same = (table.measure == row[MEASURE]) & (table.denominator.notna() | (table.unit == "percent"))
    where = dict(cell.where)
    if OUTCOME in where:
        yes = WAYS.get(result.recipe.function, {}).get(row[MEASURE], YES)
        return "numerator" if where[OUTCOME] == yes else "complement"
    return "denominator" if same.any() else "value"
