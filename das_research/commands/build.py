"""`das build` and `das snapshot`: the warehouse."""

from pathlib import Path
from typing import Annotated, Any

import typer

from das_research.commands.context import (
    JsonOption,
    print_json,
    print_list,
    print_table,
    print_text,
    state_of,
    yes_or_no,
)


def register(app: typer.Typer) -> None:
    """Add the sub-commands to `das`."""
    app.command("build")(build)
    noun = typer.Typer(no_args_is_help=True, help="The warehouse as each build left it.")
    noun.command("list")(list_)
    noun.command("show")(show)
    noun.command("linkage")(linkage)
    noun.command("train")(train)
    app.add_typer(noun, name="snapshot")


def build(context: typer.Context) -> None:
    """Link and harmonise what was delivered into one snapshot."""
    from das_research.warehouse.build import build as make

    state = state_of(context)
    snapshot = make(state.catalog(), state.home)
    print_text(f"{snapshot.id}: " + ", ".join(f"{rows} {name}" for name, rows in snapshot.tables.items()))
    for dataset, rules in snapshot.set_aside.items():
        told = ", ".join(f"{rows} by {rule}" for rule, rows in rules.items())
        print_text(f"Left out of {dataset}: {told}. Of which deliveries: das snapshot show {snapshot.id}")


def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """List every snapshot."""
    from das_research.warehouse.snapshot import list_snapshots

    snapshots = list_snapshots(state_of(context).home)
    headings = ("snapshot", "deliveries", "cases", "observed until", "synthetic")
    rows = [
        (it.id, len(it.deliveries), it.tables["cases"], it.observed_until, yes_or_no(it.synthetic)) for it in snapshots
    ]
    print_list(headings, rows, as_json, empty="No snapshots yet. Type: das build")


def show(
    context: typer.Context,
    snapshot_id: Annotated[str, typer.Argument(metavar="ID", help="A snapshot, from das snapshot list.")],
) -> None:
    """Show one snapshot: what it was built from, its tables, and how well they were linked."""
    from das_research.warehouse.snapshot import read_snapshot

    snapshot = read_snapshot(state_of(context).home, snapshot_id)
    of_rows = ("accepted", "superseded", "set_aside", "in_snapshot")
    accounts = [(it, *(snapshot.rows.get(it, {}).get(name) for name in of_rows)) for it in snapshot.deliveries]
    print_table(("delivery", "accepted", "superseded", "set aside", "in the snapshot"), accounts)
    print_table(("table", "rows"), snapshot.tables.items())
    linkage = [(dataset, f"{100 * share:.1f}%") for dataset, share in snapshot.linkage.items()]
    print_table(("dataset", "cases an earlier stage knows"), linkage)
    references = [
        (rule, it["rows"], f"{100 * it['known'] / it['rows']:.1f}%") for rule, it in snapshot.references.items()
    ]
    print_table(("refers to", "rows", "held there"), references)
    across = [
        (dataset, rule, rows, told)
        for told, counts in (("set aside", snapshot.set_aside), ("marked", snapshot.marked))
        for dataset, rules in counts.items()
        for rule, rows in rules.items()
    ]
    print_table(("dataset", "rule across tables", "rows", "what was done"), across, empty="No rule across tables held.")
    print_table(("contradiction", "known", "contradicting"), _contradictions(snapshot.contradictions))


def _contradictions(counts: dict[str, Any]) -> list[tuple[str, int | None, int]]:
    if not counts:
        return []  # of a snapshot that was built before they were counted
    persons, several, orders = (counts[name] for name in ("persons", "cases_with_several_persons", "orders"))
    return [
        *((f"persons with two values of {name}", it["known"], it["several"]) for name, it in persons.items()),
        ("cases with several persons", None, several),
        *((f"{name}, reversed", it["cases"], it["reversed"]) for name, it in orders.items()),
    ]


def linkage(
    context: typer.Context,
    snapshot_id: Annotated[str | None, typer.Argument(metavar="ID", help="A snapshot; default the current.")] = None,
    truth: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of das synthetic: how right the links are.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV file of labelled pairs of rows: how right the links are.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how well a snapshot was linked: by whom with whom, by which evidence, and for whom not."""
    from das_research.warehouse.linkage import quality_against_labels, quality_against_truth, quality_rows
    from das_research.warehouse.snapshot import read_snapshot

    state = state_of(context)
    snapshot = read_snapshot(state.home, snapshot_id)
    catalog = state.catalog() if truth or labels else None
    right = []
    if catalog and truth:
        right += quality_against_truth(catalog, state.home, snapshot, truth)
    if catalog and labels:
        right += quality_against_labels(catalog, state.home, snapshot, labels)
    rows = quality_rows(state.home, snapshot)
    if as_json:
        print_json({"snapshot": snapshot.id, "linkage_quality": rows, "pairs": [it.to_dict() for it in right]})
        return
    every = [it for it in rows if it["measure"] == "pair" and it["year"] is None and it["attribute"] is None]
    counts = ("rows", "exact", "likely", "unlinked")
    headings = ("linked by", "rows of", "held by", "rows", "by number", "likely", "not")
    print_table(headings, [(it["subject"], it["dataset"], it["other"], *(it[name] for name in counts)) for it in every])
    sizes = [(it["subject"], it["code"], it["rows"]) for it in rows if it["measure"] == "size"]
    print_table(("of", "rows together", "how many"), sizes)
    print_table(("subject", "attribute", "code", "linked", "not linked"), _compared(rows))
    if right:
        headings = ("subject", "rows of", "with rows of", "true pairs", "found", "precision", "recall")
        print_table(headings, [_right(it) for it in right])


def _compared(rows: list[dict[str, Any]]) -> list[tuple[str, str, str | None, str, str]]:
    """Of each attribute the shares of its codes among rows that some dataset holds and among rows that it doesn't."""
    linked: dict[tuple[str, str], dict[str | None, list[int]]] = {}
    for it in rows:
        if it["measure"] == "pair" and it["attribute"] is not None:
            counts = linked.setdefault((it["subject"], it["attribute"]), {}).setdefault(it["code"], [0, 0])
            counts[0] += it["exact"] + it["likely"]
            counts[1] += it["unlinked"]
    found = []
    for (subject, attribute), codes in linked.items():
        totals = [max(sum(counts[side] for counts in codes.values()), 1) for side in (0, 1)]
        for code, counts in sorted(codes.items(), key=lambda each: (each[0] is None, each[0] or "")):
            shares = [f"{100 * count / total:.1f}%" for count, total in zip(counts, totals, strict=True)]
            found.append((subject, attribute, code, shares[0], shares[1]))
    return found


def _right(it: Any) -> tuple[str, str, str, int, int, str, str]:
    shares = ("" if share is None else f"{share:.5f}" for share in (it.precision, it.recall))
    precision, recall = shares
    return it.subject, it.dataset, it.other, it.true, it.found, precision, recall


def train(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds a file of every dataset that is compared.")],
    seed: Annotated[int, typer.Option(help="Of the sample; the same seed and files give the same model.")] = 1,
) -> None:
    """Train the linkage of the catalogue on files; nothing of them is stored but the weights."""
    from das_research.linkage.train_files import train_on_files, write_model

    state = state_of(context)
    catalog = state.catalog()
    model = train_on_files(catalog, folder, seed)
    linkage = catalog.chain.linkage
    assert linkage is not None, "it was trained"
    path = state.catalog_dir / linkage.model
    write_model(model, path)
    print_table(("blocking rule", "pairs"), model.pairs.items())
    print_text(f"Trained on {model.records} records. Review {path} and commit it.")
