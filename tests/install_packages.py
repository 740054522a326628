"""Installs what tests need besides Python where that is allowed; otherwise says how. The tests name what they skip."""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-liberation", "poppler-utils", "bubblewrap")


def main() -> int:
    if any(shutil.which(browser) for browser in BROWSERS) and shutil.which("pdftotext") and shutil.which("bwrap"):
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing", ", ".join(PACKAGES), "for the tests of browser, PDF and remote work")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
        ):
            if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
                print("Could not install them; the tests that need them will be skipped by name.")
                return 0
        return 0
    print("No Chromium, pdftotext or bwrap found: install", ", ".join(PACKAGES), "to run the tests that need them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
