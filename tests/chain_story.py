"""A chain of three stages and eight cases that can be checked by hand.

Stages: ``politie`` (police) -> ``om`` (prosecution) -> ``rechter`` (court, the last). A case leaves the chain at the
police by ``einde``, at the prosecution by ``besluit`` with outcome ``sepot``; the court has no leaving event. The
sources end on 31 December 2022.

    case person kind  story
    a    p1     wv    police 2020-03-01, prosecution 2020-05-01, court 2021-02-01
    b    p1     wv    police 2020-04-01, left at the police 2020-04-11
    c    p2     gw    police 2020-06-01, prosecution 2021-01-15, dismissed (sepot) 2021-03-01
    d    p3     gw    police 2021-02-01, open since
    e    p4     -     prosecution 2021-07-01 (never at the police), charged (dagvaarding), court 2022-07-01
    f    p5     gw    police 2019-12-01, court 2021-05-01 (skips the prosecution)
    g    p6     wv    police 2021-08-01, left 2021-08-31, yet prosecution 2022-01-10: it went on; open there
    h    p7     wv    known, but no event ever
"""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa

from das_research.catalog.models import (
    Attribute,
    Catalog,
    Chain,
    Classification,
    Code,
    Dataset,
    EventRule,
    EventType,
    Figure,
    IdentifierDomain,
    Leaving,
    Norm,
    Occurrence,
    Span,
    Stage,
    Text,
    Variable,
)  # fmt: skip

CASES = [
    ("a", "p1", "wv"), ("b", "p1", "wv"), ("c", "p2", "gw"), ("d", "p3", "gw"), ("e", "p4", None),
    ("f", "p5", "gw"), ("g", "p6", "wv"), ("h", "p7", "wv"),
]  # fmt: skip
EVENTS = [
    ("a", "aangifte", None, "2020-03-01"), ("a", "instroom", None, "2020-05-01"), ("a", "zitting", None, "2021-02-01"),
    ("b", "aangifte", None, "2020-04-01"), ("b", "einde", None, "2020-04-11"),
    ("c", "aangifte", None, "2020-06-01"), ("c", "instroom", None, "2021-01-15"),
    ("c", "besluit", "sepot", "2021-03-01"),
    ("d", "aangifte", None, "2021-02-01"), ("d", "aangifte", None, "2021-06-01"),
    ("e", "instroom", None, "2021-07-01"), ("e", "besluit", "dagvaarding", "2021-10-01"),
    ("e", "zitting", None, "2022-07-01"),
    ("f", "aangifte", None, "2019-12-01"), ("f", "zitting", None, "2021-05-01"),
    ("g", "aangifte", None, "2021-08-01"), ("g", "einde", None, "2021-08-31"), ("g", "instroom", None, "2022-01-10"),
]  # fmt: skip


def bilingual(text: str) -> Text:
    return Text(nl=text, en=text)


class _Tables(SimpleNamespace):
    def __iter__(self):
        return iter(vars(self))

    def __contains__(self, name):
        return name in vars(self)


