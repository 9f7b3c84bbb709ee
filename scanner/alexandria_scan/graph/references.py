"""Which names a module uses, and whether a value carries a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from alexandria_scan.evaluate.children import children_of, names_in
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.secret_names import is_a_secret
from alexandria_scan.evaluate.trace import trace_attribute
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Body

_SECRETS = {
    "random_password": {"result", "bcrypt_hash"},
    "aws_secretsmanager_secret_version": {"secret_string", "secret_binary"},
    "aws_db_instance": {"password"},
    "aws_rds_cluster": {"master_password"},
    "aws_docdb_cluster": {"master_password"},
    "aws_redshift_cluster": {"master_password"},
    "aws_elasticache_replication_group": {"auth_token"},
    "aws_ssm_parameter": {"value"},
    "aws_iam_access_key": {"secret", "ses_smtp_password_v4"},
    "tls_private_key": {"private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"},
}


def used_names(config: ModuleConfig) -> set[str]:
    """`var.x` and `local.x` for every variable and local that something in the folder refers to.

    A local used only by itself still counts as used; a variable's own validation does not.
    """
    found: set[str] = set()
    for file in config.files:
        for block in file.body.blocks:
            names = {name for node in body_expressions(block.body) for name in names_in(node)}
            if block.type == "variable" and block.labels:
                names.discard(f"var.{block.labels[0]}")
            found |= names
    return found


def reached_names(config: ModuleConfig, nodes: Iterable[tree.Expression], through_resources: bool = False) -> set[str]:
    """The references in expressions, and those in the local values that they refer to, and so on; with
    `through_resources` also those in the managed resources on the way."""
    found: set[str] = set()
    stack = list(nodes)
    while stack:
        for name in names_in(stack.pop()):
            if name in found:
                continue
            found.add(name)
            root, _, rest = name.partition(".")
            block = config.resources.get(("managed", root, rest)) if through_resources else None
            if root == "local" and rest in config.locals:
                stack.append(config.locals[rest].expression)
            elif block is not None:
                stack += referring_expressions(block)
    return found


def referring_expressions(block: Block) -> list[tree.Expression]:
    """The expressions of a block but that of its `depends_on`."""
    stated = block.body.attributes.get("depends_on")
    return [node for node in body_expressions(block.body) if stated is None or node is not stated.expression]


def body_expressions(body: Body) -> Iterator[tree.Expression]:
    for attribute in body.attributes.values():
        yield attribute.expression
    for block in body.blocks:
        yield from body_expressions(block.body)


def _carried_names(node: tree.Expression, config: ModuleConfig, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The references whose value an expression passes on as it is, or as part of a text; local values are looked
    into."""
    if isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name):
        yield f"{node.base.name}.{node.name}"
        if node.base.name == "local" and node.name in config.locals and node.name not in seen:
            yield from _carried_names(config.locals[node.name].expression, config, seen | {node.name})
    elif isinstance(node, tree.Conditional):
        yield from _carried_names(node.then, config, seen)
        yield from _carried_names(node.otherwise, config, seen)
    elif isinstance(node, (tree.Parentheses, tree.Template)) or (
        isinstance(node, tree.Call) and node.name in ("try", "coalesce", "nonsensitive", "one", "join")
    ):
        for child in children_of(node):
            yield from _carried_names(child, config, seen)


# The description of a variable that takes what a secret is called or found by: "ARN of the secret", "Secret name".
_SAYS_WHERE = pattern(
    r"(?:(?:the|an?|aws|amazon|ssm|full|existing|optional|secrets?\s*manager)\s+)*"
    r"(?:(?:arn|name|id|identifier|path)(?:\s*(?:or|/|,)\s*(?:arn|name|id|identifier|path))*\s+(?:of|to)\s+"
    r"(?:(?!(?:secret|parameter|and|or|plus)\b)[\w-]+\s+){0,4}(?:secret|parameter)\b(?!\s+(?:access\s+)?key)"
    r"|secret(?:'s)?\s+(?:arn|name|id|identifier|path)\b)",
    re.IGNORECASE,
)
# What it holds, what it is for: of a description, what follows is no more about the variable.
_ABOUT_IT = pattern(r"\b(?:that|which|where|whose|with|for|hold\w*|contain\w*|stor\w+|used)\b|[(:]", re.IGNORECASE)
_AND_THE_SECRET = pattern(
    r"(?:\b(?:and|or|plus)\b|[,/&+])\s*(?:(?:and|or|the|an?|its|user|api|database|client|actual|plain)\s+){0,4}"
    r"(?:password|passphrase|token|value|credential|content|(?:api|access|private|secret)[\s_-]key|secret)s?\b"
    r"(?!(?:'s)?\s+(?:arn|name|id|identifier|path|version)\b)",
    re.IGNORECASE,
)
_FOUND_BY = {
    "aws_secretsmanager_secret": ("arn", "name"),
    "aws_secretsmanager_secret_version": ("secret_id",),
    "aws_ssm_parameter": ("name",),
}
_KEPT_IN = ("value", "value_wo", "insecure_value", "secret_string", "secret_string_wo", "secret_binary")


def takes_secret(config: ModuleConfig, name: str) -> bool:
    """Whether a variable takes a secret, by its name; not where it is there to find one."""
    if not is_a_secret(name):
        return False
    described = config.variables[name].body.attributes.get("description") if name in config.variables else None
    if described is not None and _says_where((literal_text(described) or "").strip()):
        return False
    return not any(
        _carries(config, block, _FOUND_BY[type_], name) and not _carries(config, block, _KEPT_IN, name)
        for (_, type_, _), block in config.resources.items()
        if type_ in _FOUND_BY
    )


def _says_where(description: str) -> bool:
    """Whether a description speaks of what a secret is found by, and of nothing else: `Secret name and password` does
    not."""
    found = _SAYS_WHERE.match(description)
    if found is None:
        return False
    about_it = _ABOUT_IT.search(description, found.end())
    return _AND_THE_SECRET.search(description, found.end(), about_it.start() if about_it else len(description)) is None


def _carries(config: ModuleConfig, block: Block, arguments: Iterable[str], name: str) -> bool:
    """Whether one of the arguments is given the variable, or a text with it."""
    given = (block.body.attributes[argument].expression for argument in arguments if argument in block.body.attributes)
    return any(f"var.{name}" in _carried_names(node, config) for node in given)


def secret_source(module: Module, attribute: Attribute) -> str | None:
    """The address of the secret that a value carries (`random_password.x.result`, `var.password`), or None.

    A resource as a whole carries its secrets too. A variable counts by its name, if it is not declared sensitive.
    """
    for name in _carried_names(attribute.expression, module.config):
        root, _, rest = name.partition(".")
        if takes_secret(module.config, rest) if root == "var" else root == "local" and is_a_secret(rest):
            return name
    for resource, name in trace_attribute(attribute, module).resources:
        secrets = _SECRETS.get(resource.type, set())
        if name in secrets:
            return f"{resource.address}.{name}"
        schema = resource_schema("data" if resource.mode == "data" else "resource", resource.type)
        if schema is not None and name in schema.attributes and schema.attributes[name].sensitive:
            return f"{resource.address}.{name}"
        if not name and secrets:
            return f"{resource.address}.{sorted(secrets)[0]}"
    return None
