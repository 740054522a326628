"""The words of the page of a refused hand-over, in Dutch and in English; what varies comes in by name."""

from das_research.style.numbers import Language, Words, in_words

_WORDS: dict[str, Words] = {
    "kicker": ("Geweigerde aanbieding {run}", "Refused hand-over {run}"),
    "only_for": ("Alleen voor beoordelaars, binnen de beveiligde omgeving", "Only for reviewers, in the secure zone"),
    "title": ("Wat verborgen is, kan worden teruggerekend", "What is hidden can be worked back"),
    "lead": (
        "{groups} groepen van minder dan {minimum} zijn te herleiden. Er is niets naar buiten gegaan.",
        "{groups} groups of fewer than {minimum} can be told. Nothing has left.",
    ),
    "lead_one": (
        "Eén groep van minder dan {minimum} is te herleiden. Er is niets naar buiten gegaan.",
        "One group of fewer than {minimum} can be told. Nothing has left.",
    ),
    "careful": (
        "Alleen beoordelaars mogen deze getallen naast elkaar lezen. Vernietig de map na gebruik.",
        "Only reviewers may read these numbers side by side. Destroy the folder after use.",
    ),
    "groups": ("Wat elkaar verraadt", "What gives a group away"),
    "groups_some": (
        "Hieronder staan de eerste {some} van {groups}, die met de minste getallen voorop.",
        "These are the first {some} of {groups}, those told by the fewest numbers first.",
    ),
    "sum_all": ("{sum} (minder dan {minimum})", "{sum} (fewer than {minimum})"),
    "sum_most": (
        "{sum}: meer kan het niet zijn (minder dan {minimum})",
        "{sum}: it can't be more (fewer than {minimum})",
    ),
    "sum_least": ("{sum}: minder kan het niet zijn", "{sum}: it can't be fewer"),
    "sum_nobody": ("{sum}: niemand, en dat geldt voor ieder van hen", "{sum}: nobody, which tells of each of them"),
    "together": (
        "{least} tot en met {most}: geen som vertelt het, maar alle tabellen die passen samen.",
        "{least} up to {most}: no sum tells it, but all tables that fit together do.",
    ),
    "terms": ("De getallen waarmee het te berekenen is", "The numbers that it is computed from"),
    "cell": ("Wat het telt", "What it counts"),
    "number": ("Getal", "Number"),
    "release": ("Vrijgave", "Release"),
    "table": ("Tabel", "Table"),
    "this": ("deze aanbieding", "this hand-over"),
    "hidden": ("verborgen", "hidden"),
    "hidden_least": ("verborgen, ten minste {n}", "hidden, at least {n}"),
    "others": ("gepubliceerd door anderen", "published by others"),
    "part_value": ("", ""),
    "part_published": ("", ""),
    "part_numerator": ("bij wie het gebeurde", "to whom it happened"),
    "part_complement": ("bij wie het niet gebeurde", "to whom it did not happen"),
    "part_denominator": ("allen samen", "all of them"),
    "instead": ("Wat wel zou mogen", "What would pass"),
    "instead_how": (
        "Op {tried} grovere aanbiedingen geprobeerd, door dezelfde regels en dezelfde aanval; de eerste die voldeed:",
        "Tried on {tried} coarser hand-overs, by the same rules and the same attack; the first that passed:",
    ),
    "instead_none": (
        "Geen van de {tried} grovere aanbiedingen die zijn geprobeerd zou mogen.",
        "None of the {tried} coarser hand-overs that were tried would pass.",
    ),
    "instead_not_all": ("Niet alle zijn geprobeerd.", "Not all were tried."),
    "instead_before": (
        "Niets aan deze aanbieding: wat eerder naar buiten ging, vertelt het al zonder haar.",
        "Nothing in this hand-over: what left before tells it without it.",
    ),
    "change_breakdown": ("{table} zonder de uitsplitsing naar {name}", "{table} without the breakdown by {name}"),
    "change_measure": ("{table} zonder de maat {name}", "{table} without the measure {name}"),
    "change_period": ("{table} per {name}", "{table} by {name}"),
    "change_upward": (
        "{table} met de codes van {name} samengenomen tot die erboven in de classificatie",
        "{table} with the codes of {name} told by those above them in their classification",
    ),
    "change_table": ("alles behalve {table}", "everything but {table}"),
    "year": ("jaar", "year"),
    "quarter": ("kwartaal", "quarter"),
    "knows": ("Wat zo'n lezer wist", "What such a reader knew"),
    "made": ("Wat is aangeboden", "What was handed over"),
    "project": ("Project", "Project"),
    "author": ("Maker", "Author"),
    "run": ("Run", "Run"),
    "extract": ("Extract", "Extract"),
    "snapshot": ("Snapshot", "Snapshot"),
    "asked": ("Groepen nagegaan", "Groups asked"),
    "contact": ("Vragen", "Questions"),
}
_WAYS = {  # how the attacker says that a group is told
    "the hidden cell is bounded by what is shown": "wat wordt getoond begrenst de verborgen cel",
    "the rounded number is bounded by what else is shown": "wat verder wordt getoond, begrenst het afgeronde getal",
    "the codes that no file shows are what is left": "de codes die geen bestand toont, zijn wat overblijft",
    "two numbers differ by it": "twee getallen verschillen er precies zoveel van elkaar",
    "what was published differs by it": "wat anderen publiceerden verschilt er zoveel van",
    "numbers of several tables, added and subtracted, leave it": (
        "getallen van meer tabellen, opgeteld en afgetrokken, laten die over"
    ),
    "numbers of several tables bound the hidden cell": "getallen van meer tabellen begrenzen de verborgen cel",
    "the only one in a cell knows another": "wie alleen in een cel zit, kent een andere",
}


def say(key: str, language: Language, **given: object) -> str:
    """A text in a language, with what varies filled in."""
    return in_words(_WORDS[key], language, **given)


def change(kind: str, table: str, name: str, language: Language) -> str:
    """What would be left out of a hand-over, or told in less detail.

    Examples
    --------
    >>> change("breakdown", "instroom", "delictgroep", "en"), change("period", "stroom", "year", "nl")
    ('instroom without the breakdown by delictgroep', 'stroom per jaar')
    """
    return say(f"change_{kind}", language, table=table, name=say(name, language) if kind == "period" else name)


def way(how: str, language: Language) -> str:
    """How a group is told; a way that has no words here as the attacker says it.

    Examples
    --------
    >>> way("what was published differs by it: CBS", "nl"), way("two numbers differ by it", "en")
    ('wat anderen publiceerden verschilt er zoveel van: CBS', 'two numbers differ by it')
    """
    begin, colon, source = how.partition(": ")
    return how if language == "en" else f"{_WAYS.get(begin, begin)}{colon}{source}"
