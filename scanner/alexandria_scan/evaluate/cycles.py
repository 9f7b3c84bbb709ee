"""Declarations that need each other by their text: Terraform refuses them, whatever their values would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from alexandria_scan.evaluate.declarations import literal_text, local_name
from alexandria_scan.evaluate.errors import CYCLE, FinalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.reference_paths import reference_paths
from alexandria_scan.evaluate.undeclared import report_undeclared
from alexandria_scan.syntax.tree import Block, Body, Expression, Span

Node: TypeAlias = tuple[str, str]  # the path of a module without the keys of its instances, and a name in it
# Where a resource may name itself.
_ABOUT_ITSELF = frozenset(["depends_on", "lifecycle", "provisioner", "connection"])
_INSTANCES = ("count", "for_each", "depends_on")  # what decides on a module's instances, and when they are made
_WHOLE = " (whole)"  # all that is in a module
_MODES = {"data": "data.", "ephemeral": "ephemeral."}


def report_cycles(root: Module) -> None:
    """Reports each circle of references between locals, resources, providers, and modules' variables and outputs, and
    each variable and local value in them that nobody declares. What was met by evaluating it was reported there."""
    graph = _Graph(root)
    for module, expression in graph.undeclared:
        report_undeclared(expression, module)
    known = {(one.file, one.line) for one in root.evaluation.problems.values() if one.summary == CYCLE}
    for circle in _circles(graph.edges):
        if known.isdisjoint(place for node in circle for place in _lines(graph.spans[node])):
            names = [f"{path}.{name}" if path else name for path, name in sorted(circle) if not name.endswith(_WHOLE)]
            verb = "refers to itself" if len(names) == 1 else "refer to each other in a circle"
            place = graph.spans[min(circle)].location
            root.evaluation.report(FinalError.at(place, CYCLE, f"{', '.join(names)} {verb}."), root)


def _lines(span: Span) -> Iterator[tuple[str, int]]:
    place = span.location
    return ((place.file, line) for line in range(place.line, place.end_line + 1))


class _Graph:
    """What each declaration refers to, in every module that is called, once however many instances it has."""

    def __init__(self, root: Module) -> None:
        self.edges: dict[Node, list[Node]] = {}
        self.spans: dict[Node, Span] = {}
        self.undeclared: list[tuple[Module, Expression]] = []
        waiting = [("", root)]
        while waiting:
            path, module = waiting.pop()
            self._module(path, module)
            for name in module.config.calls:
                child = next(iter(module.children(name).values()), None)
                if child is not None:
                    self._arguments(path, module, name, child)
                    self._call(path, module, name)
                    waiting.append((_below(path, name), child))
                else:
                    block = module.config.calls[name]
                    self._add(path, module, f"module.{name}", block.header, _parts(block.body))
        self._close()

    def _add(
        self,
        path: str,
        module: Module,
        name: str,
        span: Span,
        parts: Iterable[tuple[str, Expression]],
        about_itself: frozenset[str] = frozenset(),
    ) -> None:
        """One declaration with the expressions in its parts; those `about_itself` may name it."""
        node = path, name
        found: dict[Node, None] = {}
        self.spans[node] = span
        for part, one in parts:
            targets = dict.fromkeys(self._targets(path, module, one))
            if node in targets and part in about_itself:
                del targets[node]
            elif node in targets:
                self.spans[node] = one.span
            found.update(targets)
        self.edges[node] = list(found)

    def _module(self, path: str, module: Module) -> None:
        config = module.config
        for name, attribute in config.locals.items():
            self._add(path, module, f"local.{name}", attribute.span, [(name, attribute.expression)])
        for name, block in config.outputs.items():
            self._add(path, module, f"output.{name}", block.header, _parts(block.body))
        for key, block in config.resources.items():
            self._add(path, module, _resource(*key), block.header, _parts(block.body), _ABOUT_ITSELF)
            self.edges[path, _resource(*key)].append((path, f"provider.{local_name(block.body, key[1])}"))
        for block in config.providers:
            self._add(path, module, _provider(block), block.header, _parts(block.body))

    def _call(self, path: str, module: Module, call: str) -> None:
        """How many instances a module has, and when they are made, is found out before anything that is in it."""
        block = module.config.calls[call]
        parts = [(name, block.body.attributes[name].expression) for name in _INSTANCES if name in block.body.attributes]
        self._add(path, module, f"module.{call}", block.header, parts)

    def _close(self) -> None:
        """Connects each module with what is in it: that waits for its instances, and who waits for the module waits for
        all of it."""
        for path, name in list(self.edges):
            outer, call = _outer(path)
            while call:
                node = (outer, f"module.{call}")
                self.edges[path, name].append(node)
                whole = (outer, f"module.{call}{_WHOLE}")
                self.edges.setdefault(whole, []).append((path, name))
                self.spans[whole] = self.spans[node]
                outer, call = _outer(outer)

    def _arguments(self, path: str, module: Module, call: str, child: Module) -> None:
        attributes = module.config.calls[call].body.attributes
        for name in child.config.variables.keys() & attributes.keys():
            self.edges[_below(path, call), f"var.{name}"] = list(
                self._targets(path, module, attributes[name].expression)
            )
            self.spans[_below(path, call), f"var.{name}"] = attributes[name].span

    def _targets(self, path: str, module: Module, expression: Expression) -> Iterator[Node]:
        for steps in reference_paths(expression):
            head, *names = [step.removeprefix(".") for step in steps if step.startswith(".") or step is steps[0]]
            if head == "module" and names and names[0] in module.config.calls:
                child = next(iter(module.children(names[0]).values()), None)
                if child is not None and len(names) < 2:
                    yield path, f"module.{names[0]}{_WHOLE}"
                elif child is not None and names[1] in child.config.outputs:
                    yield _below(path, names[0]), f"output.{names[1]}"
            elif head in ("local", "var") and names:
                if names[0] not in (module.config.locals if head == "local" else module.config.variables):
                    self.undeclared.append((module, expression))
                yield path, f"{head}.{names[0]}"
            elif head in _MODES and len(names) > 1:
                yield path, _resource(head, *names[:2])
            elif names:
                yield path, _resource("managed", head, names[0]) if head != "resource" else ".".join(names[:2])


def _resource(mode: str, type_: str, name: str) -> str:
    return f"{_MODES.get(mode, '')}{type_}.{name}"


def _below(path: str, call: str) -> str:
    return f"{path}.module.{call}" if path else f"module.{call}"


def _outer(path: str) -> tuple[str, str]:
    """The path of the module that calls the one at `path`, and the name of the call."""
    *outer, _, call = path.split(".") if path else ["", ""]
    return ".".join(outer), call


def _provider(block: Block) -> str:
    alias = block.body.attributes.get("alias")
    own = None if alias is None else literal_text(alias)
    return f"provider.{block.labels[0]}.{own}" if own else f"provider.{block.labels[0]}"


def _parts(body: Body) -> Iterator[tuple[str, Expression]]:
    """Each expression, with the name of the argument or the type of the block that it is part of."""
    for name, attribute in body.attributes.items():
        yield name, attribute.expression
    for block in body.blocks:
        for _, expression in _parts(block.body):
            yield block.type, expression


def _circles(edges: dict[Node, list[Node]]) -> Iterator[list[Node]]:
    """The strongly connected parts of more than one node, or of one that leads to itself (Tarjan's algorithm)."""
    order: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    open_: list[Node] = []
    for start in sorted(edges):
        if start in order:
            continue
        work = [(start, iter(edges[start]))]
        order[start] = lowest[start] = len(order)
        open_.append(start)
        while work:
            node, rest = work[-1]
            target = next((one for one in rest if one in edges and (one not in order or one in lowest)), None)
            if target is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == order[node]:
                    at = open_.index(node)
                    circle, open_[at:] = open_[at:], []
                    for one in circle:
                        del lowest[one]
                    if len(circle) > 1 or node in edges[node]:
                        yield circle
            elif target in order:
                lowest[node] = min(lowest[node], order[target])
            else:
                order[target] = lowest[target] = len(order)
                open_.append(target)
                work.append((target, iter(edges[target])))
