"""The folder for tau-ARGUS: for a reviewer alone, of what was released, and told in the log."""

import stat

import disclosure_world as world
import pytest
from disclosure_world import count, share

from das_research.audit import AuditLog
from das_research.catalog.models import Classification, Code, Disclosure
from das_research.disclosure.argus import left
from das_research.disclosure.argus.desk import export_for_argus
from das_research.disclosure.gate import check_release
from das_research.errors import ReleaseRefused, UsageError
from das_research.handover import Handover, write_handover
from das_research.home import Home
from das_research.presentation.dominance import Dominance
from das_research.result import Recipe

CATALOG = world.catalog(disclosure=Disclosure(minimum=10, dominance=50, p_percent=10, reviewers=("anna", "bert")))
RUN = "keten-000000000000"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def kinds(small=7, function=world.FLOW, **more):
    numbers = {"gw": small, "wv": 30, "vm": 50, "_T": 80 + small}
    rows = [count("in", number, soort=code) for code, number in numbers.items()]
    return world.result([*rows, share("deel", 20, 80)], ("soort",), function, **more)


def released(home, results):
    handover = Handover(
        "keten", {}, "verhaal", "ext-000000000000", "snap-000000000000", True, "auteur", results=results
    )  # fmt: skip
    folder = home.project("verhaal") / "runs" / RUN
    write_handover(folder, handover)
    return check_release(CATALOG, home, folder, again(results)(folder), "brenger").id


def again(results):
    """Computes what was handed over once more."""

    def of(recipe: Recipe):
        return next(result for result in results.values() if result.recipe == recipe)

    return lambda run: lambda project, recipe: of(recipe)


def test_a_reviewer_gets_each_table_as_it_was_and_as_it_leaves(home, tmp_path):
    results = {"soorten": kinds()}
    id, to = released(home, results), tmp_path / "bureau" / "tabellen"
    (written,) = export_for_argus(CATALOG, home, id, again(results), "anna", to)
    # 7 is too small, and another kind goes with it: either can then be 1 to 36
    assert (to / "soorten-01.tab").read_text().splitlines() == [
        '"gw";7;7;7;U;0;3', '"wv";30;30;30;S;0;0', '"vm";50;50;50;S;0;0', '"_T";87;87;87;S;0;0',
    ]  # fmt: skip
    assert (to / "soorten-01.hidden.tab").read_text().splitlines() == [
        '"gw";7;7;7;U;0;3', '"wv";30;30;30;M;0;0', '"vm";50;50;50;S;0;0', '"_T";87;87;87;S;0;0',
    ]  # fmt: skip
    assert {path.name for path in to.iterdir()} == {
        *(f"soorten-01.{end}" for end in ("tab", "hidden.tab", "rda", "soort.cdl", "protect.arb", "audit.arb")),
        *("README.nl.md", "README.en.md"),
    }  # fmt: skip
    assert written.table.measure == "soorten/in/_T"


def test_every_measure_has_its_own_unsafe_and_hidden_cells(home, tmp_path):
    # the rows of the second measure are not the first rows of the Result
    numbers = {"in": {"gw": 60, "wv": 55, "vm": 75, "_T": 190}, "on": {"gw": 4, "wv": 30, "vm": 50, "_T": 84}}
    rows = [count(measure, n, soort=code) for measure, of in numbers.items() for code, n in of.items()]
    results = {"soorten": world.result(rows, ("soort",), world.TABULATE)}
    export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    told = {name: (tmp_path / "t" / f"soorten-{name}.hidden.tab").read_text().splitlines() for name in ("01", "02")}
    status = {name: [line.split(";")[4] for line in lines] for name, lines in told.items()}
    assert status == {"01": ["S", "S", "S", "S"], "02": ["U", "M", "S", "S"]}


def test_a_curve_beside_the_tables_leaves_them_as_they_are(home, tmp_path):
    steps = [world.share("completed_share", 30 * part, 100, days=str(7 * part)) for part in (1, 2)]
    curve = world.result(steps, ("days",), world.DURATIONS, "curve")
    results = {"soorten": kinds(), "duur": curve}
    (written,) = export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    assert written.table.measure == "soorten/in/_T"


def test_only_its_owner_can_open_it_and_the_log_tells_of_it_without_a_number(home, tmp_path):
    results = {"soorten": kinds()}
    id, to = released(home, results), tmp_path / "tabellen"
    export_for_argus(CATALOG, home, id, again(results), "anna", to)
    assert stat.S_IMODE(to.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in to.iterdir()} == {0o600}
    line = AuditLog(home.audit_log).lines()[-1]
    assert (line["gate"], line["act"], line["account"]) == ("release", "exported", "anna")
    assert line["facts"] == {
        "release": id, "form": "tau-argus", "tables": 1, "released": False,
        "project": "verhaal", "purpose": "monitor", "partners": ["p"],
    }  # fmt: skip


