"""Transport keys: a partner encrypts a file to a public address, and only gate 1 opens it, in the format of age."""

import io
from typing import IO

from das_research.catalog.models import Catalog
from das_research.errors import UsageError
from das_research.home import PRIVATE_FILE, Home
from das_research.keys import files

SEALED = b"age-encryption.org/v1"


def recipient(catalog: Catalog, home: Home, partner: str) -> str:
    """The public address of a partner's transport key, which is made at the first call and kept with identifier keys.

    Parameters
    ----------
    catalog : Catalog
        It knows the partner.
    home : Home
        The home folder.
    partner : str
        Who will encrypt to it.

    Returns
    -------
    str
        An X25519 recipient, as ``age --recipient`` takes it.

    Raises
    ------
    UsageError
        When the catalogue doesn't know the partner.
    """
    from pyrage import x25519

    if partner not in catalog.partners:
        raise UsageError(
            f"There is no partner '{partner}' in the catalogue.",
            fix=f"Use one of: {', '.join(sorted(catalog.partners))}.",
        )
    path = files.key_folder(home.keys) / _file(partner)
    if not path.exists():
        files.write_once(path, str(x25519.Identity.generate()).encode())
    return str(_identity(home, partner).to_public())


def opened(home: Home, partner: str, stream: IO[bytes]) -> bytes | None:
    """What a file holds that was encrypted to a partner's transport key, opened in memory; None where it doesn't open.

    Parameters
    ----------
    home : Home
        Where the key is.
    partner : str
        Who sent the file.
    stream : file
        The encrypted file.
    """
    from pyrage import DecryptError, decrypt_io

    if not (home.keys / _file(partner)).is_file():
        return None
    content = io.BytesIO()
    try:
        decrypt_io(stream, content, [_identity(home, partner)])
    except (DecryptError, OSError):  # the latter of a file cut short
        return None
    return content.getvalue()


def _identity(home: Home, partner: str):  # type: ignore[no-untyped-def]
    from pyrage import x25519

    path = home.keys / _file(partner)
    files.refuse_wider(path, PRIVATE_FILE)
    return x25519.Identity.from_str(path.read_text(encoding="ascii").strip())


def _file(partner: str) -> str:
    return f"transport-{partner}.key"
