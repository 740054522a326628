"""Every rule between entries of the catalogue: one fault brought in, exactly one problem out, at its file and line.

A row of a truth table names a file of the miniature catalogue, the text that is replaced, what replaces it (`§` marks
the line of the fault), and the problem. Where the fault shows in another file, the row's last part is that file and a
text that stands on that line only.
"""

from pathlib import Path

import pytest

from das_research.catalog import load_catalog
from das_research.errors import CatalogError

POLITIE, OM = "agreements/levering-politie.yaml", "agreements/levering-om.yaml"
MELDINGEN, ZAKEN = "datasets/meldingen.yaml", "datasets/zaken.yaml"
DELICTEN, BESLISSINGEN = "classifications/delicten.yaml", "classifications/beslissingen.yaml"
FIGURE, BREAK = "figures/stroom.yaml", "breaks/nieuw-systeem.yaml"
PUBLISHED = "published/ingeschreven.yaml"
CHAIN, GRANT, MONITOR = "catalog.yaml", "grants/onderzoek.yaml", "monitors/keten.yaml"
NOT_TAKEN = "variable 'officier' is not taken (take: false), so nothing can use it"

AGREEMENTS = [
    (OM, "partner: om", "§partner: omm", "there is no partner 'omm'; did you mean 'om'?"),
    (OM, "[zaken]", "[zaken, §zakken]", "there is no dataset 'zakken'; did you mean 'zaken'?"),
    (OM, "[zaken]", "\n  - zaken\n  - §meldingen", "dataset 'meldingen' is of partner 'politie', not 'om'"),
    (
        OM,
        '  ketenverantwoording: {allowed: "no", article: art. 4}\n',
        "",
        "must say yes, if or no of 'ketenverantwoording' too",
        (OM, "uses:"),
    ),
    (
        OM,
        "    condition: {nl: Na toestemming van de partner., en: With the partner's consent.}\n",
        "",
        "'wetenschappelijk onderzoek' is allowed if, and needs the field 'condition'",
        (OM, "wetenschappelijk onderzoek:"),
    ),
    (
        OM,
        "    allowed: if\n    condition: {nl: Na",
        '    allowed: "yes"\n    §condition: {nl: Na',
        "a condition is for what is allowed if; say 'allowed: if'",
    ),
    (OM, "recipients: [om]", "recipients: [om, §wodc]", "there is no partner 'wodc'"),
    (OM, "subjects:\n  - {nl: verdachten, en: suspects}", "§subjects: []", "must say whose data these are"),
]

NUMBERS = [
    ("units/zaak.yaml", "[persoon]", "[persoon, §persoonn]", "there is no unit 'persoonn'; did you mean 'persoon'?"),
    ("units/zaak.yaml", "[persoon]", "[§zaak]", "a unit can't be confused with itself"),
    (FIGURE, "numerator: zaak", "§numerator: zaaak", "there is no unit 'zaaak'; did you mean 'zaak'?"),
    (FIGURE, "denominator: persoon", "§denominator: feit", "there is no unit 'feit'"),
    (FIGURE, "numerator: zaak\ndenominator", "§denominator", "a ratio needs the field 'numerator' too"),
    (
        FIGURE,
        "denominator: persoon\nacross_units: {nl: Zaken per persoon., en: Cases for each person.}\n",
        "§denominator: persoon\n",
        "counts 'zaak' for each 'persoon', and needs the field 'across_units': what the ratio then says",
    ),
    (
        FIGURE,
        "definition: {nl: Zaken die binnenkomen., en: Cases that come in.}",
        '§definition: {nl: " ", en: " "}',
        "a number without a definition does not exist",
    ),
    (BREAK, "[zaken]", "[§zakken]", "there is no dataset 'zakken'; did you mean 'zaken'?"),
    (BREAK, "[stroom]", "[§stromen]", "there is no figure 'stromen'; did you mean 'stroom'?"),
    (
        BREAK,
        "datasets: [zaken]\nfigures: [stroom]\n",
        "",
        "breaks nothing; name its themes, datasets or figures",
        (BREAK, "id:"),
    ),
]

KEYS_AND_EVENTS = [
    (MELDINGEN, "[[zaaknummer]]", "§[[zaaknumer]]", "there is no variable 'zaaknumer'; did you mean 'zaaknummer'?"),
    (ZAKEN, "[parket, persoonsnummer]]", "\n  [§feit]]", "variable 'feit' has type code, not identifier"),
    (
        ZAKEN,
        "person_keys: [[persoons",
        "person_keys: [[§naam], [persoons",
        "variable 'naam' has type text, not identifier",
    ),
    (ZAKEN, "unique: [zaaknummer]", "unique: [zaaknummer, §officier]", NOT_TAKEN),
    (ZAKEN, "moment: [ingeschreven]\nv", "moment: [§feit]\nv", "variable 'feit' has type code, not date"),
    (
        ZAKEN,
        "  - event: instroom\n",
        "  - event: §instromen\n    moment: [besloten]\n  - event: instroom\n",
        "there is no event 'instromen'; did you mean 'instroom'?",
    ),
    (ZAKEN, "moment: [besloten, ", "moment: [§naam, ", "variable 'naam' has type text, not date"),
    (ZAKEN, "outcome: uitkomst", "outcome: §officier", NOT_TAKEN),
    (ZAKEN, "outcome: uitkomst", "outcome: §geboortejaar", "variable 'geboortejaar' has type integer, not code"),
]


def severity(written: str, message: str) -> tuple[str, str, str, str]:
    """The dataset of cases with one severity, and what is wrong with it."""
    unique = "unique: [zaaknummer]\n"
    return ZAKEN, unique, f"{unique}severities:\n  - §{{{written}}}\n", message


SEVERITIES = [
    severity("check: no-key, then: mark", "a row without key can't be used, so it can't be marked only"),
    severity("check: no-moment, then: mark", "a row without moment can't be used, so it can't be marked only"),
    severity("check: before, then: quarantine, above: 0.1", "'above' is for then: reject, and this is quarantine"),
    severity(
        "check: no-key, variable: naam, then: reject",
        "'no-key' is about whole rows and is named after 'zaaknummer'",
    ),
    severity(
        "check: not-a-date, variable: naam, then: reject",
        "'not-a-date' is about a date that is taken, and 'naam' is none",
    ),
    severity(
        "check: not-a-date, variable: besloen, then: reject",
        "there is no variable 'besloen'; did you mean 'besloten'?",
    ),
    severity(
        "check: not-a-number, variable: besloten, then: reject",
        "'not-a-number' is about an integer or decimal that is taken, and 'besloten' is none",
    ),
    severity("check: not-a-boolean, then: reject", "'not-a-boolean' is about a boolean, and the dataset takes none"),
    severity(
        "check: missing, then: reject", "'missing' is about a variable with 'required', and the dataset takes none"
    ),
    severity(
        "check: not-the-form, variable: naam, then: quarantine",
        "'not-the-form' is about an identifier or a variable with 'pattern' that is taken, and 'naam' is none",
    ),
    severity(
        "check: unknown-code, variable: geboortejaar, then: quarantine",
        "'unknown-code' is about a code that is taken, and 'geboortejaar' is none",
    ),
    severity(
        "check: not-valid-code, variable: ingeschreven, then: quarantine",
        "'not-valid-code' is about a code that is taken, and 'ingeschreven' is none",
    ),
    severity(
        "check: out-of-range, variable: besloten, then: quarantine",
        "'out-of-range' is about a variable with 'range' that is taken, and 'besloten' is none",
    ),
    severity(
        "check: before, variable: ingeschreven, then: quarantine",
        "'before' is about a date with 'not_before' that is taken, and 'ingeschreven' is none",
    ),
    severity(
        "check: unknown-reference, then: reject",
        "'unknown-reference' is about a variable with 'references', and the dataset takes none",
    ),
    severity(
        "check: order-reversed, then: reject",
        "'zaken' tells of no event that is 'later' in an order, so this never holds",
    ),
    (
        ZAKEN,
        "unique: [zaaknummer]\n",
        "unique: [zaaknummer]\nseverities:\n  - {check: unknown-code, §event: instroom, then: reject}\n",
        "'event' is for check: order-reversed, and this is unknown-code",
    ),
    (
        ZAKEN,
        "unique: [zaaknummer]\n",
        "severities:\n  - {§check: not-unique, then: mark}\n",
        "rows of 'zaken' have no such key, so 'not-unique' never holds",
    ),
    (ZAKEN, "case_keys", "file: {§sheet: uitvoer}\ncase_keys", "'sheet' is for format xlsx, and this file is csv"),
    (
        ZAKEN,
        "    take: false\n",
        "    take: false\n    §required: true\n",
        "'officier' is not taken (take: false), so nothing can ask for it",
    ),
    (
        ZAKEN,
        "    identifying: direct\n",
        '    identifying: direct\n    §pattern: "[A-Z"\n',
        "it is no regular expression: unterminated character set at position 0",
    ),
    (
        ZAKEN,
        "    range: {min: 1900, max: 2020}\n",
        "    range: {min: 1900, max: 2020}\n    §pattern: '[0-9]+'\n",
        "'pattern' is for type identifier or text, and 'geboortejaar' has type integer",
    ),
]

