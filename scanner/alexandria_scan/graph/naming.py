"""How the real names of a module's resources are put together."""

from __future__ import annotations

from alexandria_scan.evaluate.children import children_of, names_in
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.layout import placed
from alexandria_scan.graph.references import reached_names
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Expression

_NAMING = ("name", "name_prefix", "identifier", "identifier_prefix")
_NAMING_OF = {
    "aws_db_instance": ("identifier", "identifier_prefix"),
    "aws_docdb_cluster": ("cluster_identifier", "cluster_identifier_prefix"),
    "aws_ecs_task_definition": ("family",),
    "aws_elasticache_cluster": ("cluster_id",),
    "aws_elasticache_replication_group": ("replication_group_id",),
    "aws_lambda_function": ("function_name",),
    "aws_neptune_cluster": ("cluster_identifier", "cluster_identifier_prefix"),
    "aws_prometheus_workspace": ("alias",),
    "aws_rds_cluster": ("cluster_identifier", "cluster_identifier_prefix"),
    "aws_redshift_cluster": ("cluster_identifier",),
    "aws_route53_zone": (),
    "aws_s3_bucket": ("bucket", "bucket_prefix"),
    "aws_service_discovery_private_dns_namespace": (),
    "aws_service_discovery_public_dns_namespace": (),
}
"""The arguments that hold a resource's own name where other ones do than usual: elsewhere `bucket` is of another
resource, and `family` an engine's. The `name` of a database instance is a database in it, that of a zone a domain."""
_WITHIN_ANOTHER = frozenset(
    [
        "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy", "aws_appautoscaling_policy",
        "aws_autoscaling_policy", "aws_backup_selection", "aws_route53_record", "aws_lambda_alias",
        "aws_api_gateway_authorizer", "aws_cloudwatch_log_stream", "aws_cloudwatch_log_subscription_filter",
    ]
)  # fmt: skip
_ENVIRONMENT = ("environment", "env", "stage", "workspace")


def named_resources(config: ModuleConfig) -> tuple[Value, ...]:
    """The managed resources whose name is set: `name` (the address) `argument prefixed file line`.

    `prefixed`: what the name is made of leads to a variable or local value `name_prefix`, to a variable that names the
    environment, to a label module, or to another resource, whose name it is made of then. What is named only within
    another resource, such as an inline policy, is not listed.
    """
    found: list[dict[str, Value]] = []
    for key, block in config.resources.items():
        argument = next((name for name in _NAMING_OF.get(key[1], _NAMING) if name in block.body.attributes), None)
        if key[0] != "managed" or argument is None or key[1] in _WITHIN_ANOTHER:
            continue
        attribute = block.body.attributes[argument]
        names = reached_names(config, [attribute.expression])
        address = f"{key[1]}.{key[2]}"
        prefixed = any(_is_prefix(name, config) for name in names)
        found.append({**placed(address, attribute.span), "argument": argument, "prefixed": prefixed})
    return tuple(sorted(found, key=lambda item: (item["file"], item["line"])))


def _is_prefix(name: str, config: ModuleConfig) -> bool:
    root, _, rest = name.partition(".")
    if ("managed", root, rest) in config.resources or (root == "var" and rest in _ENVIRONMENT):
        return True
    if root in ("var", "local"):
        return rest.endswith("name_prefix") and "use_name_prefix" not in rest  # that one is a switch
    return root == "module" and rest in config.calls and _is_label(config, rest)


def _is_label(config: ModuleConfig, call: str) -> bool:
    """Whether a call is of a module that composes names, as cloudposse/label/null does."""
    attribute = config.calls[call].body.attributes.get("source")
    return "label" in ((literal_text(attribute) if attribute is not None else None) or "")


def carries_tags(node: Expression, config: ModuleConfig) -> bool:
    """Whether an expression leads to a variable or local value whose name ends in `tags`, or to a label module."""
    stack, seen = [node], set[str]()
    while stack:
        current = stack.pop()
        if isinstance(current, tree.GetAttribute) and current.name.lower().endswith("tags"):
            return True
        for name in names_in(current):
            root, _, rest = name.partition(".")
            if (root == "module" and rest in config.calls and _is_label(config, rest)) or rest.lower().endswith("tags"):
                return True
            if root == "local" and rest in config.locals and name not in seen:
                seen.add(name)
                stack.append(config.locals[rest].expression)
        stack += children_of(current)
    return False


def name_prefix(config: ModuleConfig) -> Value:
    """The local value `name_prefix`: `name file line environment`, the last saying whether it leads to a variable that
    names the environment. None if there is none; a variable of that name is the caller's."""
    attribute = config.locals.get("name_prefix")
    if attribute is None:
        return None
    names = {name.partition(".")[2] for name in reached_names(config, [attribute.expression])}
    return {**placed("name_prefix", attribute.span), "environment": bool(names.intersection(_ENVIRONMENT))}