def catalog(person: bool = True, **more: Any) -> Catalog:
    """The chain of the story."""
    figures = {
        name: Figure(id=name, title=name, version="1", definition=name, unit="zaken")
        for name in (
            "stroom",
            "conversie",
            "conversie-naar-jaar",
            "doorlooptijd",
            "doorlooptijd-norm",
            "doorlooptijd-traject",
            "lekkage",
            "leveringen",
        )
    }
    stages = (
        Stage(id="politie", title={"nl": "Politie", "en": "Police"}, theme="opsporing", dataset="bvh", enter="aangifte",
              leave=(Leaving(event="einde"),)),
        Stage(id="om", title={"nl": "OM", "en": "Prosecution"}, theme="vervolging", dataset="compas", enter="instroom",
              leave=(Leaving(event="besluit", outcomes=("sepot",)),),
              pass_on=(Occurrence(event="besluit", outcomes=("dagvaarding",)),)),
        Stage(id="rechter", title={"nl": "Rechter", "en": "Court"}, theme="berechting", dataset="rechtspraak",
              enter="zitting"),
    )  # fmt: skip
    chain = Chain(
        unit={"nl": "zaken", "en": "cases"},
        person=person,
        identifiers=(IdentifierDomain(id="zaak", title="zaak"),),
        events=tuple(
            EventType(id=name, title=name) for name in ("aangifte", "einde", "instroom", "besluit", "zitting")
        ),
        stages=stages,
        spans={
            "aangifte-besluit": Span(
                title={"nl": "van aangifte tot instroom of einde", "en": "from report to intake or end"},
                start=Occurrence(event="aangifte"),
                end=(Occurrence(event="instroom"), Occurrence(event="einde")),
                norms={
                    "snel": Norm(
                        title={"nl": "geweld, 80% binnen 90 dagen", "en": "violence, 80% within 90 days"},
                        within=90,
                        share=80,
                        applies_to={"soort": ("gw",)},
                        source="verzonnen",
                    )
                },
            )
        },
        case_attributes={"soort": Attribute(title="soort", classification="soort", sources=("bvh.soort",))},
    )
    variables = {"moment": Variable(title={"nl": "datum aangifte", "en": "date reported"}, type="date")}
    datasets = {
        stage.dataset: Dataset(
            id=stage.dataset, title=stage.dataset, partner="p", row="rij", case_keys=(("zaak",),), moment=("moment",),
            variables=variables, events=(EventRule(event=stage.enter, moment=("moment",)),),
        )
        for stage in stages
    }  # fmt: skip
    kinds = Classification(
        id="soort", title="soort", version="1",
        codes=(Code(code="wv", label={"nl": "woninginbraak", "en": "burglary"}), Code(code="gw", label="geweld")),
    )  # fmt: skip
    contents = {"figures": figures, "datasets": datasets, "classifications": {"soort": kinds}} | more
    return Catalog(id="verhaal", title="verhaal", host="verhaal", contact="-", licence="-", chain=chain, **contents)


def project(
    cases: Iterable[tuple[str, str, str | None]] = CASES,
    events: Iterable[tuple[str, str, str | None, str]] = EVENTS,
    person: bool = True,
    observed_until: date = date(2022, 12, 31),
    deliveries: Iterable[dict[str, Any]] = (),
    delivery_rules: Iterable[dict[str, Any]] = (),
) -> Any:
    """The story as a project that a researcher has opened."""
    engine = ibis.duckdb.connect()
    text, count = pa.string(), pa.int64()
    fields = {
        "cases": {"case_id": text, "person_id": text, "soort": text},
        "events": {"case_id": text, "event": text, "outcome": text, "moment": text},
        "deliveries": {"dataset": text, "stage": text, "delivered": count, "accepted": count, "quarantined": count,
                       "units_delivered": count, "units_accepted": count, "units_lost": count},
        "delivery_rules": {"dataset": text, "stage": text, "rule": text, "effect": text, "rows": count, "units": count},
    }  # fmt: skip
    contents = {
        "cases": [dict(zip(fields["cases"], row, strict=True)) for row in cases],
        "events": [dict(zip(fields["events"], row, strict=True)) for row in events],
        "deliveries": list(deliveries),
        "delivery_rules": list(delivery_rules),
    }
    tables = {}
    for name, rows in contents.items():
        engine.create_table(name, pa.Table.from_pylist(rows, schema=pa.schema(fields[name])))
        tables[name] = engine.table(name)
    tables["events"] = tables["events"].mutate(moment=tables["events"].moment.cast("date"))
    return SimpleNamespace(
        grant=SimpleNamespace(tables={}),
        id="verhaal",
        catalog=catalog(person),
        snapshot="snap-000000000000",
        synthetic=True,
        observed_until=observed_until,
        linkage={"compas": 0.9},
        person_links="none",
        tables=_Tables(**tables),
        engine=engine,
        linked=lambda table, query: table,
    )
