"""A packed file: one whole file within, or a refusal."""

import gzip
import zlib
from lzma import LZMAError
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, BadZipFile, ZipFile

from das_research.errors import DeliveryRefused
from das_research.intake.file import CHUNK, EMPTY_ZIP, GZIP, ZIP, DeliveredFile, members

PACKINGS = {".gz": (GZIP, "gzip"), ".zip": (ZIP, "zip")}
METHODS = (ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA)
ENCRYPTED, PATCHED, STRONGLY_ENCRYPTED = 1, 0x20, 0x40  # flags of a member
WORKBOOK = "[Content_Types].xml"


def refuse_damaged_packing(file: DeliveredFile) -> None:
    """Refuse a file that says to be packed and is not, or can't be unpacked to its end, where check sums are compared.

    Raises
    ------
    DeliveryRefused
        Also for a zip file that holds another number of files than one, or is locked with a password.
    """
    start, kind = PACKINGS.get(file.path.suffix.lower(), (b"", ""))
    if not file.start.startswith(start) and not (kind == "zip" and file.start == EMPTY_ZIP):
        raise file.refuse(f"Its name ends in {file.path.suffix} and it is not a {kind} file.", f"Send it as {kind}.")
    if file.start in (ZIP, EMPTY_ZIP):
        _refuse_archive(file)
    whole = True
    try:
        with file.content() as content:
            while content.read(CHUNK):
                pass
    except (EOFError, gzip.BadGzipFile, BadZipFile, zlib.error, LZMAError):
        whole = False
    except OSError as error:
        if error.errno is not None:
            raise  # of the disk; of bzip2 it has no number
        whole = False
    if not whole:
        kind = "zip" if file.start == ZIP else "gzip"
        raise file.refuse(f"The {kind} file is damaged or cut short.", "Send the file again.")


def _refuse_archive(file: DeliveredFile) -> None:
    found, new = None, False
    try:
        with file.stored() as stored, ZipFile(stored) as archive:
            found = members(archive)
    except BadZipFile:
        pass  # it quotes a name within
    except NotImplementedError:
        new = True
    if new:
        raise _packed_otherwise(file)
    if found is None:
        raise file.refuse("The zip file is damaged or cut short.", "Send the file again.")
    if any(member.filename == WORKBOOK for member in found):
        raise file.refuse(
            "It is an Excel workbook; the catalogue says CSV.", "Send the file as CSV, or have the catalogue changed."
        )
    if not found:
        raise file.refuse("The zip file holds no file.", "Send the file again.")
    if len(found) > 1:
        raise file.refuse(f"The zip file holds {len(found)} files.", "Send each file in a zip of its own.")
    if found[0].flag_bits & (ENCRYPTED | STRONGLY_ENCRYPTED):
        raise file.refuse("The zip file is locked with a password.", "Send it without, over a protected connection.")
    if found[0].compress_type not in METHODS or found[0].flag_bits & PATCHED:
        raise _packed_otherwise(file)


def _packed_otherwise(file: DeliveredFile) -> DeliveryRefused:
    return file.refuse(
        "The zip file is packed by a method that can't be opened here, such as Deflate64 or Zstandard.",
        "Pack it with the method Deflate, or as gzip, and send it again.",
    )
