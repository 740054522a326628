"""A packed file: one whole file within, or a refusal."""

import gzip
import zlib
from zipfile import BadZipFile, ZipFile

from das_research.intake.file import CHUNK, EMPTY_ZIP, GZIP, ZIP, DeliveredFile, members

PACKINGS = {".gz": (GZIP, "gzip"), ".zip": (ZIP, "zip")}
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
    except (EOFError, gzip.BadGzipFile, BadZipFile, zlib.error):
        whole = False
    if not whole:
        kind = "zip" if file.start == ZIP else "gzip"
        raise file.refuse(f"The {kind} file is damaged or cut short.", "Send the file again.")


def _refuse_archive(file: DeliveredFile) -> None:
    found = None
    try:
        with file.stored() as stored, ZipFile(stored) as archive:
            found = members(archive)
    except BadZipFile:
        pass  # it quotes a name within
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
    if found[0].flag_bits & 1:
        raise file.refuse("The zip file is locked with a password.", "Send it without, over a protected connection.")
