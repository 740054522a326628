"""A page that stands alone: one HTML file with its style inside, no script, no font or picture from elsewhere."""

import base64
import hashlib
from html import escape

from das_research.style.numbers import SYNTHETIC, Language
from das_research.style.palette import variables

NATURE = {"nl": "Aard van de gegevens", "en": "Nature of the data"}
STYLE = """
:root{color-scheme:light dark;--font:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;
--serif:"Libertinus Serif",Charter,"Bitstream Charter",Cambria,Georgia,serif;--small:.8125rem;--body:1.125rem;
--large:1.375rem;--title:1.75rem;--display:clamp(2rem,1.3rem + 2.6vw,3.125rem);--gap:clamp(1rem,4vw,3rem)}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 var(--body)/1.5 var(--serif);overflow-wrap:break-word}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.band{position:sticky;top:0;z-index:2;background:var(--ink);color:var(--paper);font:600 var(--small)/1.35 var(--font)}
.band p{margin:0 auto;padding:.4rem var(--gap);max-width:72rem}
.masthead,main,.foot{max-width:72rem;margin-inline:auto;padding-inline:var(--gap)}
.masthead{display:flex;flex-wrap:wrap;gap:.25rem 2rem;align-items:baseline;justify-content:space-between;
padding-block:1.1rem .9rem;border-bottom:1px solid var(--rule)}
.masthead p{margin:0;font-weight:600}
.masthead a,.masthead span{font:var(--small)/1.5 var(--font);color:var(--mute)}
h1,h2,h3{font-weight:600;line-height:1.15;text-wrap:balance;margin:0}
h1{font-size:var(--display);letter-spacing:-.012em;max-width:20em}
h2{font-size:var(--title);max-width:24em}
h3{font-size:var(--large);max-width:26em}
.kicker{margin:0 0 .6rem;font:600 var(--small)/1.4 var(--font);color:var(--accent)}
.lead{font-size:var(--large);line-height:1.42;max-width:40rem}
main p,main ul,main dl{max-width:38rem}
main section{margin-top:clamp(2.75rem,6vw,4.5rem)}
main section section{margin-top:2.25rem}
.note,figcaption{font:var(--small)/1.5 var(--font);color:var(--mute)}
.facts{display:grid;grid-template-columns:minmax(7rem,11rem) minmax(0,1fr);gap:.4rem 1.5rem;margin:1.25rem 0 0;
font:var(--small)/1.5 var(--font);max-width:46rem}
.facts dt{color:var(--mute)}
.facts dd{margin:0}
.scroll{position:relative;overflow-x:auto;max-width:100%;margin-top:1rem}
table{border-collapse:collapse;font:var(--small)/1.4 var(--font);font-variant-numeric:tabular-nums lining-nums;
overflow-wrap:normal;min-width:min(100%,34rem)}
caption{caption-side:top;text-align:left;font-weight:600;padding:0 0 .5rem}
th,td{text-align:right;font-weight:400;padding:.42rem 0 .42rem 1.6rem;border-bottom:1px solid var(--rule);
vertical-align:baseline}
thead th{color:var(--mute);vertical-align:bottom;border-bottom:1px solid var(--ink);line-height:1.25}
th.l,td.l,tbody th{text-align:left;padding-left:0;padding-right:1rem}
thead th.l:not(:first-child),td.l{padding-left:1.6rem}
tbody tr:hover>*{background:color-mix(in srgb,var(--accent) 6%,transparent)}
tr.t>*{font-weight:600}
.spark path{fill:none;stroke:var(--line);stroke-width:1.6}
.spark circle{fill:var(--accent)}
summary{cursor:pointer;font:var(--small)/1.5 var(--font);color:var(--accent);padding:.4rem 0;width:fit-content}
code{font-size:.9em;overflow-wrap:anywhere}
.foot{margin-top:clamp(3.5rem,8vw,6rem);padding-block:1.25rem 2.5rem;border-top:1px solid var(--rule);
font:var(--small)/1.6 var(--font);color:var(--mute)}
.foot p{margin:0}
@media(max-width:30rem){.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dd{margin-bottom:.6rem}}
@media print{body{font-size:10.5pt}.band{position:static;background:none;color:var(--ink);
border-bottom:1px solid var(--ink)}.masthead a,summary{display:none}main section{margin-top:2rem}
details::details-content{content-visibility:visible!important;block-size:auto!important}
figure,tr,li{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}}
"""


def page(title: str, main: str, *, head: str, foot: str, language: Language, style: str = "", synthetic: bool) -> str:
    """A whole page.

    Parameters
    ----------
    title : str
        Of the browser's window.
    main, head, foot : str
        HTML of the content, of the line above it and of what closes the page.
    language : {'nl', 'en'}
        Language of the page.
    style : str
        CSS of this kind of page, after that of every page.
    synthetic : bool
        True prints the mark of fictitious data, which stays in sight.

    Returns
    -------
    str
        HTML whose policy lets a browser load nothing and run nothing: only this very style is allowed.
    """
    css = _colours() + STYLE + style
    known = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    band = (
        f'<aside class="band" aria-label="{NATURE[language]}"><p>{SYNTHETIC[language]}</p></aside>' if synthetic else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{known}'\">\n"
        '<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title, quote=False)}</title>\n<style>{css}</style>\n</head>\n<body>\n{band}"
        f'<header class="masthead">{head}</header>\n<main>\n{main}\n</main>\n<footer class="foot">{foot}</footer>\n'
        "</body>\n</html>\n"
    )


def _colours() -> str:
    """The palette for a light screen, a dark screen and paper."""
    light, dark = (
        ":root{" + ";".join(f"{name}:{colour}" for name, colour in variables(dark=each).items()) + "}"
        for each in (False, True)
    )
    return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"