def test_the_readme_says_what_it_is_what_to_click_and_what_was_left_out(home, tmp_path):
    results = {"soorten": kinds()}
    export_for_argus(CATALOG, home, released(home, results), again(results), "bert", tmp_path / "t")
    for language, words, reason in (
        ("nl", ("Fictieve gegevens", "beveiligde omgeving", "Niet geschreven", "Open batch process"),
         "- Aandelen en gemiddelden tellen niet op: tau-ARGUS leest alleen aantallen en sommen. soorten deel.\n"),
        ("en", ("Fictitious data, not real figures", "secure zone", "Not written", "Open batch process"),
         "- Shares and means don't add up: tau-ARGUS reads counts and sums alone. soorten deel.\n"),
    ):  # fmt: skip
        text = (tmp_path / "t" / f"README.{language}.md").read_text()
        assert all(word in text for word in words)
        assert "| `soorten-01` | soorten/in/_T | soort | 4 | 1 | 1 |" in text
        assert reason in text
        assert "{" not in text


@pytest.mark.parametrize("account", ["auteur", "brenger", "iemand"])
def test_nobody_but_a_reviewer_gets_it(home, tmp_path, account):
    results = {"soorten": kinds()}
    id = released(home, results)
    before = len(AuditLog(home.audit_log).lines())
    with pytest.raises(ReleaseRefused, match="can't take the tables"):
        export_for_argus(CATALOG, home, id, again(results), account, tmp_path / "t")
    assert not (tmp_path / "t").exists()
    assert len(AuditLog(home.audit_log).lines()) == before


def test_it_lies_in_no_folder_that_others_read_or_that_is_there(home, tmp_path):
    results = {"soorten": kinds()}
    id = released(home, results)
    (tmp_path / "er").mkdir()
    (tmp_path / "link").symlink_to(home.root)
    for to in (home.editions / "x", home.root / "t", home.project("verhaal") / "t", tmp_path / "link" / "t"):
        with pytest.raises(UsageError, match="lies in the home folder"):
            export_for_argus(CATALOG, home, id, again(results), "anna", to)
        assert not to.exists()
    with pytest.raises(UsageError, match="is there already"):
        export_for_argus(CATALOG, home, id, again(results), "anna", tmp_path / "er")


