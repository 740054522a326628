"""Editions: which releases become one, and that one never changes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from edition_world import EARLIER, PUBLISHED, catalog, flow_result, release, reviews, store

from das_research.audit import AuditLog
from das_research.catalog.models import Text
from das_research.errors import ReleaseRefused, UsageError
from das_research.home import Home
from das_research.publish.editions import list_editions, make_edition, read_edition
from das_research.result import Result


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def files(home: Home) -> dict[str, bytes]:
    root = home.root / "publication" / "editions"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def with_flow(**columns: str) -> dict[str, Result]:
    results = dict(release().results)
    return results | {"flow": results["flow"].with_table(results["flow"].table.assign(**columns))}


def test_an_edition_is_what_was_released(home: Home):
    one = store(home, release())
    edition = make_edition(catalog(), home, one.id, PUBLISHED)
    assert edition.id == "ketenmonitor-2025-06-02"
    assert (edition.release, edition.snapshot, edition.synthetic, edition.reviewed) == (
        one.id,
        one.snapshot,
        True,
        False,
    )
    assert edition.sections == one.sections
    assert edition.results == one.results
    assert read_edition(home, edition.id) == edition
    assert sorted(files(home)) == [
        f"{edition.id}/edition.json",
        *(f"{edition.id}/results/{name}.json" for name in ("conversion", "deliveries", "duration", "flow")),
    ]


def test_only_real_reviewers_make_it_reviewed(home: Home):
    one = store(home, release(reviews=reviews(fictitious=False)))
    assert make_edition(catalog(), home, one.id, PUBLISHED).reviewed


def test_the_same_release_and_date_again_change_nothing(home: Home):
    one = store(home, release())
    first = make_edition(catalog(), home, one.id, PUBLISHED)
    before = files(home)
    assert make_edition(catalog(), home, one.id, PUBLISHED) == first
    assert files(home) == before
    assert [line["act"] for line in AuditLog(home.audit_log).lines()] == ["published"]


def test_another_release_of_that_day_is_the_next_edition(home: Home):
    one = store(home, release())
    two = store(home, release(parameters={"first_year": 2012, "last_year": 2023}))
    for each in (one, two, one):
        make_edition(catalog(), home, each.id, PUBLISHED)
    make_edition(catalog(), home, two.id, EARLIER)
    assert [edition.id for edition in list_editions(home)] == [
        "ketenmonitor-2025-03-03",
        "ketenmonitor-2025-06-02",
        "ketenmonitor-2025-06-02.2",
    ]
    assert [edition.number for edition in list_editions(home)] == [1, 1, 2]


@pytest.mark.parametrize("state", ["checked", "returned", "withdrawn"])
def test_only_an_approved_release_is_published(home: Home, state: str):
    one = store(home, release(state=state))
    with pytest.raises(ReleaseRefused, match=f"state is '{state}'"):
        make_edition(catalog(), home, one.id, PUBLISHED)
    assert not home.editions.exists()
    assert not home.audit_log.exists()


def test_a_cell_that_was_not_checked_stops_it(home: Home):
    one = store(home, release(results=with_flow(disclosure="not checked")))
    with pytest.raises(ReleaseRefused, match=rf"In 'flow', {len(flow_result().table)} cells were not checked"):
        make_edition(catalog(), home, one.id, PUBLISHED)
    assert not home.editions.exists()


def test_a_hidden_cell_that_still_has_its_number_stops_it(home: Home):
    one = store(home, release(results=with_flow(disclosure="hidden")))
    with pytest.raises(ReleaseRefused, match="hidden ones carry a number"):
        make_edition(catalog(), home, one.id, PUBLISHED)
    assert not home.editions.exists()


def test_a_release_without_a_monitor_has_no_edition(home: Home):
    one = store(home, release(monitor=""))
    with pytest.raises(ReleaseRefused, match="belongs to no monitor"):
        make_edition(catalog(), home, one.id, PUBLISHED)


def test_none_is_dated_before_the_grant_it_rests_on_begins(home: Home):
    one = store(home, release())
    begin = catalog().grants[one.project].begin
    with pytest.raises(UsageError, match=rf"'{one.project}', which it rests on, begins on {begin}"):
        make_edition(catalog(), home, one.id, begin - timedelta(days=1))
    assert not home.editions.exists()
    assert make_edition(catalog(), home, one.id, begin).date == begin


@pytest.mark.parametrize("part", ["kicker", "headline", "text"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_text_that_addresses_nothing_stops_it(home: Home, part: str, language: str):
    wrong = Text(**{"nl": "goed", "en": "good", language: "{flow[stage=nergens]}"})
    first, *others = release().sections
    one = store(home, release(sections=(replace(first, **{part: wrong}), *others)))
    with pytest.raises(UsageError, match=r"section 'stroom'.*nergens"):
        make_edition(catalog(), home, one.id, PUBLISHED)
    assert not home.editions.exists()


def test_writing_that_breaks_off_leaves_nothing(home: Home, monkeypatch: pytest.MonkeyPatch):
    one = store(home, release())

    def break_off(result: Result) -> str:
        raise OSError("no space left")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="no space"):
        broken.setattr(Result, "to_json", break_off)
        broken.setattr("das_research.publish.editions.read_as_logged", lambda home, id: one)
        make_edition(catalog(), home, one.id, PUBLISHED)
    assert list(home.editions.iterdir()) == []
    assert make_edition(catalog(), home, one.id, PUBLISHED).id == "ketenmonitor-2025-06-02"


def test_an_unknown_edition_is_named_with_those_there_are(home: Home):
    one = store(home, release())
    make_edition(catalog(), home, one.id, PUBLISHED)
    with pytest.raises(UsageError, match="There are: ketenmonitor-2025-06-02"):
        read_edition(home, "ketenmonitor-1999-01-01")
