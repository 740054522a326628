"""A log of two months and three partners, as gates write it, for the tests of the page that is made of it."""

from datetime import UTC, datetime
from pathlib import Path

import das_research.audit
from das_research.audit import AuditLog
from das_research.home import Home

PROJECT = {"project": "ketenmonitor", "purpose": "monitor", "partners": ["om", "politie", "rechtspraak"]}
OTHER = {"project": "eigen-onderzoek", "purpose": "wetenschappelijk onderzoek", "partners": ["om"]}
RELEASE = {"release": "rel-0123456789ab", "results": 3}
MANY = 41  # openings in November


def told(root: Path, monkeypatch) -> Home:
    """The home; its gates wrote at the moments that are set here."""
    home, log = Home(root), AuditLog(Home(root).audit_log)

    def at(moment: str) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.fromisoformat(f"{moment}:00").replace(tzinfo=UTC)

        monkeypatch.setattr(das_research.audit, "datetime", Clock)

    at("2026-10-02T09:12")
    for partner, dataset, rows in (("om", "om_zaken", 61_204), ("politie", "politie_verdachten", 84_310)):
        facts = {"delivery": f"{dataset}-0123456789ab", "dataset": dataset, "partners": [partner]}
        counts = {"delivered": rows, "accepted": rows - 12, "quarantined": 12, "synthetic": True}
        log.record("intake", "delivered", "steward", **facts, **counts)
    at("2026-10-05T10:00")
    log.record("extract", "extracted", "onderzoeker-demo", **PROJECT, extract="ext-0123456789ab", rows=145_000)
    log.record(
        "project", "opened", "onderzoeker-demo", **PROJECT, extract="ext-0123456789ab", rows=145_000, grant="a1" * 6
    )
    log.record("project", "refused", "stagiair", **PROJECT, reason="person")
    at("2026-11-03T13:40")
    for _ in range(MANY):
        log.record("project", "opened", "onderzoeker-demo", **PROJECT, rows=145_000, grant="a1" * 6)
    log.record("project", "opened", "promovendus", **OTHER, rows=9_120, grant="b2" * 6)
    log.record("project", "handed over", "onderzoeker-demo", **PROJECT, asked="f" * 64, cells=120, released=False)
    log.record("release", "checked", "poort", **PROJECT, **RELEASE, shown=106, hidden=14, released=False)
    log.record(
        "release", "reviewed", "beoordelaar-1", **RELEASE, project="ketenmonitor", state="first review", released=False
    )
    log.record(
        "release", "approved", "beoordelaar-2", **RELEASE, project="ketenmonitor", state="approved", released=True
    )
    log.record("release", "refused", "poort", **OTHER, reason="numbers", released=False)
    log.record("publish", "published", "publisher", **PROJECT, edition="keten-2026-11-20", release=RELEASE["release"])
    at("2026-11-21T16:05")
    log.record("custody", "erased", "custodian", partners=["politie"], domain="skn", rows=7, deliveries=1)
    return home
