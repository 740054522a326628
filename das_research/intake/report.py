"""The delivery report: a page that a data steward forwards to the partner who sent the file, in Dutch and in English.

It holds counts, names of columns and codes of the catalogue: no value of a person and no content of a row. Counts are
exact, so it is for the partner alone.
"""

import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from das_research.catalog.models import Catalog, Dataset
from das_research.errors import DeliveryRefused
from das_research.home import write_file
from das_research.intake.delivery import Delivery
from das_research.intake.drift import Drift
from das_research.intake.report_columns import columns_section
from das_research.intake.report_moved import moved, moved_section
from das_research.intake.report_parts import (
    changes_section,
    counts_section,
    facts_section,
    partner_of,
    rules_section,
)
from das_research.intake.report_refusal import refusal_section
from das_research.intake.report_words import say
from das_research.style.numbers import Language, format_date
from das_research.style.page import page
from das_research.style.page_parts import number, paragraph, section

STYLE = """
.opening{margin-top:clamp(1.5rem,4vw,3rem)}
.opening .lead{margin:1rem 0 0;max-width:44rem;text-wrap:pretty}
.opening .lead+.lead{margin-top:.25rem}
.verdict{border-left:6px solid var(--accent);padding-left:1.1rem}
.identity{list-style:none;display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;margin:1.5rem 0 0;padding:0;max-width:none;
font:var(--small)/1.3 var(--font);align-items:baseline}
.identity li{display:grid;grid-template-columns:auto auto;column-gap:1.25rem}
.identity li>:not(.sign){grid-column:2}.identity li:first-child{column-gap:0}
.identity strong{display:block;font:600 clamp(1.9rem,1.4rem + 1.6vw,2.75rem)/1.1 var(--serif);
font-variant-numeric:lining-nums tabular-nums}
.identity strong{white-space:nowrap}
.identity .sign{font:400 clamp(1.9rem,1.4rem + 1.6vw,2.75rem)/1.1 var(--serif);color:var(--mute);grid-row:1}
.identity small{font-size:1em;color:var(--mute)}
.whole{display:block;width:100%;max-width:46rem;height:12px;margin:1.1rem 0 0}
.whole rect{fill:var(--accent)}.whole .out{fill:var(--gone)}
.dateline{font:var(--small)/1.5 var(--font);color:var(--mute);margin:1rem 0 0}
.rule{border-top:1px solid var(--rule);padding-top:1.25rem}
.rule h3{margin-bottom:.6rem}
.rule p{margin:.6rem 0 0}.rule div>p:first-child{margin-top:0}
.rule .effect{margin-bottom:.7rem}
.rule caption,figure caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media(min-width:60rem){.rule{display:grid;grid-template-columns:minmax(0,14rem) minmax(0,1fr);gap:0 2.5rem}}
.effect{display:inline-block;font:600 var(--small)/1.3 var(--font);margin:0 0 .7rem;padding:.15rem .6rem;
border:1px solid var(--line);white-space:nowrap}
.effect.quarantined{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.lines{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 2.5rem}
figure{margin:1.5rem 0 0}
figure svg{display:block;width:100%;height:auto;overflow:visible;max-width:58rem}
.lines svg{max-width:36rem}
.narrow{display:none}
.method{margin-top:1.5rem}.method p{font-size:1rem}
@media(max-width:30rem){thead th{white-space:nowrap}.wide{display:none}.narrow{display:block}
.identity{display:block}.identity li{margin-top:.6rem;
justify-content:start}}
"""


def write_report(
    folder: Path,
    catalog: Catalog,
    dataset_id: str,
    outcome: Delivery | DeliveryRefused,
    file_name: str,
    earlier: Sequence[Delivery],
    *,
    check_only: bool = False,
) -> tuple[Path, Path]:
    """Write the report of one delivery, or of one that was refused.

    Parameters
    ----------
    folder : Path
        Where the pages are written.
    catalog : Catalog
        What the columns, codes and partner are called.
    dataset_id : str
        A dataset of the catalogue.
    outcome : Delivery or DeliveryRefused
        What gate 1 made of the file.
    file_name : str
        The file's name, without its folder; empty where it isn't known any more.
    earlier : sequence of Delivery
        What was delivered before; of other datasets nothing is looked at.
    check_only : bool
        True for a check beforehand, which stores nothing.

    Returns
    -------
    tuple of Path
        ``<name>.nl.html`` and ``<name>.en.html``: the delivery's id, or for a refusal the dataset and a hash of what
        was said, so that no name of a file leaves its page.
    """
    name = outcome.id if isinstance(outcome, Delivery) else _refused_name(dataset_id, outcome, file_name)
    paths = folder / f"{name}.nl.html", folder / f"{name}.en.html"
    languages: tuple[Language, Language] = ("nl", "en")
    dataset = catalog.datasets[dataset_id]
    drift = moved(catalog, dataset, outcome, earlier) if isinstance(outcome, Delivery) else None
    for path, other, language in zip(paths, reversed(paths), languages, strict=True):
        write_file(path, _page(catalog, dataset, outcome, file_name, earlier, drift, check_only, language, other.name))
    return paths


