"""A world of moto with the functions of a stage, as a deployment leaves them; used by many tests in turn."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from moto.core.config import default_user_config
from moto.sqs.models import sqs_backends

from chalicelib.platform.runtime import Platform
from chalicelib.platform.settings import Settings
from infra.pause import FED_BY_A_QUEUE, configured
from infra.permissions import FUNCTIONS
from infra.steps.deployment import function_name
from tests.world import START, World

Event = dict[str, Any]


def deploy(world: World, *, mapping: bool = True) -> None:
    """All functions with their reserved concurrency, and the queues' mappings.

    moto lets an enabled mapping take every message at once.
    """
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
    if mapping:
        for function, queue in FED_BY_A_QUEUE.items():
            client.create_event_source_mapping(
                EventSourceArn=queue_arn(world, queue), FunctionName=function_name(stage, function)
            )


def forget(world: World) -> World:
    """The same world without items, messages, logins and calls, at its first hour."""
    world.clock.moment = START
    dynamodb, settings = world.platform.client("dynamodb"), world.platform.settings
    for table in (
        settings.table_cases,
        settings.table_labelling,
        settings.table_people,
        settings.table_catalogue,
        settings.table_audit,
    ):
        for item in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    cognito, pool_id = world.platform.client("cognito-idp"), settings.issuer.rsplit("/", 1)[-1]
    for user in cognito.list_users(UserPoolId=pool_id)["Users"]:
        cognito.admin_delete_user(UserPoolId=pool_id, Username=user["Username"])
    for queue in _queues():
        queue._messages.clear()
    world.calls.clear()
    return world


def end_holds() -> None:
    """As after so much time that what was received and not deleted can be received again."""
    for queue in _queues():
        for message in queue._messages:
            message.visible_at = 0


def elsewhere(world: World) -> Platform:
    """The platform of another stage, which has the same tables and queues, and no functions."""
    settings = world.platform.settings.model_copy(update={"stage": "other"})
    return like(world, settings)


def like(world: World, settings: Settings) -> Platform:
    """The world's platform with other settings."""
    other = replace(world.platform, settings=settings)
    other.__dict__["_session"] = world.platform.__dict__["_session"]
    return other


def _queues() -> Iterator[Any]:
    for backends in sqs_backends.values():
        for backend in backends.values():
            yield from backend.queues.values()


def queue_arn(world: World, queue: str = "labelling") -> str:
    url = getattr(world.platform.settings, f"queue_{queue}")
    found = world.platform.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["QueueArn"]
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
    """Of all queues' mappings: one word when they are in one state."""
    found = world.platform.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return " ".join(sorted({str(mapping["State"]) for mapping in found}))


@contextmanager
def answering(world: World, call: str, answer: Callable[[Event], Event]) -> Iterator[None]:
    """Inside the block `answer` takes a call (`lambda.Invoke`), given its request as it is sent."""

    def take(params: Event, **_: Any) -> Any:
        return SimpleNamespace(status_code=200), {"ResponseMetadata": {}, **answer(params)}

    with meeting(world, call, take):
        yield


@contextmanager
def meeting(world: World, call: str, met: Callable[..., Any]) -> Iterator[None]:
    """Inside the block `met` is called before each such call, with botocore's keywords."""
    made: dict[str, Any] = world.platform.__dict__
    session = made["_session"]
    made.pop("sqs", None)  # a client that was made before would not know
    session.events.register(f"before-call.{call}", met)
    try:
        yield
    finally:
        session.events.unregister(f"before-call.{call}", met)
        made.pop("sqs", None)


def _package() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as zipped:
        zipped.writestr("app.py", "")
    return package.getvalue()
