"""Keys: made once, whole, and readable by nobody else."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from das_research.errors import DasError
from das_research.keys.store import KeyStore

KILLED = """
import os, signal, sys
from pathlib import Path
from das_research.keys.store import KeyStore
os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
KeyStore(Path(sys.argv[1])).get_or_create("identifier-skn")
"""


def test_a_key_is_32_bytes_and_stays_the_same(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    key = store.get_or_create("identifier-skn")
    assert len(key) == 32
    assert store.get_or_create("identifier-skn") == key
    assert KeyStore(tmp_path / "keys").get_or_create("identifier-skn") == key


def test_every_name_has_its_own_key(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    names = ["identifier-skn", "identifier-parketnummer", "identifier-bsn"]
    assert len({store.get_or_create(name) for name in names}) == 3
    assert sorted(path.name for path in store.folder.iterdir()) == sorted(f"{name}.key" for name in names)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        KeyStore(tmp_path / "keys").get_or_create("identifier-skn")
    finally:
        os.umask(before)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "identifier-skn.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o700])
def test_a_file_with_wider_permissions_is_refused(tmp_path: Path, mode: int) -> None:
    store = KeyStore(tmp_path / "keys")
    key = store.get_or_create("identifier-skn")
    path = tmp_path / "keys" / "identifier-skn.key"
    path.chmod(mode)
    with pytest.raises(DasError, match=f"{mode:04o}; keys need 0600") as refusal:
        store.get_or_create("identifier-skn")
    assert f"chmod 600 {path}" in refusal.value.fix
    assert key.hex() not in str(refusal.value)


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    (tmp_path / "keys").chmod(0o755)
    with pytest.raises(DasError, match="0755; keys need 0700"):
        KeyStore(tmp_path / "keys").get_or_create("identifier-skn")
    assert list((tmp_path / "keys").iterdir()) == []


def test_a_damaged_key_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    store.get_or_create("identifier-skn")
    path = tmp_path / "keys" / "identifier-skn.key"
    path.write_bytes(b"half")
    with pytest.raises(DasError, match="A key is 32 bytes; this file has 4"):
        store.get_or_create("identifier-skn")
    assert path.read_bytes() == b"half"


@pytest.mark.parametrize("name", ["skn", "identifier-", "identifier-../x", "project-a", "identifier-skn.key", "a-skn"])
def test_other_names_are_no_keys(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="a key is named"):
        KeyStore(tmp_path / "keys").get_or_create(name)
    assert not (tmp_path / "keys").exists()


def test_many_at_once_get_one_key(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: store.get_or_create("identifier-skn"), range(32)))
    assert len(keys) == 1
    assert [path.name for path in store.folder.iterdir()] == ["identifier-skn.key"]


def test_a_killed_writer_leaves_no_key_and_the_next_one_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    child = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert not (folder / "identifier-skn.key").exists()
    assert len(list(folder.iterdir())) == 1, "what the killed process had written"
    assert len(KeyStore(folder).get_or_create("identifier-skn")) == 32
    assert [path.name for path in folder.iterdir()] == ["identifier-skn.key"]