VARIABLES = [
    (
        ZAKEN,
        "identifier: zaaknummer\n    column: PARKET_NR",
        "§identifier: parketnummer\n    column: PARKET_NR",
        "there is no identifier domain 'parketnummer'; did you mean 'zaaknummer'?",
    ),
    (
        ZAKEN,
        "  parket:",
        "  §rol:\n    title: Rol\n    type: identifier\n  parket:",
        "'rol' is an identifier and needs the field 'identifier': its domain",
    ),
    (
        ZAKEN,
        "  naam:",
        "  §soort:\n    title: Soort\n    type: code\n  naam:",
        "'soort' is a code and needs the field 'classification'",
    ),
    (
        ZAKEN,
        "  naam:",
        "  §einde:\n    title: Einde\n    type: date\n  naam:",
        "'einde' is a date in a csv file and needs the field 'formats'",
    ),
    (MELDINGEN, '"%d-%m-%Y"', "§dd-mm-jjjj", "'dd-mm-jjjj' is no date format; write it as %d-%m-%Y"),
    (ZAKEN, "term: delict", "§term: delicten", "there is no term 'delicten'; did you mean 'delict'?"),
    (
        ZAKEN,
        "correspondence: om-oud",
        "§correspondence: om-odu",
        "classification 'beslissingen': there is no correspondence 'om-odu'; did you mean 'om-oud'?",
    ),
    (
        ZAKEN,
        "classification: beslissingen\n    correspondence: om-oud",
        "§classification: beslissingen",
        "classification 'beslissingen': there is no correspondence 'om'",
    ),
    (
        ZAKEN,
        "  naam:",
        "  soort:\n    title: Soort\n    type: code\n    §classification: soorten\n  naam:",
        "there is no classification 'soorten'",
    ),
    (
        ZAKEN,
        "    type: text\n    identifying: direct",
        '    type: text\n    identifying: direct\n    §formats: ["%Y"]',
        "'formats' is for type date, and 'naam' has type text",
    ),
    (
        ZAKEN,
        "    type: text\n    identifying: direct",
        "    type: text\n    identifying: direct\n    §range: {min: 1}",
        "'range' is for type integer or decimal or date, and 'naam' has type text",
    ),
    (ZAKEN, "range: {min: 1900, max: 2020}", "range: {§min: 1900-01-01}", "'1900-01-01' is not of type integer"),
    (ZAKEN, "{min: 2000-01-01, max: 2030-12-31}", "\n      §max: 2030", "'2030' is not of type date"),
    (
        ZAKEN,
        "range: {min: 1900, max: 2020}",
        "range: {min: 1900, §max: 1820}",
        "the greatest value 1820 is smaller than the smallest 1900",
    ),
    (ZAKEN, "not_before: ingeschreven", "§not_before: besloten", "a date can't come before itself"),
    (ZAKEN, "not_before: ingeschreven", "§not_before: feit", "variable 'feit' has type code, not date"),
    (
        ZAKEN,
        "column: PARKET_NR",
        "column: zaak_nr",
        "the column 'zaak_nr' of the file is named twice",
        (ZAKEN, "  parket:"),
    ),
    (
        ZAKEN,
        "  naam:",
        "  §moment:\n    title: Moment\n    type: text\n  naam:",
        "'moment' is a column that every dataset gets: give the variable another name",
    ),
    (
        ZAKEN,
        "  naam:",
        "  §feit_bron:\n    title: Bron\n    type: text\n  naam:",
        "'feit_bron' is made from 'feit': give the variable another name",
    ),
    (
        ZAKEN,
        "  naam:",
        "  §soort zaak:\n    title: Soort\n    type: text\n  naam:",
        "'soort zaak' must be letters, digits and _ only; give the file's own name as 'column'",
    ),
]

TERMINOLOGY = [
    (DELICTEN, "B: beroving", "\n    §B: beroven", "there is no code 'beroven'; did you mean 'beroving'?"),
    (DELICTEN, "parent: geweld}", "parent: §gewelt}", "there is no code 'gewelt'; did you mean 'geweld'?"),
    (
        DELICTEN,
        "en: Violence}}",
        "en: Violence}, §parent: beroving}",
        "the parents go in a circle: geweld > beroving > geweld",
    ),
    (DELICTEN, "parent: geweld}", "parent: §beroving}", "the parents go in a circle: beroving > beroving"),
    (
        DELICTEN,
        "valid_to: 2009-12-31}",
        "§valid_to: 1999-12-31}",
        "ends on 1999-12-31, before it begins on 2000-01-01",
    ),
    (
        DELICTEN,
        "en: New}, valid_from: 2010-01-01}",
        "en: New}, §valid_from: 2009-12-31}",
        "code '01' stands here twice with overlapping validity",
    ),
    (
        DELICTEN,
        "correspondences:\n",
        'correspondences:\n  - {id: om, version: "0", codes: {}}\n',
        "correspondence 'om' stands here twice",
        (DELICTEN, '{id: om, version: "1"'),
    ),
    (BESLISSINGEN, "D: dagvaarding", "D: §dagvaarden", "there is no code 'dagvaarden'; did you mean 'dagvaarding'?"),
    ("terms/delict.yaml", "owner: om", "§owner: wodc", "there is no partner 'wodc'"),
    (
        "terms/delict.yaml",
        "with_term: misdrijf",
        "with_term: §misdaad",
        "there is no term 'misdaad'",
    ),
    ("terms/delict.yaml", "with_term: misdrijf", "with_term: §delict", "a term can't differ from itself"),
    ("terms/delict.yaml", "unit: zaak", "unit: §zaken", "there is no unit 'zaken'; did you mean 'zaak'?"),
    (
        "terms/misdrijf.yaml",
        "unverified: true\n",
        "",
        "a term needs the field 'source', or 'unverified: true' where it was read nowhere",
        ("terms/misdrijf.yaml", "id:"),
    ),
    (FIGURE, "term: delict", "§term: delicten", "there is no term 'delicten'; did you mean 'delict'?"),
]

