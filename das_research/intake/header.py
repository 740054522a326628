"""The columns of a delivered file against those of the catalogue."""

from das_research.catalog.models import Dataset
from das_research.intake.file import DeliveredFile

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def file_columns(dataset: Dataset) -> dict[str, str]:
    """Variable to the name of its column in the file."""
    return {name: variable.column or name for name, variable in dataset.variables.items()}


def check_header(file: DeliveredFile, header: list[str], dataset: Dataset) -> None:
    """Refuse a header that isn't the catalogue's, and say whether the delimiter is to blame.

    Raises
    ------
    DeliveryRefused
        With the columns that are unknown, missing or there twice.
    """
    agreed = dataset.file.delimiter
    if len(header) == 1 and len(dataset.variables) > 1:
        expected = set(file_columns(dataset).values())
        found = {sign: len(expected.intersection(_cells(header[0], sign))) for sign in DELIMITERS if sign != agreed}
        best = max(found, key=lambda sign: found[sign])
        seems = f" The file seems to use {DELIMITERS[best]}." if found[best] else ""
        raise file.refuse(
            f"Its header is one single column: its delimiter is not {_word(agreed)}, as the catalogue says.{seems}",
            f"Send the file with {_word(agreed)} between the columns, or have the catalogue changed.",
        )
    check_columns(file, header, dataset)


def other_delimiter(line: str, dataset: Dataset) -> bool:
    """Whether a first line has more of the catalogue's columns when another sign parts them than the agreed one."""
    expected = set(file_columns(dataset).values())
    found = {sign: len(expected.intersection(_cells(line, sign))) for sign in {*DELIMITERS, dataset.file.delimiter}}
    return max(found.values()) > found[dataset.file.delimiter]


def check_columns(file: DeliveredFile, header: list[str], dataset: Dataset) -> None:
    """Refuse columns that aren't the catalogue's; their order is free.

    Raises
    ------
    DeliveryRefused
        With the places of unknown columns, and the names of those that are missing or there twice.
    """
    expected = list(file_columns(dataset).values())
    known = set(expected).intersection(header)
    if not known:
        raise file.refuse(
            "Its first line has none of the columns of the catalogue: the header is missing.",
            f"Send the file with a header: {', '.join(expected)}.",
        )
    # by their place only: what the catalogue doesn't know can be a value of a person, typed above the column
    faults = {
        "unknown": [f"number {place}" for place, name in enumerate(header, 1) if name not in known],
        "missing": [name for name in expected if name not in known],
        "there twice": sorted(name for name in known if header.count(name) > 1),
    }
    said = [f"{_columns(names)} {', '.join(names)} {_is(names)} {fault}" for fault, names in faults.items() if names]
    if said:
        raise file.refuse(
            f"Its columns are not those of the catalogue: {'; '.join(said)}.",
            "Send the file with exactly the catalogue's columns, or have the catalogue changed.",
        )


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip('"') for cell in line.strip().split(sign)]


def _word(sign: str) -> str:
    return DELIMITERS.get(sign, f"'{sign}'")


def _columns(names: list[str]) -> str:
    return "column" if len(names) == 1 else "columns"


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
