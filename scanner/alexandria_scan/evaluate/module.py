"""One instance of a module: its variables, locals, resources, calls and outputs, each computed when asked for, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import quote
from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.errors import EvalError, InvalidReference
from alexandria_scan.evaluate.expansion import Expansion, Key, address_key, expand, unknown_expansion
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.module_calls import check_arguments, source_of
from alexandria_scan.evaluate.namespaces import (
    Fixed,
    Namespace,
    Outputs,
    Outside,
    together,
    working_directory,
    workspace,
)
from alexandria_scan.evaluate.once import Once
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.secret_values import assigns_a_secret
from alexandria_scan.evaluate.types import DYNAMIC, Type
from alexandria_scan.evaluate.values import (
    DECLARED,
    EPHEMERAL,
    SENSITIVE,
    LazyObject,
    Reason,
    Unknown,
    Value,
    mark,
)
from alexandria_scan.evaluate.variables import (
    Declaration,
    checked,
    default_value,
    given_value,
    missing,
)
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block

if TYPE_CHECKING:
    from alexandria_scan.evaluate.evaluation import Evaluation
    from alexandria_scan.evaluate.inputs import InputText

_MODES = {"data": "data", "ephemeral": "ephemeral"}


class Module(Once):
    """An instance of a module in the tree. It is the scope of everything in its folder.

    `path` is its address, "" for the root; `directory` its folder as `path.module` shows it; `call` the block that
    called it and `caller` the scope of that call, with each and count; `inputs` the values given to a root,
    `supposed` values that take their place, to ask what would be if.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        config: ModuleConfig,
        path: str = "",
        directory: str = ".",
        parent: Module | None = None,
        call: Block | None = None,
        caller: Scope | None = None,
        inputs: dict[str, InputText] | None = None,
        supposed: dict[str, Value] | None = None,
    ) -> None:
        super().__init__()
        self.evaluation = evaluation
        self.config = config
        self.path = path
        self.directory = directory
        self.parent = parent
        self.call = call
        self.caller = caller
        self.inputs = inputs or {}
        self.supposed = supposed or {}
        self.root: Module = self if parent is None else parent.root
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.deferred: dict[str, bool] = {}  # of a root: which data sources wait for the apply
        self.static_types: dict[str, Type | None] = {}  # of the local values that somebody asked for
        self._namespaces: dict[str, LazyObject] = {
            "var": Namespace(self.variable, lambda: self.config.variables),
            "local": Namespace(self.local, lambda: self.config.locals),
            "module": Namespace(self.call_value, lambda: self.config.calls),
        }

    # --- scope

    @property
    def context(self) -> Context:
        return self.root.evaluation.context(self.root)

    def name(self, name: str) -> Value:
        if name in self._namespaces:
            return self._namespaces[name]
        value = self._namespace(name)
        self._namespaces[name] = value
        return value

    def _namespace(self, name: str) -> LazyObject:
        if name == "path":
            values: dict[str, Value] = {"module": self.directory, "root": ".", "cwd": working_directory()}
            return Fixed(values)
        if name in ("terraform", "tofu"):
            applying = mark(False, frozenset({EPHEMERAL}))
            return Fixed({"workspace": workspace(self.evaluation.options), "applying": applying})
        if name == "resource":
            return Namespace(lambda type_: self._types("managed", type_), list)
        if name in _MODES:
            return Namespace(lambda type_: self._types(_MODES[name], type_), list)
        if name in ("each", "count", "self"):
            where = {"each": "for_each is set", "count": "count is set", "self": "provisioners are written"}[name]
            raise InvalidReference(
                f'Reference to "{name}" in context without it',
                f'The "{name}" object can be used only where {where}.',
            )
        return self._types("managed", name)

    def _types(self, mode: str, type_: str) -> LazyObject:
        return Namespace(
            lambda name: self.resource_value(mode, type_, name),
            lambda: [key[2] for key in self.config.resources if key[:2] == (mode, type_)],
        )

    def safely(self, subject: str, compute: Callable[[], Value]) -> Value:
        """The value, or if it is an error: a problem is reported and the value is unknown for that reason."""
        try:
            return compute()
        except tree.ExpressionError as error:
            problem = error.problem
            return self.failed(
                subject,
                EvalError(problem.summary, problem.detail, problem.file, problem.line, problem.column),
            )
        except EvalError as error:
            return self.failed(subject, error)

    def failed(self, subject: str, error: EvalError) -> Unknown:
        self.evaluation.report(error, self, subject=subject)
        secret = assigns_a_secret(self.evaluation, error.file, error.line)
        why = f"cannot be evaluated: {error.summary if secret else error.detail or error.summary}"
        return Unknown(DYNAMIC, (Reason(subject, why, "correct the error", file=error.file, line=error.line),))

    # --- variables, locals, outputs

    def declaration(self, name: str) -> Declaration:
        return self.evaluation.declaration(self.config, name, self)

    def variable(self, name: str) -> Value:
        block = self.config.variables.get(name)
        if block is None:
            detail = f"An input variable with the name {quote(name)} has not been declared."
            return self._undeclared("Reference to undeclared input variable", detail)
        return self._once(("variable", name), lambda: self._variable(name), block.header)

    def _variable(self, name: str) -> Value:
        return self.safely(f"var.{name}", lambda: self._variable_value(name))

    def _variable_value(self, name: str) -> Value:
        declaration = self.declaration(name)
        if self.call is not None:
            argument = self.call.body.attributes.get(name)
            if argument is not None and self.caller is not None:
                value = compile_attribute(argument)(self.caller)
                return checked(value, declaration, self, argument.span)
        elif name in self.supposed:
            return checked(self.supposed[name], declaration, self, None)
        elif name in self.inputs:
            return given_value(self.inputs[name], declaration, self)
        if declaration.default is not None:
            return default_value(declaration, self)
        if self.call is not None:
            place = self.call.header.location
            detail = f'The argument "{name}" is required by the module, but no definition was found.'
            raise EvalError("Missing required argument", detail, place.file, place.line, place.column)
        return mark(missing(declaration), declaration.marks)

    def local(self, name: str) -> Value:
        attribute = self.config.locals.get(name)
        if attribute is None:
            detail = f"A local value with the name {quote(name)} has not been declared."
            return self._undeclared("Reference to undeclared local value", detail)
        return self._once(("local", name), lambda: self._evaluated(f"local.{name}", attribute), attribute.span)

    def _evaluated(self, subject: str, attribute: Attribute) -> Value:
        return self.safely(subject, lambda: compile_attribute(attribute)(self))

    def output(self, name: str) -> Value:
        """An output's value with the marks that it declares. Raises KeyError if there is no such output."""
        if self.config.unread and name not in self.config.outputs:
            return Unknown(DYNAMIC, self.config.unread)
        return self._output(name, SENSITIVE)

    def returned(self, name: str) -> Value:
        """What a caller gets of an output. That it is declared to be sensitive, Terraform (1.11) forgets there."""
        return self.output(name) if name not in self.config.outputs else self._output(name, DECLARED)

    def _output(self, name: str, sensitive: str) -> Value:
        block = self.config.outputs[name]
        attribute = block.body.attributes.get("value")
        if attribute is None:
            return None
        value = self._once(("output", name), lambda: self._evaluated(f"output.{name}", attribute), block.header)
        marks = {
            mark_
            for argument, mark_ in (("sensitive", sensitive), ("ephemeral", EPHEMERAL))
            if _is_true(block.body.attributes.get(argument))
        }
        return mark(value, frozenset(marks))

    def _undeclared(self, summary: str, detail: str) -> Unknown:
        """What a name stands for that is not declared, unless it is in a file that could not be read."""
        if self.config.unread:
            return Unknown(DYNAMIC, self.config.unread)
        raise InvalidReference(summary, detail)

    # --- resources

    def resource_value(self, mode: str, type_: str, name: str) -> Value:
        """What a reference to a resource gives: one object, a tuple of instances, an object of instances."""
        key = (mode, type_, name)
        if key not in self.config.resources:
            return self._undeclared("Reference to undeclared resource", no_resource(*key))
        expansion = self.expansion(key)
        instances = self.instances(key)
        return together(expansion, instances)

    def expansion(self, key: tuple[str, str, str]) -> Expansion:
        block = self.config.resources[key]
        expansion: Expansion = self._once(("expansion", *key), lambda: self._expansion(block, key), block.header)
        return expansion

    def _expansion(self, block: Block, key: tuple[str, str, str]) -> Expansion:
        return self._expanded(block, f"{self.address(key)}")

    def _expanded(self, block: Block, subject: str) -> Expansion:
        try:
            return expand(block.body, self)
        except EvalError as error:
            caught = error

        def again() -> Value:
            raise caught

        unknown: Unknown = self.safely(subject, again)
        return unknown_expansion(unknown)

    def instances(self, key: tuple[str, str, str]) -> dict[Key, Resource]:
        """The instances of a resource by key."""
        return self._once(("instances", *key), lambda: self._instances(key))

    def _instances(self, key: tuple[str, str, str]) -> dict[Key, Resource]:
        expansion = self.expansion(key)
        block = self.config.resources[key]
        return {instance_key: Resource(self, key, block, instance_key, expansion) for instance_key in expansion.names}

    def address(self, key: tuple[str, str, str], instance: Key = None) -> str:
        mode, type_, name = key
        prefix = "" if mode == "managed" else f"{mode}."
        base = f"{prefix}{type_}.{name}{address_key(instance)}"
        return f"{self.path}.{base}" if self.path else base

    # --- module calls

    def call_value(self, name: str) -> Value:
        """What `module.NAME` gives: its outputs, or those of each instance."""
        block = self.config.calls.get(name)
        if block is None:
            detail = f"No module call named {quote(name)} is declared in this module."
            return self._undeclared("Reference to undeclared module", detail)
        expansion = self.call_expansion(name)
        remote = self.evaluation.unresolved(self, name)
        if remote is None:
            return together(expansion, {key: Outputs(module) for key, module in self.children(name).items()})
        if expansion.unknown is not None:
            return Outside(remote)
        return together(expansion, {key: Outside(remote) for key in expansion.names})

    def call_expansion(self, name: str) -> Expansion:
        block = self.config.calls[name]
        subject = f"module.{name}"
        return self._once(("call", name), lambda: self._expanded(block, subject), block.header)

    def source(self, name: str) -> str | Unknown:
        """Where a called module comes from. Raises EvalError."""
        block = self.config.calls[name]
        return self._once(("source", name), lambda: source_of(self, block), block.header)

    def children(self, name: str) -> dict[Key, Module]:
        """The instances of a called module by key; empty if its source is not here."""
        return self._once(("children", name), lambda: self._children(name))

    def _children(self, name: str) -> dict[Key, Module]:
        target = self.evaluation.called(self, name)
        if target is None:
            return {}
        config, directory = target
        block = self.config.calls[name]
        check_arguments(self, name, block, config)
        expansion = self.call_expansion(name)
        prefix = f"{self.path}.module.{name}" if self.path else f"module.{name}"
        return {
            key: Module(
                self.evaluation,
                config,
                f"{prefix}{address_key(key)}",
                directory,
                self,
                block,
                expansion.scope(key, self),
            )
            for key in expansion.names
        }

    def tree(self) -> Iterator[Module]:
        """The module and all that it calls, each instance, callers first."""
        yield self
        for name in sorted(self.config.calls):
            for child in self.children(name).values():
                yield from child.tree()

    def release(self) -> None:
        """Drops what was computed: a module and its parts hold each other, and no collector runs during a scan."""
        for name in self.config.calls:
            for child in self._values.get(("children", name), {}).values():
                child.release()
        self._values.clear()
        self._namespaces.clear()


def _is_true(attribute: Attribute | None) -> bool:
    if attribute is None:
        return False
    node = attribute.expression
    return isinstance(node, tree.Literal) and node.value is True


def no_resource(mode: str, type_: str, name: str) -> str:
    """That a module does not declare a resource."""
    kind = {"managed": "A managed", "data": "A data"}.get(mode, "An ephemeral")
    return f"{kind} resource {quote(type_)} {quote(name)} has not been declared in this module."
