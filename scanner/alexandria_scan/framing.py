"""How numbers go to other processes, and answers of any length come back."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeAlias

NUMBER, HEAD = struct.Struct("=I"), struct.Struct("=IQ")
"""A number; and what stands before an answer: its number and its length."""
Work: TypeAlias = Callable[[int], "bytes | None"]
