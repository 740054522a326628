"""A project with one table, `zaken`, small enough to count by hand, and a catalogue whose key figures count it."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa

from das_research.catalog.models import Catalog, Classification, Code, Dataset, Figure, Variable

TYPES = {
    "case_id": pa.string(), "person_id": pa.string(), "soort": pa.string(), "begin": pa.date32(), "einde": pa.date32(),
    "geslaagd": pa.bool_(), "aantal": pa.int64(), "deel": pa.int64(), "gewicht": pa.float64(),
}  # fmt: skip
KINDS = {"code": "soort"}


class Tables(dict[str, Any]):
    """Tables by item and by attribute, as those of a project."""

    __getattr__ = dict.__getitem__


def row(case: str | None = None, person: str | None = None, begin: str | None = None, **more: Any) -> dict[str, Any]:
    """One row of `zaken`; days as texts."""
    days = {
        name: date.fromisoformat(day) for name, day in (("begin", begin), ("einde", more.pop("einde", None))) if day
    }
    return dict.fromkeys(TYPES) | {"case_id": case, "person_id": person} | days | more


def figure(id: str = "cijfer", **fields: Any) -> Figure:
    """A key figure over `zaken`."""
    texts = {name: name for name in ("title", "definition", "unit", "phrase", "source")}
    known = {"id": id, "version": "1", "theme": "berechting", "numerator": "zaak", "monitor": "kerncijfers", **texts}
    return Figure.model_validate(known | fields)


def project(rows: Iterable[Mapping[str, Any]], *figures: Figure, without: Iterable[str] = (), **more: Any) -> Any:
    """These rows as an open project; `without` leaves columns out, as a grant can."""
    types = {name: kind for name, kind in TYPES.items() if name not in without}
    known = [{name: one.get(name) for name in types} for one in rows]
    table = pa.Table.from_pylist(known, schema=pa.schema(list(types.items())))
    engine = ibis.duckdb.connect()
    tables = Tables(zaken=engine.create_table("zaken", table))
    until = more.pop("observed_until", date(2022, 12, 31))
    return SimpleNamespace(
        grant=SimpleNamespace(tables={}),
        id="proef", snapshot="snap-0", synthetic=True, linkage={}, person_links="none", observed_until=until,
        tables=tables,
        catalog=catalog(*figures), engine=engine, linked=lambda table, query: table, **more,
    )  # fmt: skip


def catalog(*figures: Figure) -> Catalog:
    """A catalogue with these figures and the dataset they count."""
    kinds = dict.fromkeys(TYPES, "text") | {
        "begin": "date", "einde": "date", "geslaagd": "boolean", "aantal": "integer", "deel": "integer",
        "gewicht": "decimal",
    }  # fmt: skip
    variables = {
        name: Variable(
            title={"nl": name, "en": name}, type="code" if name == "soort" else kinds[name],
            classification="soorten" if name == "soort" else None,
        )
        for name in TYPES
        if not name.endswith("_id")
    }  # fmt: skip
    zaken = Dataset(
        id="zaken", title="zaken", partner="p", row="zaak", case_keys=(("nummer",),), moment=("begin",), events=(),
        variables=variables,
    )  # fmt: skip
    soorten = Classification(
        id="soorten", title="soorten", version="1",
        codes=(
            Code(code="b", label={"nl": "tweede", "en": "second"}),
            Code(code="a", label={"nl": "eerste", "en": "first"}),
        ),
    )  # fmt: skip
    chain = {"unit": "zaken", "identifiers": [], "events": [], "stages": [], "case_attributes": {}}
    return Catalog.model_validate(
        {
            "id": "proef", "title": "Proef", "host": "DAS", "contact": "das@example.org", "licence": "CC0",
            "chain": chain, "datasets": {"zaken": zaken}, "classifications": {"soorten": soorten},
            "figures": {one.id: one for one in figures},
        }
    )  # fmt: skip
