"""What an engine keeps behind the program is what it keeps at once; a failure is told, and nothing rests on it."""

import ibis
import pytest

from das_research.engines import EngineError, behind, keep, looked_up, memory_engine, some, waited, write_parquet

ROWS = {"row": [1, 2, 3], "text": ["4", "5", "x"]}
HUGE = 10**8  # rows of which each meets each: no engine comes to the end of it


@pytest.fixture
def engine():
    with memory_engine() as engine:
        yield engine


def steps(engine):
    rows = keep(engine, ibis.memtable(ROWS))
    unified = looked_up(engine, {"4": "vier", "5": "vijf"})
    told = keep(engine, rows.mutate(een=unified(rows.text)))
    sums = keep(engine, told.group_by("een").agg(sum=told.row.sum()))
    return sums.order_by("een").to_pyarrow().to_pylist()


def test_steps_follow_each_other_as_they_do_at_once(engine):
    with behind(engine):
        found = steps(engine)
    assert found == steps(engine) == [{"een": "vier", "sum": 1}, {"een": "vijf", "sum": 2}, {"een": None, "sum": 3}]


def test_a_failure_is_told_to_who_asks_and_nothing_that_came_after_it_was_done(engine):
    with behind(engine):
        rows = keep(engine, ibis.memtable(ROWS))
        wrong = keep(engine, rows.mutate(number=rows.text.cast("int64")))
        after = keep(engine, rows.filter(rows.row > 1))
        with pytest.raises(EngineError, match="Conversion"):
            some(wrong)
        assert rows.count().to_pyarrow().as_py() == 3
        for missing in (wrong, after):
            with pytest.raises(EngineError, match="does not exist"):
                some(missing)
        assert some(keep(engine, rows)), "what was told is over"


def test_a_failure_of_which_nobody_asks_is_told_at_the_end(engine):
    plain = engine.con
    with pytest.raises(EngineError, match="Conversion"), behind(engine):
        rows = ibis.memtable(ROWS)
        keep(engine, rows.mutate(number=rows.text.cast("int64")))
    assert engine.con is plain


def test_a_failure_before_is_not_taken_for_that_of_a_file(engine, tmp_path):
    rows = ibis.memtable(ROWS)
    with behind(engine):
        keep(engine, rows.mutate(number=rows.text.cast("int64")))
        with pytest.raises(EngineError, match="Conversion"):
            write_parquet(engine, rows, tmp_path / "rows.parquet", bytes(32))
    assert not list(tmp_path.iterdir())


def test_a_file_is_there_when_it_was_written(engine, tmp_path):
    with behind(engine):
        rows = keep(engine, ibis.range(10**6).unnest().name("row").as_table())
        write_parquet(engine, rows, tmp_path / "rows.parquet", bytes(32))
        assert (tmp_path / "rows.parquet").read_bytes()[-4:] == b"PARE", "the end of an encrypted file"


def test_files_of_which_nobody_waits_are_there_when_nothing_is_due(engine, tmp_path):
    rows = ibis.memtable(ROWS)
    with behind(engine):
        for name in "ab":
            write_parquet(engine, rows, tmp_path / name, bytes(32), wait=False)
        waited(engine)
        assert sorted(it.name for it in tmp_path.iterdir()) == ["a", "b"]


def test_a_file_that_fails_is_told_by_who_waits(engine, tmp_path):
    rows = ibis.memtable(ROWS)
    with behind(engine):
        write_parquet(engine, rows.mutate(number=rows.text.cast("int64")), tmp_path / "a", bytes(32), wait=False)
        with pytest.raises(EngineError, match="Conversion"):
            waited(engine)


def test_who_leaves_waits_for_nothing(engine):
    one, other = (engine.sql(f"select range as {name} from range({HUGE})") for name in ("one", "other"))
    with pytest.raises(KeyError), behind(engine):
        endless = keep(engine, one.join(other, one.one != other.other).agg(sum=(one.one ^ other.other).sum()))
        after = keep(engine, endless)
        raise KeyError
    with pytest.raises(EngineError, match="does not exist"):
        some(after)
