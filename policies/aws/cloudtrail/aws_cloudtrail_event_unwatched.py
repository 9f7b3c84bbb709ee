"""Whether metric filters on a trail's log group, with alarms on their metrics, watch for what CIS names."""

import re
from collections.abc import Iterator

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
    filters = [item for item in resource.resources("aws_cloudwatch_log_metric_filter") if _on(item, names)]
    alarms = resource.resources("aws_cloudwatch_metric_alarm") if filters else []
    answers = {event: _watched(EVENTS[event], filters, alarms) for event in param.events}
    unwatched = [event for event, answer in answers.items() if answer is False]
    if unwatched:
        yield fail(f"no metric filter with an alarm watches for {', '.join(unwatched)}", at=attribute)
    elif None in answers.values():
        yield unknown("what a metric filter on the log group matches, or which alarm is on its metric", at=attribute)


def _name(group: Block) -> str | None:
    return group.get("name") if group.known("name") else None


def _on(item: Block, names: set[str | None]) -> bool:
    """Whether the filter may be on one of the log groups; None among the names is one whose name is not known."""
    return not item.known("log_group_name") or None in names or item.get("log_group_name") in names


def _watched(event: frozenset[str], filters: list[Block], alarms: list[Block]) -> bool | None:
    """Whether a filter matches the event and an alarm is on its metric; None if that cannot be told."""
    open_ = False
    for item in filters:
        if not item.known("pattern"):
            open_ = True
        elif event <= _comparisons(item.get("pattern")):
            answers = [_alarmed(metric, alarm) for metric in item.blocks("metric_transformation") for alarm in alarms]
            if True in answers:
                return True
            open_ = open_ or None in answers
    return None if open_ else False


def _comparisons(pattern: str) -> frozenset[str]:
    """The comparisons in a pattern, without blanks and quotes: `eventName=CreateTrail`."""
    found = COMPARISON.findall(re.sub(r"[\s\"']", "", pattern))
    return frozenset(field + comparison for field, comparison in found)


def _alarmed(metric: Block, alarm: Block) -> bool | None:
    if not (metric.known("name") and alarm.known("metric_name")):
        return None
    if metric.get("name") != alarm.get("metric_name"):
        return False
    try:
        return bool(alarm.get("alarm_actions"))
    except UnknownValue:  # a list of topics that are not known yet is a list of topics
        return True if alarm.known("alarm_actions") else None
