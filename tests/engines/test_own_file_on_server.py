"""A project's own list on a server: the same rows as in a file, for its own logins, and gone when the project is."""

from datetime import date
from pathlib import Path

import pytest
from own_file_world import TODAY, a_catalog, extracted_home, own_file, rows_in
from postgres_server import STEWARD, Server

from das_research.access.extract_to_server import extract_to_server
from das_research.access.on_server import close_on_server
from das_research.access.opening import open_project
from das_research.custody.close import close
from das_research.home import Home
from das_research.intake.delivery import read_deliveries

LATE = date(2100, 1, 1)  # the server judges by its own clock


def test_the_list_lies_on_the_server_as_in_a_file_and_goes_with_the_project(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_on_server(server.url(), "proef")
    home: Home = extracted_home(tmp_path)
    in_file = sorted(rows_in(home, "lijst"), key=lambda row: row["leeftijd"])
    people = [{"account": "anna", "organisation": "WODC"}]
    catalog = a_catalog(end=LATE, people=people, own_files={"lijst": own_file(keep_until=LATE)})
    late = {name: it.model_copy(update={"end": LATE}) for name, it in catalog.agreements.items()}
    catalog = catalog.model_copy(update={"agreements": late})
    manifest = extract_to_server(catalog, home, "proef", "steward", server.url(), TODAY)
    assert manifest.own_files["lijst"].delivery == read_deliveries(home.own_files("proef"))[0].id
    told = server.ask("select person_id, leeftijd, linked from project_proef.lijst order by leeftijd", login="anna")
    assert told == [(row["person_id"], row["leeftijd"], row["linked"]) for row in in_file]
    with open_project("proef", home=home, catalog=catalog, account="anna", today=TODAY) as project:
        assert "lijst" in project.tables
    monkeypatch.setenv("PGUSER", STEWARD)
    close(catalog, home, "proef", "steward", TODAY)
    assert read_deliveries(home.own_files("proef")) == []
    assert server.ask("select count(*) from information_schema.tables where table_name = 'lijst'") == [(0,)]
