"""Whether these deliveries can be built from, asked before anything is computed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import ibis
import ibis.expr.types as ir

from das_research.catalog.agreed import not_covered
from das_research.catalog.models import Catalog
from das_research.errors import BuildRefused
from das_research.intake.delivery import Delivery
from das_research.intake.dependencies import definition_hash
from das_research.linkage.keys import findable


def refuse_unready(catalog: Catalog, deliveries: Sequence[Delivery], today: date | None = None) -> None:
    """Refuse a build that would be incomplete, outdated, without agreement, or of fictitious and real data at once.

    Raises
    ------
    BuildRefused
        With what to type for each dataset concerned.
    """
    if not deliveries:
        raise BuildRefused(
            "There is nothing to build from.",
            why="This home has no delivery of a dataset of this catalogue.",
            fix=_deliver([stage.dataset for stage in catalog.chain.stages]),
        )
    _refuse_out_of_force(catalog, deliveries, today or datetime.now(UTC).date())
    synthetic = [delivery.dataset for delivery in deliveries if delivery.synthetic]
    real = [delivery.dataset for delivery in deliveries if not delivery.synthetic]
    if synthetic and real:
        raise BuildRefused(
            "Fictitious and real deliveries stand in one home.",
            why=f"Fictitious: {_names(synthetic)}. Real: {_names(real)}.",
            fix="Use a home for each: das --home DIR deliver DATASET FILE",
            ask="the steward who delivered them",
        )
    missing = [stage.dataset for stage in catalog.chain.stages if stage.dataset not in synthetic + real]
    if missing:
        raise BuildRefused(
            f"The chain is not complete: no delivery of {_names(missing)}.",
            why="Every stage of the catalogue needs its dataset.",
            fix=_deliver(missing),
        )
    current = {name: definition_hash(catalog, name) for name in catalog.datasets}
    outdated = [it.dataset for it in deliveries if it.definition_hash != current[it.dataset]]
    if outdated:
        raise BuildRefused(
            f"Deliveries of {_names(outdated)} were read by an older definition.",
            why="The catalogue changed since: it may now ask for other columns, keys or checks.",
            fix="Deliver the same files again. " + _deliver(outdated),
        )


def _refuse_out_of_force(catalog: Catalog, deliveries: Sequence[Delivery], today: date) -> None:
    found = {it.dataset: not_covered(catalog, it.dataset, today) for it in deliveries}
    reason = next((it for it in found.values() if it), None)
    if reason:
        raise BuildRefused(
            f"Deliveries of {_names([name for name, it in found.items() if it])} may not be used.",
            why=f"The agreement {reason.agreement} {reason.why}",
            fix=f"das retention run, which destroys them; or, {reason.fix}",
            ask=reason.ask,
        )


def refuse_damaged(catalog: Catalog, deliveries: Sequence[Delivery], accepted: Mapping[str, ir.Table]) -> None:
    """Refuse when the stored rows aren't those that gate 1 accepted, each with the key of what it tells of, or
    all of it but the number of a person.

    Parameters
    ----------
    catalog : Catalog
        The keys of each dataset's rows.
    deliveries : sequence of Delivery
        Their manifests say how many rows were accepted.
    accepted : mapping of str to Table
        Dataset to the stored rows.

    Raises
    ------
    BuildRefused
        Naming the deliveries whose numbers differ.
    """
    counts = []
    for name, rows in accepted.items():
        sets = catalog.datasets[name].row_keys
        complete = [ibis.and_(ibis.literal(True), *(rows[it].notnull() for it in keys)) for keys in sets or ((),)]
        if catalog.datasets[name].subject == "case":
            complete.append(findable(rows, catalog.datasets[name]))
        counts.append(rows.group_by("delivery").agg(rows=rows.count(where=ibis.or_(*complete))))
    found = {count["delivery"]: count["rows"] for count in ibis.union(*counts).to_pyarrow().to_pylist()}
    damaged = [it for it in deliveries if found.get(it.id, 0) != it.accepted]
    if damaged:
        raise BuildRefused(
            f"The stored rows of {_names([it.id for it in damaged])} are not those that were accepted.",
            why="; ".join(f"{it.id}: {it.accepted} accepted, {found.get(it.id, 0)} with a key" for it in damaged),
            fix="Put the folder back from the backup, or withdraw the delivery and deliver the file again.",
            ask="the steward who keeps the warehouse",
        )


def _names(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _deliver(datasets: Sequence[str]) -> str:
    return "; ".join(f"das deliver {name} FILE" for name in dict.fromkeys(datasets))
