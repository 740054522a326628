"""What lies in the folder, and what to click."""

from collections.abc import Iterable, Sequence

from das_research.disclosure.argus.files import ArgusTable
from das_research.disclosure.argus.left import Left, grouped
from das_research.disclosure.releases import Release
from das_research.disclosure.tables.cells import Status
from das_research.style.numbers import SYNTHETIC, Language

WORDS: dict[Language, str] = {
    "nl": """# {release}: tabellen voor tau-ARGUS

**Alleen voor wie deze vrijgave controleert, binnen de beveiligde omgeving.** De bestanden bevatten getallen
zoals ze waren voordat er iets is verborgen. Verplaats of kopieer ze niet, en verwijder deze map als de controle
klaar is.{fictitious}

| bestand | wat erin staat |
|---|---|
| `NAAM.tab` | alle cellen: getal, eenheden, kosten, status, en hoe ver de grenzen eromheen minstens moeten liggen |
| `NAAM.hidden.tab` | dezelfde cellen, zoals poort 3 ze verbergt |
| `NAAM.rda`, `.hrc`, `.cdl` | de metagegevens, hiërarchieën en namen van codes voor beide |
| `NAAM.audit.arb` | controleert het verbergen door poort 3 |
| `NAAM.protect.arb` | laat tau-ARGUS zelf kiezen wat er meer verborgen wordt, om te vergelijken |

Waar poort 3 afrondt, staan in plaats van `.hidden.tab` en de batches alle getallen zoals ze naar buiten gaan in
`NAAM.rounded.tab`. tau-ARGUS rondt zelf alleen af op een veelvoud van de orde van het grootste getal (*Modify, Round*).

{added}Status: `S` veilig, `U` onveilig uit zichzelf (minder dan {minimum} eenheden, of een eenheid bepaalt te veel),
`M` verborgen om een ander te beschermen, `P` staat vast.

In tau-ARGUS:

1. *File, Open batch process*, en kies `NAAM.audit.arb`. In `NAAM.audit.csv` staan achter elke verborgen cel de
   kleinste en de grootste waarde die een lezer kan uitrekenen. Voor een cel met `U` moeten die minstens zover
   liggen als de kolommen ervoor zeggen.
2. Kies `NAAM.protect.arb`. `NAAM.protected.csv` is dezelfde tabel zoals tau-ARGUS hem verbergt.
3. Of met de hand: *File, Open table*, `NAAM.tab` met `NAAM.rda`; *Specify, Specify tables*, status gebruiken;
   *Modify, Suppress*.

tau-ARGUS kijkt naar één tabel tegelijk, en neemt aan dat een verborgen cel nul kan zijn. Wat tabellen samen
verraden, ziet het niet.

## Tabellen

{tables}
{left}""",
    "en": """# {release}: tables for tau-ARGUS

**For the reviewers of this release alone, within the secure zone.** The files hold numbers as they were before
anything was hidden. Don't move or copy them, and remove this folder when the check is done.{fictitious}

| file | what it holds |
|---|---|
| `NAME.tab` | all cells: number, number of units, cost, status, and how far away the bounds on it must lie at least |
| `NAME.hidden.tab` | the same cells, as gate 3 hides them |
| `NAME.rda`, `.hrc`, `.cdl` | metadata, hierarchies and names of codes, for both |
| `NAME.audit.arb` | checks what gate 3 hides |
| `NAME.protect.arb` | has tau-ARGUS choose itself what is hidden besides, to compare |

Where gate 3 rounds, all numbers as they leave stand in `NAME.rounded.tab`, in the place of `.hidden.tab` and the
batches. tau-ARGUS itself rounds only to a multiple of the order of the largest number (*Modify, Round*).

{added}Status: `S` safe, `U` unsafe by itself (fewer than {minimum} units, or one unit makes up too much), `M` hidden
to protect another, `P` fixed.

In tau-ARGUS:

1. *File, Open batch process*, and take `NAME.audit.arb`. In `NAME.audit.csv` every hidden cell has the least
   and the greatest value that a reader can work out behind it. Of a cell with `U` these must lie at least as far
   away as the columns before them say.
2. Take `NAME.protect.arb`. `NAME.protected.csv` is the same table as tau-ARGUS hides it.
3. Or by hand: *File, Open table*, `NAME.tab` with `NAME.rda`; *Specify, Specify tables*, use the status;
   *Modify, Suppress*.

tau-ARGUS looks at one table at a time, and takes it that a hidden cell may be zero. What tables tell together
it does not see.

## Tables

{tables}
{left}""",
}
ADDED: dict[Language, str] = {
    "nl": """Een code met een plus, zoals `{code}`, is die code met alles wat eronder valt: een subtotaal voor de
hiërarchie, dat de vrijgave niet toont. De code zonder plus staat er zoals in de vrijgave: wat onder geen van de andere
valt. Zo'n subtotaal heet verborgen (`M`) waar een deel ervan verborgen is, en kost niets om te verbergen. Het is
onveilig waar niet zeker is dat het veilig is: wie onder twee delen staat, is één eenheid.

""",
    "en": """A code with a plus, such as `{code}`, is that code with all that is under it: a sub-total for the
hierarchy, which the release does not show. The code without the plus stands there as in the release: what falls under
none of the others. Such a sub-total is called hidden (`M`) where a part of it is, and costs nothing to hide. It is
unsafe where it is not sure that it is safe: who stands under two parts is one unit.

""",
}
HEADS: dict[Language, tuple[str, ...]] = {
    "nl": ("NAAM", "tabel", "variabelen", "cellen", "onveilig", "verder verborgen"),
    "en": ("NAME", "table", "variables", "cells", "unsafe", "hidden besides"),
}
LEFT: dict[Language, str] = {"nl": "Niet geschreven", "en": "Not written"}


def readme(release: Release, tables: Sequence[ArgusTable], left: Left, minimum: int, language: Language) -> str:
    """The text that lies in the folder.

    Parameters
    ----------
    release : Release
        Whose tables these are.
    tables : sequence of ArgusTable
        Those that were written.
    left : mapping of str to Text
        Those that were not, and why.
    minimum : int
        Fewer units are unsafe.
    language : {'nl', 'en'}
        Of the text.
    """
    heads = HEADS[language]
    lines = [_line(heads), _line("---" for _ in heads), *(_line(_row(table)) for table in tables)]
    reasons = (f"- {reason[language]} {', '.join(names)}." for reason, names in grouped(left).items())
    told = [f"\n## {LEFT[language]}\n", *reasons] if left else []
    levels = sorted(code for table in tables for code in _added(table))
    return WORDS[language].format(
        release=release.id,
        minimum=minimum,
        added=ADDED[language].format(code=levels[0]) if levels else "",
        fictitious=f"\n\n{SYNTHETIC[language]}." if release.synthetic else "",
        tables="\n".join(lines),
        left="\n".join([*told, ""]) if told else "",
    )


def _row(it: ArgusTable) -> tuple[str, ...]:
    unsafe = {codes for codes, cell in it.table.cells.items() if cell.status == Status.PRIMARY}
    variables = ", ".join(f"{name} ({word})" if name != word else word for word, name in it.variables.items())
    counts = len(it.table.cells), len(unsafe), len(it.hidden - unsafe - it.added)
    return f"`{it.name}`", it.table.measure, variables, *map(str, counts)


def _added(it: ArgusTable) -> set[str]:
    """The codes of sub-totals that the release does not show, as the files have them."""
    own = {code for codes in it.table.cells.keys() - it.added for code in codes}
    return {names[code] for codes in it.added for names, code in zip(it.codes, codes, strict=True) if code not in own}


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
