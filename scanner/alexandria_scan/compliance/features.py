"""Features and frameworks as modules claim them, and what proves each: read from policies/claims/features.yaml."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.policy.yaml_file import YamlFile

_KEYS = ("features", "frameworks")
_FEATURE_KEYS = ("feature", "words", "policies", "resources")
_FRAMEWORK_KEYS = ("words", "standard")


class Feature(msgspec.Struct, frozen=True):
    """`policies` have to hold, or resources of one of the types `resources` have to be there."""

    name: str
    words: tuple[str, ...]
    policies: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


class Framework(msgspec.Struct, frozen=True):
    words: tuple[str, ...]
    standard: str


class Features(msgspec.Struct, frozen=True):
    features: tuple[Feature, ...] = ()
    frameworks: tuple[Framework, ...] = ()

    def meant(self, text: str) -> list[Feature]:
        """The features that a claim means."""
        return [one for one in self.features if _mentions(text, one.words)]

    def framework(self, text: str) -> Framework | None:
        return next((one for one in self.frameworks if _mentions(text, one.words)), None)


def _mentions(text: str, words: Collection[str]) -> bool:
    plain = f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "
    return any(f" {word} " in plain for word in words)


def load_features(folder: Path, known: Collection[str]) -> Features:
    """The features of a folder of policies. Raises PolicyError, also for a policy that is not `known`."""
    path = folder / "claims" / "features.yaml"
    file = YamlFile(path, "policies/claims/features.yaml")
    data = file.mapping()
    file.known_keys(data, _KEYS)
    features = tuple(_feature(file, entry, known, "features", index) for index, entry in enumerate(data["features"]))
    frameworks = []
    for index, entry in enumerate(data.get("frameworks", [])):
        file.known_keys(entry, _FRAMEWORK_KEYS, "frameworks", index)
        words = tuple(file.texts_at(entry, "words", "frameworks", index))
        frameworks.append(Framework(words, file.text_at(entry, "standard", "frameworks", index, required=True)))
    return Features(features, tuple(frameworks))


def _feature(file: YamlFile, entry: dict[str, Any], known: Collection[str], *path: str | int) -> Feature:
    file.known_keys(entry, _FEATURE_KEYS, *path)
    policies = tuple(file.texts_at(entry, "policies", *path))
    for policy in policies:
        if policy not in known:
            raise file.error(f"there is no policy {policy!r}", *path, "policies")
    return Feature(
        file.text_at(entry, "feature", *path, required=True),
        tuple(file.texts_at(entry, "words", *path)),
        policies,
        tuple(file.texts_at(entry, "resources", *path)),
    )
