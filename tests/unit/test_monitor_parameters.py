"""A monitor's parameters: known, typed, within the choices; anything else is refused with what to type."""

import pytest

from das_research.catalog.models import Monitor
from das_research.errors import UsageError
from das_research.monitors.parameters import resolve_parameters

MONITOR = Monitor.model_validate(
    {
        "id": "example",
        "title": "Example",
        "notebook": "example.ipynb",
        "project": "example",
        "schedule": "0 6 1 * *",
        "parameters": {
            "year": {"title": "year", "type": "integer", "default": 2024},
            "language": {"title": "language", "type": "text", "default": "nl", "choices": ["nl", "en"]},
        },
    }
)


def test_defaults_and_types():
    assert resolve_parameters(MONITOR, {}) == {"year": 2024, "language": "nl"}
    assert resolve_parameters(MONITOR, {"year": "2020"}) == {"year": 2020, "language": "nl"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"jaar": "2020"}, "has no parameter jaar"),
        ({"year": "twenty"}, "whole number"),
        ({"year": "2020; import os"}, "whole number"),
        ({"language": "fr"}, "nl, en"),
    ],
)
def test_refusals(given, says):
    with pytest.raises(UsageError, match=says):
        resolve_parameters(MONITOR, given)


def test_code_in_a_value_stays_text():
    monitor = MONITOR.model_copy(
        update={"parameters": {"theme": MONITOR.parameters["language"].model_copy(update={"choices": ()})}}
    )
    assert resolve_parameters(monitor, {"theme": '"; import os'}) == {"theme": '"; import os'}
