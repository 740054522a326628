"""Installs what tests need besides Python where that is allowed; otherwise says how. The tests name what they skip."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PROGRAMS = ("pdftotext", "bwrap", "java")
PACKAGES = ("chromium", "fonts-liberation", "poppler-utils", "bubblewrap", "default-jre-headless")
SPARK = ("--constraint", "constraints.txt", "--editable", ".[spark]")


def main() -> int:
    install_programs()
    if shutil.which("java") and find_spec("pyspark") is None:
        install_spark()
    return 0


def install_programs() -> None:
    """Browser, PDF tools, the room of remote work and Java, where this account may install them."""
    if any(shutil.which(browser) for browser in BROWSERS) and all(shutil.which(program) for program in PROGRAMS):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print("Programs are missing: install", ", ".join(PACKAGES), "to run the tests that need them.")
        return
    print("Installing", ", ".join(PACKAGES), "for the tests of browser, PDF, remote work and Spark")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
    ):
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
            print("Could not install them; the tests that need them will be skipped by name.")
            return


def install_spark() -> None:
    """Spark comes as a package of Python, of some hundreds of megabytes: only where there is Java to run it."""
    print("Installing Spark for the tests of engines (some minutes, once)")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *SPARK]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        print("Could not install it; the tests of Spark will be skipped by name.")


if __name__ == "__main__":
    sys.exit(main())
