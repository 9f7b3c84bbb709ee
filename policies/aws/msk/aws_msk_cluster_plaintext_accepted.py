"""Whether the brokers accept clients without TLS: where nothing is said, the documents disagree."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    infos = resource.blocks("encryption_info")
    transits = [transit for info in infos for transit in info.blocks("encryption_in_transit")]
    if not transits:
        reason = "client_broker is not set, and the documents of the provider and of the API disagree on its default"
        yield unknown(reason, "set client_broker", at="encryption_info")
    yield from each(transits, _judge)


def _judge(transit: Block) -> Iterator[Verdict]:
    mode = transit.get("client_broker", "TLS")
    if mode != "TLS":
        yield Verdict("fail", f"client_broker is {mode}", (*transit.path, "client_broker"))
