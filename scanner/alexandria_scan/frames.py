"""How work is handed to another process, and how answers come back."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeAlias

NUMBER, HEAD = struct.Struct("=I"), struct.Struct("=IQ")  # what to do; what was done, and how many bytes follow
Work: TypeAlias = Callable[[int], "bytes | None"]
"""What is done for a number; it can be pickled. None if the answer cannot be written as bytes."""
