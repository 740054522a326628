"""What may be done with whose data: the words for purposes and answers, and the overview of all agreements."""

from dataclasses import dataclass
from typing import ClassVar

from das_research.catalog.models import Purpose, Text

PURPOSE_TITLES: dict[Purpose, Text] = {
    "statistiek": Text(nl="Statistiek", en="Statistics"),
    "monitor": Text(nl="Monitor", en="Monitoring"),
    "wetenschappelijk onderzoek": Text(nl="Wetenschappelijk onderzoek", en="Scientific research"),
    "ketenverantwoording": Text(nl="Ketenverantwoording", en="Accountability of the chain"),
}
# the terms of the Data Privacy Vocabulary (https://w3id.org/dpv, 2.1) of which these purposes are narrower
PURPOSE_TERMS: dict[Purpose, str] = {
    "statistiek": "ProvideOfficialStatistics",
    "monitor": "ImprovePublicServices",
    "wetenschappelijk onderzoek": "ScientificResearch",
    "ketenverantwoording": "PublicBenefit",
}
ANSWERS = {
    "yes": Text(nl="mag", en="allowed"),
    "if": Text(nl="mag, mits", en="allowed if"),
    "no": Text(nl="mag niet", en="not allowed"),
}


@dataclass(frozen=True)
class Uses:
    """The overview that `das catalog show uses` and the site give: every agreement by every purpose."""

    id: ClassVar[str] = "uses"
    title: ClassVar[Text] = Text(nl="Wat mag met wiens gegevens", en="What may be done with whose data")
