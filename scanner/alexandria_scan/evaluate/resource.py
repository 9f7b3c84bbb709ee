"""One instance of a resource or data source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from alexandria_scan.evaluate.blocks import BodyValue, Origin
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.expansion import SYMBOLIC, Expansion, Key
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import (
    EPHEMERAL,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    force,
    mark,
    opened,
    type_of,
)
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block

if TYPE_CHECKING:
    from alexandria_scan.evaluate.module import Module

_IDENTIFIERS = frozenset(
    [
        "account_id", "arn", "cluster_resource_id", "dns_suffix", "key_id", "owner_id", "partition", "region",
        "resource_id", "target_key_arn", "target_key_id", "unique_id",
    ]
)  # fmt: skip
# Whose `id` AWS makes, or takes from letters, digits and a few signs. That of an alarm is its name, in which any sign
# may be, and that of a DNS record holds the name of the record.
_IDS_OF_AWS = frozenset(
    [
        "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_caller_identity", "aws_cloudfront_distribution",
        "aws_cloudfront_origin_access_identity", "aws_cognito_identity_pool", "aws_cognito_user_pool", "aws_ebs_volume",
        "aws_efs_access_point", "aws_efs_file_system", "aws_iam_group", "aws_iam_role", "aws_iam_user", "aws_instance",
        "aws_kms_alias", "aws_kms_key", "aws_network_interface", "aws_organizations_organization",
        "aws_organizations_organizational_unit", "aws_partition", "aws_region", "aws_route53_zone", "aws_s3_bucket",
        "aws_security_group", "aws_service_principal", "aws_sns_topic", "aws_sqs_queue", "aws_subnet", "aws_vpc",
        "aws_vpc_endpoint",
    ]
)  # fmt: skip
_NAMES_OF_AWS = frozenset(["aws_region", "aws_service_principal"])  # whose `name` is given by AWS
# The shortest prefix that EC2 takes for a VPC or a subnet:
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
_SHORTEST_PREFIXES = {"cidr_block": 16, "ipv6_cidr_block": 44}
_NETWORKS = frozenset(
    ["aws_default_subnet", "aws_default_vpc", "aws_subnet", "aws_vpc", "aws_vpc_ipv4_cidr_block_association"]
)
_SCHEMA_KINDS = {"managed": "resource", "data": "data", "ephemeral": "ephemeral"}


class Resource(BodyValue):
    """An instance. As a value it is what a reference to it sees; `configured` is what its block says."""

    __slots__ = ("address", "block", "key", "kind", "mode", "module", "name", "type")

    def __init__(
        self, module: Module, name: tuple[str, str, str], block: Block, key: Key, expansion: Expansion
    ) -> None:
        self.module = module
        self.mode, self.type, self.name = name
        self.kind = name
        self.key = key
        self.block = block
        self.address = module.address(name, key)
        origin = Origin(self.address, self.mode == "data", self._failed)
        schema = resource_schema(_SCHEMA_KINDS[self.mode], self.type)
        super().__init__(block.body, block.span, schema, expansion.scope(key, module), origin)

    @property
    def symbolic(self) -> bool:
        """True if it stands for instances whose number is not known."""
        return self.key == SYMBOLIC

    def attribute(self, name: str) -> Value:
        if self.type == "terraform_data" and name == "output":
            return self._terraform_data_output()
        value = super().attribute(name)
        if self.type == "terraform_data" and name == "id":  # the one provider that promises that its ids are not null
            return value.as_type(value.type, True)
        if type(value) is Unknown and value.type is STRING:
            if self._identifies(name):
                return msgspec.structs.replace(value, unquoted=True)
            if self.type == "aws_iam_policy_document" and name in ("json", "minified_json"):
                return msgspec.structs.replace(value, prefix="{")
            if self.type in _NETWORKS and name in _SHORTEST_PREFIXES:
                return msgspec.structs.replace(value, shortest_prefix=_SHORTEST_PREFIXES[name])
        if self.mode == "ephemeral":
            waiting = self._waits_for()
            return Unknown(type_of(value), waiting) if waiting else mark(value, frozenset({EPHEMERAL}))
        return value

    def _identifies(self, name: str) -> bool:
        """Whether the attribute is an identifier that AWS makes: there is no quotation mark in any of them."""
        if name in self.body.attributes or not self.type.startswith("aws_"):
            return False
        if name == "id":
            return self.type in _IDS_OF_AWS
        return name in _IDENTIFIERS or (name == "name" and self.type in _NAMES_OF_AWS)

    def _waits_for(self) -> tuple[Reason, ...]:
        """Why an ephemeral resource cannot be opened while planning: until the apply all of it is unknown."""
        given = [self.configured(name) for name in self.configured_names() if name in self.body.attributes]
        return tuple(reason for reason in collect_reasons(*given) if reason.kind != "input")

    def _terraform_data_output(self) -> Value:
        """Unknown, and not sensitive as long as it is: Terraform marks the value once it is there."""
        given, _ = opened(super().attribute("input"))
        return None if given is None else Unknown(DYNAMIC, (self.origin.computed("output"),), True)

    def _failed(self, error: EvalError) -> Value:
        return self.module.failed(self.address, error)

    def lifecycle(self, name: str) -> Value:
        """A literal argument of the lifecycle block (`prevent_destroy`), or None."""
        for block in self.block.body.blocks_of("lifecycle"):
            attribute = block.body.attributes.get(name)
            if attribute is not None:
                node = attribute.expression
                return node.value if isinstance(node, tree.Literal) else None
        return None

    def ignored_changes(self) -> tuple[str, ...]:
        """What `ignore_changes` names, as it is written there: `tags["owner"]`, `all`."""
        names: list[str] = []
        for block in self.block.body.blocks_of("lifecycle"):
            attribute = block.body.attributes.get("ignore_changes")
            if attribute is not None:
                node = attribute.expression
                items = node.items if isinstance(node, tree.TupleConstructor) else (node,)
                names += [_unquoted(item) for item in items]
        return tuple(names)

    def whole(self) -> Value:
        return force(self)


def _unquoted(node: tree.Expression) -> str:
    """The text of a name, which Terraform 0.11 and JSON have in quotation marks."""
    return node.span.text.strip().strip('"')