THE_CHAIN = [
    (
        CHAIN,
        "  events:\n",
        "    - {id: §zaaknummer, title: Nog een}\n  events:\n",
        "'zaaknummer' stands here twice",
    ),
    (CHAIN, "keep: A-Z0-9", "§keep: Z-A", "is no pattern: bad character range Z-A"),
    (CHAIN, '"^99[0-9]{4}$"', '§"^99([0-9]{4}$"', "is no pattern: missing ), unterminated subpattern"),
    (
        CHAIN,
        "  - {id: instroom, ",
        "  - {id: melding, title: Weer}\n    - {id: instroom, ",
        "'melding' stands here twice",
        (CHAIN, "Weer"),
    ),
    (CHAIN, "id: vervolging", "id: §opsporing", "'opsporing' stands here twice"),
    (CHAIN, "dataset: zaken", "dataset: §zakken", "there is no dataset 'zakken'; did you mean 'zaken'?"),
    (CHAIN, "enter: instroom", "enter: §instromen", "there is no event 'instromen'; did you mean 'instroom'?"),
    (CHAIN, "enter: instroom", "enter: §melding", "dataset 'zaken' does not tell of the event 'melding'"),
    (CHAIN, "- event: beslissing", "- event: §beslist", "there is no event 'beslist'; did you mean 'beslissing'?"),
    (
        CHAIN,
        "outcomes: [sepot]",
        "outcomes: [sepot, §seponeren]",
        "event 'beslissing': there is no outcome 'seponeren'",
    ),
    (
        CHAIN,
        "- event: beslissing",
        "- event: instroom",
        "event 'instroom': there is no outcome 'sepot'",
        (CHAIN, "outcomes"),
    ),
    (CHAIN, "meldingen.delict", "§melding.delict", "there is no dataset 'melding'; did you mean 'meldingen'?"),
    (CHAIN, "meldingen.delict", "§meldingen.soort", "dataset 'meldingen': there is no variable 'soort'"),
    (
        CHAIN,
        "meldingen.delict",
        "§zaken.officier",
        "variable 'zaken.officier' is not taken (take: false), so nothing can use it",
    ),
    (
        CHAIN,
        "meldingen.delict",
        "§zaken.parket",
        "variable 'zaken.parket' is an identifier, which is never an attribute",
    ),
    (
        CHAIN,
        "meldingen.delict",
        "§zaken.uitkomst",
        "variable 'zaken.uitkomst' has classification 'beslissingen', the attribute has classification 'delicten'",
    ),
    (
        CHAIN,
        "[zaken.geboortejaar]",
        "[zaken.geboortejaar, §meldingen.gemeld]",
        "variable 'meldingen.gemeld' has type date, and the source before it integer",
    ),
    (
        CHAIN,
        "[zaken.geboortejaar]",
        "[§zaken.feit]",
        "variable 'zaken.feit' has classification 'delicten', the attribute has no classification",
    ),
    (
        CHAIN,
        "    delict:\n",
        "    §case_id:\n      title: Zaak\n      sources: [zaken.geboortejaar]\n    delict:\n",
        "'case_id' can't be the name of an attribute",
    ),
    (
        CHAIN,
        "  identifiers:\n",
        "  person: false\n  identifiers:\n",
        "the chain knows no persons (person: false), so persons have no attributes",
        (CHAIN, "person_attributes:"),
    ),
    (
        CHAIN,
        "  case_attributes:\n",
        "    - {id: beroep, title: Beroep, theme: vervolging, §dataset: zaken, enter: instroom}\n  case_attributes:\n",
        "dataset 'zaken' already shows another stage",
    ),
    (
        CHAIN,
        "enter: melding\n",
        "enter: melding\n      pass_on:\n        - {event: melding, outcomes: [§door]}\n",
        "event 'melding': there is no outcome 'door'",
    ),
    (
        CHAIN,
        "enter: melding\n",
        "enter: melding\n      leave: [{event: melding}]\n      pass_on:\n        - §{event: melding}\n",
        "says that a case goes on, and 'leave' that it leaves the chain",
    ),
    (
        CHAIN,
        "      leave:\n",
        "      pass_on: [{event: instroom}]\n      leave:\n",
        "after the last stage no case goes on",
        (CHAIN, "pass_on"),
    ),
]

SPANS = """  spans:
    duur:
      title: Duur
      start: {event: melding}
      end:
        - {event: beslissing, outcomes: [sepot]}
      term: delict
      norms:
        snel:
          title: {nl: snel, en: fast}
          within: 90
          share: 80
          applies_to:
            delict: [geweld]
          source: ergens
  case_attributes:
"""
OF_SPANS = [
    ("event: melding", "§event: meldnig", "there is no event 'meldnig'; did you mean 'melding'?"),
    ("[sepot]", "[§seponeren]", "event 'beslissing': there is no outcome 'seponeren'"),
    ("- {event: beslissing, outcomes: [sepot]}", "- §{event: melding}", "starts the span too, so that it would last"),
    ("term: delict", "§term: delikt", "there is no term 'delikt'; did you mean 'delict'?"),
    ("delict: [geweld]", "§lengte: [geweld]", "there is no attribute 'lengte'"),
    ("delict: [geweld]", "delict: [§kort]", "there is no code 'kort'"),
    ("source: ergens", "source: ergens\n          §published: nergens.mk", "there is no published total 'nergens'"),
    (
        "source: ergens",
        "source: ergens\n          §published: ingeschreven.mk",
        "there is no series 'mk'",
    ),
]

GRANTS = [
    (
        GRANT,
        "[levering-politie, levering-om]",
        "[levering-politie, levering-om, §levering-dji]",
        "there is no agreement 'levering-dji'; did you mean 'levering-om'?",
    ),
    (
        POLITIE,
        'monitor: {allowed: "yes", article: art. 2, dpia: DPIA-1}',
        'monitor: {allowed: "no", article: art. 2}',
        "agreement 'levering-politie' does not allow the purpose 'monitor'; ask politie@example.nl",
        (GRANT, "purpose: monitor"),
    ),
    (
        POLITIE,
        'monitor: {allowed: "yes", article: art. 2, dpia: DPIA-1}',
        "monitor: {allowed: if, condition: {nl: Mits., en: Provided.}, article: art. 2}",
        "agreement 'levering-politie' allows the purpose 'monitor' on a condition; "
        "say in the field 'meets' how it is met; ask politie@example.nl",
        (GRANT, "purpose: monitor"),
    ),
    (
        GRANT,
        "people:\n",
        "meets:\n  §levering-dji: {nl: Zo., en: So.}\npeople:\n",
        "'levering-dji' is no agreement of this grant",
    ),
    (
        POLITIE,
        "begin: 2020-01-01",
        "begin: 2025-06-01",
        "begins before agreement 'levering-politie' does, on 2025-06-01; ask politie@example.nl",
        (GRANT, "begin: 2025-01-01"),
    ),
    (
        GRANT,
        "end: 2026-12-31",
        "§end: 2030-06-30",
        "ends after agreement 'levering-politie' does, on 2029-12-31; ask politie@example.nl",
    ),
    (
        GRANT,
        "begin: 2025-02-01\n    end: 2025-12-31",
        "begin: 2025-02-01\n    §end: 2024-12-31",
        "ends on 2024-12-31, before it begins on 2025-02-01",
    ),
    (GRANT, "    begin: 2025-02-01", "    §begin: 2024-12-31", "begins before the grant does, on 2025-01-01"),
    (GRANT, "    end: 2025-12-31", "    §end: 2027-01-01", "ends after the grant does, on 2026-12-31"),
    (
        GRANT,
        "  events:\n",
        "  §zakken: {columns: [row]}\n  events:\n",
        "there is no table 'zakken'; did you mean 'zaken'?",
    ),
    (
        GRANT,
        "  events:\n",
        "  §deliveries: {columns: [dataset]}\n  events:\n",
        "'deliveries' comes with every extract and isn't granted",
    ),
    (
        GRANT,
        "besloten]",
        "beslist]",
        "table 'zaken': there is no column 'beslist'; did you mean 'besloten'?",
        (GRANT, "feit_bron"),
    ),
    (
        GRANT,
        "besloten]",
        "besloten, naam]",
        "'naam' identifies a person directly and is never granted",
        (GRANT, "feit_bron"),
    ),
    (
        GRANT,
        "besloten]",
        "besloten, parket]",
        "'parket' is an identifier, which never reaches a project; use case_id or person_id",
        (GRANT, "feit_bron"),
    ),
    (GRANT, "besloten]", "besloten, officier]", NOT_TAKEN, (GRANT, "feit_bron")),
    (GRANT, "besloten]", "besloten, feit]", "column 'feit' stands here twice", (GRANT, "feit_bron")),
    (
        ZAKEN,
        "identifying: quasi",
        "identifying: direct",
        "'geboortejaar' identifies a person directly and is never granted",
        (GRANT, "geboortejaar"),
    ),
    (
        GRANT,
        "[levering-politie, levering-om]",
        "[levering-om]",
        "'delict' draws on dataset 'meldingen', which no agreement of this grant covers",
        (GRANT, "delict]"),
    ),
]

