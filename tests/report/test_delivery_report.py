"""The delivery report: what it says, that both languages say the same, and that it holds nothing of a person."""

import ast
import re
from collections import Counter
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import intake_world
import pytest
import report_world as world
from typer.testing import CliRunner

import das_research
from das_research.cli import app
from das_research.errors import DeliveryRefused
from das_research.home import Home
from das_research.intake import drift
from das_research.intake.delivery import ColumnCount
from das_research.intake.gate import deliver
from das_research.intake.report import write_report
from das_research.intake.report_checks import told
from das_research.intake.report_refusal import in_dutch
from das_research.intake.rules import BY_ITSELF

INTAKE = Path(das_research.__file__).parent / "intake"
REFUSED = DeliveryRefused(
    "The file zaken.csv was not taken in; nothing was stored.",
    why="2 keys occur more than once in nummer, which must be unique. Rows 4, 9.",
    fix="Send a file with one row a key.",
    ask="the partner's office that made the file",
)


class Read(HTMLParser):
    """The words that a reader sees, the cells of tables, and what the page would load."""

    def __init__(self, text: str):
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self._hidden += tag == "style"
        self.loads += [value for name, value in attributes if name in ("src", "href", "data", "action") and value]

    def handle_endtag(self, tag):
        self._hidden -= tag == "style"

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(word for word in self.words if word)


def pages(tmp_path: Path, outcome, earlier=(), name="zaken.csv", catalog=world.CATALOG, **options) -> dict[str, str]:
    paths = write_report(tmp_path, catalog, "zaken", outcome, name, list(earlier), **options)
    return dict(zip(("nl", "en"), (path.read_text(encoding="utf-8") for path in paths), strict=True))


def read(text: str) -> str:
    return Read(text).text


EARLIER = tuple(world.delivery(number) for number in range(1, 6))
MOVED = world.delivery(8, missing=1_500, thefts=8_000, years={"2021": 4_000, "2022": 2_000, "2023": 6_302})


@pytest.mark.parametrize(
    ("outcome", "options", "dutch", "english"),
    [
        (
            world.delivery(rules=()),
            {},
            "Deze levering is opgenomen Alle 12.345 rijen",
            "This delivery was taken in All",
        ),
        (world.delivery(), {}, "is opgenomen, met opmerkingen", "was taken in, with remarks"),
        (REFUSED, {}, "Dit bestand is geweigerd Er is niets opgeslagen", "This file was refused Nothing was stored"),
        (world.delivery(rules=()), {"check_only": True}, "kan zo worden geleverd", "can be delivered as it is"),
        (world.delivery(), {"check_only": True}, "Dit is een controle vooraf", "This is a check beforehand"),
        (REFUSED, {"check_only": True}, "zou worden geweigerd", "would be refused"),
    ],
)
def test_the_verdict_comes_first_in_words(tmp_path, outcome, options, dutch, english):
    found = pages(tmp_path, outcome, **options)
    for language, words in (("nl", dutch), ("en", english)):
        assert words in read(found[language])
        assert found[language].index("<h1>") < found[language].index("<h2")


def test_delivered_is_accepted_and_quarantined(tmp_path):
    text = read(pages(tmp_path, world.delivery())["nl"])
    assert "12.345 geleverd = 12.302 geaccepteerd 99,7% + 43 in quarantaine 0,3%" in text
    assert 12_302 + 43 == 12_345


def test_erased_rows_are_the_third_part_of_what_was_delivered(tmp_path):
    found = pages(tmp_path, world.delivery(accepted=12_300, quarantined=40, erased=5))
    dutch, english = read(found["nl"]), read(found["en"])
    assert "12.345 geleverd = 12.300 geaccepteerd 99,6% + 40 in quarantaine 0,3% + 5 gewist < 0,1%" in dutch
    assert 12_300 + 40 + 5 == 12_345
    assert "Van 12.345 rijen zijn er 12.300 geaccepteerd, 40 in quarantaine en 5 later gewist." in dutch
    assert "Delivered = accepted + in quarantine + erased." in english
    assert not any("erased" in read(text) or "gewist" in read(text) for text in pages(tmp_path, MOVED).values())


