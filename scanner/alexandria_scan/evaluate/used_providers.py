"""Which providers a module needs, and whose they are."""

from __future__ import annotations

from alexandria_scan.evaluate.check_blocks import scoped_data
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text, local_name

_REGISTRY = "registry.terraform.io"
_BUILT_IN = "terraform.io/builtin/"


def used_providers(config: ModuleConfig) -> set[str]:
    """The names of the providers that a module configures, and of those of its resources and data sources, also of
    the data sources of its checks."""
    blocks = [*config.resources.items(), *scoped_data(config).items()]
    configured = {block.labels[0] for block in config.providers if block.labels}
    return configured | {local_name(block.body, type_).partition(".")[0] for (_, type_, _), block in blocks}


def version_constraints(config: ModuleConfig) -> dict[str, str]:
    """The version constraints of a module by the provider's name: what required_providers says, and `version` in the
    provider's blocks, as before Terraform 0.13 and still in force."""
    texts = {name: [one.version] for name, one in config.required_providers().items() if one.version}
    for block in config.providers:
        version = block.body.attributes.get("version")
        text = literal_text(version) if version is not None else None
        if block.labels and text:
            texts.setdefault(block.labels[0], []).append(text)
    return {name: ", ".join(given) for name, given in texts.items()}


def is_built_in(name: str, source: str | None) -> bool:
    """Whether a provider is part of Terraform itself, which refuses a version for it."""
    return name == "terraform" if source is None else source.startswith(_BUILT_IN)


def provider_source(config: ModuleConfig, name: str) -> str:
    """The full address of a provider that a module calls by a name."""
    requirement = config.required_providers().get(name)
    source = requirement.source if requirement is not None else None
    if source is None:
        return f"{_BUILT_IN}terraform" if name == "terraform" else f"{_REGISTRY}/hashicorp/{name}"
    parts = source.split("/")
    return "/".join([*[_REGISTRY, "hashicorp"][: 3 - len(parts)], *parts])
