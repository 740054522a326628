"""Words beside the numbers that hold what no reviewer sees: signs without a shape, signs that look like others.

A title of ten words can hold a date of birth so, and a reader of the file takes it out again.
"""

from dataclasses import replace

import disclosure_world as world
import pytest
from disclosure_world import TABULATE, count

from das_research.catalog.models import Text
from das_research.disclosure.gate import check_release
from das_research.disclosure.releases import list_releases
from das_research.disclosure.signs import holds_unseen, is_read_as_written
from das_research.errors import ReleaseRefused
from das_research.handover import Handover, Section, write_handover
from das_research.home import Home

UNSEEN = {
    "bits without width": "Zaken\u200b\u200c\u200c\u200b",
    "tags": "Zaken\U000e0031\U000e0039",
    "selectors of a shape": "Zaken\ufe01\U000e0131",
    "private signs": "Zaken\ue001",
    "signs that are none yet": "Zaken\U000e0fff",
    "signs that steer": "Zaken\x01",
    "another direction": "Zaken\u202e",
    "a soft hyphen": "Za\u00adken",
    "a letter of another script": "Z\u0430ken",
    "an accent of its own": "e\u0301\u00e9n",
    "two letters in one": "w\u0133s",
    "a letter of long ago": "Zaken\u017f",
    "a minus that looks like a dash": "a \u2212 b",
    "spaces": "Zaken  van ons",
    "a space at the end": "Zaken ",
    "another space": "Zaken\u00a0van ons",
    "a line": "Zaken\n",
    "a number of another script": "\u4e00\u4e5d\u516b\u4e94",
    "dots that are felt": "\u2801\u280a",
    "the eyes of dice": "\u2682\u2683",
}
READ = "Súdwest-Fryslân: „één” op de vijf, ≥ gelijk – “so”… € ‰ § ë ï"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def own(code="hoog", dimension="groep"):
    rows = [count("zaken", 60, **{dimension: code}), count("zaken", 40, **{dimension: "laag"}), count("zaken", 100)]
    return world.result(rows, (dimension,), TABULATE, measures={"zaken": "count"})


def flow(**asked):
    return world.result([count("in", 60, stage="om", period="2020")], first_year=2020, **asked)


def brought(home, results, text="", **changes):
    section = Section("deel", "table", tuple(results), text=Text(nl=text, en="words"))
    fields = {
        "monitor": "keten", "parameters": {"first_year": 2020}, "project": "verhaal", "extract": "ext-000000000000",
        "snapshot": "snap-000000000000", "synthetic": True, "author": "auteur", "sections": (section,),
    }  # fmt: skip
    folder = home.project("verhaal") / "runs" / "keten-000000000000"
    write_handover(folder, Handover(**fields | changes, results=results))
    known = {str(it.recipe): it for it in results.values()}
    return check_release(world.catalog(), home, folder, lambda _, recipe: known[str(recipe)], "poort")


PLACES = {
    "a text": lambda sign: {"results": {"own": own()}, "text": sign},
    "a title": lambda sign: {"results": {"own": replace(own(), title=Text(nl="x", en=sign))}},
    "a code": lambda sign: {"results": {"own": own(code=sign)}},
    "a dimension": lambda sign: {"results": {"own": own(dimension=sign)}},
    "a parameter": lambda sign: {"results": {"own": own()}, "parameters": {"first_year": 2020, "label": sign}},
    "the recipe of a figure": lambda sign: {"results": {"flow": flow(where=[{"values": [sign]}])}},
}


@pytest.mark.parametrize("sign", UNSEEN.values(), ids=UNSEEN)
def test_no_sign_that_is_not_read_as_written_is_in_a_text(home, sign):
    with pytest.raises(ReleaseRefused, match="not read as they are written") as refused:
        brought(home, **PLACES["a text"](sign))
    assert sign not in str(refused.value) and list_releases(home) == []


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_nor_in_anything_else_that_its_author_chose(home, place):
    with pytest.raises(ReleaseRefused, match="not read as they are written"):
        brought(home, **place(UNSEEN["bits without width"]))
    assert list_releases(home) == []


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_is_written_in_these_languages_leaves(home, place):
    assert brought(home, **place(READ)).state == "checked"


