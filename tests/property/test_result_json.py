"""A Result read back from its JSON is the same to the byte."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from das_research.catalog.models import Text
from das_research.result import AFTER, BEFORE, NUMBERS, STATES, Band, Recipe, Result, Step

NUMBER = st.one_of(st.none(), st.floats(allow_infinity=False), st.integers(-(2**60), 2**60))
WORD = st.text(max_size=6)
ROW = st.fixed_dictionaries(
    dict.fromkeys(("figure", "measure", "sekse", "period", "unit"), WORD)
    | dict.fromkeys(NUMBERS, NUMBER)
    | {name: st.sampled_from(states) for name, states in STATES.items()}
)
TEXT = st.builds(Text, nl=WORD, en=WORD)
END = st.none() | st.floats(allow_infinity=False, allow_nan=False)
BAND = st.none() | st.builds(Band, st.dictionaries(st.tuples(WORD, WORD, WORD), st.tuples(END, END), max_size=3))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(ROW, max_size=5),
    title=TEXT,
    labels=st.dictionaries(WORD, st.dictionaries(WORD, TEXT, max_size=2), max_size=2),
    steps=st.lists(st.builds(Step, st.integers(0), st.integers(0), TEXT), max_size=2),
    synthetic=st.booleans(),
    band=BAND,
)
def test_what_is_written_and_read_is_the_same_to_the_byte(rows, title, labels, steps, synthetic, band):
    columns = [*BEFORE, "sekse", *AFTER]
    result = Result(
        table=pd.DataFrame(rows, columns=columns),
        dimensions=("sekse",),
        title=title,
        definition="proef",
        definition_version="1",
        shape="counts",
        labels=labels,
        recipe=Recipe("das_research.chain.flow", {"by": ["sekse"], "first_year": 2012}),
        project="project",
        snapshot="snap-1",
        synthetic=synthetic,
        linkage={"zaken": 0.1 + 0.2},
        attrition=tuple(steps),
        band=band,
    )
    again = Result.from_json(result.to_json())
    assert again.to_json() == result.to_json()
    assert again == result
    for name in NUMBERS:
        assert again.table[name].tolist() == result.table[name].tolist() or again.table[name].equals(result.table[name])