def test_what_moved_is_found_once_a_report(tmp_path, monkeypatch):
    found = []
    compare = drift.drift
    monkeypatch.setattr(drift, "drift", lambda *given: found.append(compare(*given)) or found[-1])
    assert all("PSI" in text for text in pages(tmp_path, MOVED, EARLIER).values())
    assert len(found) == 1


def test_every_rule_is_told_with_its_effect_column_and_counts(tmp_path):
    text = read(pages(tmp_path, world.delivery())["en"])
    for said in (
        "Row in quarantine Row without a key",
        "nummer 3 < 0.1% 0 ZAAKNR ZAAKNR, or PERSOON_NR and DOSSIER",
        "instroom 40 0.3% 31 INSTROOM_DT INSTROOM_DT, or beslisdatum",
        "Value taken out Not a date",
        "beslisdatum 17 0.1% 16 beslisdatum yyyy-mm-dd, or dd-mm-yyyy hh:mm",
        "leeftijd 1 < 0.1% 1 leeftijd 10 to 110",
        "beslisdatum 212 1.7% 208 beslisdatum not before INSTROOM_DT",
        "Value marked Unknown code",
        "feit 1,390 11.3% 1,385 feit feiten",
    ):
        assert said in text
    assert text.count("What you can do:") == len({rule.rule.partition(":")[0] for rule in world.RULES})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_rule_of_the_contract_has_its_explanation(language):
    assert [check for check in BY_ITSELF if not all(told(check, language) or ("",))] == []


def test_a_rule_without_explanation_still_has_its_counts(tmp_path):
    rule = world.RuleCount("new-check:leeftijd", "leeftijd", "nulled", 77, 70)
    assert "new-check Kolom Rijen Deel van alle rijen Zaken In het bestand Verwacht leeftijd 77" in read(
        pages(tmp_path, world.delivery(rules=(rule,)))["nl"]
    )


def test_every_column_has_its_numbers(tmp_path):
    text = read(pages(tmp_path, world.delivery())["nl"])
    assert "leeftijd 99,0% 120 1 0 leeftijd" in text
    assert "beslisdatum 83,8% 2.000 229 0 beslisdatum" in text  # 17 no date, 212 too early
    assert "feit 100,0% 0 0 1.390 feit" in text


