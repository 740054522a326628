"""YAML that remembers on which line every value stands, and refuses a key that is given twice."""

from pathlib import Path
from typing import Any

import yaml

Location = tuple[str | int, ...]
TEXT = "tag:yaml.org,2002:str"
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the parser in C is six times as fast


class InvalidYamlError(Exception):
    """A file is not the YAML it should be."""

    def __init__(self, line: int, message: str):
        self.line, self.message = line, message
        super().__init__(message)


def read(path: Path) -> tuple[Any, dict[Location, int]]:
    """Read one file.

    Returns
    -------
    tuple
        The data, and for every location in it (keys and positions) its line, counted from 1.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = LOADER(text)
        root = loader.get_single_node()
        if root is not None and "&" in text and _unfolded(root, {}) > len(text) + 1:
            raise InvalidYamlError(1, "its aliases unfold to more values than the file has characters")
        lines: dict[Location, int] = {(): 1}
        return (None if root is None else _build(root, (), lines, loader)), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InvalidYamlError(mark.line + 1 if mark else 1, error.problem or "not YAML") from None
    except UnicodeDecodeError:
        raise InvalidYamlError(1, "the file is not UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidYamlError(1, str(error).splitlines()[0]) from None
    except RecursionError:
        raise InvalidYamlError(1, "an alias refers to itself") from None


def _unfolded(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node has once every alias in it is written out; without aliases fewer than its characters."""
    if id(node) not in known:
        within = node.value if isinstance(node, yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            within = [part for pair in node.value for part in pair]
        known[id(node)] = 1 + sum(_unfolded(part, known) for part in within)
    return known[id(node)]


def _build(node: yaml.Node, at: Location, lines: dict[Location, int], loader: yaml.SafeLoader) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise InvalidYamlError(key_node.start_mark.line + 1, "a key must be one word or text")
            key = _scalar(key_node, loader)
            if key in mapping:
                raise InvalidYamlError(key_node.start_mark.line + 1, f"'{key}' stands here twice")
            mapping[key] = _build(value_node, (*at, key), lines, loader)
            lines[(*at, key)] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*at, position), lines, loader) for position, item in enumerate(node.value)]
    return _scalar(node, loader)


def _scalar(node: yaml.Node, loader: yaml.SafeLoader) -> Any:
    """The value of a word or text; most are texts, which need no looking up of how they are made."""
    return node.value if node.tag == TEXT else loader.construct_object(node, deep=True)


def line_of(location: Location, lines: dict[Location, int]) -> int:
    """The line of a location, or of the nearest enclosing one that has a line."""
    while location not in lines:
        location = location[:-1]
    return lines[location]
