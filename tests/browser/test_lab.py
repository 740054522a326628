"""`das lab` starts JupyterLab on the notebooks, for the catalogue and home that were asked for."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from whole_way import ROOT

from das_research.style.tables import Cell, Row, TableView, to_notebook_html

TOKEN = "of-this-test"
# JupyterLab's own, with which every other table in a notebook stands right
RIGHT = ":not(.jp-RenderedMarkdown).jp-RenderedHTMLCommon :is(td, th, tr) { text-align: right; }"


@pytest.fixture
def lab(tmp_path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    own = {
        name: str(tmp_path / name) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "das_research.cli", "--home", str(tmp_path / "home"), "lab", *options],
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(started.pid, 15)
        started.wait(timeout=20)


def answer(address: str) -> dict:
    request = urllib.request.Request(address, headers={"Authorization": f"token {TOKEN}"})
    for _ in range(400):
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                return json.load(reply)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    raise TimeoutError(address)


def test_the_notebooks_are_there(lab: str):
    names = {entry["name"] for entry in answer(f"{lab}/api/contents")["content"]}
    assert "ketenmonitor.ipynb" in names


def test_in_a_notebook_words_stand_left_and_numbers_right(browser):
    row = Row(("naam",), (Cell("direct herleidbaar", "left"), Cell("12")))
    table = to_notebook_html(TableView("Kolommen", ("kolom",), ("reden", "rijen"), (row,), "nl"))
    page = browser.new_page()
    page.set_content(f'<style>{RIGHT}</style><div class="jp-RenderedHTMLCommon">{table}</div>')
    sides = "cells => cells.map(cell => getComputedStyle(cell).textAlign)"
    for part in ("thead th", "tbody th, tbody td"):
        assert page.eval_on_selector_all(part, sides) == ["left", "left", "right"]
    page.close()
