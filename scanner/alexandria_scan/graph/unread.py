"""What may be concluded from the declarations of a folder of which not everything could be read."""

from __future__ import annotations

from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.values import OpenTuple, Unknown, Value


def known(config: ModuleConfig, said: Value) -> Value:
    """What is concluded from all that a folder declares: nothing from absence, if not all of it could be read."""
    if not config.unread:
        return said
    why = Unknown(reasons=config.unread)
    if isinstance(said, tuple):
        return OpenTuple(said, why, len(said))
    return said if said else why
