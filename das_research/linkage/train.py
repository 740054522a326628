"""Training: what agreement and difference of each field weigh, found once, for review; a build only reads it."""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Linkage, LinkageModel, TrainedLevel
from das_research.engines import keep
from das_research.errors import UsageError
from das_research.linkage.comparisons import LEVELS
from das_research.linkage.priors import estimated_priors, least_weight, persons_of
from das_research.linkage.scoring import blocking_rule, pair_counts, scored_pairs, splink_linker

SAMPLE = 5e6  # pairs from which it is learned how often two persons agree by chance
RARE, NEVER = 1e-3, 1e-6  # the least that m and u are: what training never saw is rare, not impossible
LITTLE = 0.5  # of two lists with nothing in common: most are far from complete, so that it tells little
ENOUGH = 1000  # pairs that a number holds together, from which it is learned how often the records of one person agree


def train(engine: Backend, records: ir.Table, linkage: Linkage, *, seed: int, synthetic: bool) -> LinkageModel:
    """Learn the weights from records alone, without labels.

    How often two persons agree by chance (u) is counted in a random sample with a fixed seed. How often the records of
    one person agree (m) is found by expectation maximisation: among records that a number holds together, of which few
    are not of one person, or where there are none among the pairs of every blocking rule.

    Parameters
    ----------
    engine : Backend
        Holds the records.
    records : Table
        As for `splink_linker`, with ``keyed`` and ``rows`` of the node.
    linkage : Linkage
        Fields, rules, and the limit of pairs.
    seed : int
        Of the sample.
    synthetic : bool
        Whether the records are fictitious.

    Returns
    -------
    LinkageModel
        The model, rounded so that it reads well.

    Raises
    ------
    UsageError
        When a blocking rule gives more pairs than the catalogue allows.
    """
    records = keep(engine, records.order_by("record"))  # a sample follows the order
    pairs = pair_counts(records, linkage)
    for rule, count in pairs.items():
        if count > linkage.most_pairs:
            raise UsageError(
                f"The blocking rule {rule} gives {count:,} pairs.",
                why=f"The catalogue allows {linkage.most_pairs:,} (most_pairs).",
                fix="Add a field to the rule.",
                ask="the data steward who maintains the catalogue",
            )
    with splink_linker(engine, records, linkage, condition="true") as linker:
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLE, seed=seed, min_count_per_level=None)
        for rule in _training_rules(records, linkage):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        settings = linker.misc.save_model_to_json()
    model = LinkageModel(
        fields=_weights(linkage, settings),
        pairs=dict(pairs),
        records=int(records.count().execute()),
        with_keys=RARE,
        without_keys=0.5,
        seed=seed,
        synthetic=synthetic,
    )
    scored = scored_pairs(engine, records, linkage, model, least_weight(persons_of(records)))
    priors = estimated_priors(engine, records, scored, model)
    return model.model_copy(update={"with_keys": priors.with_keys, "without_keys": priors.without_keys})


def _training_rules(records: ir.Table, linkage: Linkage) -> list[Any]:
    """Where m is learned: among the records that a number holds together, else among those of each blocking rule."""
    from splink.blocking_rule_library import CustomRule

    of_node = records.group_by("node").agg(size=records.count())
    if int((of_node["size"] - 1).sum().execute()) >= ENOUGH:
        return [CustomRule("l.node = r.node")]
    plain = [it for it in linkage.blocking if not any(linkage.fields[name].kind == "shared" for name in it)]
    return [blocking_rule(linkage, it) for it in plain]  # Splink can't learn from lists


def _weights(linkage: Linkage, settings: Mapping) -> dict[str, dict[str, TrainedLevel]]:
    """Of every field its levels, rounded so that they read well."""
    found: dict[str, dict[str, TrainedLevel]] = {}
    for comparison in sorted(settings["comparisons"], key=lambda each: each["output_column_name"]):
        name = comparison["output_column_name"]
        kind = linkage.fields[name].kind
        known = {level["label_for_charts"]: level for level in comparison["comparison_levels"]}
        found[name] = {}
        for label in LEVELS[kind]:
            m, u = (known[label].get(f"{which}_probability") or 0 for which in "mu")
            least = LITTLE if kind == "shared" else RARE
            found[name][label] = TrainedLevel(m=round(max(m, least), 6), u=round(max(u, NEVER), 7))
    return found
