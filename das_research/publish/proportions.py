"""The pictures with bars: what became of the cases of every stage, and what was taken of every delivery."""

from das_research.publish import views
from das_research.publish.pictures import Picture, forms
from das_research.publish.words import WORDS
from das_research.result import TOTAL, Result
from das_research.style.numbers import HIDDEN, MINUS, Language, format_number
from das_research.style.plots import Bar, Chart, SplitBar, SplitPanel, bars, split_bars

FULL_WIDTH = 1040


def outcomes(result: Result, name: str, language: Language) -> Picture | None:
    """What became of the cases of each stage, of all and then by group; None where nothing may be seen."""
    named = [views.label(result, "measure", part, language) for part in views.parts(result)]
    panels = [_panel(result, stage, language) for stage in views.stages(result)]
    drawn = [panel for panel in panels if any(part for bar in panel.bars for part in bar.parts)]
    if not drawn:
        return None

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return split_bars(
            drawn,
            [name[:1].lower() + name[1:] for name in named],
            chart_id=chart_id,
            title=views.conversion_table(result, language).caption,
            language=language,
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
        )

    return forms(draw, name, FULL_WIDTH)


def accepted(result: Result, name: str, language: Language) -> Picture:
    """Cases delivered and cases accepted, beside each other for every dataset, and why not all were."""
    items = [
        Bar(
            label=views.label(result, "measure", measure, language),
            value=(number := views.value(result, dataset=dataset, rule=TOTAL, measure=measure)),
            text=HIDDEN if number is None else format_number(number, "", language),
            group=views.label(result, "dataset", dataset, language),
            note=_difference(result, dataset, language) if measure == "units_accepted" else "",
        )
        for dataset in dict.fromkeys(views.rows(result, rule=TOTAL, measure="units_delivered")["dataset"])
        for measure in ("units_delivered", "units_accepted")
    ]

    def draw(chart_id: str, width: int, for_print: bool) -> Chart:
        return bars(
            items,
            chart_id=chart_id,
            title=result.title[language],
            language=language,
            synthetic=result.synthetic,
            for_print=for_print,
            width=width,
        )

    return forms(draw, name)


def _difference(result: Result, dataset: str, language: Language) -> str:
    """How many cases were not accepted, and the rule that took most of them; empty where none was lost or seen."""
    lost = views.value(result, dataset=dataset, rule=TOTAL, measure="units_lost")
    if not lost:
        return ""
    said = MINUS + format_number(lost, "", language)
    by_rule = {
        rule: number
        for rule in dict.fromkeys(views.rows(result, dataset=dataset, measure="units_lost")["rule"])
        if rule != TOTAL and (number := views.value(result, dataset=dataset, rule=rule, measure="units_lost"))
    }
    if not by_rule:
        return said
    main = max(by_rule, key=lambda rule: by_rule[rule])
    words = WORDS["mainly" if by_rule[main] < lost else "because"][language]
    return f"{said} {words}: {views.label(result, 'rule', main, language)}"


def _panel(result: Result, stage: str, language: Language) -> SplitPanel:
    groups = views.breakdown(result)
    here = views.rows(result, stage=stage)
    keys = sorted(dict.fromkeys(here[groups].itertuples(index=False, name=None)), key=lambda key: set(key) != {TOTAL})
    everything = dict.fromkeys(groups, TOTAL)
    cohort = views.number(result, "denominator", stage=stage, measure="open", **everything)
    return SplitPanel(
        views.label(result, "stage", stage, language),
        tuple(_bar(result, stage, dict(zip(groups, key, strict=True)), language) for key in keys),
        below=f"{WORDS['out_of'][language]} {format_number(cohort, '', language)}" if cohort else "",
    )


def _bar(result: Result, stage: str, group: dict[str, str], language: Language) -> SplitBar:
    whole = set(group.values()) <= {TOTAL}
    named = [views.label(result, column, code, language) for column, code in group.items() if whole or code != TOTAL]
    label = named[0] if whole and named else ", ".join(named) or WORDS["total"][language]
    return SplitBar(
        label[:1].upper() + label[1:],
        tuple(_part(result, stage=stage, measure=measure, **group) for measure in views.parts(result)),
        total=whole,
    )


def _part(result: Result, **address: str) -> float | None:
    found = views.rows(result, **address)
    if found.empty or ((found["kind"] == "cannot occur") & (found["disclosure"] != "hidden")).all():
        return 0.0
    return views.value(result, **address)
