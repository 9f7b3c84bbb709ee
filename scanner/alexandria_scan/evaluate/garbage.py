"""What evaluations leave behind: modules and their parts hold each other, and a command runs without a collector."""

from __future__ import annotations

import gc

_EVERY = 50  # modules; what they leave is found in the time that one of them takes


class Garbage:
    """Takes away what the modules that are done with have left, some of them at a time, so that a library of thousands
    needs no more memory than its largest modules. Whoever keeps the collector running needs nothing of this."""

    def __init__(self) -> None:
        self._modules = 0

    def left_by_one(self) -> None:
        """Is to be called between two modules, while nothing of either is in use."""
        self._modules += 1
        if self._modules % _EVERY == 0 and not gc.isenabled():
            gc.collect()
            gc.freeze()  # what is in use still is so for long: the next time need not look at it