CONDITIONS = [
    (
        GRANT,
        "{column: besloten, operator: known}",
        "{column: §beslist, operator: known}",
        "there is no column 'beslist'; did you mean 'besloten'?",
    ),
    (GRANT, "{column: besloten, operator: known}", "{column: §naam, operator: known}", "there is no column 'naam'"),
    (GRANT, "operator: known}", "operator: known, §values: [1]}", "the operator 'known' takes no values"),
    (GRANT, "[geweld, beroving]", "[]", "the operator 'in' needs one value or more", (GRANT, "column: feit")),
    (
        GRANT,
        "operator: in, values: [geweld",
        "§operator: is, values: [geweld",
        "the operator 'is' takes exactly one value",
    ),
    (
        GRANT,
        "operator: in, values: [geweld, beroving]",
        "§operator: at_least, values: [geweld]",
        "'at_least' needs a date or a number, and 'feit' has type code",
    ),
    (GRANT, "[geweld, beroving]", "[geweld, §diefstal]", "there is no code 'diefstal'"),
    (GRANT, "[geweld, beroving]", "[geweld, §1]", "'1' is not of type code, as 'feit' is; write it in quotes"),
    (GRANT, "[2015-01-01]", "[§2015]", "'2015' is not of type date, as 'moment' is"),
    (
        GRANT,
        "{column: moment, operator: at_least, values: [2015-01-01]}",
        "{column: stage, operator: is, values: [§berechting]}",
        "there is no code 'berechting'",
    ),
    (
        GRANT,
        "{column: moment, operator: at_least, values: [2015-01-01]}",
        "{column: case_id, §operator: is, values: [1]}",
        "'case_id' can only be known or unknown",
    ),
    (ZAKEN, "[sepot, dagvaarding]", "[sepot, §S]", "there is no code 'S'"),
    (
        ZAKEN,
        "{column: uitkomst, operator: in, values: [sepot, dagvaarding]}",
        "{column: §officier, operator: known}",
        "there is no column 'officier'",
    ),
]

MONITORS_AND_DEMO = [
    (
        MONITOR,
        "notebook: keten.ipynb",
        "§notebook: map/keten.ipynb",
        "must be the name of a file of the notebooks folder, ending in .ipynb",
    ),
    (MONITOR, "0 6 1 */3 1-5", "0 6 1 *", "must be five fields: minute hour day month weekday", (MONITOR, "schedule")),
    (MONITOR, "0 6 1 */3 1-5", "0 24 1 * *", "'24' is no hour: use *, or 0 to 23", (MONITOR, "schedule")),
    (MONITOR, "0 6 1 */3 1-5", "0 6 1 jan *", "'jan' is no month: use *, or 1 to 12", (MONITOR, "schedule")),
    (MONITOR, "default: 2020", "§default: '2020'", "'2020' is not of type integer"),
    (MONITOR, "default: 2020", "§default: 2019", "'2019' is not one of the choices"),
    (MONITOR, "[2020, 2021]", "[2020, §laatste]", "'laatste' is not of type integer"),
    (
        MONITOR,
        "schedule: 0",
        "§protection: {method: controlled rounding}\nschedule: 0",
        "is controlled rounding, and needs the field 'base': of what every count becomes a multiple",
    ),
    (
        MONITOR,
        "schedule: 0",
        "protection: {method: controlled rounding, §base: 4}\nschedule: 0",
        "4 is less than 5, which a minimum of 10 asks for",
    ),
    (
        MONITOR,
        "schedule: 0",
        "protection: {§base: 5}\nschedule: 0",
        "belongs to rounding, and small numbers are hidden here",
    ),
    (CHAIN, "  monitors: [keten]", "  monitors: [§ketens]", "there is no monitor 'ketens'; did you mean 'keten'?"),
    (CHAIN, "researcher: onderzoeker", "§researcher: iemand", "grant 'onderzoek' does not name this account"),
    (
        CHAIN,
        "publication_date: 2025-03-03",
        "§publication_date: 2024-12-31",
        "grant 'onderzoek' lasts from 2025-01-01 to 2026-12-31",
    ),
    (
        CHAIN,
        "publication_date: 2025-03-03",
        "§publication_date: 2027-01-01",
        "grant 'onderzoek' lasts from 2025-01-01 to 2026-12-31",
    ),
    (
        CHAIN,
        "[beoordelaar-a, beoordelaar-b]",
        "[beoordelaar-a, beoordelaar-a]",
        "the researcher and the two reviewers must be three accounts",
        (CHAIN, "reviewers"),
    ),
    (CHAIN, "    seed: 1\n", "", "the synthetic chain needs years, scale and seed", (CHAIN, "  source:")),
    (
        CHAIN,
        "    synthetic: true\n",
        "    synthetic: false\n",
        "give either 'synthetic: true' or 'files'",
        (CHAIN, "  source:"),
    ),
    (
        CHAIN,
        "    synthetic: true\n",
        "    §files: {zakken: a.csv}\n",
        "there is no dataset 'zakken'; did you mean 'zaken'?",
    ),
]

RATIO = "numerator: zaak\ndenominator: persoon\nacross_units: {nl: Zaken per persoon., en: Cases for each person.}\n"

STRICT = [
    (FIGURE, RATIO, "", "needs the field 'numerator': the unit counted", (FIGURE, "id:")),
    (
        BREAK,
        "date: 2016-07-01",
        "date: 2000-01-01",
        "dataset 'zaken' has rows from 2000-01-01 to 2030-12-31, none on the other side of it",
        (BREAK, "datasets:"),
    ),
    (
        BREAK,
        "date: 2016-07-01",
        "date: 2031-01-01",
        "dataset 'zaken' has rows from 2000-01-01 to 2030-12-31, none on the other side of it",
        (BREAK, "datasets:"),
    ),
    (
        BREAK,
        "figures: [stroom]\n",
        "figures: [stroom]\n§dimension: feiten\n",
        "there is no attribute or column 'feiten'; did you mean 'feit'?",
    ),
    (
        ZAKEN,
        "    range: {min: 2000-01-01, max: 2030-12-31}\n",
        "    range: {min: 2000-01-01, max: 2030-12-31}\n    §not_before: besloten\n",
        "the dates go in a circle: ingeschreven > besloten > ingeschreven",
    ),
    (
        DELICTEN,
        "correspondences:\n",
        'correspondences:\n  - {id: §brandweer, version: "0", codes: {}}\n',
        "there is no partner or classification 'brandweer'",
    ),
    (
        DELICTEN,
        "correspondences:\n",
        'correspondences:\n  - {id: beslissingen, version: "0", codes: {§Q: geweld}}\n',
        "classification 'beslissingen': there is no code 'Q'",
    ),
]

