"""An evaluation that Terraform, too, would refuse: its summary, its detail, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alexandria_scan.syntax.tree import Location
CYCLE = "Cycle"
MISSING_FILE, CANNOT_OPEN = "no file exists at ", "no such file or directory"  # Terraform says the one or the other


class EvalError(Exception):
    """What Terraform would report. `try` and `can` catch it; elsewhere it becomes a problem.

    `file` is the path as it was scanned, `line` and `column` count from 1; 0 where no place is known. `marks` are those
    that Terraform goes on with where the error is in the side of a conditional that is not chosen. `locals`: the local
    values that the wrong argument refers to; None if it may refer to something else, too.
    """

    def __init__(self, summary: str, detail: str, file: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.summary = summary
        self.detail = detail
        self.file = file
        self.line = line
        self.column = column
        self.marks: frozenset[str] = frozenset()
        self.locals: frozenset[str] | None = None

    @classmethod
    def at(cls, place: Location, summary: str, detail: str, locals_: frozenset[str] | None = None) -> EvalError:
        """An error of this class at a place in the source."""
        error = cls(summary, detail, place.file, place.line, place.column)
        error.locals = locals_
        return error


class FinalError(EvalError):
    """An error that `try` and `can` do not catch."""


class LimitExceeded(FinalError):
    """The value would take more time or memory than a scan may use."""


class InvalidCall(EvalError):
    """A call of a function that there is not or no longer: an error whatever the values are, though `try` and `can`
    catch it."""


class WrongCount(InvalidCall):
    """A call with more or fewer arguments than the function takes."""


class InvalidReference(FinalError):
    """A reference to something that is not declared: Terraform refuses it before evaluating anything."""


class WrongInput(FinalError):
    """A value that somebody gave on the command line, in a file or in the environment is none for its variable."""


class FunctionError(ValueError):
    """Raised by a function's implementation; the caller makes an EvalError that names the function.

    `parameter` names the parameter whose value is wrong, else the call as a whole failed.
    """

    def __init__(self, detail: str, parameter: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.parameter = parameter
