"""The register of processing activities as a page of Markdown, in Dutch or English."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from das_research.catalog.models import Text
from das_research.catalog.uses import ANSWERS

_WORDS = {
    "title": ("Register van verwerkingsactiviteiten", "Register of processing activities"),
    "made": (
        "Gemaakt uit de leveringsovereenkomsten van de catalogus, naar artikel 30 AVG.",
        "Made from the delivery agreements of the catalogue, after article 30 GDPR.",
    ),
    "version": ("Versie van de catalogus", "Version of the catalogue"),
    "address": ("Adres van deze versie", "Address of this version"),
    "unverified": ("niet geverifieerd", "unverified"),
    "controller": ("Verwerkingsverantwoordelijke", "Controller"),
    "data_protection_officer": ("Functionaris gegevensbescherming", "Data protection officer"),
    "supplier": ("Leverancier", "Supplier"),
    "purposes": ("Doeleinden", "Purposes"),
    "legal_basis": ("Grondslag", "Legal basis"),
    "legislation": ("Wetgeving", "Legislation"),
    "assessments": ("Effectbeoordelingen (DPIA)", "Impact assessments (DPIA)"),
    "subjects": ("Categorieën van betrokkenen", "Categories of data subjects"),
    "data": ("Categorieën van persoonsgegevens", "Categories of personal data"),
    "pseudonymised": ("gepseudonimiseerd", "pseudonymised"),
    "recipients": ("Categorieën van ontvangers", "Categories of recipients"),
    "third_countries": ("Doorgiften aan derde landen", "Transfers to third countries"),
    "retention": ("Bewaartermijn", "Time limit for erasure"),
    "kept": (
        "{retention_years} jaar (overeenkomst van {begin} tot en met {end}); in quarantaine {quarantine_days} dagen",
        "{retention_years} years (agreement from {begin} through {end}); in quarantine {quarantine_days} days",
    ),
    "withdrawn": (
        "ingetrokken: vanaf {day} mag er niets meer van worden bewaard",
        "withdrawn: from {day} nothing may be kept under it",
    ),
    "safeguards": ("Beveiligingsmaatregelen", "Security measures"),
    "conditions": ("Voorwaarden", "Conditions"),
    "none": ("geen vermeld", "none stated"),
}
WORDS = {name: Text(nl=nl, en=en) for name, (nl, en) in _WORDS.items()}


def page(register: dict[str, Any], language: str) -> str:
    """The register as `register.register` gives it, one section an activity."""
    lines = [
        f"# {WORDS['title'][language]}: {register['catalog'][language]}",
        WORDS["made"][language],
        f"{WORDS['version'][language]}: `{register['catalog_hash'][:12]}`",
    ]
    for activity in register["activities"]:
        lines += _activity(activity, language)
    return "\n\n".join(lines) + "\n"


def _activity(activity: dict[str, Any], language: str) -> Iterator[str]:
    mark = f" ({WORDS['unverified'][language]})" if activity["unverified"] else ""
    yield f"## {_plain(activity['title'][language])}{mark}"
    if activity["description"]:
        yield _plain(activity["description"][language])
    yield _fact("address", f"`{activity['address']}`", language)
    for field in ("controller", "supplier"):
        yield _fact(field, f"{activity[field]['name'][language]}, {activity[field]['contact']}", language)
    yield _fact("data_protection_officer", activity["data_protection_officer"][language], language)
    yield _list("purposes", (_purpose(purpose, language) for purpose in activity["purposes"]), language)
    yield _fact("legal_basis", activity["legal_basis"][language], language)
    yield _list("legislation", activity["legislation"], language)
    yield _list("assessments", activity["assessments"], language)
    yield _list("subjects", (subject[language] for subject in activity["subjects"]), language)
    yield _list("data", _data(activity["data"], language), language)
    yield _list("recipients", (recipient[language] for recipient in activity["recipients"]), language)
    yield _fact("third_countries", activity["third_countries"][language], language)
    yield _fact("retention", _kept(activity, language), language)
    for field in ("safeguards", "conditions"):
        yield _list(field, (text[language] for text in activity[field]), language)


def _kept(activity: dict[str, Any], language: str) -> str:
    kept = WORDS["kept"][language].format_map(activity | activity["period"])
    day = activity["withdrawn"]
    return f"{kept}; {WORDS['withdrawn'][language].format(day=day)}" if day else kept


def _purpose(purpose: dict[str, Any], language: str) -> str:
    condition = f": {purpose['condition'][language]}" if purpose["condition"] else "."
    return f"{purpose['purpose'][language]}: {ANSWERS[purpose['allowed']][language]}{condition} {purpose['article']}"


def _data(data: list[dict[str, Any]], language: str) -> Iterator[str]:
    """One line a dataset."""
    for dataset, variables in groupby(data, key=lambda one: one["dataset"][language]):
        titles = (
            one["title"][language] + (f" ({WORDS['pseudonymised'][language]})" if one["pseudonymised"] else "")
            for one in variables
        )
        yield f"{dataset}: {', '.join(titles)}"


def _fact(word: str, text: str, language: str) -> str:
    return f"**{WORDS[word][language]}**: {_plain(text)}"


def _list(word: str, texts: Iterable[str], language: str) -> str:
    items = [f"- {_plain(text)}" for text in texts] or [f"- {WORDS['none'][language]}"]
    return f"**{WORDS[word][language]}**\n\n" + "\n".join(items)


def _plain(text: str) -> str:
    """One line in which no sign means anything to Markdown."""
    return " ".join("".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text).split())
