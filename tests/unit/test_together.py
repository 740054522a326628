"""How the tests are divided over workers names files that are there, and begins with the long ones."""

from together import LONG, TOGETHER, in_order, taken_with
from whole_way import ROOT


def test_every_place_it_names_is_there():
    places = {place for places in TOGETHER.values() for place in places} | {it for it in LONG if it not in TOGETHER}
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []


def test_files_of_one_fixture_are_taken_together_and_others_alone():
    assert taken_with("tests/engines/test_on_spark.py::test_a[x::y]") == "the engines"
    assert taken_with("tests/engines/test_on_server.py::test_b") == "the engines"
    assert taken_with("tests/unit/test_cli.py::test_c[x::y]") == "tests/unit/test_cli.py"


def test_what_is_long_is_begun_first_and_then_what_has_most_tests():
    nodeids = ["few.py::a", "many.py::a", "many.py::b", "tests/engines/test_on_spark.py::a"]
    places = in_order(nodeids)
    assert sorted(places, key=places.__getitem__) == ["the engines", "many.py", "few.py"]
