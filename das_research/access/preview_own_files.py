"""The part of the page for approvers on a project's own files: whose lists, on which ground, and what the risk is."""

from html import escape

from das_research.access.preview import Preview
from das_research.access.preview_lists import rows_of
from das_research.access.preview_words import say
from das_research.access.safe_counts import hidden_below
from das_research.catalog.models import OwnFile
from das_research.style.numbers import Language, format_date
from das_research.style.page_parts import facts, paragraph, section, table


def own_files_section(preview: Preview, language: Language) -> str:
    """Every own file of the grant, with the warning that its project knows who stand on it; nothing without any."""
    grant = preview.grant
    if not grant.own_files:
        return ""
    only = grant.only_persons_of
    alone = say("list_alone", language, list=grant.own_files[only].title[language]) if only in grant.own_files else ""
    notes = [paragraph(say("list_risk", language), "lead"), paragraph(alone or say("list_not_alone", language))]
    told = [_own_file(preview, name, it, language) for name, it in grant.own_files.items()]
    return section("own-files", say("own_files", language), *notes, *told)


def _own_file(preview: Preview, name: str, own: OwnFile, language: Language) -> str:
    numbers = [own.variables[it].title[language] for key in own.person_keys for it in key if it in own.variables]
    pairs = [
        (say("list_controller", language), f"{own.controller[language]}, {own.contact}"),
        (say("legal_basis", language), own.legal_basis[language]),
        (say("list_consent", language), own.consent[language]),
        (say("list_reidentification", language), own.reidentification[language]),
        (say("list_numbers", language), ", ".join(dict.fromkeys(numbers))),
        (say("until", language), format_date(own.keep_until, language)),
    ]
    counts = ""
    if found := preview.linked.get(name):
        below = hidden_below(preview.minimum, True)
        hidden = {"nl": f"minder dan {below}", "en": f"fewer than {below}"}[language]
        heads = [say("list_found", language), say("rows", language)]
        lines = [(what, (number,)) for what, number in rows_of(found, hidden, language)]
        counts = table(say("list_found_of", language, list=own.title[language]), heads, lines, language)
    title = f'<h3>{escape(own.title[language], quote=False)}</h3><p class="side"><code>{name}</code></p>'
    content = facts([(what, escape(text, quote=False)) for what, text in pairs])
    return f'<section class="part"><div>{title}</div><div>{content}{counts}</div></section>'