def _page(
    catalog: Catalog,
    dataset: Dataset,
    outcome: Delivery | DeliveryRefused,
    file_name: str,
    earlier: Sequence[Delivery],
    drift: Drift | None,
    check_only: bool,
    language: Language,
    translation: str,
) -> str:
    partner = partner_of(catalog, dataset, language)
    delivery = outcome if isinstance(outcome, Delivery) else None
    before = "check_" if check_only else ""
    if delivery is None:
        title, leads = say(f"{before}refused", language), [say("lead_refused", language)]
    else:
        title = say(before + ("remarks" if delivery.rules or drift else "accepted"), language)
        leads = _leads(delivery, bool(drift), language)
    leads += [say("lead_check", language)] if check_only and delivery else []
    opening = (
        f'<div class="opening verdict"><p class="kicker">{say("report", language)}: '
        f"{escape(dataset.title[language], quote=False)}</p><h1>{title}</h1>"
        + "".join(paragraph(lead, "lead") for lead in leads)
        + paragraph(_dateline(delivery, file_name, language), "dateline")
        + "</div>"
    )
    parts = (
        [refusal_section(outcome, language)]
        if isinstance(outcome, DeliveryRefused)
        else [
            counts_section(dataset, outcome, language),
            rules_section(catalog, dataset, outcome, language),
            columns_section(dataset, outcome, language),
            moved_section(catalog, dataset, outcome, earlier, drift, language),
            changes_section(dataset, outcome, language),
        ]
    )
    about = section(
        "about",
        say("about", language),
        paragraph(say("about_partner", language, partner=partner)),
        paragraph(say("about_values", language)),
    )
    known = facts_section(catalog, dataset, delivery, file_name, language)
    other = "en" if language == "nl" else "nl"
    return page(
        f"{title} – {dataset.title[language]}",
        opening + "".join(parts) + known + about,
        head=(
            f"<p>{escape(catalog.host[language], quote=False)}</p><span>"
            f"{escape(say('only_for', language, partner=partner), quote=False)}</span>"
            f'<a href="{translation}" hreflang="{other}" lang="{other}">{say("other", language)}</a>'
        ),
        foot=paragraph(f"{say('contact', language)}: {catalog.contact}"),
        language=language,
        style=STYLE,
        synthetic=bool(delivery and delivery.synthetic),
    )


def _leads(delivery: Delivery, found: bool, language: Language) -> list[str]:
    names = ("delivered", "accepted", "quarantined", "erased")
    counts = {name: number(getattr(delivery, name), language) for name in names}
    sums = {
        effect: sum(rule.rows for rule in delivery.rules if rule.effect == effect) for effect in ("nulled", "marked")
    }
    values = {effect: number(rows, language) for effect, rows in sums.items()}
    how = "erased" if delivery.erased else "some" if delivery.quarantined else "all"
    leads = [say(f"lead_{how}", language, **counts)]
    leads += [say("lead_values", language, **values)] if any(sums.values()) else []
    leads += [say("lead_moved", language)] if found else []
    leads += [say("lead_nothing", language)] if not delivery.rules and not found else []
    leads += [say("lead_again", language)] if delivery.already_delivered else []
    return leads


def _dateline(delivery: Delivery | None, file_name: str, language: Language) -> str:
    received = f"{say('received', language)} {format_date(delivery.received[:10], language)}" if delivery else ""
    return " · ".join(part for part in (file_name, received) if part)


def _refused_name(dataset_id: str, refusal: DeliveryRefused, file_name: str) -> str:
    said = "\0".join((dataset_id, file_name, str(refusal)))
    return f"{dataset_id}-refused-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
