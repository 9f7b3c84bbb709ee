"""Whether the metadata service is off or requires session tokens."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, unknown

DEFAULTS = "aws_ec2_instance_metadata_defaults"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for options in resource.blocks("metadata_options"):
        if options.get("http_endpoint") == "disabled" or options.get("http_tokens") == "required":
            return
        if options.get("http_tokens") is not None:
            yield fail(f"http_tokens is {options.get('http_tokens')}", at=options)
            return
    # Of a module that is not here only the account's setting could help, and the argument decides without it.
    if resource.possible(DEFAULTS) and any(
        setting.get("http_tokens") == "required" for setting in resource.resources(DEFAULTS)
    ):
        return
    yield unknown("whether the image or the account requires session tokens", 'set http_tokens = "required"')