PUBLISHED_TOTALS = [
    (
        PUBLISHED,
        "{year: 2021, value: 1400}",
        "{§year: 2018, value: 1400}",
        "2018 comes after 2019; the years go up, and each stands here once",
    ),
    (
        PUBLISHED,
        "{year: 2021, value: 1400}",
        "{§year: 2019, value: 1400}",
        "2019 comes after 2019; the years go up, and each stands here once",
    ),
    (PUBLISHED, "{year: 2021, value: 1400}", "{year: 2021, §value: 1450}", "1450 is no multiple of its rounding 100"),
    (
        PUBLISHED,
        "value: 90}",
        'value: 90, source: " "}',
        "needs the field 'source': where the number was read",
        (PUBLISHED, "value: 90"),
    ),
    (
        PUBLISHED,
        "    status: [provisional]\n",
        "",
        "needs the field 'status': how its publisher marks it",
        (PUBLISHED, "value: 90"),
    ),
    (
        PUBLISHED,
        "value: 800}",
        "value: 800, status: [rounded]}",
        "is rounded, and needs the field 'rounding': to which step",
        (PUBLISHED, "value: 800"),
    ),
    (
        PUBLISHED,
        "      - table: zaken\n        moment: ingeschreven\n        where:\n          - {column: feit",
        "      - §table: zakken\n        moment: ingeschreven\n        where:\n          - {column: feit",
        "there is no dataset 'zakken'; did you mean 'zaken'?",
    ),
    (
        PUBLISHED,
        "{column: feit, operator",
        "{§column: feiten, operator",
        "there is no column 'feiten'; did you mean 'feit'?",
    ),
    (PUBLISHED, "values: [geweld]", "values: [§gewelt]", "there is no code 'gewelt'; did you mean 'geweld'?"),
    (
        PUBLISHED,
        "{column: meldingen.delict",
        "{§column: melding.delict",
        "there is no column 'melding.delict'; did you mean 'meldingen.delict'?",
    ),
    (
        PUBLISHED,
        "      - {table: zaken, moment: ingeschreven}\n",
        "      - {table: zaken, §moment: feit}\n",
        "'feit' has type code, not date",
    ),
    (
        PUBLISHED,
        "      - {table: zaken, moment: ingeschreven}\n",
        "      - §{table: zaken}\n",
        "needs either a 'moment', whose year counts, or a 'stock'",
    ),
    (
        PUBLISHED,
        "      - {table: zaken, moment: ingeschreven}\n",
        "      - {table: zaken, moment: ingeschreven, what: sum}\n",
        "a sum needs the field 'column': which number is added up",
        (PUBLISHED, "what: sum"),
    ),
    (
        PUBLISHED,
        "      - {table: zaken, moment: ingeschreven}\n",
        "      - {table: zaken, moment: ingeschreven, weight: naam}\n",
        "'naam' has type text, not integer or decimal",
        (PUBLISHED, "weight: naam"),
    ),
    (
        PUBLISHED,
        "days: [meldingen.gemeld, besloten]}",
        "days: [§meldingen.gemelt, besloten]}",
        "there is no column 'meldingen.gemelt'; did you mean 'meldingen.gemeld'?",
    ),
    (
        PUBLISHED,
        "    kind: duration\n",
        "",
        "the mean days are a 'duration' of their own, and are not added up",
        (PUBLISHED, "count:#3"),
    ),
    (PUBLISHED, "    kind: share\n", "", "a count is not divided; give the 'kind' of the number", (PUBLISHED, "per:")),
    (
        PUBLISHED,
        "    per:\n      - {table: zaken, moment: ingeschreven}\n",
        "",
        "is a share, and needs the field 'per': what is counted below the line",
        (PUBLISHED, "count:#2"),
    ),
    (
        PUBLISHED,
        "begin: ingeschreven, end",
        "§begin: ingeschrefen, end",
        "table 'zaken': there is no column 'ingeschrefen'; did you mean 'ingeschreven'?",
    ),
    (
        PUBLISHED,
        "{table: zaken, begin: ingeschreven",
        "{§table: zakken, begin: ingeschreven",
        "there is no dataset 'zakken'; did you mean 'zaken'?",
    ),
    (PUBLISHED, ", end: besloten}", "}", "'persons_present' needs the argument 'end'", (PUBLISHED, "function:")),
    (
        PUBLISHED,
        ", end: besloten}",
        ", end: besloten, age: 12}",
        "'persons_present': there is no argument 'age'",
        (PUBLISHED, "age: 12"),
    ),
    (
        PUBLISHED,
        "    function: persons_present\n",
        "    not_counted: Nee\n    §function: persons_present\n",
        "says 'function' already: a series is counted in one way, or not",
        (PUBLISHED, "not_counted: Nee"),
    ),
    (
        PUBLISHED,
        "    not_counted: {nl: Die kent de keten niet., en: The chain knows none.}\n",
        "",
        "needs one of 'count', 'function' and 'not_counted'",
        (PUBLISHED, "  rechtspersonen:"),
    ),
    (
        PUBLISHED,
        "    not_counted: {nl: Die",
        "    §arguments: {age: 12}\n    not_counted: {nl: Die",
        "are for a 'function', and there is none",
    ),
    (
        CHAIN,
        "    - {percent: 2}\n",
        "    - §{kinds: [rate]}\n",
        "says not how far: give 'percent', 'points' or 'steps'",
    ),
    (
        CHAIN,
        "    - {percent: 2}\n",
        "    - {percent: 2}\n    - §{points: 2}\n",
        "is never reached: a tolerance before it is about every number",
    ),
]

REFERENCES = [
    (
        ZAKEN,
        "    column: ZAAK_NR\n",
        "    column: ZAAK_NR\n    §references: zaakjes.nummer\n",
        "there is no dataset 'zaakjes'; did you mean 'zaken'?",
    ),
    (
        ZAKEN,
        "    column: ZAAK_NR\n",
        "    column: ZAAK_NR\n    §references: meldingen.nummer\n",
        "dataset 'meldingen': there is no variable 'nummer'; did you mean 'zaaknummer'?",
    ),
    (
        ZAKEN,
        "    column: ZAAK_NR\n",
        "    column: ZAAK_NR\n    §references: meldingen.persoonsnummer\n",
        "'meldingen.persoonsnummer' is a 'persoonsnummer', and this a 'zaaknummer'",
    ),
    (
        ZAKEN,
        "    column: ZAAK_NR\n",
        "    column: ZAAK_NR\n    §references: zaken.parket\n",
        "a value is held by another dataset, not by its own",
    ),
]

TABLE = [
    *REFERENCES,
    *AGREEMENTS, *NUMBERS, *KEYS_AND_EVENTS, *SEVERITIES, *VARIABLES, *TERMINOLOGY, *THE_CHAIN, *GRANTS, *CONDITIONS,
    *MONITORS_AND_DEMO, *STRICT, *PUBLISHED_TOTALS,
]  # fmt: skip


def problems(folder: Path) -> list[str]:
    """Every problem of a catalogue, as `file:line: message`, its file named from the catalogue's folder."""
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return [line.strip().removeprefix(f"{folder}/") for line in caught.value.what.splitlines()[1:]]


def line_with(text: str, part: str) -> int:
    """The number of the only line that holds a text; ``text#2`` is the second of several."""
    part, _, place = part.partition("#")
    numbers = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    assert place or len(numbers) == 1
    return numbers[int(place or 1) - 1]


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]}-{row[3]}"[:90] for row in TABLE])
def test_one_fault_is_exactly_one_problem_at_its_line(row, miniature, write_catalog):
    file, old, new, message, *elsewhere = row
    assert miniature[file].count(old) == 1, "the row must replace one text"
    marked = miniature[file].replace(old, new)
    changed = marked.replace("§", "")
    folder = write_catalog({file: changed})
    place, part = elsewhere[0] if elsewhere else (file, "§")
    text = marked if part == "§" else changed if place == file else miniature[place]
    assert problems(folder) == [f"{place}:{line_with(text, part)}: {message}"]


def test_the_miniature_itself_is_in_order(catalog_dir):
    assert load_catalog(catalog_dir).datasets["zaken"].variables["feit"].classification == "delicten"


def test_what_a_row_tells_of_decides_its_keys(write_catalog, miniature):
    without = miniature[MELDINGEN].replace("case_keys: [[zaaknummer]]\n", "")
    assert problems(write_catalog({MELDINGEN: without})) == [
        f"{MELDINGEN}:1: rows that tell of a case need the field 'case_keys'"
    ]
    crime = miniature[MELDINGEN].replace("partner: politie\n", "partner: politie\nsubject: crime\n")
    of_stage = line_with(miniature[CHAIN], "dataset: meldingen")
    found = problems(write_catalog({MELDINGEN: crime}))
    for field in ("case_keys", "person_keys", "events"):
        line = line_with(crime, f"{field}:")
        assert f"{MELDINGEN}:{line}: rows that tell of a crime have no {field}" in found
    told = "rows of 'meldingen' tell of a crime; a stage is shown by rows of cases"
    assert f"{CHAIN}:{of_stage}: {told}" in found


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "§variable: besloten, then: mark",
            "'order-reversed' is about an event, so it has the field 'event' in its place",
        ),
        (
            "§then: quarantine",
            "an order is known once its rows are linked, so a row can be marked for it, not kept out",
        ),
        ("§event: instromen, then: mark", "there is no later event of an order 'instromen'; did you mean 'instroom'?"),
        ("§event: beslissing, then: mark", "there is no later event of an order 'beslissing'"),
        ("event: instroom, then: reject, above: 0.05", None),
        ("then: mark", None),
    ],
)
def test_a_severity_of_an_order_is_about_a_later_event_of_its_dataset(write_catalog, miniature, written, message):
    chain = miniature[CHAIN].replace("  events:\n", "  orders: [{earlier: melding, later: instroom}]\n  events:\n")
    line = f"severities:\n  - {{check: order-reversed, {written}}}\n"
    text = miniature[ZAKEN].replace("unique: [zaaknummer]\n", f"unique: [zaaknummer]\n{line}")
    folder = write_catalog({CHAIN: chain, ZAKEN: text.replace("§", "")})
    if message is None:
        assert load_catalog(folder).datasets["zaken"].severities[0].across
    else:
        assert problems(folder) == [f"{ZAKEN}:{line_with(text, '§')}: {message}"]