def test_what_the_catalogue_publishes_itself_is_no_word_of_an_author(home, monkeypatch):
    code = "Za\u00a0ken"
    monkeypatch.setattr("das_research.disclosure.texts.known_codes", lambda _: {code})
    assert brought(home, {"own": own(code=code)}).state == "checked"


ADDRESSED = {
    "words in the place of a code": "{flow[stage=geboren 12 maart 1985, measure=in]}",
    "words in the place of a column": "{flow[geboren 12 maart 1985=om]}",
    "words without a column": "{flow[12 maart 1985]}",
    "a result that is not there": "{jansen1985[stage=om]}",
    "words in a change": "{change: flow[stage=om, period=2020] -> flow[stage=om, period=12 maart]}",
    "the name of a parameter": "{flow[self=12 maart 1985]}",
    "a column that stands twice": "{flow[stage=12 maart 1985, stage=om, measure=in, period=2020]}",
}


@pytest.mark.parametrize("text", ADDRESSED.values(), ids=ADDRESSED)
def test_a_number_is_no_address_because_it_stands_where_one_does(home, text):
    with pytest.raises(ReleaseRefused, match="addresses a cell that is not there") as refused:
        brought(home, {"flow": flow()}, text)
    assert "1985" not in str(refused.value) and list_releases(home) == []


def test_an_address_is_one(home):
    text = "{flow[stage=om, measure=in, period=2020]}: {change: flow[stage=om] -> flow[stage=om, period=2020]}"
    assert brought(home, {"flow": flow()}, text).state == "checked"


ALTERED = {
    "a kind": lambda it: it.with_table(it.table.assign(kind="unknown")),
    "a unit": lambda it: it.with_table(it.table.assign(unit="geboren 1985")),
    "a revision": lambda it: it.with_table(it.table.assign(revision="provisional")),
    "a period": lambda it: it.with_table(it.table.assign(period="1985")),
    "a definition": lambda it: replace(it, definition="geboren-1985"),
    "a version": lambda it: replace(it, definition_version="1985"),
    "the linkage": lambda it: replace(it, linkage={"geboren": 0.1985}),
    "a step": lambda it: replace(it, attrition=(world.Step(1985, 312, Text(nl="x", en="x")),)),
    "a recipe of another": lambda it: replace(it, labels={"unit": {"zaken": Text(nl="geboren 1985", en="x")}}),
}


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED)
def test_nothing_beside_the_numbers_of_a_result_can_be_altered(home, change):
    true = flow()
    altered = change(true)
    folder = home.project("verhaal") / "runs" / "keten-000000000000"
    fields = {"monitor": "keten", "parameters": {}, "project": "verhaal", "extract": "ext-000000000000"}
    handover = Handover(**fields, snapshot="snap-000000000000", synthetic=True, author="auteur", results={"f": altered})
    write_handover(folder, handover)
    with pytest.raises(ReleaseRefused, match="not what its recipe gives") as refused:
        check_release(world.catalog(), home, folder, lambda *_: true, "poort")
    assert "1985" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["rijen.pkl", "rijen.npz", "rijen.parquet", "rijen.xlsx", "rijen.zip", "notebook.ipynb"]
)
@pytest.mark.parametrize("place", ["", "results"])
def test_a_file_that_lies_beside_the_results_goes_nowhere(home, name, place):
    """A run is read as two kinds of file; what else lies there stays in the project."""
    results = {"flow": flow()}
    folder = home.project("verhaal") / "runs" / "keten-000000000000"
    (folder / place).mkdir(parents=True)
    (folder / place / name).write_bytes(b"\x80\x04jansen 12 maart 1985")
    brought(home, results)
    outside = [path for path in home.root.rglob("*") if path.is_file() and "projects" not in path.parts]
    assert outside and not any(b"jansen" in path.read_bytes() or path.name == name for path in outside)


def test_a_text_of_a_page_may_have_lines_and_no_signs_without_a_shape():
    assert is_read_as_written(READ) and not holds_unseen("x = 1\n\ty = 2")
    assert all(
        holds_unseen(UNSEEN[it]) for it in ("bits without width", "tags", "selectors of a shape", "a soft hyphen")
    )
