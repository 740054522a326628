"""The page of a release: what leaves, how it was judged and by whom. It stands alone, so that it can be filed."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from das_research.catalog.models import Catalog
from das_research.catalog.uses import PURPOSE_TITLES
from das_research.disclosure.check_words import say_check
from das_research.disclosure.dossier_words import say
from das_research.disclosure.reasons import REASONS
from das_research.disclosure.releases import Release
from das_research.disclosure.why import say_decided
from das_research.presentation.wide import rounding_notes
from das_research.style.numbers import Language, format_number
from das_research.style.page import page
from das_research.style.page_parts import facts, number, paragraph, scrolled, section, table
from das_research.style.tables import to_html

PREVIEWED = 30  # rows of a table on the page; all of them lie in results/ beside it
STYLE = """
.opening{margin-top:clamp(1.5rem,4vw,3rem);border-left:6px solid var(--accent);padding-left:1.1rem}
.opening .lead{margin:1rem 0 0;max-width:44rem;text-wrap:pretty}
.opening .lead+.lead{margin-top:.25rem}
.part{border-top:1px solid var(--rule);padding-top:1.25rem}
.part h3{margin-bottom:.4rem;overflow-wrap:anywhere}
.part code{font-size:.8em}
td.l,tbody th{max-width:26rem}
#criteria caption,#reviews caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
"""


def page_of(catalog: Catalog, release: Release, document: Mapping[str, Any], language: Language) -> str:
    """The page of a release.

    Parameters
    ----------
    catalog : Catalog
        Titles of purposes and partners.
    release : Release
        Its tables are shown as they leave.
    document : mapping
        Its dossier; see `das_research.disclosure.dossier.dossier`.
    language : {'nl', 'en'}
        Language of the page.

    Returns
    -------
    str
        HTML without script and without anything from elsewhere.
    """
    grant = catalog.grants.get(release.project)
    title = grant.title[language] if grant else release.project
    head = f"<p>{escape(catalog.host[language], quote=False)}</p><span>{say('only_for', language)}</span>"
    parts = [
        _opening(release, document, title, language),
        _criteria(document, language),
        section("results", say("results", language), *_results(release, document, language)),
        _revised(document, language),
        _attacked(document, language),
        _use(document, language),
        _made(document, language),
        _context(document, language),
        _reviews(document, language),
    ]
    return page(
        f"{title} – {say('kicker', language, release=release.id)}",
        "".join(parts),
        head=head,
        foot=paragraph(f"{say('contact', language)}: {catalog.contact}"),
        language=language,
        style=STYLE,
        synthetic=release.synthetic,
    )


def _opening(release: Release, document: Mapping[str, Any], title: str, language: Language) -> str:
    purpose = document["use"].get("purpose")
    leads = [say(f"state_{release.state}", language)]
    if purpose:
        told = {"results": len(release.results), "project": release.project}
        leads.append(say("lead", language, purpose=PURPOSE_TITLES[purpose][language].lower(), **told))
    leads += [say("agreed", language)] if release.agreed else []
    leads.append(say("needed_one", language) if release.needed == 1 else say("needed", language, n=release.needed))
    if release.earlier:
        leads.append(say("earlier", language, releases=", ".join(release.earlier)))
    kicker = escape(say("kicker", language, release=release.id), quote=False)
    texts = "".join(paragraph(lead, "lead") for lead in leads)
    return f'<div class="opening"><p class="kicker">{kicker}</p><h1>{escape(title, quote=False)}</h1>{texts}</div>'


def _criteria(document: Mapping[str, Any], language: Language) -> str:
    heads = [say(key, language) for key in ("criterion", "verdict", "about")]
    rows = [
        (say(it["criterion"], language), (say(f"verdict_{it['verdict']}", language), _about(it, language)))
        for it in document["criteria"]
    ]
    told = table(say("criteria_table", language), heads, rows, language, words=heads)
    return section("criteria", say("criteria", language), paragraph(say("criteria_how", language)), told)


def _about(criterion: Mapping[str, Any], language: Language) -> str:
    """The Results of a criterion; of rules that only people can judge what each asks them."""
    asked = [f"{it['result']}: {say_check(it, language)}" for it in criterion.get("checks", ())]
    return "; ".join(asked) or str(criterion["results"])


def _results(release: Release, document: Mapping[str, Any], language: Language) -> Iterator[str]:
    for name, told in document["results"].items():
        decision = told["decision"]
        linked = "<br>".join(
            f"{escape(dataset)}: {format_number(100 * share, 'percent', language)}"
            for dataset, share in told["linkage"].items()
        )
        pairs = [
            (say("verdict", language), say(f"verdict_{decision.get('status', 'not checked')}", language)),
            (say("reason", language), escape(say_decided(decision, language), quote=False)),
            (say("rounded_to", language), escape(_rounded(release, name, language), quote=False)),
            (say("shown", language), number(decision.get("shown", 0), language)),
            (say("hidden", language), number(decision.get("hidden", 0), language)),
            (say("definition", language), escape(f"{told['definition']} {told['definition_version']}".strip())),
            (say("function", language), f"<code>{escape(told['function'])}</code>" if told["function"] else ""),
            (say("linked", language), linked),
        ]
        rules = [say(key, language) for key in ("rule", "verdict")]
        asked = [
            (say_check(it, language), (say(f"verdict_{it['verdict']}", language),)) for it in decision.get("checks", ())
        ]
        checks = table(f"{say('checks', language)} ({name})", rules, asked, language, words=rules) if asked else ""
        heads = [say("range", language), say("cells", language)]
        rows = [(_range(it, language), (number(it["cells"], language),)) for it in told["cells"]]
        units = table(f"{say('units', language)} ({name})", heads, rows, language) if rows else ""
        shown = ""
        if len(release.results[name].table):
            view = to_html(release.results[name].view(language).head(PREVIEWED))
            shown = f"<details><summary>{say('preview', language)}</summary>{scrolled(view, name)}</details>"
        title = f"<h3>{escape(told['title'][language], quote=False)} <code>{escape(name)}</code></h3>"
        yield f'<section class="part">{title}{facts(pairs)}{checks}{units}{shown}</section>'


def _rounded(release: Release, name: str, language: Language) -> str:
    return "".join(rounding_notes(release.results[name], language))


def _revised(document: Mapping[str, Any], language: Language) -> str:
    if not document["revisions"]:
        return ""
    heads = [say(key, language) for key in ("cell", "release", "now", "before", "difference")]
    rows = [
        (
            f"{it['result']}: {it['cell']}",
            (
                it["release"],
                *(number(int(size), language) for size in (it["now"], it["before"], it["now"] - it["before"])),
            ),
        )
        for it in document["revisions"]
    ]
    told = table(say("revisions", language), heads, rows, language, words=heads[:2])
    return section("revised", say("revised", language), paragraph(say("revised_how", language)), told)


def _attacked(document: Mapping[str, Any], language: Language) -> str:
    attacked = document["attacked"]
    if not attacked:
        return ""
    how = [say("attacked_how", language, asked=number(attacked["asked"], language))]
    certificates = attacked.get("certificates", {})
    if certificates.get("given"):
        told = {key: number(certificates[key], language) for key in ("verified", "given", "groups")}
        how.append(say("certificates_how", language, **told))
    how += [
        say(f"insiders_{key}", language, cells=number(cells, language))
        for key, cells in attacked.get("insiders", {}).items()
        if cells
    ]
    how += [
        say(f"attacked_{key}", language, sums=number(attacked[key], language))
        for key in ("sums", "sums_by_breakdown")
        if attacked.get(key)
    ]
    if unions := attacked.get("unions"):
        how.append(say("attacked_unions", language, **{key: number(many, language) for key, many in unions.items()}))
    pairs = [(say("knows", language), "<br>".join(say(f"knows_{it}", language) for it in attacked["knowledge"]))]
    pairs += [
        (say(key, language), escape(", ".join(attacked[key]), quote=False))
        for key in ("not_attacked", "unknown")
        if attacked.get(key)
    ]
    if certificates:
        solvers = ", ".join(f"{name} {it}" for name, it in certificates["solvers"].items())
        pairs.append((say("solvers", language), escape(solvers, quote=False)))
    parts = [paragraph(" ".join(how)), facts(pairs)]
    if hidden := attacked.get("hidden"):
        heads = [say(key, language) for key in ("hidden_results", "of", "beside", "cost", "bound")]
        groups = [
            (
                escape(", ".join(it["results"]), quote=False),
                [say(f"of_{it['of']}", language), *(number(it[key], language) for key in ("beside", "cost", "bound"))],
            )
            for it in hidden
        ]
        parts.append(table(say("hidden_beside", language), heads, groups, language, words=heads[:2]))
    if left := (attacked.get("published") or {}).get("not_checked"):
        heads = [say(key, language) for key in ("series", "years", "why")]
        rows = [
            (
                f"{it['title'][language]} ({it['entry']})",
                (", ".join(map(str, it["years"])), it["reason"][language]),
            )
            for it in left
        ]
        parts.append(table(say("published", language), heads, rows, language, words=heads))
    return section("attacked", say("attacked", language), *parts)


def _use(document: Mapping[str, Any], language: Language) -> str:
    use = document["use"]
    if "purpose" not in use:
        return ""
    lines = {
        "project": use["project"],
        "purpose": PURPOSE_TITLES[use["purpose"]][language],
        "legal_basis": use["legal_basis"][language],
        "agreements": ", ".join(use["agreements"]),
        "permissions": "; ".join(f"{it['partner']}: {it['reference']}" for it in use["permissions"]),
        "outputs": "; ".join(output[language].rstrip(".") for output in use["outputs"]),
    }
    return section("use", say("use", language), _lines(lines, language))


def _made(document: Mapping[str, Any], language: Language) -> str:
    made, audit = document["made"], document["audit"]
    lines = {name: made[name] for name in ("author", "account", "run", "extract", "snapshot")}
    lines |= {"code": made["code_version"][:12], "audit": f"{audit['head'][:12]} ({audit['line']})"}
    return section("made", say("made", language), _lines(lines, language))


def _context(document: Mapping[str, Any], language: Language) -> str:
    texts = [paragraph(it["text"][language]) for it in document["context"]]
    return section(
        "context", say("context", language), *(filter(None, texts)) or [paragraph(say("no_context", language))]
    )


def _reviews(document: Mapping[str, Any], language: Language) -> str:
    heads = [say(key, language) for key in ("who", "when", "said", "why")]
    rows = []
    for it in document["reviews"]:
        kind = REASONS[it["kind"]][language] if it["kind"] in REASONS else ""
        who = f"{it['account']} ({say('fictitious', language)})" if it["fictitious"] else it["account"]
        when = it["moment"].removesuffix("+00:00").replace("T", " ")
        rows.append((who, (when, say(f"act_{it['act']}", language), ": ".join(filter(None, (kind, it["why"]))))))
    told = table(say("reviews_table", language), heads, rows, language, words=heads) if rows else ""
    return section("reviews", say("reviews", language), told or paragraph(say("no_reviews", language)))


def _range(cells: Mapping[str, Any], language: Language) -> str:
    if cells["least"] is None:
        return say("not_told", language)
    least = number(cells["least"], language)
    return (
        say("open_range", language, least=least)
        if cells["most"] is None
        else f"{least}–{number(cells['most'], language)}"
    )


def _lines(lines: Mapping[str, str], language: Language) -> str:
    return facts((say(name, language), escape(str(text), quote=False)) for name, text in lines.items())
