"""Numbers as sets: a bit for each of up to 62 things, so that what somebody has of them is one number.

Every engine counts with whole numbers of 64 bits, shifts them and joins them bit by bit; that is all this needs.
"""

import ibis
import ibis.expr.types as ir
from ibis import udf

MEMBERS = 62  # the sign and the number that stands before the first are no members
_BEFORE = 1 << MEMBERS


def member(place: ir.IntegerValue) -> ir.IntegerValue:
    """The set of one, from place 1 to `MEMBERS`.

    Examples
    --------
    >>> places = ibis.memtable({"place": [1, 3, 1]})
    >>> sets = places.select(it=member(places.place))
    >>> (everybody := sets.agg(it=joined(sets.it))).it.to_list() == [member_bit(1) | member_bit(3)]
    True
    """
    return ibis.literal(_BEFORE) >> place.cast("int32")


def stretch(after: ir.IntegerValue, through: ir.IntegerValue) -> ir.IntegerValue:
    """The set of all places after the one and up to and with the other; of none where they are equal.

    Examples
    --------
    >>> table = ibis.memtable({"after": [1, 2], "through": [3, 2]})
    >>> stretch(table.after, table.through).to_list() == [member_bit(2) | member_bit(3), 0]
    True
    """
    return member(after) - member(through)


def member_bit(place: int) -> int:
    """The same number as `member`, of one place.

    Examples
    --------
    >>> member_bit(MEMBERS), member_bit(MEMBERS - 1)
    (1, 2)
    """
    return _BEFORE >> place


@udf.agg.builtin(name="bit_or")
def joined(members: int) -> int:  # type: ignore[empty-body]
    """All members of the sets of a group; null of a group without any."""
