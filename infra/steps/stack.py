"""The stacks, through CloudFormation's change sets: made, or brought to what the templates say.

The API's address is known only once Chalice has made it, and the address of the pages only once
CloudFormation has made the CDN. So this step is taken twice: before the functions, and after them
with both. From the second deployment on the first time is enough.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from infra import template as templates
from infra.steps.deployment import Change, Deployment, Refused

INLINE_LIMIT: Final = 51_200
"""Bytes of a template that CloudFormation takes with a request; more come from a bucket."""
PAUSE_SECONDS: Final = 5.0
DONE: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
"""States in which a stack can be changed."""
KEPT: Final = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
"""What holds data, or without which data cannot be read."""


@dataclass(frozen=True)
class Wanted:
    """One stack as it should be."""

    name: str
    body: str
    parameters: dict[str, str]


def changes(deployment: Deployment) -> Iterator[Change]:
    """Make or update the stack of everything that keeps state."""
    declared = {
        name
        for path in (templates.RESOURCES, templates.WATCHING)
        for name in templates.load(path).parameters
    }
    if unknown := deployment.options.keys() - declared - {"ApiWebAclArn"}:
        raise Refused(f"infra/stages.yaml: no template has the parameter {', '.join(unknown)}.")
    yield from _changes(deployment, _wanted(deployment, templates.RESOURCES, deployment.name))


def watching(deployment: Deployment) -> Iterator[Change]:
    """Make or update the stack of the alarms: after the functions, whose silence they would report."""
    yield from _changes(
        deployment, _wanted(deployment, templates.WATCHING, f"{deployment.name}-watching")
    )


def _changes(deployment: Deployment, wanted: Wanted) -> Iterator[Change]:
    found = _found(deployment, wanted.name)
    if found is None:
        yield Change(f"make stack {wanted.name}", lambda: _apply(deployment, wanted, "CREATE"))
        return
    if found["StackStatus"] not in DONE:
        raise Refused(_stuck(wanted.name, found["StackStatus"]))
    if what := _differs(deployment, found, wanted):
        yield Change(
            f"update stack {wanted.name}: {what}", lambda: _apply(deployment, wanted, "UPDATE")
        )


def delete_watching(deployment: Deployment) -> None:
    """Remove the alarms: without functions the ones on silence would never end."""
    client, name = deployment.client("cloudformation"), f"{deployment.name}-watching"
    client.delete_stack(StackName=name)
    client.get_waiter("stack_delete_complete").wait(StackName=name)


def _wanted(deployment: Deployment, path: Path, name: str) -> Wanted:
    values = deployment.parameters
    parameters = {
        parameter: values.get(parameter, "" if default is None else str(default))
        for parameter, default in templates.load(path).parameters.items()
    }
    return Wanted(name, without_comments(path.read_text("utf-8")), parameters)


def without_comments(body: str) -> str:
    """CloudFormation needs none, and counts every byte."""
    lines = (line for line in body.splitlines() if not line.lstrip().startswith("#"))
    return "\n".join(line for line in lines if line.strip())


def _sent(deployment: Deployment, wanted: Wanted) -> dict[str, str]:
    """The template with the request, or by way of S3 when it is larger than a request may be."""
    body = wanted.body.encode()
    if len(body) <= INLINE_LIMIT:
        return {"TemplateBody": wanted.body}
    bucket, key = deployment.artifacts, f"templates/{hashlib.sha256(body).hexdigest()}.yaml"
    deployment.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return {"TemplateURL": f"https://{bucket}.s3.{deployment.region}.amazonaws.com/{key}"}


def _found(deployment: Deployment, name: str) -> dict[str, Any] | None:
    client = deployment.client("cloudformation")
    try:
        [found] = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    if found["StackStatus"] in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
        return None
    return dict(found)


def _differs(deployment: Deployment, found: dict[str, Any], wanted: Wanted) -> str:
    there = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", [])}
    # moto answers a list as Python writes it.
    amiss = [
        name
        for name, value in wanted.parameters.items()
        if there.get(name) not in (value, str(value.split(",")))
    ]
    client = deployment.client("cloudformation")
    if client.get_template(StackName=wanted.name)["TemplateBody"] != wanted.body:
        amiss.insert(0, "template")
    return ", ".join(amiss)


def _apply(deployment: Deployment, wanted: Wanted, kind: str) -> None:
    client, name = deployment.client("cloudformation"), wanted.name
    change_set = f"deploy-{deployment.moment()}"
    client.create_change_set(
        StackName=name,
        ChangeSetName=change_set,
        ChangeSetType=kind,
        **_sent(deployment, wanted),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in wanted.parameters.items()
        ],
    )
    described = _settled(deployment, name, change_set)
    if described["Status"] == "FAILED":
        client.delete_change_set(StackName=name, ChangeSetName=change_set)
        if "didn't contain changes" in described.get("StatusReason", ""):
            return
        raise Refused(f"CloudFormation refuses {name}: {described.get('StatusReason')}")
    changed = [change["ResourceChange"] for change in described.get("Changes", [])]
    for what in changed:
        deployment.say(f"    {what['Action'].lower()} {what['LogicalResourceId']}")
    replaced = [what for what in changed if what.get("Replacement") == "True"]
    if lost := [what["LogicalResourceId"] for what in replaced if what["ResourceType"] in KEPT]:
        client.delete_change_set(StackName=name, ChangeSetName=change_set)
        raise Refused(
            f"{', '.join(lost)} would be replaced by an empty one. Nothing was changed; see "
            "docs/operations.md, Changing a table's keys."
        )
    client.execute_change_set(StackName=name, ChangeSetName=change_set)
    _follow(deployment, name)


def _settled(deployment: Deployment, name: str, change_set: str) -> dict[str, Any]:
    client = deployment.client("cloudformation")
    while True:
        found: dict[str, Any] = client.describe_change_set(StackName=name, ChangeSetName=change_set)
        if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return found
        deployment.wait(PAUSE_SECONDS)


def _follow(deployment: Deployment, name: str) -> None:
    """Tell what CloudFormation does until it ends. Raises `Refused` with its first reason."""
    client, told = deployment.client("cloudformation"), ""
    while True:
        found = _found(deployment, name)
        status = found["StackStatus"] if found else "DELETE_COMPLETE"
        if status != told:
            deployment.say(f"    {name}: {status}")
            told = status
        if not status.endswith("IN_PROGRESS"):
            break
        deployment.wait(PAUSE_SECONDS)
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        return
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    first = failed[-1] if failed else {}
    raise Refused(
        f"The stack {name} ended as {status}: {first.get('LogicalResourceId', 'no resource')}, "
        f"{first.get('ResourceStatusReason', 'no reason given')}."
    )


def _stuck(name: str, status: str) -> str:
    if status == "ROLLBACK_COMPLETE":
        return (
            f"The first attempt to make {name} failed and was rolled back. Delete it (it holds nothing "
            f"yet) and repeat: aws cloudformation delete-stack --stack-name {name}"
        )
    return f"The stack {name} is {status}. Wait until it has ended, and repeat."
