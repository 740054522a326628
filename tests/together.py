"""Which files of tests one worker takes together, and which are begun first.

Files that stand on the same fixture of a session go to one worker, so that it is made once. What takes long is begun
first, so that at the end no worker waits for another.
"""

from collections import Counter
from collections.abc import Iterable

TOGETHER = {
    "the engines": ("tests/engines/",),
    "the demonstration": ("tests/report/test_demo.py", "tests/browser/test_docs_images.py"),
    "the real files": ("tests/spec/test_cook_county_durations.py", "tests/spec/test_cook_county_intake.py"),
}
LONG = (
    *TOGETHER,
    "tests/unit/test_monitor_rerun.py",
    "tests/attack/test_remote_room.py",
    "tests/browser/test_site.py",
    "tests/attack/test_killed_at_random.py",
    "tests/property/test_tabulate_dominance.py",
    "tests/property/test_tabulate.py",
    "tests/property/test_links_oracle.py",
    "tests/spec/test_twin.py",
    "tests/attack/test_custody_killed.py",
    "tests/spec/test_rules_across_tables.py",
    "tests/spec/test_warehouse_over_time.py",
    "tests/unit/test_recidivism_on_a_chain.py",
    "tests/attack/test_person_erased.py",
    "tests/report/test_publishing.py",
    "tests/property/test_coarser_tables.py",
    "tests/property/test_linkage_splits.py",
    "tests/spec/test_own_file.py",
    "tests/attack/test_release_added_up.py",
    "tests/property/test_synthetic_order.py",
    "tests/attack/test_key_rotated.py",
    "tests/property/test_chain_oracle.py",
)


def taken_with(nodeid: str) -> str:
    """What a test is taken with: a name of `TOGETHER`, or else its file, whole."""
    for name, places in TOGETHER.items():
        if nodeid.startswith(places):
            return name
    return nodeid.split("::", 1)[0]


def in_order(nodeids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """What is taken together to its place: the long ones, then those of most tests."""
    counts = Counter(map(taken_with, nodeids))
    return {name: (LONG.index(name) if name in LONG else len(LONG), -count) for name, count in counts.items()}