def test_an_agreement_that_ends_before_it_begins(write_catalog, miniature):
    text = miniature[OM].replace("id: levering-om", "id: oud").replace("end: 2030-12-31", "end: 2019-12-31")
    folder = write_catalog({"agreements/oud.yaml": text})
    line = line_with(text, "end: 2019-12-31")
    assert problems(folder) == [f"agreements/oud.yaml:{line}: ends on 2019-12-31, before it begins on 2020-01-01"]


PERMISSION_FAULTS = [
    ("partner: om, ", "partner: omm, ", "there is no partner 'omm'; did you mean 'om'?"),
    ("reference: O-1", "datasets: [zakne], reference: O-1", "there is no dataset 'zakne'; did you mean 'zaken'?"),
    (
        "reference: O-1",
        "datasets: [zaken, meldingen], reference: O-1",
        "dataset 'meldingen' is of partner 'politie', not 'om'",
    ),
    ("until: 2026-12-31}", "until: 2024-10-31}", "ends on 2024-10-31, before it begins on 2024-11-01"),
]


@pytest.mark.parametrize(("old", "new", "message"), PERMISSION_FAULTS)
def test_a_permission_is_of_a_partner_for_datasets_of_its_own(old, new, message, write_catalog, miniature):
    assert miniature[GRANT].count(old) == 1
    text = miniature[GRANT].replace(old, new)
    assert problems(write_catalog({GRANT: text})) == [f"{GRANT}:{line_with(text, new)}: {message}"]


def test_a_permission_for_a_dataset_outside_the_agreements_leads_to_nothing(write_catalog, miniature):
    text = miniature[GRANT].replace("agreements: [levering-politie, levering-om]", "agreements: [levering-politie]")
    text = text.replace("reference: O-1", "datasets: [zaken], reference: O-1")
    found = problems(write_catalog({GRANT: text}))
    assert f"{GRANT}:{line_with(text, 'O-1')}: no agreement of this grant covers dataset 'zaken'" in found


def test_that_a_partner_gave_no_permission_is_no_fault_of_the_catalogue(write_catalog, miniature):
    text = "".join(line for line in miniature[GRANT].splitlines(True) if "partner:" not in line)
    assert (
        load_catalog(write_catalog({GRANT: text.replace("permissions:\n", "")})).grants["onderzoek"].permissions == ()
    )


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("{zaken: [om]}", None),
        ("{meldingen: [om]}", "dataset 'meldingen' is not under this agreement"),
        ("{zaken: [omm]}", "there is no partner 'omm'; did you mean 'om'?"),
        ("{zaken: [politie]}", "partner 'politie' is none of the recipients"),
    ],
)
def test_a_dataset_is_limited_to_recipients_of_its_agreement(limit, message, write_catalog, miniature):
    text = miniature[OM].replace("retention_years", f"only_for: {limit}\nretention_years")
    folder = write_catalog({OM: text})
    if message is None:
        assert load_catalog(folder).agreements["levering-om"].only_for == {"zaken": ("om",)}
    else:
        assert problems(folder) == [f"{OM}:{line_with(text, 'only_for')}: {message}"]


def test_a_grant_that_ends_before_it_begins(write_catalog, miniature):
    text = miniature[GRANT].replace("end: 2026-12-31", "end: 2024-12-31").replace("    end: 2025-12-31\n", "")
    line = line_with(text, "end: 2024-12-31")
    assert problems(write_catalog({GRANT: text})) == [
        f"{GRANT}:{line}: ends on 2024-12-31, before it begins on 2025-01-01"
    ]


def test_a_dataset_is_not_named_as_a_table_of_every_warehouse(write_catalog, miniature):
    text = miniature[MELDINGEN].replace("id: meldingen", "id: events")
    agreement = miniature[POLITIE].replace("[meldingen]", "[meldingen, events]")
    folder = write_catalog({"datasets/events.yaml": text, POLITIE: agreement})
    assert problems(folder) == ["datasets/events.yaml:1: 'events' is the name of a table of every warehouse"]


def test_a_dataset_that_no_agreement_is_about(write_catalog, miniature):
    text = miniature[MELDINGEN].replace("id: meldingen", "id: los")
    assert problems(write_catalog({"datasets/los.yaml": text})) == [
        "datasets/los.yaml:1: no agreement is about dataset 'los', so nobody may deliver or use it"
    ]


def test_a_dataset_that_no_agreement_of_the_grant_covers(write_catalog, miniature):
    text = miniature[GRANT].replace("[levering-politie, levering-om]", "[levering-politie]")
    # persons' year of birth and cases' offence draw on zaken too
    assert [problem.split(": ", 1)[1] for problem in problems(write_catalog({GRANT: text}))] == [
        "'geboortejaar' draws on dataset 'zaken', which no agreement of this grant covers",
        "'delict' draws on dataset 'zaken', which no agreement of this grant covers",
        "no agreement of this grant covers dataset 'zaken'",
    ]


def test_several_faults_are_all_listed_in_order_of_file_and_line(write_catalog, miniature):
    folder = write_catalog(
        {
            OM: miniature[OM]
            .replace("partner: om", "partner: omm")
            .replace("id: levering-om\n", "id: levering-om\nx: 1\n"),
            ZAKEN: miniature[ZAKEN]
            .replace("term: delict", "term: weg")
            .replace("unique: [zaak", "unique: [zaken, zaak"),
            "terms/misdrijf.yaml": miniature["terms/misdrijf.yaml"].replace("politie", "brandweer"),
        }
    )
    # the agreement is faulty in itself, so what it refers to is not judged, and what refers to it is no second fault
    assert problems(folder) == [
        f"{OM}:2: x: no such field",
        f"{ZAKEN}:7: there is no variable 'zaken'",
        f"{ZAKEN}:{line_with(miniature[ZAKEN], 'term: delict')}: there is no term 'weg'",
        "terms/misdrijf.yaml:4: there is no partner 'brandweer'",
    ]


def test_a_dataset_is_under_one_agreement_at_a_time(write_catalog, miniature):
    text = miniature[OM].replace("id: levering-om", "id: nieuw").replace("begin: 2020-01-01", "begin: 2030-12-31")
    folder = write_catalog({"agreements/nieuw.yaml": text.replace("end: 2030-12-31", "end: 2035-12-31")})
    line = line_with(text, "[zaken]")
    assert problems(folder) == [
        f"agreements/nieuw.yaml:{line}: dataset 'zaken' is under agreement 'levering-om' until 2030-12-31, "
        "and this begins before"
    ]


def test_one_agreement_may_follow_another(write_catalog, miniature):
    text = miniature[OM].replace("id: levering-om", "id: nieuw").replace("begin: 2020-01-01", "begin: 2031-01-01")
    folder = write_catalog({"agreements/nieuw.yaml": text.replace("end: 2030-12-31", "end: 2035-12-31")})
    assert set(load_catalog(folder).agreements) == {"levering-politie", "levering-om", "nieuw"}


def test_correspondences_of_a_partner_can_have_a_name_of_their_own(write_catalog, miniature):
    text = miniature[DELICTEN].replace(
        "correspondences:\n", 'correspondences:\n  - {id: om-1999, version: "0", codes: {}}\n'
    )
    assert load_catalog(write_catalog({DELICTEN: text})).classifications["delicten"].correspondences[0].id == "om-1999"


