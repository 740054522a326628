"""A browser, and the sites it looks at, served from this machine."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from das_research.home import Home

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH: the site is not looked at in a browser")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the site is not looked at")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", params=["synthetic", "real", "themes"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """The address and the folder of a site."""
    home: Home = request.getfixturevalue(f"{request.param}_home")
    handler = functools.partial(Quiet, directory=str(home.site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", home.site.resolve()
    server.shutdown()
