"""A file encrypted for transport: opened in memory at gate 1, by the key of its partner alone."""

import io
from pathlib import Path

import intake_world as world
import pytest
from closed_files import open_file
from pyrage import encrypt, x25519
from typer.testing import CliRunner

from das_research.catalog.models import Catalog, Partner
from das_research.cli import app
from das_research.errors import DasError, DeliveryRefused, UsageError
from das_research.home import Home
from das_research.intake.gate import check_file, deliver
from das_research.keys.transport import recipient


def catalog() -> Catalog:
    partners = [Partner(id=id, title=id, role="levert", contact="x@example.nl") for id in ("om", "politie")]
    return world.catalog().model_copy(update={"partners": {partner.id: partner for partner in partners}})


def sealed(path: Path, content: bytes, address: str) -> Path:
    path.write_bytes(encrypt(content, [x25519.Recipient.from_str(address)]))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.mark.parametrize("name", ["zaken.csv", "zaken.csv.gz"])
def test_an_encrypted_file_is_the_file_within(home: Home, tmp_path: Path, name: str) -> None:
    plain = world.write(tmp_path / name, world.rows({}, {"nummer": ""}))
    path = sealed(tmp_path / f"{name}.age", plain.read_bytes(), recipient(catalog(), home, "om"))
    delivery = deliver(catalog(), home, "zaken", path, "steward")
    assert (delivery.accepted, delivery.quarantined) == (1, 1)
    again = sealed(tmp_path / "again.age", plain.read_bytes(), recipient(catalog(), home, "om"))
    assert again.read_bytes() != path.read_bytes()
    assert deliver(catalog(), home, "zaken", again, "steward").already_delivered
    assert deliver(catalog(), home, "zaken", plain, "steward").already_delivered


def test_an_encrypted_parquet_file(home: Home, tmp_path: Path) -> None:
    import pandas as pd

    frame, content = pd.DataFrame(world.rows({}, {})).rename(columns=world.COLUMNS), io.BytesIO()
    frame.to_parquet(content)
    parquet = world.catalog(file={"format": "parquet"})
    path = sealed(tmp_path / "zaken.age", content.getvalue(), recipient(catalog(), home, "om"))
    delivery = deliver(parquet, home, "zaken", path, "steward")
    assert open_file(home, home.deliveries / delivery.id / "accepted.parquet").num_rows == 2


def test_nothing_of_it_is_written_in_plain(home: Home, tmp_path: Path) -> None:
    content = world.table(world.rows({"toelichting": "ROERIG"})).encode()
    path = sealed(tmp_path / "zaken.age", content, recipient(catalog(), home, "om"))
    deliver(catalog(), home, "zaken", path, "steward")
    assert not [it for it in tmp_path.rglob("*") if it.is_file() and b"ROERIG" in it.read_bytes()]


@pytest.mark.parametrize("made", ["for another partner", "for nobody here", "and there is no key", "and damaged"])
def test_another_key_opens_nothing(home: Home, tmp_path: Path, made: str) -> None:
    address = recipient(catalog(), home, "politie" if made == "for another partner" else "om")
    if made in ("for nobody here", "and there is no key"):
        address = str(x25519.Identity.generate().to_public())
    if made == "and there is no key":
        (home.keys / "transport-om.key").unlink()
    path = sealed(tmp_path / "zaken.age", world.table(world.rows({})).encode(), address)
    if made == "and damaged":
        path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DeliveryRefused, match=r"zaken\.age was not taken in; nothing was stored") as refused:
        deliver(catalog(), home, "zaken", path, "steward")
    assert "das key transport PARTNER" in refused.value.fix
    assert refused.value.__context__ is None
    assert not home.deliveries.exists()


def test_without_keys_at_hand_it_is_not_checked(tmp_path: Path, home: Home) -> None:
    path = sealed(tmp_path / "zaken.age", b"x", recipient(catalog(), home, "om"))
    with pytest.raises(DeliveryRefused, match="nothing was stored"):
        check_file(catalog(), "zaken", path)


def test_the_address_stays_and_the_key_is_private(home: Home) -> None:
    first = recipient(catalog(), home, "om")
    assert first.startswith("age1") and recipient(catalog(), home, "om") == first
    assert recipient(catalog(), home, "politie") != first
    [path] = home.keys.glob("transport-om*")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(DasError, match="keys need 0600") as refused:
        recipient(catalog(), home, "om")
    assert path.read_text() not in str(refused.value)
    with pytest.raises(UsageError, match="no partner 'knmi'"):
        recipient(catalog(), home, "knmi")


def test_the_command_prints_the_address_alone(home: Home) -> None:
    data_catalog = str(Path(__file__).parents[2] / "data_catalog")
    options = ["--home", str(home.root), "--catalog", data_catalog]
    shown = CliRunner().invoke(app, [*options, "key", "transport", "om"]).output
    assert shown.strip().startswith("age1") and "AGE-SECRET-KEY" not in shown
    assert CliRunner().invoke(app, [*options, "key", "list", "--json"]).output.strip() == "[]"