SYNTHETIC = "synthetic/klein.yaml"
SMALL_CHAIN = """\
id: klein
title: {nl: Kleine keten, en: Small chain}
targets: {}
levels: {}
shares: {}
days: {}
numbers: {}
names: {}
towns:
  Ergens: {weight: 1, unit: geweld}
dirt:
  - {dataset: zaken, variable: feit, kind: unknown code, share: 0.01}
  - {dataset: zaken, variable: besloten, kind: too early, share: 0.01}
doubled:
  - {dataset: meldingen, share: 0.01}
recoded:
  - {dataset: zaken, variable: uitkomst, moment: besloten, begin: 2016-01-01}
"""
SYNTHETIC_FAULTS = [
    ("unit: geweld", "§unit: gewelt", "there is no code 'gewelt'; did you mean 'geweld'?"),
    (
        "dataset: zaken, variable: feit",
        "§dataset: zakken, variable: feit",
        "there is no dataset 'zakken'; did you mean 'zaken'?",
    ),
    ("variable: feit", "§variable: feiten", "dataset 'zaken': there is no variable 'feiten'; did you mean 'feit'?"),
    ("variable: feit", "§variable: naam", "variable 'naam' has type text, not code"),
    (
        "variable: besloten, kind",
        "variable: ingeschreven, §kind",
        "'ingeschreven' can't be too early: it has no 'not_before'",
    ),
    (
        "doubled:\n",
        "  §- {dataset: zaken, variable: feit, kind: unknown code, share: 0.02}\ndoubled:\n",
        "'unknown code: zaken.feit' stands here twice",
    ),
    ("dataset: meldingen", "§dataset: melding", "there is no dataset 'melding'; did you mean 'meldingen'?"),
    (
        "recoded:\n",
        "  - {§dataset: meldingen, share: 0.02}\nrecoded:\n",
        "dataset 'meldingen' stands here twice",
    ),
    ("variable: uitkomst", "§variable: geboortejaar", "variable 'geboortejaar' has type integer, not code"),
    ("moment: besloten", "§moment: uitkomst", "variable 'uitkomst' has type code, not date"),
]


@pytest.mark.parametrize(("old", "new", "message"), SYNTHETIC_FAULTS)
def test_what_a_synthetic_chain_names_is_there(old, new, message, write_catalog):
    assert SMALL_CHAIN.count(old) == 1
    marked = SMALL_CHAIN.replace(old, new)
    folder = write_catalog({SYNTHETIC: marked.replace("§", "")})
    assert problems(folder) == [f"{SYNTHETIC}:{line_with(marked, '§')}: {message}"]


REGISTER = "datasets/bewoners.yaml"
PEOPLE = """\
id: bewoners
title: {nl: Bewoners, en: Residents}
partner: om
subject: person
row: {nl: een persoon, en: a person}
person_keys: [[persoonsnummer]]
moment: [peildatum]
variables:
  persoonsnummer:
    title: {nl: Persoonsnummer, en: Person number}
    type: identifier
    identifier: persoonsnummer
  peildatum:
    title: {nl: Peildatum, en: Reference date}
    type: date
    formats: ["%Y-%m-%d"]
  herkomst:
    title: {nl: Herkomst, en: Origin}
    type: code
    classification: delicten
events: []
"""
COUNTS = "subject: population", "person_keys: [[persoonsnummer]]\n", ""  # what makes rows of persons rows of counts
SUBJECTS = [
    ("person_keys: [[persoonsnummer]]\n", "", "rows that tell of a person need the field 'person_keys'", "id:"),
    ("moment: [", "case_keys: [[persoonsnummer]]\nmoment: [", "rows that tell of a person have no case_keys", "case_"),
    ("subject: person\n", "", "rows that tell of a case need the field 'case_keys'", "id:"),
    (
        "events: []",
        "sample: {weight: herkomst}\nevents: []",
        "only a dataset of respondents is a sample: 'subject: respondent'",
        "sample:",
    ),
    (
        "events: []",
        "events:\n  - {event: melding, moment: [peildatum]}",
        "rows that tell of a person have no events",
        "events:",
    ),
    ("subject: person", "subject: crime", "rows that tell of a crime have no person_keys", "person_keys:"),
    ("subject: person", "subject: population", "rows that tell of a population have no person_keys", "person_keys:"),
    ("subject: person", "subject: respondent", "rows that tell of a respondent have no person_keys", "person_keys:"),
]


@pytest.fixture
def write_people(write_catalog, miniature):
    """Writes the miniature with a dataset of persons beside its cases; its text, and changes of other files."""

    def write(text: str = PEOPLE, changes: dict[str, str] | None = None) -> Path:
        agreement = miniature[OM].replace("datasets: [zaken]", "datasets: [zaken, bewoners]")
        return write_catalog({REGISTER: text, OM: agreement, **(changes or {})})

    return write


def test_a_dataset_of_persons_beside_those_of_cases_is_in_order(write_people, miniature):
    attributes = miniature[CHAIN].replace("[zaken.geboortejaar]", "[zaken.geboortejaar, bewoners.peildatum]")
    assert load_catalog(write_people()).datasets["bewoners"].row_keys == (("persoonsnummer",),)
    of_another_type = problems(write_people(changes={CHAIN: attributes}))
    assert [it.split(": ", 1)[1] for it in of_another_type] == [
        "variable 'bewoners.peildatum' has type date, and the source before it integer"  # and nothing of the subject
    ]


@pytest.mark.parametrize(("old", "new", "message", "line"), SUBJECTS)
def test_what_a_row_tells_of_decides_on_its_keys(old, new, message, line, write_people):
    assert PEOPLE.count(old) == 1
    text = PEOPLE.replace(old, new)
    assert problems(write_people(text)) == [f"{REGISTER}:{line_with(text, f'{line}#1')}: {message}"]


def test_only_rows_of_cases_show_a_stage_or_tell_of_cases(write_people, miniature):
    text = miniature[CHAIN].replace(
        "  case_attributes:\n",
        "    - {id: bewoning, title: Bewoning, theme: vervolging, dataset: bewoners, enter: melding}\n"
        "  case_attributes:\n    herkomst:\n      title: Herkomst\n      classification: delicten\n"
        "      sources: [bewoners.herkomst]\n",
    )
    line = line_with(text, "id: bewoning")
    assert problems(write_people(changes={CHAIN: text})) == [
        f"{CHAIN}:{line}: dataset 'bewoners' does not tell of the event 'melding'",
        f"{CHAIN}:{line}: rows of 'bewoners' tell of a person; a stage is shown by rows of cases",
        f"{CHAIN}:{line_with(text, 'bewoners.herkomst')}: rows of 'bewoners' tell of no case",
    ]


def test_rows_of_counts_tell_of_no_person(write_people, miniature):
    subject, keys, none = COUNTS
    text = miniature[CHAIN].replace("[zaken.geboortejaar]", "[zaken.geboortejaar, bewoners.peildatum]")
    people = PEOPLE.replace("subject: person", subject).replace(keys, none)
    assert problems(write_people(people, {CHAIN: text})) == [
        f"{CHAIN}:{line_with(text, 'bewoners.peildatum')}: rows of 'bewoners' tell of no person"
    ]


@pytest.mark.parametrize(
    ("sample", "message"),
    [
        ("{weight: herkomst}", "variable 'herkomst' has type code, not decimal or integer"),
        ("{weight: aantal, strata: [herkomst, peildatum]}", "variable 'peildatum' has type date, not code or integer"),
        ("{weight: aantal, cluster: persoonsnummer}", "variable 'persoonsnummer' has type identifier, not code"),
        ("{weight: gewicht}", "there is no variable 'gewicht'"),
        ("{weight: aantal, strata: [herkomst], cluster: aantal}", ""),
    ],
)
def test_how_respondents_were_drawn_is_told_in_columns_that_rows_keep(sample, message, write_people):
    _, keys, none = COUNTS
    people = PEOPLE.replace("subject: person", "subject: respondent").replace(keys, none)
    people = people.replace("events: []", f"  aantal: {{title: Aantal, type: integer}}\nsample: {sample}\nevents: []")
    if message:
        (found,) = problems(write_people(people))
        assert found.startswith(f"{REGISTER}:{line_with(people, 'sample:')}: {message}")
    else:
        assert load_catalog(write_people(people)).datasets["bewoners"].sample


def test_no_row_tells_of_a_person_where_the_chain_knows_none(write_people, miniature):
    text = miniature[CHAIN].replace("  identifiers:\n", "  person: false\n  identifiers:\n")
    said = f"{REGISTER}:4: the chain knows no persons (person: false), so no row can tell of one"
    assert said in problems(write_people(changes={CHAIN: text}))