def test_what_is_no_longer_what_was_released_is_refused(home, tmp_path):
    results = {"soorten": kinds()}
    id = released(home, results)
    other = kinds()
    other.table.loc[other.table.soort == "_T", "value"] += 1
    with pytest.raises(ReleaseRefused, match="no longer what was released"):
        export_for_argus(CATALOG, home, id, lambda run: lambda project, recipe: other, "anna", tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_a_sum_that_one_person_dominates_is_unsafe_and_gets_a_level_that_no_rule_exceeds(home, tmp_path):
    rows = [
        {"measure": "boete", "soort": code, "value": value, "n": n, "unit": "number"}
        for code, value, n in (("gw", 100.5, 12), ("wv", 800.25, 40), ("vm", 900.0, 50), ("_T", 1800.75, 102))
    ]
    own = world.result(rows, ("soort",), world.TABULATE, measures={"boete": ["sum", "boete"]}, query="q")
    judged = type(own)(**{**own.__dict__, "dominance": Dominance({("boete", "gw", "_T"): 100})})
    results = {"boetes": judged}
    export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    # half of it may be one's at most: 100.50 would have to be able to be 201.00
    assert (tmp_path / "t" / "boetes-01.tab").read_text().splitlines()[0] == '"gw";100.50;12;100.50;U;100.50;100.50'
    assert "  <DECIMALS> 2" in (tmp_path / "t" / "boetes-01.rda").read_text()


def test_own_counts_are_tables_whether_or_not_they_name_their_numerator(home, tmp_path):
    rows = [count("zaken", n, soort=code, numerator=n) for code, n in (("gw", 20), ("wv", 30), ("_T", 50))]
    results = {"eigen": world.result(rows, ("soort",), world.TABULATE, query="q")}
    (written,) = export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    assert {codes: cell.value for codes, cell in written.table.cells.items()} == {
        ("gw",): 20, ("wv",): 30, ("_T",): 50
    }  # fmt: skip


def test_parts_that_do_not_add_up_are_left_out_and_a_release_without_tables_is_refused(home, tmp_path):
    rows = [count("in", number, soort=code) for code, number in (("gw", 20), ("wv", 30), ("_T", 45))]
    results = {"soorten": world.result(rows, ("soort",))}
    with pytest.raises(ReleaseRefused, match="holds no table") as refusal:
        export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    assert "does not add up by soort" in str(refusal.value) and "(soorten)" in str(refusal.value)


def test_every_measure_without_a_table_has_its_reason(home, tmp_path):
    kinds_of = {"gw": 20, "wv": 30, "_T": 50}
    rows = [count("in", number, soort=code) for code, number in kinds_of.items()]
    rows += [count("stand", number, soort=code, period=period)
             for period in ("2023", "2024", "_T") for code, number in kinds_of.items()]  # fmt: skip
    rows += [count("gewogen", 20.5, soort="gw"), count("los", 40, soort="gw"), share("deel", 20, 80)]
    steps = [share("completed_share", 30 * part, 100, days=str(7 * part)) for part in (1, 2)]
    curve = world.result(steps, ("days",), world.DURATIONS, "curve")
    results = {"soorten": world.result(rows, ("soort",)), "duur": curve}
    id = released(home, results)
    (written,) = export_for_argus(CATALOG, home, id, again(results), "anna", tmp_path / "t")
    assert written.table.measure == "soorten/in/_T"
    told = (tmp_path / "t" / "README.en.md").read_text().split("## Not written\n\n")[1].splitlines()
    assert told == [
        f"- {reason.en} {which}."
        for reason, which in (
            (left.NO_NUMBERS, "duur"), (left.no_sum_of(["period"]), "soorten stand"),
            (left.NOT_WHOLE, "soorten gewogen"), (left.ALONE, "soorten los"), (left.SHARES, "soorten deel"),
        )
    ]  # fmt: skip


def test_a_year_that_does_not_add_up_is_left_out_by_its_words_and_the_others_are_written(home, tmp_path):
    of = {"2022": (20, 30, 50), "2023": (20, 30, 45), "2024": (25, 30, 55)}  # five stand under both in 2023
    rows = [
        count("in", number, soort=code, period=year)
        for year, numbers in of.items() for code, number in zip(("gw", "wv", "_T"), numbers, strict=True)
    ]  # fmt: skip
    rows += [{**row, "measure": "on"} for row in rows if row["period"] == "2024"]
    results = {"soorten": world.result(rows, ("soort",))}
    written = export_for_argus(CATALOG, home, released(home, results), again(results), "anna", tmp_path / "t")
    assert [it.table.measure for it in written] == ["soorten/in/2022", "soorten/in/2024", "soorten/on/_T"]
    assert [it.name for it in written] == ["soorten-01", "soorten-02", "soorten-03"]
    assert "codes counts in each, and stocks are no sum. soorten in/2023." in (tmp_path / "t/README.en.md").read_text()


PART_OF = Classification(
    id="soort", title="soort", version="1",
    codes=(Code(code="gv", label="cel"), Code(code="jd", label="jong", parent="gv"), Code(code="gb", label="boete")),
)  # fmt: skip


def test_a_code_that_is_a_part_of_another_gets_the_level_that_tau_argus_asks_for(home, tmp_path):
    # 40 cells, 4 of the young, 30 fines: of the young 4 is hidden, and with it what costs least, the fines
    rows = [count("in", n, soort=code) for code, n in {"gv": 40, "jd": 4, "gb": 30, "_T": 74}.items()]
    results = {"straf": world.result(rows, ("soort",), world.TABULATE)}
    by_parts = CATALOG.model_copy(update={"classifications": {"soort": PART_OF}})
    id = released(home, results)
    (written,) = export_for_argus(by_parts, home, id, again(results), "anna", tmp_path / "t")
    assert (tmp_path / "t" / "straf-01.soort.hrc").read_text().splitlines() == ["gb", "gv+", "@gv", "@jd"]
    # what the release shows keeps its code; the 44 that it does not show is hidden with its part, and costs 1
    assert (tmp_path / "t" / "straf-01.hidden.tab").read_text().splitlines() == [
        '"gv";40;40;40;S;0;0', '"jd";4;4;4;U;0;6', '"gb";30;30;30;M;0;0', '"_T";74;74;74;S;0;0', '"gv+";44;44;1;M;0;0',
    ]  # fmt: skip
    told = (tmp_path / "t" / "README.nl.md").read_text()
    assert "`gv+`" in told and "| `straf-01` | straf/in/_T | soort | 5 | 1 | 1 |" in told
    assert set(written.added) == {("gv+",)}
