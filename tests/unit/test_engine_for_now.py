"""What an engine keeps for a while is gone when that is over; what was kept before, and what is asked for, stays."""

import ibis
import pytest

from das_research.engines import EngineError, for_now, keep, memory_engine


def test_steps_go_and_what_is_asked_for_stays():
    rows = ibis.memtable({"row": [1, 2, 3]})
    with memory_engine() as engine:
        before = keep(engine, rows.filter(rows.row < 3))
        with for_now(engine) as stay:
            step = keep(engine, before.mutate(twice=before.row * 2))
            last = keep(engine, step.filter(step.twice > 2))
            stay.append(last)
        assert [before.row.to_list(), last.twice.to_list()] == [[1, 2], [4]]
        with pytest.raises(EngineError, match="does not exist"):
            step.to_pyarrow()
