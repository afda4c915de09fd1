"""Settings that are not as the template says, put back through the services' own APIs.

CloudFormation compares a template with the one before it, never with what is there: a setting that
somebody switched off by hand, or that a restored table came back without, stays as it is. So it is
read here and put right. On an endpoint that is not AWS this also makes what CloudFormation left out.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

from infra import template as templates
from infra.creators import (
    CREATE,
    bucket_settings,
    queue_attribute,
    sse_specification,
)
from infra.existing import Existing
from infra.steps.deployment import Change, Deployment, NotYet, includes

Differences = Iterator[tuple[str, Callable[[], object]]]
"""What differs, in words, and the call that puts it right."""


def changes(deployment: Deployment) -> Iterator[Change]:
    """One change for each setting of tables, buckets, queues, keys, the user pool and its clients that differs."""
    yield from _changes(deployment, deployment.existing)


def watching(deployment: Deployment) -> Iterator[Change]:
    """The same for the alarms."""
    yield from _changes(deployment, deployment.existing_of(templates.load(templates.WATCHING)))


def _changes(deployment: Deployment, existing: Existing) -> Iterator[Change]:
    for logical_id, resource in existing.template.resources.items():
        if resource.type not in DIFFERENCES and resource.type not in CREATE:
            continue
        found = existing.created(logical_id)
        if found is None and existing.wanted(logical_id):
            if not deployment.emulated:
                raise NotYet(f"{logical_id} of the stack")
            yield Change(f"make {logical_id}", lambda name=logical_id: existing.make(name))  # type: ignore[misc]
            found = existing.created(logical_id)
        if found is not None and resource.type in DIFFERENCES:
            wanted = existing.resolved(resource.properties)
            for what, put in DIFFERENCES[resource.type](existing, found.ref, wanted):
                yield Change(f"{logical_id}: {what}", put)


def _table(cloud: Existing, name: str, wanted: dict[str, Any]) -> Differences:
    dynamodb = cloud.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    protected = wanted["DeletionProtectionEnabled"]
    if table.get("DeletionProtectionEnabled", False) is not protected:
        yield (
            "protection from deletion",
            lambda: dynamodb.update_table(TableName=name, DeletionProtectionEnabled=protected),
        )
    sse = sse_specification(wanted)
    found_key = table.get("SSEDescription", {}).get("KMSMasterKeyArn")
    if found_key != sse["KMSMasterKeyId"] and not cloud.emulated:
        yield "encryption", lambda: dynamodb.update_table(TableName=name, SSESpecification=sse)
    recovery = wanted["PointInTimeRecoverySpecification"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    found = backups["PointInTimeRecoveryDescription"]
    days = found.get("RecoveryPeriodInDays", recovery["RecoveryPeriodInDays"])
    if (found["PointInTimeRecoveryStatus"], days) != ("ENABLED", recovery["RecoveryPeriodInDays"]):
        yield (
            "recovery to a point in time",
            lambda: dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=recovery
            ),
        )
    expiry = wanted["TimeToLiveSpecification"]
    there = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if there["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
        yield (
            "expiry of items",
            lambda: dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry),
        )


def _bucket(cloud: Existing, name: str, wanted: dict[str, Any]) -> Differences:
    s3 = cloud.client("s3")
    for what, operation, argument, value in bucket_settings(wanted):
        try:
            found = getattr(s3, f"get_{operation}")(Bucket=name)
        except ClientError:
            found = {}  # S3 answers an error for what was never set
        # Some answers are the setting itself, some hold it.
        if not includes(found.get(argument, found), value):
            put = getattr(s3, f"put_{operation}")
            yield what, partial(put, Bucket=name, **{argument: value})


def _queue(cloud: Existing, url: str, wanted: dict[str, Any]) -> Differences:
    sqs = cloud.client("sqs")
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    attributes = {k: queue_attribute(v) for k, v in wanted.items() if k != "QueueName"}
    amiss = {k: v for k, v in attributes.items() if _read(found.get(k)) != _read(v)}
    if amiss:
        yield (
            ", ".join(sorted(amiss)),
            lambda: sqs.set_queue_attributes(QueueUrl=url, Attributes=amiss),
        )


def _read(attribute: str | None) -> Any:
    """SQS answers JSON with spaces of its own."""
    try:
        return json.loads(attribute or "null")
    except ValueError:
        return attribute


def _key(cloud: Existing, key_id: str, wanted: dict[str, Any]) -> Differences:
    kms = cloud.client("kms")
    if (
        wanted.get("EnableKeyRotation")
        and not kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]
    ):
        yield "rotation", lambda: kms.enable_key_rotation(KeyId=key_id)


def _user_pool(cloud: Existing, pool_id: str, wanted: dict[str, Any]) -> Differences:
    cognito = cloud.client("cognito-idp")
    found = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    names = ("Policies", "DeletionProtection", "AdminCreateUserConfig", "AccountRecoverySetting")
    amiss = [name for name in names if not includes(found.get(name), wanted[name])]
    if amiss:
        # What an update does not name goes back to Cognito's default, so all are named.
        every = {name: wanted[name] for name in names}
        yield (
            ", ".join(amiss),
            lambda: cognito.update_user_pool(UserPoolId=pool_id, **every),
        )
    factor = cognito.get_user_pool_mfa_config(UserPoolId=pool_id)
    there = (
        factor.get("MfaConfiguration", "OFF"),
        factor.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", False),
    )
    if there != (wanted["MfaConfiguration"], "SOFTWARE_TOKEN_MFA" in wanted["EnabledMfas"]):
        yield (
            "second factor",
            lambda: cognito.set_user_pool_mfa_config(
                UserPoolId=pool_id,
                SoftwareTokenMfaConfiguration={"Enabled": True},
                MfaConfiguration=wanted["MfaConfiguration"],
            ),
        )


def _user_pool_client(cloud: Existing, client_id: str, wanted: dict[str, Any]) -> Differences:
    cognito, pool_id = cloud.client("cognito-idp"), wanted["UserPoolId"]
    found = cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)[
        "UserPoolClient"
    ]
    # A secret is given when a client is made, or never. What an update does not name goes back to
    # Cognito's default, so all else is named.
    every = {name: value for name, value in wanted.items() if name != "GenerateSecret"}
    amiss = [
        name
        for name, value in every.items()
        if not includes(_in_order(found.get(name)), _in_order(value))
    ]
    if amiss:
        yield (
            ", ".join(amiss),
            lambda: cognito.update_user_pool_client(ClientId=client_id, **every),
        )


def _in_order(setting: Any) -> Any:
    """Of ways to sign in Cognito promises no order."""
    return sorted(setting) if isinstance(setting, list) else setting


def _alarm(cloud: Existing, name: str, wanted: dict[str, Any]) -> Differences:
    cloudwatch = cloud.client("cloudwatch")
    [found] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    amiss = [what for what, value in wanted.items() if not includes(found.get(what), value)]
    if not found.get("ActionsEnabled", True):
        amiss.append("ActionsEnabled")
    if amiss:
        yield ", ".join(amiss), lambda: cloudwatch.put_metric_alarm(**wanted)


DIFFERENCES: Final[dict[str, Callable[[Existing, str, dict[str, Any]], Differences]]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::KMS::Key": _key,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::Cognito::UserPoolClient": _user_pool_client,
    "AWS::CloudWatch::Alarm": _alarm,
}
