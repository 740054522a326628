"""Results of two engines, compared."""

import json

from das_research.result import Result


def numbers(result: Result) -> Result:
    """A Result but for the words of the query under it, which are those of an engine."""
    return Result.from_json(json.dumps(json.loads(result.to_json()) | {"recipe": {"function": "", "parameters": {}}}))
