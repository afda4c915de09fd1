"""The functions of a stage as a deployment leaves them, in a world of moto."""

import io
import json
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.core.config import default_user_config

from infra.pause import FED_BY_A_QUEUE, FUNCTIONS, configured
from infra.steps.deployment import function_name
from tests.world import World

Event = dict[str, Any]


def deploy(world: World) -> None:
    """All functions with their reserved concurrency, and the labelling queue's mapping."""
    # moto would start a container for every message of the queue. Its mock puts the setting back.
    default_user_config["lambda"] = {"use_docker": False}
    client, stage = world.platform.client("lambda"), world.platform.settings.stage
    trusted = {"Version": "2012-10-17", "Statement": []}
    role = world.platform.client("iam").create_role(
        RoleName="functions", AssumeRolePolicyDocument=json.dumps(trusted)
    )["Role"]["Arn"]
    for function in FUNCTIONS:
        client.create_function(
            FunctionName=function_name(stage, function),
            Runtime="python3.12",
            Role=role,
            Handler=f"app.{function}",
            Code={"ZipFile": _package()},
        )
    for function, limit in configured(stage).items():
        if limit is not None:
            client.put_function_concurrency(
                FunctionName=function_name(stage, function), ReservedConcurrentExecutions=limit
            )
    client.create_event_source_mapping(
        EventSourceArn=queue_arn(world), FunctionName=function_name(stage, FED_BY_A_QUEUE)
    )


def queue_arn(world: World) -> str:
    """Of the labelling queue."""
    found = world.platform.client("sqs").get_queue_attributes(
        QueueUrl=world.platform.settings.queue_labelling, AttributeNames=["QueueArn"]
    )
    return str(found["Attributes"]["QueueArn"])


def reserved(world: World) -> dict[str, int | None]:
    """What Lambda says, function by function."""
    client, stage = world.platform.client("lambda"), world.platform.settings.stage
    answers = {
        function: client.get_function_concurrency(FunctionName=function_name(stage, function))
        for function in FUNCTIONS
    }
    return {f: answer.get("ReservedConcurrentExecutions") for f, answer in answers.items()}


def mapping_state(world: World) -> str:
    [mapping] = world.platform.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return str(mapping["State"])


def answered(world: World, call: str, answer: Callable[[Event], Event]) -> None:
    """Let `answer` take a call (`lambda.Invoke`) in moto's place; it is given the parameters."""

    def take(params: Event, **_: Any) -> Any:
        return SimpleNamespace(status_code=200), {"ResponseMetadata": {}, **answer(params)}

    session: Any = world.platform.__dict__["_session"]
    session.events.register(f"before-call.{call}", take)


def _package() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as zipped:
        zipped.writestr("app.py", "")
    return package.getvalue()
