"""A miniature catalogue that is in order: two partners, two datasets, one grant, one monitor."""

from collections.abc import Callable
from pathlib import Path

import pytest

MINIATURE = {
    "catalog.yaml": """\
id: miniatuur
title: {nl: Kleine keten, en: Small chain}
host: {nl: Gastheer, en: Host}
contact: das@example.nl
licence: CC BY 4.0
calibration:
  never:
    corrected: {nl: Gecorrigeerd., en: Adjusted.}
  tolerances:
    - {kinds: [share], points: 2}
    - {status: [rounded], steps: 0.5}
    - {percent: 2}
chain:
  unit: {nl: verdachten in zaken, en: suspects in cases}
  identifiers:
    - id: zaaknummer
      title: {nl: Zaaknummer, en: Case number}
      keep: A-Z0-9
      synthetic: "^99[0-9]{4}$"
    - id: persoonsnummer
      title: {nl: Persoonsnummer, en: Person number}
  events:
    - {id: melding, title: {nl: Melding, en: Report}}
    - {id: instroom, title: {nl: Instroom, en: Inflow}}
    - {id: beslissing, title: {nl: Beslissing, en: Decision}}
  stages:
    - id: opsporing
      title: {nl: Opsporing, en: Investigation}
      theme: opsporing
      dataset: meldingen
      enter: melding
    - id: vervolging
      title: {nl: Vervolging, en: Prosecution}
      theme: vervolging
      dataset: zaken
      enter: instroom
      leave:
        - event: beslissing
          outcomes: [sepot]
  case_attributes:
    delict:
      title: {nl: Delict, en: Offence}
      classification: delicten
      sources: [zaken.feit, meldingen.delict]
  person_attributes:
    geboortejaar:
      title: {nl: Geboortejaar, en: Year of birth}
      sources: [zaken.geboortejaar]
demo:
  source:
    synthetic: true
    years: 2020-2021
    scale: 0.1
    seed: 1
  monitors: [keten]
  researcher: onderzoeker
  reviewers: [beoordelaar-a, beoordelaar-b]
  publication_date: 2025-03-03
""",
    "partners/politie.yaml": """\
id: politie
title: {nl: Politie, en: Police}
role: {nl: Spoort op, en: Investigates}
contact: politie@example.nl
""",
    "partners/om.yaml": """\
id: om
title: {nl: Openbaar Ministerie, en: Prosecution service}
role: {nl: Vervolgt, en: Prosecutes}
contact: om@example.nl
unverified: true
""",
    "agreements/levering-politie.yaml": """\
id: levering-politie
title: {nl: Levering politie, en: Delivery by the police}
partner: politie
datasets: [meldingen]
uses:
  statistiek: {allowed: "yes", article: art. 1}
  monitor: {allowed: "yes", article: art. 2, dpia: DPIA-1}
  wetenschappelijk onderzoek:
    allowed: if
    condition: {nl: Na toestemming van de partner., en: With the partner's consent.}
    article: art. 3
  ketenverantwoording: {allowed: "no", article: art. 4}
legal_basis: {nl: Wet, en: Act}
subjects:
  - {nl: verdachten, en: suspects}
recipients: [om, politie]
safeguards:
  - {nl: Pseudoniemen, en: Pseudonyms}
retention_years: 10
begin: 2020-01-01
end: 2029-12-31
""",
    "agreements/levering-om.yaml": """\
id: levering-om
title: {nl: Levering OM, en: Delivery by the prosecution service}
partner: om
datasets: [zaken]
uses:
  statistiek: {allowed: "no", article: art. 1}
  monitor: {allowed: "yes", article: art. 2, dpia: DPIA-1}
  wetenschappelijk onderzoek:
    allowed: if
    condition: {nl: Na toestemming van de partner., en: With the partner's consent.}
    article: art. 3
  ketenverantwoording: {allowed: "no", article: art. 4}
legal_basis: {nl: Wet, en: Act}
subjects:
  - {nl: verdachten, en: suspects}
recipients: [om]
retention_years: 10
begin: 2020-01-01
end: 2030-12-31
""",
    "datasets/meldingen.yaml": """\
id: meldingen
title: {nl: Meldingen, en: Reports}
partner: politie
row: {nl: een melding, en: a report}
case_keys: [[zaaknummer]]
person_keys: [[persoonsnummer]]
moment: [gemeld]
variables:
  zaaknummer:
    title: {nl: Zaaknummer, en: Case number}
    type: identifier
    identifier: zaaknummer
    identifying: direct
  persoonsnummer:
    title: {nl: Persoonsnummer, en: Person number}
    type: identifier
    identifier: persoonsnummer
    identifying: direct
  gemeld:
    title: {nl: Datum van melding, en: Date of the report}
    type: date
    formats: ["%d-%m-%Y"]
  delict:
    title: {nl: Delict, en: Offence}
    type: code
    classification: delicten
events:
  - event: melding
    moment: [gemeld]
""",
    "datasets/zaken.yaml": """\
id: zaken
title: {nl: Zaken, en: Cases}
partner: om
row: {nl: een zaak, en: a case}
case_keys: [[zaaknummer], [parket, persoonsnummer]]
person_keys: [[persoonsnummer]]
unique: [zaaknummer]
moment: [ingeschreven]
variables:
  zaaknummer:
    title: {nl: Zaaknummer, en: Case number}
    type: identifier
    identifier: zaaknummer
    column: ZAAK_NR
  parket:
    title: {nl: Zaaknummer van het parket, en: Case number of the office}
    type: identifier
    identifier: zaaknummer
    column: PARKET_NR
  persoonsnummer:
    title: {nl: Persoonsnummer, en: Person number}
    type: identifier
    identifier: persoonsnummer
  naam:
    title: {nl: Naam, en: Name}
    type: text
    identifying: direct
  officier:
    title: {nl: Officier, en: Prosecutor}
    type: text
    take: false
  ingeschreven:
    title: {nl: Inschrijving, en: Registration}
    type: date
    formats: ["%Y-%m-%d"]
    range: {min: 2000-01-01, max: 2030-12-31}
  besloten:
    title: {nl: Beslisdatum, en: Date of the decision}
    type: date
    formats: ["%Y-%m-%d"]
    not_before: ingeschreven
  feit:
    title: {nl: Feit, en: Offence}
    type: code
    classification: delicten
    term: delict
  uitkomst:
    title: {nl: Uitkomst, en: Outcome}
    type: code
    classification: beslissingen
    correspondence: om-oud
  geboortejaar:
    title: {nl: Geboortejaar, en: Year of birth}
    type: integer
    range: {min: 1900, max: 2020}
    identifying: quasi
events:
  - event: instroom
    moment: [ingeschreven]
  - event: beslissing
    moment: [besloten, ingeschreven]
    outcome: uitkomst
    when:
      - {column: uitkomst, operator: in, values: [sepot, dagvaarding]}
""",
    "classifications/delicten.yaml": """\
id: delicten
title: {nl: Delicten, en: Offences}
version: "1"
codes:
  - {code: geweld, label: {nl: Geweld, en: Violence}}
  - {code: beroving, label: {nl: Beroving, en: Robbery}, parent: geweld}
  - {code: "01", label: {nl: Oud, en: Old}, valid_from: 2000-01-01, valid_to: 2009-12-31}
  - {code: "01", label: {nl: Nieuw, en: New}, valid_from: 2010-01-01}
correspondences:
  - {id: politie, version: "1", codes: {G: geweld, B: beroving}}
  - {id: om, version: "1", codes: {"1": geweld}}
""",
    "classifications/beslissingen.yaml": """\
id: beslissingen
title: {nl: Beslissingen, en: Decisions}
version: "1"
codes:
  - {code: sepot, label: {nl: Sepot, en: Dismissal}}
  - {code: dagvaarding, label: {nl: Dagvaarding, en: Summons}, unverified: true}
correspondences:
  - {id: om-oud, version: "1", codes: {S: sepot, D: dagvaarding}}
""",
    "terms/delict.yaml": """\
id: delict
title: {nl: Delict, en: Offence}
definition: {nl: Een strafbaar feit., en: A punishable act.}
owner: om
source: Wetboek
unit: zaak
differs:
  - with_term: misdrijf
    reason: {nl: Ook overtredingen tellen mee., en: Minor offences count too.}
""",
    "terms/misdrijf.yaml": """\
id: misdrijf
title: {nl: Misdrijf, en: Crime}
definition: {nl: Een ernstig strafbaar feit., en: A serious punishable act.}
owner: politie
unverified: true
""",
    "units/zaak.yaml": """\
id: zaak
title: {nl: Zaak, en: Case}
definition: {nl: Wat het parket inschrijft., en: What the office registers.}
not_to_confuse: [persoon]
""",
    "units/persoon.yaml": """\
id: persoon
title: {nl: Persoon, en: Person}
definition: {nl: Een mens., en: A human being.}
unverified: true
""",
    "breaks/nieuw-systeem.yaml": """\
id: nieuw-systeem
title: {nl: Nieuw systeem, en: New system}
date: 2016-07-01
kind: system
reason: {nl: Zaken worden anders geteld., en: Cases are counted otherwise.}
datasets: [zaken]
figures: [stroom]
unverified: true
""",
    "figures/stroom.yaml": """\
id: stroom
title: {nl: Stroom, en: Flow}
version: "1"
definition: {nl: Zaken die binnenkomen., en: Cases that come in.}
unit: {nl: zaken, en: cases}
term: delict
numerator: zaak
denominator: persoon
across_units: {nl: Zaken per persoon., en: Cases for each person.}
""",
    "published/ingeschreven.yaml": """\
id: ingeschreven
title: {nl: Ingeschreven zaken, en: Cases registered}
theme: vervolging
unit: {nl: zaak, en: case}
source: Jaarbericht
series:
  geweld:
    headline: true
    status: [rounded]
    rounding: 100
    values:
      - {year: 2019, value: 1200}
      - {year: 2021, value: 1400}
    count:
      - table: zaken
        moment: ingeschreven
        where:
          - {column: feit, operator: is, values: [geweld]}
  gemeld:
    title: {nl: Aandeel met melding, en: Share with a report}
    unit: "%"
    kind: share
    status: [final]
    values:
      - {year: 2020, value: 41.5}
    count:
      - table: zaken
        moment: ingeschreven
        where:
          - {column: meldingen.delict, operator: known}
    per:
      - {table: zaken, moment: ingeschreven}
    times: 100
  duur:
    title: {nl: Gemiddelde duur, en: Mean duration}
    unit: {nl: dagen, en: days}
    kind: duration
    status: [provisional]
    values:
      - {year: 2020, value: 90}
    count:
      - {table: zaken, what: mean_days, moment: besloten, days: [meldingen.gemeld, besloten]}
  lopend:
    title: {nl: Verdachten in lopende zaken, en: Suspects in running cases}
    unit: {nl: persoon, en: person}
    status: [final]
    values:
      - {year: 2020, value: 800}
    function: persons_present
    arguments: {table: zaken, begin: ingeschreven, end: besloten}
  rechtspersonen:
    title: {nl: Rechtspersonen, en: Legal persons}
    status: [final]
    values:
      - {year: 2020, value: 12, source: Ander bericht}
    not_counted: {nl: Die kent de keten niet., en: The chain knows none.}
""",
    "grants/onderzoek.yaml": """\
id: onderzoek
title: {nl: Onderzoek, en: Research}
purpose: monitor
legal_basis: {nl: Wet, en: Act}
agreements: [levering-politie, levering-om]
permissions:
  - {partner: politie, reference: P-1, date: 2024-11-01, role: korpschef}
  - {partner: om, reference: O-1, date: 2024-11-01, role: College, until: 2026-12-31}
people:
  - account: onderzoeker
    organisation: OM
    begin: 2025-02-01
    end: 2025-12-31
tables:
  persons:
    columns: [person_id, geboortejaar]
  cases:
    columns: [case_id, person_id, delict]
  events:
    columns: [case_id, stage, event, outcome, moment]
    rows:
      - {column: moment, operator: at_least, values: [2015-01-01]}
  zaken:
    columns: [case_id, feit, feit_bron, besloten]
    rows:
      - {column: feit, operator: in, values: [geweld, beroving]}
      - {column: besloten, operator: known}
outputs:
  - {nl: Monitor, en: Monitor}
begin: 2025-01-01
end: 2026-12-31
approvers:
  - {name: Voorzitter, role: stuurgroep, date: 2024-12-01}
""",
    "monitors/keten.yaml": """\
id: keten
title: {nl: Ketenmonitor, en: Chain monitor}
notebook: keten.ipynb
project: onderzoek
schedule: 0 6 1 */3 1-5
parameters:
  jaar:
    title: {nl: Jaar, en: Year}
    type: integer
    default: 2020
    choices: [2020, 2021]
""",
}

WriteCatalog = Callable[..., Path]


@pytest.fixture
def write_catalog(tmp_path: Path) -> WriteCatalog:
    """Writes the miniature catalogue, some of its files replaced (None: left out), and gives its folder."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        folder = tmp_path / "miniatuur"
        for name, text in {**MINIATURE, **(changes or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def catalog_dir(write_catalog: WriteCatalog) -> Path:
    """The miniature catalogue as it stands above."""
    return write_catalog()


@pytest.fixture
def miniature() -> dict[str, str]:
    """The files of the miniature catalogue: name to text."""
    return dict(MINIATURE)
