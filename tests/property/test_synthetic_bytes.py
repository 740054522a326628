"""The same seed gives the same bytes, whatever the number of processes; another seed gives others."""

import hashlib
from pathlib import Path

from synthetic_world import dutch

from das_research.synthetic.generate import generate

PROCESSES = 0.03  # a scale at which the persons stand in several blocks


def hashes(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_one_process_or_two_write_the_same_bytes(tmp_path):
    for workers in (1, 2):
        generate(dutch(), tmp_path / str(workers), (2019, 2019), PROCESSES, 5, workers=workers)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("once", 1), ("again", 1), ("other", 2)):
        generate(dutch(), tmp_path / name, (2020, 2021), 0.002, seed)
    once, again, other = (hashes(tmp_path / name) for name in ("once", "again", "other"))
    assert once == again
    assert not [name for name in once if name.endswith(".csv") and once[name] == other.get(name)]
