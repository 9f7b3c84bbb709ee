"""Runs a parsed pattern in time linear in the text: Pike's machine, with Go's preference for the leftmost
match and, among those, the one that Perl would find first."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.errors import LimitExceeded
from alexandria_scan.evaluate.functions.regex_classes import CharacterSet
from alexandria_scan.evaluate.functions.regex_nodes import (
    Alternatives,
    Assertion,
    Character,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
)

MAX_STEPS = 5_000_000
MAX_INSTRUCTIONS = 50_000
Captures = tuple[int, ...]


class _Instruction(msgspec.Struct):
    """`take` a character, `check` an assertion, `save` a position, `fork`, `jump`, `done`."""

    operation: str
    target: int = -1
    other: int = -1
    set: CharacterSet | None = None
    kind: str = ""


class Program:
    """A compiled pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self.code: list[_Instruction] = []
        self.slots = 2 * len(pattern.names) + 2
        self._emit(Group(0, pattern.root))
        self._add(_Instruction("done"))
        self.steps = 0

    def _add(self, instruction: _Instruction) -> int:
        if len(self.code) >= MAX_INSTRUCTIONS:
            raise LimitExceeded("Value too large", "A regular expression is too large to run.")
        self.code.append(instruction)
        return len(self.code) - 1

    def _emit(self, node: Node) -> None:
        if isinstance(node, Character):
            self._add(_Instruction("take", set=node.set))
        elif isinstance(node, Assertion):
            self._add(_Instruction("check", kind=node.kind))
        elif isinstance(node, Group):
            self._add(_Instruction("save", 2 * node.index))
            self._emit(node.inner)
            self._add(_Instruction("save", 2 * node.index + 1))
        elif isinstance(node, Sequence):
            for item in node.items:
                self._emit(item)
        elif isinstance(node, Alternatives):
            self._alternatives(node.items)
        else:
            self._repeat(node)

    def _alternatives(self, items: tuple[Node, ...]) -> None:
        jumps = []
        for item in items[:-1]:
            fork = self._add(_Instruction("fork"))
            self.code[fork].target = len(self.code)
            self._emit(item)
            jumps.append(self._add(_Instruction("jump")))
            self.code[fork].other = len(self.code)
        self._emit(items[-1])
        for jump in jumps:
            self.code[jump].target = len(self.code)

    def _repeat(self, node: Repeat) -> None:
        for _ in range(node.least if node.most is not None or node.least == 0 else node.least - 1):
            self._emit(node.inner)
        if node.most is None:
            if node.least == 0 and nullable(node.inner):
                self._optional(node, 1, loop=True)
            elif node.least == 0:
                self._star(node)
            else:
                self._plus(node)
        else:
            self._optional(node, node.most - node.least)

    def _fork(self, greedy: bool, on: int, out: int) -> int:
        return self._add(_Instruction("fork", *((on, out) if greedy else (out, on))))

    def _star(self, node: Repeat) -> None:
        fork = self._fork(node.greedy, -1, -1)
        self._emit(node.inner)
        self._add(_Instruction("jump", fork))
        self._direct(fork, node.greedy, fork + 1, len(self.code))

    def _plus(self, node: Repeat) -> None:
        start = len(self.code)
        self._emit(node.inner)
        fork = self._fork(node.greedy, -1, -1)
        self._direct(fork, node.greedy, start, fork + 1)

    def _optional(self, node: Repeat, times: int, loop: bool = False) -> None:
        """`times` nested optional copies: x(x(x)?)?; with `loop`, one that may repeat: (x+)?."""
        forks = []
        for _ in range(times):
            forks.append(self._fork(node.greedy, -1, -1))
            if loop:
                self._plus(node)
            else:
                self._emit(node.inner)
        for fork in forks:
            self._direct(fork, node.greedy, fork + 1, len(self.code))

    def _direct(self, fork: int, greedy: bool, on: int, out: int) -> None:
        instruction = self.code[fork]
        instruction.target, instruction.other = (on, out) if greedy else (out, on)

    def search(self, text: str, start: int) -> Captures | None:
        """Where the groups of the first match at or after `start` begin and end, in turn; -1 for nowhere."""
        found: Captures | None = None
        threads: list[tuple[int, Captures]] = []
        empty: Captures = (-1,) * self.slots
        for position in range(start, len(text) + 1):
            seen: set[int] = set()
            following: list[tuple[int, Captures]] = []
            for pc, captures in threads:
                if self._follow(pc, captures, text, position, seen, following):
                    break
            else:
                if found is None:
                    self._follow(0, empty, text, position, seen, following)
            threads = []
            for pc, captures in following:
                instruction = self.code[pc]
                if instruction.operation == "done":
                    found = captures
                    break
                if position < len(text) and instruction.set is not None and text[position] in instruction.set:
                    threads.append((pc + 1, captures))
            self.steps += len(following) + 1
            if self.steps > MAX_STEPS:
                raise LimitExceeded("Value too large", "A regular expression takes too long on its text.")
            if not threads and found is not None:
                break
        return found

    def _follow(
        self,
        pc: int,
        captures: Captures,
        text: str,
        position: int,
        seen: set[int],
        out: list[tuple[int, Captures]],
    ) -> bool:
        """Adds what can be reached from `pc` without a character, in order of preference. True after a
        `done`: nothing that comes later can win against it."""
        stack = [(pc, captures)]
        while stack:
            pc, captures = stack.pop()
            if pc in seen:
                continue
            seen.add(pc)
            instruction = self.code[pc]
            operation = instruction.operation
            if operation == "fork":
                stack.append((instruction.other, captures))
                stack.append((instruction.target, captures))
            elif operation == "jump":
                stack.append((instruction.target, captures))
            elif operation == "save":
                slot = instruction.target
                stack.append((pc + 1, (*captures[:slot], position, *captures[slot + 1 :])))
            elif operation == "check":
                if holds(instruction.kind, text, position):
                    stack.append((pc + 1, captures))
            else:
                out.append((pc, captures))
                if operation == "done":
                    return True
        self.steps += len(seen) // 8
        return False


def nullable(node: Node) -> bool:
    """Whether the node can match the empty text."""
    if isinstance(node, Character):
        return False
    if isinstance(node, Assertion):
        return True
    if isinstance(node, Group):
        return nullable(node.inner)
    if isinstance(node, Sequence):
        return all(map(nullable, node.items))
    if isinstance(node, Alternatives):
        return any(map(nullable, node.items))
    return node.least == 0 or nullable(node.inner)


def holds(kind: str, text: str, position: int) -> bool:
    if kind == "begin":
        return position == 0
    if kind == "end":
        return position == len(text)
    if kind == "line_begin":
        return position == 0 or text[position - 1] == "\n"
    if kind == "line_end":
        return position == len(text) or text[position] == "\n"
    before = position > 0 and _is_word(text[position - 1])
    after = position < len(text) and _is_word(text[position])
    return (before != after) == (kind == "word")


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
