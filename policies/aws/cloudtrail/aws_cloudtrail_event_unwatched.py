"""Whether metric filters on a trail's log group, with alarms on their metrics, watch for what CIS names."""

import re
from collections.abc import Iterator, Sequence

from alexandria_scan.sdk import Block, Parameters, Resource, UnknownValue, Verdict, fail, unknown


def _events(*names: str, source: str | None = None) -> frozenset[str]:
    comparisons = {f"eventName={name}" for name in names}
    return frozenset(comparisons if source is None else {f"eventSource={source}.amazonaws.com", *comparisons})


# CIS AWS Foundations 5.0.0, 4.1 to 4.15: the comparisons in the pattern of each.
EVENTS = {
    "unauthorised API calls": frozenset({"errorCode=*UnauthorizedOperation", "errorCode=AccessDenied*"}),
    "sign-in without a second factor": frozenset({"eventName=ConsoleLogin", "additionalEventData.MFAUsed!=Yes"}),
    "use of the root user": frozenset(
        {"userIdentity.type=Root", "userIdentity.invokedByNOTEXISTS", "eventType!=AwsServiceEvent"}
    ),
    "changes of IAM policies": _events(
        "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy",
        "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy",
        "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy",
    ),
    "changes of CloudTrail": _events("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    "failed sign-in": frozenset({"eventName=ConsoleLogin", "errorMessage=Failedauthentication"}),
    "disabling or deletion of customer keys": _events("DisableKey", "ScheduleKeyDeletion", source="kms"),
    "changes of bucket policies": _events(
        "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
        "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication", source="s3",
    ),
    "changes of AWS Config": _events(
        "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder",
        source="config",
    ),
    "changes of security groups": _events(
        "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup",
    ),
    "changes of rules of security groups": _events("ModifySecurityGroupRules"),
    "changes of network ACLs": _events(
        "CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
        "ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation",
    ),
    "changes of gateways": _events(
        "CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
        "DeleteInternetGateway", "DetachInternetGateway",
    ),
    "changes of route tables": _events(
        "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation", "DeleteRouteTable",
        "DeleteRoute", "DisassociateRouteTable",
    ),
    "changes of VPCs": _events(
        "CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
        "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc",
        "DisableVpcClassicLink", "EnableVpcClassicLink",
    ),
    "changes of AWS Organizations": _events(
        "AcceptHandshake", "AttachPolicy", "CreateAccount", "CreateOrganizationalUnit", "CreatePolicy",
        "DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "DetachPolicy",
        "DisablePolicyType", "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount",
        "RemoveAccountFromOrganization", "UpdatePolicy", "UpdateOrganizationalUnit", source="organizations",
    ),
}  # fmt: skip
COMPARISON = re.compile(r"\$\.([\w.]+?)(NOTEXISTS|!?=[^()&|{}]+)")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    attribute = "cloud_watch_logs_group_arn"
    if not resource.is_set(attribute):
        yield fail("the trail sends its events to no log group", at=attribute)
        return
    names = {_name(group) for group in resource.referenced("aws_cloudwatch_log_group", attribute)}
    by_group = resource.once(_filters)
    groups = by_group if None in names else {*names, None}
    filters = [item for _, item in sorted(pair for group in groups for pair in by_group.get(group, {}).items())]
    alarms = resource.once(_alarms) if filters else {}
    watched = [(item, _alarmed(item, alarms)) for item in filters]
    answers = {event: _answer(EVENTS[event], watched) for event in param.events}
    unwatched = [event for event, answer in answers.items() if answer is False]
    if unwatched:
        yield fail(f"no metric filter with an alarm watches for {', '.join(unwatched)}", at=attribute)
    elif None in answers.values():
        yield unknown("what a metric filter on the log group matches, or which alarm is on its metric", at=attribute)


def _name(group: Block) -> str | None:
    return group.get("name") if group.known("name") else None


def _filters(resource: Resource) -> dict[str | None, dict[int, Block]]:
    """The filters by the name of their log group, numbered as they come; under None those that may be on any."""
    found: dict[str | None, dict[int, Block]] = {}
    for number, item in enumerate(resource.resources("aws_cloudwatch_log_metric_filter")):
        found.setdefault(_group(item), {})[number] = item
    return found


def _group(item: Block) -> str | None:
    return item.get("log_group_name", "") if item.known("log_group_name") else None


def _answer(event: frozenset[str], watched: Sequence[tuple[Block, bool | None]]) -> bool | None:
    """Whether a filter with an alarm matches the event; None if that cannot be told."""
    answers: list[bool | None] = [alarmed and None for item, alarmed in watched if not item.known("pattern")]
    answers += [
        alarmed for item, alarmed in watched if item.known("pattern") and event <= _comparisons(item.get("pattern"))
    ]
    return True if True in answers else None if None in answers else False


def _comparisons(pattern: str) -> frozenset[str]:
    """The comparisons in a pattern, without blanks and quotes: `eventName=CreateTrail`."""
    found = COMPARISON.findall(re.sub(r"[\s\"']", "", pattern))
    return frozenset(field + comparison for field, comparison in found)


def _alarmed(item: Block, alarms: dict[str | None, set[bool | None]]) -> bool | None:
    """Whether an alarm that tells somebody is on a metric of the filter; None if that cannot be told."""
    answers: set[bool | None] = set(alarms.get(None, ()))
    for metric in item.blocks("metric_transformation") if alarms else ():
        answers |= alarms.get(metric.get("name"), set()) if metric.known("name") else {None}
    return True if True in answers else None if None in answers else False


def _alarms(resource: Resource) -> dict[str | None, set[bool | None]]:
    """Whether the alarms on a metric tell somebody, None if that cannot be told; under None what is on any metric."""
    found: dict[str | None, set[bool | None]] = {}
    for alarm in resource.resources("aws_cloudwatch_metric_alarm"):
        try:
            metrics = _metrics(resource, alarm)
        except UnknownValue:
            found.setdefault(None, set()).add(None)
            continue
        for name in filter(None, metrics):
            found.setdefault(name, set()).add(_tells(alarm))
    return found


def _metrics(resource: Resource, alarm: Block) -> list[str]:
    """The metric's name. It may be given as the id of the filter, which is the filter's name."""
    if alarm.known("metric_name"):
        return [alarm.get("metric_name")]
    filters = resource.referenced("aws_cloudwatch_log_metric_filter", "metric_name", of=alarm)
    return [item.get("name") for item in filters]


def _tells(alarm: Block) -> bool | None:
    try:
        return bool(alarm.get("alarm_actions"))
    except UnknownValue:
        return True if alarm.known("alarm_actions") else None  # a list of topics that are not known yet
