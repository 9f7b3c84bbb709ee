"""The text of a finding: the manifest's template with the values in it, secrets kept out."""

from __future__ import annotations

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.schema import is_hidden
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.secret_names import names_a_secret
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Marked, Unknown
from alexandria_scan.graph.model import Node
from alexandria_scan.policy.deciding import attribute_paths
from alexandria_scan.policy.redact import HIDDEN, redacted
from alexandria_scan.syntax import tree


def message_text(node: tree.Expression, scope: Scope, subject: Node) -> str:
    """The message on one line. What is sensitive shows as "(sensitive)", what is not known as "(not known)". What is
    set under the name of a secret, as an argument that is not shown, or as the value of a variable or output with such
    a name, is "(hidden)".
    """
    parts = node.parts if isinstance(node, tree.Template) else (node,)
    text = " ".join("".join(_part(part, scope, subject) for part in parts).split())
    for escaped, plain in (("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&")):  # jsonencode's, for HTML's sake
        text = text.replace(escaped, plain)
    return text


def _part(node: tree.Expression, scope: Scope, subject: Node) -> str:
    try:
        value = compile_expression(node)(scope)
    except EvalError:
        return "(not known)"
    if isinstance(value, Marked):
        return "(sensitive)"
    if isinstance(value, Unknown):
        return "(not known)"
    if value is None:
        return "null"
    if isinstance(value, str) and not isinstance(node, tree.Literal) and _reads_a_secret(node, subject):
        return HIDDEN
    try:
        text: str = convert(value, STRING)
    except ConversionError:
        return "(a collection)"
    return redacted(text)


def _reads_a_secret(node: tree.Expression, subject: Node) -> bool:
    value = ("default", "value") if names_a_secret(subject.name) else ()
    return any(
        path[0] in value
        or any(names_a_secret(str(step)) for step in path)
        or is_hidden(subject.kind, subject.type, path)
        for path in attribute_paths(node)
    )