def test_faults_of_every_kind_of_entry_are_listed_in_one_pass(write_catalog, miniature):
    changes = {
        OM: miniature[OM].replace("recipients: [om]", "recipients: [wodc]"),
        BREAK: miniature[BREAK].replace("[stroom]", "[stromen]"),
        DELICTEN: miniature[DELICTEN].replace("parent: geweld", "parent: gewelt"),
        ZAKEN: miniature[ZAKEN].replace("term: delict", "term: weg"),
        FIGURE: miniature[FIGURE].replace("numerator: zaak\n", "numerator: feit\n"),
        GRANT: miniature[GRANT].replace("levering-om]", "levering-dji]"),
        MONITOR: miniature[MONITOR].replace("project: onderzoek", "project: elders"),
        PUBLISHED: miniature[PUBLISHED].replace("values: [geweld]", "values: [weg]"),
        SYNTHETIC: SMALL_CHAIN.replace("dataset: meldingen", "dataset: weg"),
        "terms/delict.yaml": miniature["terms/delict.yaml"].replace("owner: om", "owner: weg"),
        "units/zaak.yaml": miniature["units/zaak.yaml"].replace("[persoon]", "[weg]"),
        CHAIN: miniature[CHAIN].replace("enter: instroom", "enter: weg"),
    }
    assert {problem.partition(":")[0] for problem in problems(write_catalog(changes))} == set(changes)


LINKAGE = """\
  orders:
    - {earlier: melding, later: instroom}
  linkage:
    fields:
      naam: {kind: name, sources: [zaken.naam, meldingen.naam]}
      jaar: {kind: year, sources: [zaken.geboortejaar, meldingen.gemeld]}
      officier: {kind: code, sources: [zaken.feit], unless: jaar}
      nummer: {kind: shared, sources: [zaken.zaaknummer]}
    blocking: [[naam, jaar], [nummer]]
    contradictions: [[jaar, officier]]
    once: [meldingen]
    model: linkage/keten.json
"""
TRAINED = """\
{"fields": {"naam": {}, "jaar": {}, "officier": {}, "nummer": {}}, "pairs": {"naam+jaar": 1, "nummer": 1},
"records": 2, "with_keys": 0.5, "without_keys": 0.5, "seed": 1, "synthetic": true}
"""
LINKAGE_FAULTS = [
    ("later: instroom", "§later: instrom", "there is no event 'instrom'; did you mean 'instroom'?"),
    ("earlier: melding", "§earlier: weg", "there is no event 'weg'"),
    ("      naam: {", "      §rows: {", "'rows' can't be the name of a field"),
    ("      naam: {", "      §na-am: {", "'na-am' can't be the name of a field"),
    ("[zaken.naam,", "[§zakken.naam,", "there is no dataset 'zakken'; did you mean 'zaken'?"),
    ("[zaken.naam,", "[§zaken.nam,", "dataset 'zaken': there is no variable 'nam'; did you mean 'naam'?"),
    (
        "[zaken.naam,",
        "[§zaken.officier,",
        "variable 'zaken.officier' is neither taken nor kept for linkage (for_linkage: true)",
    ),
    ("[zaken.naam,", "[§zaken.feit,", "variable 'zaken.feit' is a code; a field of the kind 'name' can't be one"),
    (
        "[zaken.zaaknummer]",
        "[§zaken.naam]",
        "variable 'zaken.naam' is a text; a field of the kind 'shared' can't be one",
    ),
    ("unless: jaar", "§unless: jaren", "there is no field 'jaren'; did you mean 'jaar'?"),
    (
        "unless: jaar",
        "§unless: nummer",
        "field 'nummer' holds lists (shared), so it can't say more than this one",
    ),
    ("[[jaar, officier]]", "[[§jaren, officier]]", "there is no field 'jaren'; did you mean 'jaar'?"),
    ("once: [meldingen]", "once: [§melding]", "there is no dataset 'melding'; did you mean 'meldingen'?"),
]
RETRAIN = (
    "linkage/keten.json was trained for other fields or blocking rules; make it again with: das snapshot train FOLDER"
)


@pytest.fixture
def write_linkage(write_catalog, miniature):
    """Writes the miniature with a linkage of persons and its trained model; texts of both."""

    def write(linkage: str = LINKAGE, trained: str = TRAINED, **changes: str) -> Path:
        # a name of the reports that is kept for linkage alone, under agreements that allow that
        name = "  naam: {title: Naam, type: text, take: false, for_linkage: true, identifying: direct}\nevents:"
        chain = miniature[CHAIN].replace("  case_attributes:\n", f"{linkage}  case_attributes:\n")
        known = {
            CHAIN: chain,
            MELDINGEN: miniature[MELDINGEN].replace("events:", name),
            POLITIE: miniature[POLITIE] + "names_for_linkage: true\n",
        }
        folder = write_catalog(known | changes)
        (folder / "linkage").mkdir(exist_ok=True)
        (folder / "linkage" / "keten.json").write_text(trained, encoding="utf-8")
        return folder

    return write


def test_a_linkage_of_persons_is_in_order_with_its_model(write_linkage):
    trained = load_catalog(write_linkage()).trained
    assert trained is not None and trained.pairs == {"naam+jaar": 1, "nummer": 1}


@pytest.mark.parametrize(("old", "new", "message"), LINKAGE_FAULTS)
def test_what_a_linkage_names_is_there_and_can_be_compared(old, new, message, write_linkage, miniature):
    assert LINKAGE.count(old) == 1
    marked = LINKAGE.replace(old, new)
    line = line_with(miniature[CHAIN], "  case_attributes:") + line_with(marked, "§") - 1
    found = problems(write_linkage(marked.replace("§", "")))
    assert f"{CHAIN}:{line}: {message}" in found
    others = [it for it in found if not it.endswith((message, RETRAIN)) and "there is no field 'naam'" not in it]
    assert others == []


def test_a_blocking_rule_names_fields(write_linkage, miniature):
    text = LINKAGE.replace("[nummer]]", "[numer]]")
    line = line_with(miniature[CHAIN], "  case_attributes:") + line_with(text, "numer]") - 1
    place = line_with(miniature[CHAIN], "  case_attributes:") + line_with(text, "    model:") - 1
    assert problems(write_linkage(text)) == [
        f"{CHAIN}:{line}: there is no field 'numer'; did you mean 'nummer'?",
        f"{CHAIN}:{place}: {RETRAIN}",
    ]


def test_a_model_of_other_fields_is_no_model_of_this_linkage(write_linkage, miniature):
    place = line_with(miniature[CHAIN], "  case_attributes:") + line_with(LINKAGE, "    model:") - 1
    for old, new in (('"naam": {}, ', ""), ('"nummer": 1', '"officier": 1')):
        assert TRAINED.count(old) == 1
        assert problems(write_linkage(trained=TRAINED.replace(old, new))) == [f"{CHAIN}:{place}: {RETRAIN}"]


def test_where_the_chain_knows_no_persons_there_is_nobody_to_link(write_linkage, miniature):
    text = LINKAGE.replace("  orders:\n", "  person: false\n  orders:\n")
    said = "the chain knows no persons (person: false), so there is nobody to link"
    assert said in [it.split(": ", 1)[1] for it in problems(write_linkage(text))]


def test_rows_of_counts_are_nobody_to_link(write_linkage, miniature):
    subject, keys, none = COUNTS
    people = PEOPLE.replace("subject: person", subject).replace(keys, none)
    agreement = miniature[OM].replace("datasets: [zaken]", "datasets: [zaken, bewoners]")
    text = LINKAGE.replace("[zaken.feit]", "[bewoners.herkomst]")
    found = problems(write_linkage(text, **{REGISTER: people, OM: agreement}))
    assert "rows of 'bewoners' tell of no person" in [it.split(": ", 1)[1] for it in found]


@pytest.mark.parametrize(("old", "new", "message"), OF_SPANS)
def test_what_a_span_names_is_there(old, new, message, write_catalog, miniature):
    assert SPANS.count(old) == 1
    marked = miniature[CHAIN].replace("  case_attributes:\n", SPANS.replace(old, new))
    found = problems(write_catalog({CHAIN: marked.replace("§", "")}))
    assert [it.split(": ", 1)[0] for it in found] == [f"{CHAIN}:{line_with(marked, '§')}"]
    assert message in found[0]


def test_a_norm_stands_in_one_span_only(write_catalog, miniature):
    span = SPANS.removeprefix("  spans:\n").removesuffix("  case_attributes:\n")
    twice = SPANS.replace("  case_attributes:\n", span.replace("duur:", "nog-een:") + "  case_attributes:\n")
    found = problems(write_catalog({CHAIN: miniature[CHAIN].replace("  case_attributes:\n", twice)}))
    assert [it.split(": ", 1)[1] for it in found] == ["the span 'duur' has a norm 'snel' too"]
