"""The resources of the templates as they are in an account, found by their names.

Physical names are fixed by stage, so nothing but the template is needed to find them: a table by its
name, a key by its alias, a user pool among the account's pools. On AWS CloudFormation has made them.
On another endpoint (`AWS_ENDPOINT_URL`) it may have left some out; `make` then makes these through
the services' own APIs, as the local stack does.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import boto3
from botocore.exceptions import ClientError

from infra import template as templates
from infra.creators import CREATE, Cloud, Created
from infra.provision import Stack, letters
from infra.template import Call, Template

ABSENT: Final = frozenset(
    {
        "404",
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchBucket",
        "NoSuchEntity",
        "NoSuchKey",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
    }
)


def is_missing(error: ClientError) -> bool:
    """Whether a service said that there is no such thing."""
    return error.response["Error"]["Code"] in ABSENT


class Existing(Stack):
    """As `Stack`, of which nothing is made unless `make` is called."""

    def __init__(
        self,
        session: boto3.Session,
        *,
        stage: str,
        account_id: str,
        partition: str,
        parameters: Mapping[str, str],
        template: Template | None = None,
        emulated: bool = False,
    ) -> None:
        """The stack of `stage` in the account of the session's credentials.

        `emulated`: not on AWS itself, where some settings cannot be changed afterwards.
        `parameters` may name others than the template's, which are left out.
        """
        template = template or templates.load()
        super().__init__(
            session,
            secret=letters,
            stage=stage,
            template=template,
            parameters={k: v for k, v in parameters.items() if k in template.parameters},
            web_origins=parameters["WebOrigins"].split(",") if "WebOrigins" in parameters else None,
        )
        self.emulated = emulated
        self._known |= {"AWS::AccountId": account_id, "AWS::Partition": partition}

    def outputs(self) -> dict[str, str]:
        """The template's outputs, without those of resources that are not there."""
        found = {}
        for name, value in self.template.outputs.items():
            with suppress(ValueError):
                found[name] = str(self.resolved(value))
        return found

    def wanted(self, logical_id: str) -> bool:
        """Whether the resource should exist with these parameters."""
        condition = self.template.resources[logical_id].attributes.get("Condition")
        return condition is None or self.holds(condition)

    def created(self, logical_id: str) -> Created | None:
        """The resource as it is; none where it is absent, or of a type that is not looked for."""
        if self._made.get(logical_id) is None:
            resource = self.template.resources[logical_id]
            if resource.type in FIND and self.wanted(logical_id):
                with suppress(ValueError):  # it refers to something that is absent itself
                    self._made[logical_id] = self._found(logical_id, resource.type)
        return self._made.get(logical_id)

    def make(self, logical_id: str) -> None:
        """Make a resource that is absent. Those it refers to must be there."""
        resource = self.template.resources[logical_id]
        self._made[logical_id] = CREATE[resource.type](self, self.resolved(resource.properties))

    def _found(self, logical_id: str, type_: str) -> Created | None:
        resource = self.template.resources[logical_id]
        names, find = FIND[type_]
        named = {name: resource.properties.get(name) for name in names}
        if type_ == "AWS::KMS::Key":
            named = {"AliasName": self._alias_of(logical_id)}
        try:
            return find(self, self.resolved(named))
        except ClientError as error:
            if not is_missing(error):
                raise
            return None

    def _alias_of(self, key: str) -> Any:
        """A key has no name of its own; the template gives each an alias."""
        return next(
            alias.properties["AliasName"]
            for alias in self.template.of_type("AWS::KMS::Alias")
            if alias.properties["TargetKeyId"] == Call("Ref", key)
        )


def _key(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    name = wanted["AliasName"]
    for page in cloud.client("kms").get_paginator("list_aliases").paginate():
        for alias in page["Aliases"]:
            if alias["AliasName"] == name and "TargetKeyId" in alias:
                key_id = alias["TargetKeyId"]
                return Created(key_id, {"Arn": alias["AliasArn"].replace(name, f"key/{key_id}")})
    return None


def _alias(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    return Created(wanted["AliasName"]) if _key(cloud, wanted) else None


def _secret(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    found = cloud.client("secretsmanager").describe_secret(SecretId=wanted["Name"])
    return Created(found["ARN"])


def _table(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    name = wanted["TableName"]
    found = cloud.client("dynamodb").describe_table(TableName=name)["Table"]
    return Created(name, {"Arn": found["TableArn"]})


def _bucket(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    name = wanted["BucketName"]
    cloud.client("s3").head_bucket(Bucket=name)
    return Created(name, {"Arn": f"arn:aws:s3:::{name}"})


def _queue(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    sqs, name = cloud.client("sqs"), wanted["QueueName"]
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return Created(url, {"Arn": found["QueueArn"], "QueueName": name})


def _user_pool(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    pages = cloud.client("cognito-idp").get_paginator("list_user_pools")
    for page in pages.paginate(MaxResults=60):
        for pool in page["UserPools"]:
            if pool["Name"] == wanted["UserPoolName"]:
                found = cloud.client("cognito-idp").describe_user_pool(UserPoolId=pool["Id"])
                return Created(pool["Id"], {"Arn": found["UserPool"]["Arn"]})
    return None


def _user_pool_client(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    pages = cloud.client("cognito-idp").get_paginator("list_user_pool_clients")
    for page in pages.paginate(UserPoolId=wanted["UserPoolId"], MaxResults=60):
        for client in page["UserPoolClients"]:
            if client["ClientName"] == wanted["ClientName"]:
                return Created(client["ClientId"])
    return None


def _alarm(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    name = wanted["AlarmName"]
    found = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return Created(name, {"Arn": found[0]["AlarmArn"]}) if found else None


def _log_group(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    name = wanted["LogGroupName"]
    found = cloud.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return Created(name) if any(group["logGroupName"] == name for group in found) else None


def _topic(cloud: Cloud, wanted: dict[str, Any]) -> Created | None:
    for page in cloud.client("sns").get_paginator("list_topics").paginate():
        for topic in page["Topics"]:
            if topic["TopicArn"].endswith(f":{wanted['TopicName']}"):
                return Created(topic["TopicArn"])
    return None


Find = Callable[[Cloud, dict[str, Any]], Created | None]

FIND: Final[dict[str, tuple[tuple[str, ...], Find]]] = {
    "AWS::KMS::Key": (("AliasName",), _key),
    "AWS::KMS::Alias": (("AliasName",), _alias),
    "AWS::SecretsManager::Secret": (("Name",), _secret),
    "AWS::DynamoDB::Table": (("TableName",), _table),
    "AWS::S3::Bucket": (("BucketName",), _bucket),
    "AWS::SQS::Queue": (("QueueName",), _queue),
    "AWS::Cognito::UserPool": (("UserPoolName",), _user_pool),
    "AWS::Cognito::UserPoolClient": (("UserPoolId", "ClientName"), _user_pool_client),
    "AWS::CloudWatch::Alarm": (("AlarmName",), _alarm),
    "AWS::Logs::LogGroup": (("LogGroupName",), _log_group),
    "AWS::SNS::Topic": (("TopicName",), _topic),
}
"""How each type is found, and by which of its properties."""
