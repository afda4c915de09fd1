"""Stops and starts all functions of a stage, for maintenance such as a restore.

    python -m infra.at STAGE infra.pause on        no function starts any more
    python -m infra.at STAGE infra.pause off       as .chalice/config.json says
    python -m infra.at STAGE infra.pause status

`on` lets no message of a queue reach its function and gives every function a reserved
concurrency of 0. Nothing is lost meanwhile: requests are refused, messages wait (4 days at most), an
upload that arrives goes to the dead letters of `classify` at once (Lambda does not retry where the
concurrency is 0). After `off`, `infra.dead_letters redrive` brings those in at once; the sweep would
find them too. Each may be repeated. A deployment of functions in a pause would start them again.

Exit status: 0 when it is as asked (status: all paused, or all running), 1 when some part is not.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.platform.runtime import Platform, platform
from infra.existing import is_missing
from infra.permissions import FUNCTIONS
from infra.steps.deployment import function_name

FED_BY_A_QUEUE: Final = {
    "assign_reader": "labelling",
    "deliver_webhook": "webhooks",
    "build_release": "builds",
    "evaluate": "evaluations",
}
"""The queue of each function that has one."""
CONFIG: Final = Path(__file__).parents[1] / ".chalice" / "config.json"
SETTLING_SECONDS: Final = 2.0
LOOKS: Final = 60
"""At a mapping that is changing; it takes some seconds, two minutes are too long."""
SETTLED: Final = ("Enabled", "Disabled")

Reserved = dict[str, int | None]
"""Reserved concurrency by function; None: as many as the account has."""


def configured(stage: str, config: Path = CONFIG) -> Reserved:
    """What the functions of a stage have when they run: what it says itself, else what all share."""
    written: dict[str, Any] = json.loads(config.read_bytes())
    places = (written["stages"].get(stage, {}), written)

    def reserved(function: str) -> int | None:
        for place in places:
            limits = place.get("lambda_functions", {}).get(function, {})
            if "reserved_concurrency" in limits:
                return int(limits["reserved_concurrency"])
        return None

    return {function: reserved(function) for function in FUNCTIONS}


def reserved_now(client: Any, name: str) -> int | None:
    """The reserved concurrency of a deployed function, by its name on AWS. Raises ClientError."""
    answer = client.get_function_concurrency(FunctionName=name)
    found = answer.get("ReservedConcurrentExecutions")
    return None if found is None else int(found)


def pause(platform: Platform) -> list[str]:
    """Let nothing start. What could not be stopped, a sentence each."""
    # The mappings first: messages that meet a function without concurrency count as received, and
    # after five times they are dead letters.
    return [
        *_let_messages_through(platform, False),
        *_reserve(platform, dict.fromkeys(FUNCTIONS, 0)),
    ]


def resume(platform: Platform, reserved: Reserved) -> list[str]:
    """Let everything start again. What could not be started, a sentence each."""
    return [*_reserve(platform, reserved), *_let_messages_through(platform, True)]


def status(platform: Platform) -> dict[str, str]:
    """`paused` or `running` (with what is reserved) by function, and each queue's mapping."""
    client, stage = platform.client("lambda"), platform.settings.stage
    found = {}
    for function in FUNCTIONS:
        try:
            reserved = reserved_now(client, function_name(stage, function))
        except ClientError as error:
            if not is_missing(error):
                raise
            found[function] = "not deployed"
            continue
        limit = "" if reserved is None else f", at most {reserved} at once"
        found[function] = "paused" if reserved == 0 else f"running{limit}"
    words = {"Enabled": "running", "Disabled": "paused"}
    for function, queue in FED_BY_A_QUEUE.items():
        states = {mapping["State"] for mapping in _mappings(platform, function)}
        told = " ".join(words.get(s, s) for s in sorted(states)) or "not deployed"
        found[f"{queue} queue"] = told
    return found


def _reserve(platform: Platform, reserved: Reserved) -> Iterator[str]:
    client = platform.client("lambda")
    for function, limit in reserved.items():
        name = function_name(platform.settings.stage, function)
        try:
            if limit is None:
                client.delete_function_concurrency(FunctionName=name)
            else:
                client.put_function_concurrency(
                    FunctionName=name, ReservedConcurrentExecutions=limit
                )
        except ClientError as error:
            yield f"{name} stays as it is: {error.response['Error']['Code']}."


def _let_messages_through(platform: Platform, enabled: bool) -> Iterator[str]:
    wanted = "Enabled" if enabled else "Disabled"
    client = platform.client("lambda")
    for function, queue in FED_BY_A_QUEUE.items():
        mappings = _mappings(platform, function)
        if not mappings:
            yield f"The {queue} queue has no mapping to its function: deploy the stage again."
        for mapping in mappings:
            try:
                # A mapping that is changing takes no further change.
                if _seen(platform, mapping["UUID"], *SETTLED) != wanted:
                    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=enabled)
                    if _seen(platform, mapping["UUID"], wanted) != wanted:
                        yield f"The {queue} queue's mapping does not become {wanted}: try again."
            except ClientError as error:
                yield f"The {queue} queue's mapping stays: {error.response['Error']['Code']}."


def _mappings(platform: Platform, fed: str) -> list[dict[str, Any]]:
    url = getattr(platform.settings, f"queue_{FED_BY_A_QUEUE[fed]}")
    try:
        queue = platform.client("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
    except ClientError as error:
        if not is_missing(error):
            raise
        return []
    function = function_name(platform.settings.stage, fed)
    pages = platform.client("lambda").get_paginator("list_event_source_mappings")
    return [
        each
        for page in pages.paginate(EventSourceArn=queue)
        for each in page["EventSourceMappings"]
        if each["FunctionArn"].endswith(f":{function}")
    ]


def _seen(platform: Platform, uuid: str, *states: str) -> str:
    """The state of a mapping once it is one of these, or as it is after all looks."""
    client, state = platform.client("lambda"), ""
    for _ in range(LOOKS):
        state = str(client.get_event_source_mapping(UUID=uuid)["State"])
        if state in states:
            break
        platform.wait(SETTLING_SECONDS)
    return state


def main(
    arguments: list[str], connect: Callable[[], Platform] = platform, config: Path = CONFIG
) -> int:
    """Carry out one command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.at STAGE infra.pause",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("on", "off", "status"))
    command = parser.parse_args(arguments).command
    platform, failures = connect(), list[str]()
    if command == "on":
        failures = pause(platform)
    elif command == "off":
        failures = resume(platform, configured(platform.settings.stage, config))
    found = status(platform)
    for part, state in found.items():
        print(f"{part:16} {state}")
    for failure in failures:
        print(failure, file=sys.stderr)
    if command == "on" and not failures:
        print(
            "Work that had begun goes on for 60 seconds at most; upload forms work for 5 minutes."
        )
    if command == "off" and not failures:
        print("Uploads that came meanwhile: infra.dead_letters redrive --queue classify")
    states = {state.partition(",")[0] for state in found.values()}
    return 0 if not failures and states in ({"running"}, {"paused"}) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
