"""What stays the same about a finding when lines move: the key of baselines and of alerts in other systems."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.patterns import pattern
from alexandria_scan.policy.results import Result

LENGTH = 32
_INDEX = pattern(r"\[\d+\]")


def fingerprint(result: Result) -> str:
    """32 hexadecimal digits made from the policy, the module's folder, the block and the attribute that decides.

    Neither line, message, root nor environment is in it, nor the keys of instances or the numbers of nested blocks:
    a finding keeps its fingerprint when code moves within its module, when a value changes but stays wrong, and when
    an instance is added. So several findings can share one; `fingerprints` numbers them, and whoever compares two
    scans counts them. The folder is the one that the result names, relative to the working directory of the scan.
    """
    parts = (result.policy, result.module, without_keys(result.address), _INDEX.sub("", result.attribute))
    text = "\0".join(parts).encode("utf-8", "replace")  # as the JSON result writes a name that is not UTF-8
    return hashlib.sha256(text).hexdigest()[:LENGTH]


def fingerprints(results: Iterable[Result]) -> list[str]:
    """The fingerprint of each result, with "-2", "-3" behind what came before: no two are equal."""
    seen: Counter[str] = Counter()
    made = []
    for result in results:
        text = fingerprint(result)
        seen[text] += 1
        made.append(text if seen[text] == 1 else f"{text}-{seen[text]}")
    return made