def sentences_of_gate_1() -> list[str]:
    """The first text of every refusal of a file in the code, with X in the place of what is filled in."""
    found = []
    for module in ("file", "header", "layout", "packing", "read", "refuse", "workbook"):
        for node in ast.walk(ast.parse((INTAKE / f"{module}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "refuse":
                said = node.args[0]
                parts = said.values if isinstance(said, ast.JoinedStr) else [said]
                found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in parts))
    return found


@pytest.mark.parametrize("why", sentences_of_gate_1())
def test_every_refusal_is_told_in_dutch(tmp_path, why):
    told = in_dutch(why)
    assert told and all(told), f"report_refusal.py has no Dutch for: {why}"
    page = pages(tmp_path, DeliveryRefused("Not taken in.", why=why, fix="Do so.", ask="om"))["nl"]
    assert told[0] in read(page) and f'<p lang="en">{escape(why, quote=False)}</p>' in page


@pytest.mark.parametrize(
    ("why", "dutch"),
    [
        ("Its columns are not those of the catalogue: columns number 2, number 3 are unknown; column feit is missing.",
         "De kolommen zijn niet die van de catalogus: de kolommen nummer 2, nummer 3 zijn onbekend; kolom feit "
         "ontbreekt."),
        ("Its header is one single column: its delimiter is not a semicolon, as the catalogue says.",
         "De kopregel is één enkele kolom: het scheidingsteken is niet een puntkomma, zoals de catalogus zegt."),
        ("2 keys occur more than once in nummer, volgnummer, which together must be unique. Rows 1, 2 and 4 more.",
         "Aantal sleutels dat meer dan één keer voorkomt: 2 (nummer, volgnummer). Rijen 1, 2 en nog 4."),
    ],
)  # fmt: skip
def test_the_facts_of_a_refusal_are_told_in_dutch_too(why, dutch):
    assert in_dutch(why)[0] == dutch


def test_a_refusal_that_is_new_keeps_its_own_words(tmp_path):
    page = pages(tmp_path, DeliveryRefused("Not taken in.", why="The seal is broken."))["nl"]
    assert '<p lang="en">The seal is broken.</p>' in page


def test_what_moved_is_told_with_both_numbers(tmp_path):
    text = read(pages(tmp_path, MOVED, EARLIER)["nl"])
    assert "Vergeleken met de levering van 3 mei 2025 (zaken-000000000005)." in text
    assert "leeftijd 1,0% 12,2% +11,2 punt" in text  # 120 and 1,500 of 12,345
    assert "feit diefstal (D) 45,6% 73,0% +27,4 punt" in text  # 5,000 and 8,000 of 10,955
    assert "2022 4.000 2.000 −50,0%" in text
    assert "iets opvallend anders" in text


def test_a_line_shows_what_was_missing_in_each_delivery(tmp_path):
    page = pages(tmp_path, MOVED, EARLIER)["nl"]
    assert page.count('aria-labelledby="missing-0-wide') == 1
    text = read(page)
    assert "zaken-000000000001 3 januari 2025 1,0%" in text and "zaken-000000000008 3 augustus 2025 12,2%" in text


def test_without_earlier_deliveries_it_says_why_nothing_is_compared(tmp_path):
    assert "geen eerdere levering" in read(pages(tmp_path, world.delivery())["nl"])
    assert "verbeterde rijen" in read(pages(tmp_path, world.correcting(), EARLIER)["nl"])
    few = world.delivery(7, delivered=99, thefts=0, rules=())
    assert "minder dan 100 rijen" in read(pages(tmp_path, few, EARLIER)["nl"])
    assert "Niets verschoof" in read(pages(tmp_path, world.delivery(7), EARLIER)["nl"])


def test_what_it_supersedes_and_what_changed(tmp_path):
    text = read(pages(tmp_path, world.superseding(), EARLIER)["nl"])
    for said in (
        "in de plaats van: zaken-000000000001.",
        "Nieuw 11 Veranderd 29 Gelijk gebleven 12.305 Niet meer geleverd 7",
        "feit 23 beslisdatum 19",
        "1 januari 2021 tot en met 31 december 2023",
    ):
        assert said in text
    assert "vervangt" not in read(pages(tmp_path, world.delivery(), EARLIER)["nl"])


@pytest.mark.parametrize("outcome", [MOVED, world.superseding(), world.delivery(rules=()), REFUSED])
def test_both_languages_hold_the_same_numbers(tmp_path, outcome):
    numbers = {}
    for language, page in pages(tmp_path, outcome, EARLIER).items():
        body = re.sub(r"<svg.*?</svg>|<details class=.(method|said).*?</details>", "", page, flags=re.DOTALL)
        point = "," if language == "nl" else "."
        thousands = "." if language == "nl" else ","
        found = re.findall(r"\d[\d.,]*\d|\d", read(body))
        numbers[language] = Counter(number.replace(thousands, "").replace(point, ".") for number in found)
    assert numbers["nl"] == numbers["en"] and numbers["nl"]


def test_it_says_that_it_is_for_the_partner_only(tmp_path):
    for language, words in (("nl", "alleen voor om"), ("en", "for om only")):
        for outcome in (world.delivery(), REFUSED):
            assert words in read(pages(tmp_path, outcome)[language])


def test_the_mark_of_fictitious_data_follows_the_delivery(tmp_path):
    assert "Fictieve gegevens" in read(pages(tmp_path, world.delivery())["nl"])
    assert "Fictieve gegevens" not in pages(tmp_path, world.delivery(synthetic=False))["nl"]


@pytest.mark.parametrize("outcome", [MOVED, REFUSED])
def test_it_stands_alone_and_runs_nothing(tmp_path, outcome):
    for page in pages(tmp_path, outcome, EARLIER).values():
        read_page = Read(page)
        assert not {"script", "img", "iframe", "link", "object"} & set(read_page.tags)
        assert [to for to in read_page.loads if not to.startswith("#") and not to.endswith(".html")] == []
        assert "default-src 'none'" in page and " style=" not in page


def test_equal_deliveries_give_equal_bytes(tmp_path):
    assert pages(tmp_path / "one", MOVED, EARLIER) == pages(tmp_path / "two", MOVED, reversed(EARLIER))


def test_the_name_of_the_file_is_text_and_names_no_page(tmp_path):
    name = '<b onclick="x">zaken & Jansen</b>.csv'
    for outcome in (world.delivery(), REFUSED):
        page = pages(tmp_path, outcome, name=name)["nl"]
        assert "<b onclick" not in page and name in read(page)
    assert sorted(path.name for path in tmp_path.iterdir() if "Jansen" in path.name) == []


SECRET = {"nummer": "QQ-11122233", "persoon": "zz 444555666", "dossier": "777-888-999", "naam": "Marker-van-Naam"}
FAULTS = [
    {},
    {"feit": "Marker-van-Naam", "leeftijd": "Marker"},
    {"instroom": "", "beslisdatum": ""},
    {"nummer": "", "dossier": ""},
]


def test_no_value_of_a_person_is_in_it(tmp_path):
    home = Home(tmp_path / "home")
    rows = [row | SECRET | fault for row, fault in zip(intake_world.rows(*[{}] * 4), FAULTS, strict=True)]
    path = intake_world.write(tmp_path / "zaken.csv", rows)
    taken = deliver(world.CATALOG, home, "zaken", path, "steward")
    assert {rule.effect for rule in taken.rules} == {"quarantined", "nulled", "marked"}
    planted = ColumnCount("toelichting", 4, {"Marker-van-Naam": 1}), ColumnCount("feit", 4, {"Marker-van-Naam": 4_000})
    earlier = world.delivery(1, columns=(ColumnCount("feit", 12_345, {"Marker-van-Naam": 10}),))
    many = world.delivery(2, columns=planted, rules=taken.rules)
    pseudonyms = [row["nummer"] for row in intake_world.stored(home, taken.id)]
    for outcome in (taken, many):
        for page in pages(tmp_path, outcome, [earlier]).values():
            for leak in ("Marker", "11122233", "444555666", "777-888", "777888", "Jansen", *pseudonyms):
                assert leak not in page
            assert "steward" not in page, "who delivered stands in the audit log"
    with pytest.raises(DeliveryRefused) as refused:
        deliver(world.CATALOG, home, "zaken", intake_world.write(tmp_path / "twice.csv", [*rows, rows[0]]), "steward")
    for page in pages(tmp_path, refused.value).values():
        assert "Rows 1, 5" in read(page)
        assert not [leak for leak in (*SECRET.values(), "11122233") if leak in page]


def test_das_delivery_report_writes_both_pages(tmp_path):
    home, runner = tmp_path / "home", CliRunner()
    catalog = Path(__file__).parents[2] / "data_catalog"
    stored = world.delivery(dataset="strafzaken", id="strafzaken-000000000001", columns=())
    world.store(Home(home), stored)
    asked = ["--catalog", str(catalog), "--home", str(home), "delivery", "report", stored.id]
    outcome = runner.invoke(app, asked)
    assert outcome.exit_code == 0, outcome.output
    reports = Home(home).reports
    assert sorted(path.name for path in reports.iterdir()) == [f"{stored.id}.{it}.html" for it in ("en", "nl")]
    assert {path.stat().st_mode & 0o777 for path in reports.iterdir()} == {0o600}
    assert runner.invoke(app, [*asked, "--to", str(tmp_path / "to")]).exit_code == 0
    assert {path.name for path in (tmp_path / "to").iterdir()} == {path.name for path in reports.iterdir()}
    assert runner.invoke(app, [*asked[:-1], "strafzaken-none"]).exit_code == 2


def test_a_check_at_ones_own_desk_says_that_nothing_was_stored(tmp_path):
    catalog, file = Path(__file__).parents[2] / "data_catalog", tmp_path / "strafzaken.csv"
    file.write_text("parketnr;instroom\n", encoding="utf-8")
    asked = ["--catalog", str(catalog), "--home", str(tmp_path / "home"), "deliver", "strafzaken", str(file), "--check"]
    assert CliRunner().invoke(app, [*asked, "--report", str(tmp_path / "here")]).exit_code == 1
    (dutch,) = (tmp_path / "here").glob("*.nl.html")
    assert "Dit bestand zou worden geweigerd" in read(dutch.read_text(encoding="utf-8"))
    assert not (tmp_path / "home").exists()
