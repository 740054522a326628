"""Checks of a whole file: a key that occurs twice, and real identifiers among fictitious ones."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from das_research.catalog.agreed import not_covered
from das_research.catalog.models import Catalog, Dataset
from das_research.engines import only_row
from das_research.home import Home
from das_research.intake.check import REASON, Checked
from das_research.intake.count import Counts
from das_research.intake.delivery import Delivery, destroyed_deliveries
from das_research.intake.dependencies import domains
from das_research.intake.file import SHOWN, DeliveredFile, rows_in_words
from das_research.intake.rules import severities_of


def refuse_erased(
    home: Home, known: Sequence[Delivery], dataset: Dataset, file: DeliveredFile, content: str = ""
) -> None:
    """Refuse a file from which rows were erased before: it would bring them back.

    Parameters
    ----------
    home : Home
        Where destroyed deliveries left a note.
    known : sequence of Delivery
        Those that stand.
    dataset, file : Dataset, DeliveredFile
        What is delivered.
    content : str
        Hash of what it holds, once it could be unpacked: packed in another way it is the same file.

    Raises
    ------
    DeliveryRefused
        Also when that delivery is gone since.
    """
    erased = [(it.dataset, {it.file_sha256, it.content_sha256}) for it in known if it.erased]
    erased += [
        (it["dataset"], {it["file_sha256"], it.get("content_sha256", "")})
        for it in destroyed_deliveries(home)
        if it["erased"]
    ]
    sent = {file.sha256, content} - {""}
    if any(of == dataset.id and sent & hashes for of, hashes in erased):
        raise file.refuse(
            "It was delivered before, and rows of it were erased for the persons they are about.",
            "Send a new file, without the persons who asked for erasure.",
        )


def refuse_out_of_force(catalog: Catalog, dataset: Dataset, file: DeliveredFile, today: date) -> None:
    """Refuse a file of a dataset whose agreement has not begun, has ended or was withdrawn.

    Raises
    ------
    DeliveryRefused
        With the partner to ask.
    """
    if found := not_covered(catalog, dataset.id, today):
        raise file.refuse(f"The agreement {found.agreement} {found.why}", found.fix, found.ask)


def refuse_duplicates(rows: ir.Table, dataset: Dataset, file: DeliveredFile) -> None:
    """Refuse a file in which a key that must be unique occurs twice; a key with a missing part is no key.

    Raises
    ------
    DeliveryRefused
        With the number of such keys and the first rows that hold them.
    """
    if not dataset.unique or severities_of(dataset, "not-unique", dataset.unique[0]):
        return
    names = list(dataset.unique)
    complete = rows.filter(*(rows[name].notnull() for name in names))
    twice = complete.group_by(names).having(complete.count() > 1).agg()
    keys = twice.count().to_pyarrow().as_py()
    if keys:
        count, first = _first_rows(complete.semi_join(twice, names))
        raise file.refuse(
            f"{keys} {'key occurs' if keys == 1 else 'keys occur'} more than once in {', '.join(names)}, "
            f"which {'together ' if len(names) > 1 else ''}must be unique. {rows_in_words(first, count)}.",
            "Send a file with one row a key.",
        )


def refuse_by_rule(checked: Checked, counts: Counts, file: DeliveredFile) -> None:
    """Refuse a file in which a rule holds for a larger share of rows than the catalogue tolerates.

    Raises
    ------
    DeliveryRefused
        With the first such rule, the share, and the first rows.
    """
    rows = {rule.rule: rule.rows for rule in counts.rules}
    delivered = counts.accepted + counts.quarantined
    for rule in (*checked.of_rows, *checked.of_values):
        found = rows.get(rule.name, 0)
        if rule.tolerated is not None and found > rule.tolerated * delivered:
            table = checked.table
            holds = table[REASON] == rule.name if rule in checked.of_rows else table[rule.name]
            count, first = _first_rows(table.filter(holds))
            raise file.refuse(
                f"The rule {rule.name} holds in {found} of {delivered} rows; the catalogue tolerates "
                f"{rule.tolerated:.1%}. {rows_in_words(first, count)}.",
                "Mend these rows and send the whole file again.",
            )


def refuse_unusable(counts: Counts, file: DeliveredFile) -> None:
    """Refuse a file of which no row is accepted: it would take the place of rows that can be used.

    Raises
    ------
    DeliveryRefused
        With the rules that hold in most rows.
    """
    if counts.accepted:
        return
    rules = [it for it in sorted(counts.rules, key=lambda it: -it.rows) if it.effect != "marked"][:SHOWN]
    raise file.refuse(
        f"None of its {counts.quarantined} rows can be used: "
        f"{', '.join(f'{it.rule} holds in {it.rows}' for it in rules)}.",
        "See whether the columns are written as the catalogue says, and send the whole file again.",
    )


def is_synthetic(rows: ir.Table, catalog: Catalog, dataset: Dataset, file: DeliveredFile) -> bool:
    """Whether every identifier is one that can't exist.

    Parameters
    ----------
    rows : Table
        With normalised identifiers.
    catalog : Catalog
        Its identifier domains know what a fictitious identifier looks like; a domain without that has no say.
    dataset : Dataset
        The dataset of the file.
    file : DeliveredFile
        The file, to refuse it.

    Returns
    -------
    bool
        False when no identifier is fictitious.

    Raises
    ------
    DeliveryRefused
        When some are and others are not.
    """
    patterns = {name: domain.synthetic for name, domain in domains(catalog, dataset).items() if domain.synthetic}
    if not patterns:
        return False
    fictitious = [rows[name].re_search(f"^(?:{pattern})$") for name, pattern in patterns.items()]
    any_real, any_invented = ibis.or_(*((~it).any() for it in fictitious)), ibis.or_(*(it.any() for it in fictitious))
    found = only_row(rows.aggregate(real=any_real, invented=any_invented))
    if found["real"] and found["invented"]:
        real = ibis.or_(*((~it).fill_null(False) for it in fictitious))
        invented = ibis.or_(*(it.fill_null(False) for it in fictitious))
        mixed = only_row(rows.aggregate(real=real.sum(), invented=invented.sum()))
        kind, holds = ("real", real) if mixed["real"] <= mixed["invented"] else ("fictitious", invented)
        count, first = _first_rows(rows.filter(holds))
        numbers = [
            (~it).fill_null(False) & rows[name].re_search("[0-9]")
            for name, it in zip(patterns, fictitious, strict=True)
        ]
        if kind == "real" and not only_row(rows.aggregate(any=ibis.or_(*numbers).any()))["any"]:
            raise file.refuse(
                f"{rows_in_words(first, count)}: words stand where identifiers should, as in a second header or a line "
                "of totals.",
                "Leave that line out and send the whole file again.",
            )
        raise file.refuse(
            f"It mixes real and fictitious identifiers. {rows_in_words(first, count)}: {kind}, the others not.",
            "Deliver real and fictitious cases in separate files, to separate homes.",
        )
    return bool(found["invented"])


def _first_rows(rows: ir.Table) -> tuple[int, list[int]]:
    first = rows.select("row").order_by("row").limit(SHOWN).to_pyarrow()["row"].to_pylist()
    return rows.count().to_pyarrow().as_py(), first
