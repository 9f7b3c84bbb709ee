"""Arguments that a resource leaves out, and for which its provider may have a default that no schema tells."""

from __future__ import annotations

from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.trace import trace_expression
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Reason, Unknown
from alexandria_scan.syntax.tree import Expression


def left_to_provider(node: Expression, scope: Scope) -> Unknown | None:
    """The unknown text in place of a null that is an optional argument of a managed resource; None for other nulls."""
    for resource, name in trace_expression(node, scope).resources:
        schema = None if resource.schema is None else resource.schema.attributes.get(name)
        if resource.mode == "managed" and schema is not None and name not in resource.body.attributes:
            why, decide = "is not set, and a default of the provider decides", f"set {name}, or scan the plan"
            return Unknown(STRING, (Reason(f"{resource.address}.{name}", why, decide),), True)
    return None
