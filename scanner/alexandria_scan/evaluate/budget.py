"""How much the evaluation of one root may do: no configuration makes a scan hang, nor eats the machine's memory.

Single functions have limits of their own (functions/limits.py); this is about what many small ones add up to.
"""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate.errors import LimitExceeded
from alexandria_scan.evaluate.values import LazyObject, Marked, Value, force
from alexandria_scan.syntax.tree import Span

MAX_STEPS = 3_000_000  # a step is one round of a `for`, or as much work; a few microseconds
STEPS_FOR_INSTANCE = 200
PARTS_FOR_INSTANCE = 200
MAX_INSTANCES = 40_000
MAX_WEIGHT = 400_000
MAX_SHOWN = 1_000_000
CHARACTERS = 128  # of a text that is made or read, which take as long as one step
_REMEMBERED = 1000


class BudgetExceeded(LimitExceeded):
    """The root as a whole takes too much: said once, however many expressions cannot be evaluated for it."""

    def __init__(self, budget: Budget, summary: str, detail: str, span: Span | None) -> None:
        super().__init__(summary, detail)
        self.budget = budget
        if span is not None:
            place = span.location
            self.file, self.line, self.column = place.file, place.line, place.column

    def first(self) -> bool:
        """True the first time that this is asked of any error of the same root and kind."""
        known = self.summary in self.budget.reported
        self.budget.reported.add(self.summary)
        return not known


class Budget:
    """What is left for one root: steps, which instances add to, and instances of resources and modules."""

    __slots__ = ("_weights", "instances", "reported", "shown", "steps")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.instances = MAX_INSTANCES
        self.shown = MAX_SHOWN
        self.reported: set[str] = set()
        self._weights: dict[int, tuple[Value, int]] = {}

    def spend(self, steps: int, span: Span | None = None) -> None:
        """Raises BudgetExceeded with the place of `span` if that is more than is left."""
        self.steps -= steps
        if self.steps < 0:
            self.steps = 0
            detail = "The expressions of this root module take more steps than a scan may use."
            raise BudgetExceeded(self, "Evaluation too large", detail, span)

    def expand(self, instances: int, span: Span | None = None) -> None:
        """Takes `instances` instances of one block. Raises BudgetExceeded."""
        if instances > self.instances:
            detail = f"With these the root module has more than {MAX_INSTANCES} instances of resources and modules."
            raise BudgetExceeded(self, "Too many instances in all", detail, span)
        self.instances -= instances
        self.steps += STEPS_FOR_INSTANCE * instances
        self.shown += PARTS_FOR_INSTANCE * instances

    def show(self, make: Callable[[], Value]) -> Value:
        """The value that `make` gives, which is about to be written out. Raises BudgetExceeded, from then on without
        making the values that are left."""
        value = make() if self.shown >= 0 else None
        self.shown -= weight_of(value, MAX_WEIGHT)
        if self.shown < 0:
            detail = "With this the values of the root module have too many parts to be written out."
            raise BudgetExceeded(self, "Too much to write", detail, None)
        return value

    def weigh(self, value: Value, span: Span | None = None) -> None:
        """Refuses a value that has too many parts to walk through, although it may share them and so be small to
        hold. Raises LimitExceeded."""
        if isinstance(value, LazyObject):
            return  # its attributes were or will be weighed
        known = self._weights.get(id(value))
        if known is not None and known[0] is value:
            return
        weight = weight_of(value, MAX_WEIGHT)
        if weight > MAX_WEIGHT:
            error = LimitExceeded("Value too large", f"The value has more than {MAX_WEIGHT} parts.")
            if span is not None:
                place = span.location
                error.file, error.line, error.column = place.file, place.line, place.column
            raise error
        if weight > _REMEMBERED:
            self._weights[id(value)] = (value, weight)
            self.spend(weight // 32, span)


class _Unlimited(Budget):
    """For expressions that are the scanner's own: conditions of policies."""

    __slots__ = ()

    def spend(self, steps: int, span: Span | None = None) -> None:
        return

    def expand(self, instances: int, span: Span | None = None) -> None:
        return

    def weigh(self, value: Value, span: Span | None = None) -> None:
        return


UNLIMITED: Budget = _Unlimited()


def weight_of(value: Value, limit: int) -> int:
    """How many parts a value has at all depths, counted up to a little more than `limit`. Resources and modules in
    it count as what they hold."""
    weight = 0
    stack = [value]
    while stack and weight <= limit:
        item = stack.pop()
        if type(item) is Marked:
            item = item.value
        if isinstance(item, LazyObject):
            item = force(item)
        if isinstance(item, tuple):
            weight += len(item)
            if weight <= limit:
                stack += [part for part in item if type(part) is not str]
        elif isinstance(item, dict):
            weight += len(item)
            if weight <= limit:
                stack += [part for part in item.values() if type(part) is not str]
    return weight
