"""What Terraform refuses in the outputs of a root module, and accepts in those of a module that is called."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.placing import placed
from alexandria_scan.evaluate.reference_paths import reference_paths
from alexandria_scan.evaluate.values import EPHEMERAL, SENSITIVE, unmark_deep
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block

_MARK_IT = (
    "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, Terraform "
    "requires that any root module output containing sensitive data be explicitly marked as sensitive, to confirm your "
    "intent. If you do intend to export this data, annotate the output value as sensitive by adding the following "
    "argument: sensitive = true"
)
_WITHOUT_VALUES = frozenset(["path", "terraform", "tofu"])


def check_root_outputs(root: Module) -> None:
    """Reports outputs that are ephemeral, and sensitive ones that are not declared to be."""
    for name, block in root.config.outputs.items():
        value = block.body.attributes.get("value")
        if _is_declared(block, EPHEMERAL):
            detail = "Ephemeral outputs are not allowed in context of a root module"
            root.evaluation.report(placed(EvalError("Ephemeral output not allowed", detail), block.header), root)
        elif value is not None and not _is_declared(block, SENSITIVE):
            marks = unmark_deep(root.output(name))[1]
            if SENSITIVE in marks and _is_without_resources(value.expression, root):
                error = EvalError("Output refers to sensitive values", _MARK_IT)
                root.evaluation.report(placed(error, block.header), root)


def _is_declared(block: Block, name: str) -> bool:
    attribute = block.body.attributes.get(name)
    node = attribute.expression if attribute is not None else None
    return isinstance(node, tree.Literal) and node.value is True


def _is_without_resources(node: tree.Expression, root: Module) -> bool:
    """Whether a value is made without resources: which of their attributes are sensitive, each version of a provider
    says for itself."""
    waiting: list[tuple[Module, tree.Expression]] = [(root, node)]
    seen: set[int] = set()
    while waiting:
        module, current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        for path in reference_paths(current):
            found = _behind(module, path)
            if found is None:
                return False
            waiting += found
    return True


def _behind(module: Module, path: list[str]) -> list[tuple[Module, tree.Expression]] | None:
    """The expressions that a reference stands for, with their modules; None if resources may be behind it."""
    head, name = path[0], path[1].removeprefix(".")
    if head in _WITHOUT_VALUES:
        return []
    if head == "local" and name in module.config.locals:
        return [(module, module.config.locals[name].expression)]
    if head == "var":
        argument = module.call.body.attributes.get(name) if module.call is not None else None
        return [(module.parent, argument.expression)] if argument is not None and module.parent is not None else []
    children = list(module.children(name).values()) if head == "module" and name in module.config.calls else []
    if len(children) != 1 or len(path) < 3:
        return None
    output = children[0].config.outputs.get(path[2].removeprefix("."))
    value = output.body.attributes.get("value") if output is not None else None
    return None if value is None else [(children[0], value.expression)]
