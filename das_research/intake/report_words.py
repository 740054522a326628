"""The words of the delivery report, in Dutch and in English; numbers come in by name."""

from das_research.style.numbers import Language

_WORDS: dict[str, tuple[str, str]] = {
    "report": ("Leveringsrapport", "Delivery report"),
    "other": ("This page in English", "Deze pagina in het Nederlands"),
    "only_for": ("Alleen voor {partner}", "For {partner} only"),
    # the verdict
    "accepted": ("Deze levering is opgenomen", "This delivery was taken in"),
    "remarks": ("Deze levering is opgenomen, met opmerkingen", "This delivery was taken in, with remarks"),
    "refused": ("Dit bestand is geweigerd", "This file was refused"),
    "check_accepted": ("Dit bestand kan zo worden geleverd", "This file can be delivered as it is"),
    "check_remarks": (
        "Dit bestand kan worden geleverd, met opmerkingen",
        "This file can be delivered, with remarks",
    ),
    "check_refused": ("Dit bestand zou worden geweigerd", "This file would be refused"),
    "lead_all": (
        "Alle {delivered} rijen zijn geaccepteerd.",
        "All {delivered} rows were accepted.",
    ),
    "lead_some": (
        "Van {delivered} rijen zijn er {accepted} geaccepteerd en {quarantined} in quarantaine gezet.",
        "Of {delivered} rows, {accepted} were accepted and {quarantined} put in quarantine.",
    ),
    "lead_erased": (
        "Van {delivered} rijen zijn er {accepted} geaccepteerd, {quarantined} in quarantaine en {erased} later gewist.",
        "Of {delivered} rows, {accepted} are accepted, {quarantined} in quarantine and {erased} erased since.",
    ),
    "lead_values": (
        "In kolommen zijn {nulled} waarden weggehaald en {marked} waarden gemerkt.",
        "In columns, {nulled} values were taken out and {marked} values marked.",
    ),
    "lead_moved": (
        "Vergeleken met de vorige levering is iets opvallend anders: zie hieronder.",
        "Something differs markedly from the delivery before: see below.",
    ),
    "lead_nothing": (
        "Geen enkele regel vond iets. Er is niets te doen.",
        "No rule found anything. There is nothing to do.",
    ),
    "lead_check": (
        "Dit is een controle vooraf: er is niets opgeslagen.",
        "This is a check beforehand: nothing was stored.",
    ),
    "lead_refused": (
        "Er is niets opgeslagen. Eerdere leveringen staan er nog zoals ze waren.",
        "Nothing was stored. Earlier deliveries stand as they were.",
    ),
    "lead_again": (
        "Ditzelfde bestand was al eerder geleverd; er is niets veranderd. Dit is het verslag van toen.",
        "This very file had been delivered before; nothing changed. This is the report of that time.",
    ),
    # facts
    "facts": ("Om welk bestand gaat het", "Which file this is about"),
    "file": ("Bestand", "File"),
    "dataset": ("Dataset", "Dataset"),
    "partner": ("Geleverd door", "Delivered by"),
    "received": ("Ontvangen", "Received"),
    "delivery": ("Nummer van de levering", "Id of the delivery"),
    "fingerprint": ("Vingerafdruk (SHA-256)", "Fingerprint (SHA-256)"),
    "row_is": ("Een rij is", "A row is"),
    "period": ("Periode die het bestand geheel dekt", "Period that the file covers whole"),
    "from_to": ("{begin} tot en met {end}", "{begin} to {end}"),
    # counts
    "counts": (
        "Geteld: elke rij is geaccepteerd of staat in quarantaine",
        "Counted: every row is accepted or in quarantine",
    ),
    "delivered": ("geleverd", "delivered"),
    "n_accepted": ("geaccepteerd", "accepted"),
    "quarantined": ("in quarantaine", "in quarantine"),
    "identity": (
        "Geleverd = geaccepteerd + in quarantaine. Een rij in quarantaine wordt bewaard, maar niet gebruikt.",
        "Delivered = accepted + in quarantine. A row in quarantine is kept, but not used.",
    ),
    "counts_erased": (
        "Geteld: elke rij is geaccepteerd, staat in quarantaine of is gewist",
        "Counted: every row is accepted, in quarantine or erased",
    ),
    "erased": ("gewist", "erased"),
    "identity_erased": (
        "Geleverd = geaccepteerd + in quarantaine + gewist. Een rij in quarantaine wordt bewaard, maar niet gebruikt. "
        "Een gewiste rij is vernietigd om de persoon over wie zij ging; alle andere aantallen zijn die bij ontvangst.",
        "Delivered = accepted + in quarantine + erased. A row in quarantine is kept, but not used. An erased row was "
        "destroyed for the person it was about; all other counts are those at receipt.",
    ),
    "units": (
        "Die rijen gaan over {delivered} zaken. Daarvan zijn er {accepted} met minstens één geaccepteerde rij; {lost} "
        "staan alleen in quarantaine.",
        "These rows tell of {delivered} cases. Of these, {accepted} have at least one accepted row; {lost} are in "
        "quarantine only.",
    ),
    # rules
    "rules": ("Wat de regels vonden", "What the rules found"),
    "rules_none": ("Geen enkele regel vond iets.", "No rule found anything."),
    "effect": ("Gevolg", "Effect"),
    "todo": ("Wat u kunt doen", "What you can do"),
    "column": ("Kolom", "Column"),
    "in_file": ("In het bestand", "In the file"),
    "expected": ("Verwacht", "Expected"),
    "rows": ("Rijen", "Rows"),
    "share": ("Deel van alle rijen", "Share of all rows"),
    "cases": ("Zaken", "Cases"),
    "effect_quarantined": ("Rij in quarantaine", "Row in quarantine"),
    "effect_nulled": ("Waarde weggehaald", "Value taken out"),
    "effect_marked": ("Waarde gemerkt", "Value marked"),
    # columns
    "columns": ("Per kolom", "By column"),
    "columns_intro": (
        "Gevuld is elke rij met een tekst die geen spelling van een ontbrekende waarde is. Weggehaalde waarden waren "
        "gevuld, maar onmogelijk. Gemerkte waarden zijn codes die de catalogus niet kent, of die toen niet golden.",
        "Filled is every row with a text that is no spelling of a missing value. Values taken out were filled, but "
        "impossible. Marked values are codes that the catalogue doesn't know, or that weren't valid then.",
    ),
    "columns_caption": ("Gevuld, ontbrekend, weggehaald en gemerkt", "Filled, missing, taken out and marked"),
    "usable": ("bruikbaar", "usable"),
    "not_usable": ("weggehaald of gemerkt", "taken out or marked"),
    "not_there": ("ontbreekt", "missing"),
    "columns_chart": ("Van alle {delivered} rijen, per kolom", "Of all {delivered} rows, by column"),
    "columns_table": ("De getallen per kolom", "The numbers by column"),
    "columns_none": (
        "Van deze levering is niet per kolom geteld.",
        "Of this delivery nothing was counted by column.",
    ),
    "filled": ("Gevuld", "Filled"),
    "missing": ("Ontbreekt", "Missing"),
    "nulled": ("Weggehaald", "Taken out"),
    "marked": ("Gemerkt", "Marked"),
    # compared with earlier deliveries
    "moved": ("Vergeleken met eerdere leveringen", "Compared with earlier deliveries"),
    "moved_against": (
        "Vergeleken met de levering van {day} ({delivery}).",
        "Compared with the delivery of {day} ({delivery}).",
    ),
    "moved_nothing": (
        "Niets verschoof meer dan de drempels hieronder.",
        "Nothing moved by more than the thresholds below.",
    ),
    "moved_first": (
        "Er is geen eerdere levering om mee te vergelijken.",
        "There is no earlier delivery to compare with.",
    ),
    "moved_corrects": (
        "Dit zijn verbeterde rijen. Die laten zich niet met een heel bestand vergelijken.",
        "These are corrected rows. They can't be compared with a whole file.",
    ),
    "moved_few": (
        "Met minder dan {fewest} rijen wordt niets vergeleken.",
        "With fewer than {fewest} rows nothing is compared.",
    ),
    "moved_definition": (
        "De vorige levering is met een andere versie van de catalogus gelezen; een verschil kan daarvan komen.",
        "The delivery before was read by another version of the catalogue; a difference can come from that.",
    ),
    "moved_missing": ("Ontbrekende waarden", "Missing values"),
    "moved_codes": ("Verdeling over codes", "Spread over codes"),
    "rule": ("Regel", "Rule"),
    "moved_rules": ("Wat de regels vonden", "What the rules found"),
    "moved_rules_caption": ("Deel van de rijen waarin een regel geldt", "Share of the rows in which a rule holds"),
    "moved_years": ("Rijen per jaar", "Rows by year"),
    "was": ("Was", "Was"),
    "is": ("Is nu", "Is now"),
    "difference": ("Verschil", "Difference"),
    "points": ("{number} punt", "{number} points"),
    "code": ("Code", "Code"),
    "code_of": ("{label} ({code})", "{label} ({code})"),
    "stability": ("Verschuiving (PSI)", "Shift (PSI)"),
    "year": ("Jaar", "Year"),
    "missing_caption": ("Deel dat ontbreekt: kolommen die verschoven", "Share missing: columns that moved"),
    "codes_caption": ("Deel van de rijen met een bekende code", "Share of the rows with a known code"),
    "spread_caption": ("Kolommen waarvan de codes samen verschoven", "Columns whose codes moved together"),
    "years_caption": ("Geaccepteerde rijen per jaar: jaren die verschoven", "Accepted rows by year: years that moved"),
    "trend": ("Deel dat ontbreekt, per levering", "Share missing, by delivery"),
    "trend_chart": ("{column}: deel dat ontbreekt, per levering", "{column}: share missing, by delivery"),
    "trend_table": ("De getallen achter de lijnen", "The numbers behind the lines"),
    "percent_rows": ("% van de rijen", "% of the rows"),
    "why": (
        "Een verschuiving is niet fout: een nieuwe werkwijze of wet kan haar verklaren. Verwacht u haar niet, kijk dan "
        "naar het uitvoeren van het bestand.",
        "A movement isn't wrong: a new way of working or a law can explain it. If you don't expect it, look at how the "
        "file was exported.",
    ),
    "method": ("Hoe dit is gemeten", "How this was measured"),
    "method_share": (
        "Een deel verschoof als het {points} procentpunt of meer verschilt, en meer dan {deviations} standaardfouten: "
        "√(p(1 − p)(1/n + 1/m)), met n rijen toen, m rijen nu en p het deel over beide.",
        "A share moved when it differs by {points} percentage points or more, and by more than {deviations} standard "
        "errors: √(p(1 − p)(1/n + 1/m)), with n rows before, m rows now and p the share over both.",
    ),
    "method_stability": (
        "De population stability index (PSI) van een kolom is de som over haar codes van (nu − toen) maal ln(nu / "
        "toen), met bij elke code een halve rij opgeteld. Een kolom verschoof bij {stability} of meer, en boven wat "
        "toeval geeft: (k − 1 + {deviations}√(2(k − 1)))(1/n + 1/m) bij k codes.",
        "The population stability index (PSI) of a column is the sum over its codes of (now − before) times "
        "ln(now / before), with half a row added to each code. A column moved at {stability} or more, and above what "
        "chance gives: (k − 1 + {deviations}√(2(k − 1)))(1/n + 1/m) for k codes.",
    ),
    "method_years": (
        "Een jaar dat beide bestanden dekken verschoof als het aantal geaccepteerde rijen {change} of meer verschilt, "
        "en meer dan {deviations}√(toen + nu). Het laatste jaar van het eerdere bestand telt alleen mee als dat "
        "bestand zegt dat het dat jaar geheel dekt.",
        "A year that both files cover moved when its accepted rows differ by {change} or more, and by more than "
        "{deviations}√(before + now). The last year of the earlier file counts only where that file says that it "
        "covers that year whole.",
    ),
    # what it supersedes
    "changes": ("Wat deze levering vervangt", "What this delivery supersedes"),
    "supersedes": (
        "Zij komt in de plaats van: {deliveries}. Die worden bewaard, maar tellen niet meer mee.",
        "It takes the place of: {deliveries}. These are kept, but no longer count.",
    ),
    "corrects": (
        "Haar rijen vervangen rijen met dezelfde sleutel in eerdere leveringen.",
        "Its rows replace rows with the same key in earlier deliveries.",
    ),
    "changes_unknown": (
        "Rijen van deze dataset hebben geen sleutel; wat er per rij veranderde is niet te zeggen.",
        "Rows of this dataset have no key; what changed by row can't be said.",
    ),
    "changes_caption": ("Rijen, vergeleken met wat er stond", "Rows, against what stood there"),
    "kind": ("Wat", "What"),
    "added": ("Nieuw", "New"),
    "removed": ("Niet meer geleverd", "No longer delivered"),
    "changed": ("Veranderd", "Changed"),
    "unchanged": ("Gelijk gebleven", "Unchanged"),
    "changed_caption": ("Waarin de veranderde rijen verschillen", "In what the changed rows differ"),
    "fewer": (
        "Let op: {share} van de rijen die er stonden is er niet meer.",
        "Beware: {share} of the rows that stood there is gone.",
    ),
    "removed_many": (
        "Rijen die niet meer zijn geleverd, verdwijnen uit de keten. Was dat niet de bedoeling, lever dan het hele "
        "bestand opnieuw.",
        "Rows that are no longer delivered leave the chain. If that wasn't meant, deliver the whole file again.",
    ),
    # a refusal
    "refusal": ("Waarom", "Why"),
    "refusal_fix": ("Wat u kunt doen", "What you can do"),
    "refusal_ask": ("Wie kan helpen", "Who can help"),
    "refusal_said": ("De melding van het programma, woordelijk", "What the program said, word for word"),
    # about the report
    "about": ("Over dit rapport", "About this report"),
    "about_partner": (
        "Dit rapport is alleen voor {partner}, die het bestand leverde. Aantallen zijn niet afgerond en kunnen over "
        "één rij gaan. Stuur het niet verder en publiceer er niets uit.",
        "This report is for {partner} only, who delivered the file. Counts are not rounded and can be about a single "
        "row. Don't pass it on and publish nothing from it.",
    ),
    "about_values": (
        "Het bevat geen waarden van personen en geen inhoud van rijen: alleen aantallen, namen van kolommen en codes "
        "die in de catalogus staan.",
        "It holds no values of persons and no content of rows: only counts, names of columns and codes that stand in "
        "the catalogue.",
    ),
    "contact": ("Vragen", "Questions"),
}


def say(key: str, language: Language, **parts: str) -> str:
    """A text of the report with its parts filled in.

    Examples
    --------
    >>> say("points", "nl", number="3,1")
    '3,1 punt'
    """
    return _WORDS[key][language == "en"].format(**parts)
