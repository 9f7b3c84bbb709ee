"""YAML files read strictly: the data, and where each key stands for messages about it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from alexandria_scan.nearest import nearest
from alexandria_scan.policy.manifest import POLICY_HELP, PolicyError
from alexandria_scan.source.yaml_document import has_aliases, is_nested_deeply, line_of, loader

MAX_BYTES = 1024 * 1024


_TAG = "tag:yaml.org,2002:"
_OTHER_TYPES = frozenset(f"{_TAG}{name}" for name in ("binary", "omap", "pairs", "set"))


@cache
def _loader() -> Any:
    """A loader of what JSON has, too: keys are text, as they are written, and so are dates, so that one that is none
    does not end in an exception. Anything else is an error with its line."""
    import yaml

    base = loader()

    def mapping(self: Any, node: Any, deep: bool = False) -> Any:
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != f"{_TAG}merge":
                key.tag = f"{_TAG}str"
        return base.construct_mapping(self, node, deep)

    def finite(self: Any, node: Any) -> float:
        value: float = base.construct_yaml_float(self, node)
        if not isfinite(value):
            raise yaml.constructor.ConstructorError(None, None, f"{node.value} is no finite number", node.start_mark)
        return value

    resolvers = {
        first: [(tag, pattern) for tag, pattern in known if tag != f"{_TAG}timestamp"]
        for first, known in base.yaml_implicit_resolvers.items()
    }
    made = {tag: make for tag, make in base.yaml_constructors.items() if tag not in _OTHER_TYPES}
    made[f"{_TAG}float"] = finite
    parts = {"yaml_implicit_resolvers": resolvers, "yaml_constructors": made, "construct_mapping": mapping}
    return type("_Loader", (base,), parts)


def _load(text: str, shown: str, help: str) -> Any:
    import yaml  # a warm start does without it

    try:
        if has_aliases(text):
            raise PolicyError(shown, 0, "YAML aliases are not allowed here", "Write the value out in each place.")
        if is_nested_deeply(text):
            raise PolicyError(shown, 0, "nested too deeply", help)
        return yaml.load(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PolicyError(shown, line, f"not valid YAML: {error.problem or error.context}", help) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyError(shown, 0, f"not valid YAML: {error}", help) from None


class YamlFile:
    """The data of one file. The positions of its keys are worked out only when a message needs one."""

    def __init__(self, path: Path, shown: str, data: Any = ..., help: str = POLICY_HELP) -> None:
        """Reads the file, if its `data` is not known already. `help` is the way out where it is wrong."""
        self.path = path
        self.shown = shown
        self.help = help
        self.data: Any = _load(self._text(), shown, help) if data is ... else data

    def _text(self) -> str:
        try:
            raw = self.path.read_bytes()
        except OSError as error:
            raise PolicyError(
                self.shown, 0, f"cannot be read: {error.strerror or error}", "Check who may read it."
            ) from None
        if len(raw) > MAX_BYTES:
            raise PolicyError(self.shown, 0, "larger than 1 MB, which no policy needs to be", self.help)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise PolicyError(self.shown, 0, "not UTF-8 text", "Save it as UTF-8.") from None

    def line(self, *path: str | int) -> int:
        """The line of the key or element at the path, or of the nearest one around it; counted from 1."""
        return line_of(self._text(), path)

    def error(self, message: str, *path: str | int) -> PolicyError:
        return PolicyError(self.shown, self.line(*path), message, self.help)

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """The mapping at the path. Raises PolicyError if something else stands there."""
        data = self.data
        for step in path:
            data = data[step]
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise self.error("a mapping of names to values is expected here", *path)
        return data

    def known_keys(self, data: dict[str, Any], allowed: Iterable[str], *path: str | int) -> None:
        """Raises PolicyError for a key that is not allowed, with the nearest one that is."""
        names = list(allowed)
        for key in data:
            if key not in names:
                close = nearest(key, names)
                hint = f"; did you mean {close!r}?" if close else f"; known keys: {', '.join(names)}"
                raise self.error(f"unknown key {key!r}{hint}", *path, key)

    def text_at(self, data: dict[str, Any], key: str, *path: str | int, required: bool = False) -> str:
        value = data.get(key)
        if value is None:
            if required:
                raise self.error(f"{key!r} is missing", *path)
            return ""
        if not isinstance(value, str):
            raise self.error(f"{key!r} must be text", *path, key)
        return value.strip()

    def texts_at(self, data: dict[str, Any], key: str, *path: str | int) -> list[str]:
        """One text or a list of texts, as a list."""
        value = data.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self.error(f"{key!r} must be a text or a list of texts", *path, key)
        return items

    def flag_at(self, data: dict[str, Any], key: str, otherwise: bool, *path: str | int) -> bool:
        value = data.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.error(f"{key!r} must be true or false", *path, key)
        return value
