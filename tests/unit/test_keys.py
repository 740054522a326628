"""Keys: made once, whole, and readable by nobody else."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from das_research.errors import DasError
from das_research.keys.store import KeyStore, hkdf_sha256

KILLED = """
import os, signal, sys
from pathlib import Path
from das_research.keys.store import KeyStore, hkdf_sha256
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


# Test cases 1, 2 and 3 of RFC 5869, appendix A: secret, salt, info, length, output
VECTORS = [
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "length", "output"), VECTORS, ids=["basic", "long", "empty"])
def test_hkdf_is_that_of_the_rfc(secret: str, salt: str, info: str, length: int, output: str) -> None:
    made = hkdf_sha256(bytes.fromhex(secret), bytes.fromhex(salt), bytes.fromhex(info), length)
    assert made.hex() == output


def test_projects_and_periods_have_keys_of_their_own_from_one_master(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    asked = [("proef", "2026-01-01"), ("ander", "2026-01-01"), ("proef", "2027-01-01"), ("proef2", "026-01-01")]
    keys = [store.project_key(*it) for it in asked]
    assert len(set(keys)) == len(asked) and {len(key) for key in keys} == {32}
    assert keys == [KeyStore(tmp_path / "keys").project_key(*it) for it in asked]
    assert [path.name for path in store.folder.iterdir()] == ["master.key"]
    (store.folder / "master.key").unlink()
    assert not set(keys) & {store.project_key(*it) for it in asked}, "a new master key, new pseudonyms"
