"""Training: what agreement and difference of each field weigh, found once and written for review; a build only reads."""

from collections.abc import Mapping

import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from das_research.catalog.models import Linkage, LinkageModel, TrainedLevel
from das_research.errors import UsageError
from das_research.linkage.comparisons import LEAST, LEVELS
from das_research.linkage.priors import estimated_priors, least_weight
from das_research.linkage.scoring import blocking_rule, pair_counts, scored_pairs, splink_linker

SAMPLE = 5e6  # pairs from which it is learned how often two persons agree by chance


def train(engine: Backend, records: ir.Table, linkage: Linkage, *, seed: int, synthetic: bool) -> LinkageModel:
    """Learn the weights from records alone, without labels.

    How often two persons agree by chance (u) is counted in a random sample with a fixed seed; how often the records of
    one person agree (m) is found by expectation maximisation on the pairs of every blocking rule, each of which leaves
    out its own fields.

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
    pairs = pair_counts(engine, records, linkage)
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
        for fields in linkage.blocking:
            if any(linkage.fields[name].kind == "shared" for name in fields):
                continue  # Splink can't learn from lists
            linker.training.estimate_parameters_using_expectation_maximisation(blocking_rule(linkage, fields))
        settings = linker.misc.save_model_to_json()
    model = LinkageModel(
        fields=_weights(linkage, settings),
        pairs=dict(pairs),
        records=int(records.count().execute()),
        with_keys=LEAST,
        without_keys=0.5,
        seed=seed,
        synthetic=synthetic,
    )
    scored = scored_pairs(engine, records, linkage, model, least_weight(records))
    priors = estimated_priors(engine, records, scored, model)
    return model.model_copy(update={"with_keys": priors.with_keys, "without_keys": priors.without_keys})


def _weights(linkage: Linkage, settings: Mapping) -> dict[str, dict[str, TrainedLevel]]:
    """Of every field its levels; one that was never seen weighs as the rarest."""
    found = {}
    for comparison in settings["comparisons"]:
        name = comparison["output_column_name"]
        known = {level["label_for_charts"]: level for level in comparison["comparison_levels"]}
        found[name] = {
            label: TrainedLevel(
                m=round(max(known[label].get("m_probability") or 0, LEAST), 6),
                u=round(max(known[label].get("u_probability") or 0, LEAST), 7),
            )
            for label in LEVELS[linkage.fields[name].kind]
        }
    return found
