"""Numbers that cannot exist, from serial numbers, and how each partner writes the same number."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from das_research.synthetic.chance import Flags, Whole

NOWHERE = 100_000  # case numbers below this are never given out
NORMAL = {
    "skn": "F#########",
    "pv_nummer": "PL9999##########",
    "parketnummer": "99########",
    "bsn": "9########",
    "cjib_nummer": "C9999########",
    "respondentnummer": "VM9########",
    "leveringsnummer": "FICTIEF####",
}
SPELLINGS = {
    ("verdachtenregistraties", "pv_nummer"): "PL9999-####-######",
    ("misdrijven", "pv_nummer"): "PL9999-####-######",
    ("strafzaken", "pv_nummer"): "PL9999 #### ######",
    ("halt_verwijzingen", "pv_nummer"): "pl9999##########",
    ("strafzaken", "parketnummer"): "99-######-##",
    ("feiten", "parketnummer"): "99-######-##",
    ("sepots", "parketnummer"): "99-######-##",
    ("herinstroom", "parketnummer"): "99-######-##",
    ("uitspraken", "parketnummer"): "99/######-##",
    ("sancties", "parketnummer"): "99/######-##",
    ("hoger_beroepen", "parketnummer"): "99/######-##",
    ("detenties", "parketnummer"): "99.######.##",
    ("detenties", "skn"): "f#########",
    ("taakstraffen", "skn"): "F ### ### ###",
}
ZERO, HASH = ord("0"), ord("#")


@dataclass(frozen=True)
class Serials:
    """Serial numbers of one kind of identifier; a negative one is missing."""

    domain: str
    numbers: Whole

    def __getitem__(self, rows: Whole | Flags) -> "Serials":
        return Serials(self.domain, self.numbers[rows])

    def __len__(self) -> int:
        return len(self.numbers)


def written(form: str, numbers: Whole) -> pa.Array:
    """Each number in a form: its digits in the place of the hashes; a negative one is null.

    Examples
    --------
    >>> written("99-######-##", np.array([10000021, -1])).to_pylist()
    ['99-100000-21', None]
    """
    width = len(form)
    letters = np.tile(np.frombuffer(form.encode("ascii"), np.uint8), (len(numbers), 1))
    rest = np.maximum(numbers, 0).astype(np.int64)
    for place in [place for place in range(width) if form[place] == "#"][::-1]:
        rest, digit = np.divmod(rest, 10)
        letters[:, place] = ZERO + digit
    offsets = pa.py_buffer(np.arange(0, (len(numbers) + 1) * width, width, dtype=np.int32))
    known = pa.array(numbers >= 0).buffers()[1]
    return pa.Array.from_buffers(pa.string(), len(numbers), [known, offsets, pa.py_buffer(letters)])


def normal(serials: Serials) -> pa.Array:
    """The numbers without anyone's habits of writing."""
    return written(NORMAL[serials.domain], serials.numbers)


def as_partner_writes(dataset: str, serials: Serials) -> pa.Array:
    """The numbers as this partner writes them."""
    return written(SPELLINGS.get((dataset, serials.domain), NORMAL[serials.domain]), serials.numbers)


def skn(person: Whole) -> Serials:
    """The criminal justice chain number of each person."""
    return Serials("skn", (person * 387_420_489 + 123_456_789) % 10**9)


def report(crime: Whole) -> Serials:
    """The number of each crime's police report."""
    mixed = crime.astype(np.uint64) * np.uint64(1_234_567_891) % np.uint64(10**10)
    return Serials("pv_nummer", mixed.astype(np.int64))


def citizen(person: Whole) -> Serials:
    """A number for each person that looks like a citizen service number and fails its check, the 11-test.

    Examples
    --------
    >>> weights = np.array([9, 8, 7, 6, 5, 4, 3, 2, -1])
    >>> numbers = normal(citizen(np.arange(1000))).to_pylist()
    >>> any(sum(weights * [int(digit) for digit in number]) % 11 == 0 for number in numbers)
    False
    """
    mixed = (person * 387_420_489 + 7_654_321) % 90_000_000
    body, choice = np.divmod(mixed, 9)
    total = np.full(len(person), 9 * 9)
    rest = body.copy()
    for weight in range(2, 9):
        rest, digit = np.divmod(rest, 10)
        total = total + weight * digit
    right = total % 11  # the last digit with which the test would pass; 10 is none
    last = np.where(choice >= right, choice + 1, choice)
    return Serials("bsn", body * 10 + np.where(last > 9, 9, last))
