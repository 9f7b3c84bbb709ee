"""Volumes that are declared with an instance or a launch template."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, unknown

DECIDE = "set encrypted = true"
BY_DEFAULT = "aws_ebs_encryption_by_default"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    volumes = _volumes(resource)
    clear: Block | None = None
    undecided: Block | None = None
    for volume in volumes:
        if not volume.known("encrypted") or volume.get("encrypted") is None:
            undecided = undecided or volume
        elif volume.get("encrypted") not in (True, "true", "1"):  # a launch template takes it as text
            clear = clear or volume
    if volumes and clear is None and undecided is None:
        return
    # Asked only where it can decide, so that a module which is not here hides nothing that the code says.
    if (clear or resource.possible(BY_DEFAULT)) and any(
        setting.get("enabled") for setting in resource.resources(BY_DEFAULT)
    ):
        return
    if clear is not None:
        yield fail("encrypted is false", at=clear)
    elif undecided is not None:
        yield unknown("whether the account encrypts volumes by default", DECIDE, at=undecided)
    else:
        yield unknown("whether the image or the account encrypts the volumes", DECIDE)


def _volumes(resource: Resource) -> list[Block]:
    if resource.type == "aws_instance":
        return [*resource.blocks("root_block_device"), *resource.blocks("ebs_block_device")]
    return [ebs for mapping in resource.blocks("block_device_mappings") for ebs in mapping.blocks("ebs")]
