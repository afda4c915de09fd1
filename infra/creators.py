"""How each kind of resource is made: CloudFormation's properties as the calls of the service's API.

A creator takes the properties of one resource, resolved, and answers what `Ref` and `GetAtt` say of
it from then on. The three functions on bucket properties and `queue_attribute` are public because the
drift test reads back what they send.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Created:
    """What `Ref` and `GetAtt` answer for a resource that exists."""

    ref: str
    attributes: dict[str, str] = field(default_factory=dict)


class Cloud(Protocol):
    """Where resources are made."""

    @property
    def secret(self) -> Callable[[int], str]:
        """Gives so many random letters and digits."""
        ...

    def client(self, service: str) -> Any:
        """A boto3 client of the service."""
        ...


def key(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    kms = cloud.client("kms")
    made = kms.create_key(
        Description=wanted["Description"],
        KeySpec=wanted.get("KeySpec", "SYMMETRIC_DEFAULT"),
        KeyUsage=wanted.get("KeyUsage", "ENCRYPT_DECRYPT"),
        Policy=json.dumps(wanted["KeyPolicy"]),
    )["KeyMetadata"]
    if wanted.get("EnableKeyRotation"):
        kms.enable_key_rotation(KeyId=made["KeyId"])
    return Created(made["KeyId"], {"Arn": made["Arn"]})


def alias(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    cloud.client("kms").create_alias(**wanted)
    return Created(wanted["AliasName"])


def secret(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    made = cloud.client("secretsmanager").create_secret(
        Name=wanted["Name"],
        Description=wanted["Description"],
        KmsKeyId=wanted["KmsKeyId"],
        SecretString=cloud.secret(wanted["GenerateSecretString"]["PasswordLength"]),
    )
    return Created(made["ARN"])


def table(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    dynamodb = cloud.client("dynamodb")
    recovery = wanted.pop("PointInTimeRecoverySpecification")
    time_to_live = wanted.pop("TimeToLiveSpecification")
    encryption = sse_specification(wanted)
    made = dynamodb.create_table(**{**wanted, "SSESpecification": encryption})["TableDescription"]
    name = wanted["TableName"]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)
    return Created(name, {"Arn": made["TableArn"]})


def sse_specification(wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's SSESpecification in the shape of DynamoDB's API."""
    written = wanted["SSESpecification"]
    rest = {name: written[name] for name in ("SSEType", "KMSMasterKeyId")}
    return {"Enabled": written["SSEEnabled"], **rest}


def bucket(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    s3, region, name = cloud.client("s3"), cloud.client("s3").meta.region_name, wanted["BucketName"]
    # S3 refuses its oldest region as a location constraint and wants every other one.
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    for setting in bucket_settings(wanted):
        getattr(s3, f"put_{setting.operation}")(Bucket=name, **{setting.argument: setting.value})
    return Created(name, {"Arn": f"arn:aws:s3:::{name}"})


class BucketSetting(NamedTuple):
    """One setting of a bucket: what it is, and what S3's `get_` and `put_` operations call it."""

    what: str
    operation: str
    argument: str
    value: Any


def bucket_settings(wanted: dict[str, Any]) -> Iterator[BucketSetting]:
    """A bucket's properties in the shape of S3's API."""
    yield BucketSetting(
        "versioning",
        "bucket_versioning",
        "VersioningConfiguration",
        wanted["VersioningConfiguration"],
    )
    yield BucketSetting(
        "encryption",
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        encryption_rules(wanted),
    )
    yield BucketSetting(
        "ownership of objects",
        "bucket_ownership_controls",
        "OwnershipControls",
        wanted["OwnershipControls"],
    )
    yield BucketSetting(
        "block of public access",
        "public_access_block",
        "PublicAccessBlockConfiguration",
        wanted["PublicAccessBlockConfiguration"],
    )
    if "CorsConfiguration" in wanted:
        yield BucketSetting("origins", "bucket_cors", "CORSConfiguration", cors_rules(wanted))
    if "LifecycleConfiguration" in wanted:
        yield BucketSetting(
            "life of objects",
            "bucket_lifecycle_configuration",
            "LifecycleConfiguration",
            lifecycle_rules(wanted),
        )


def encryption_rules(wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's BucketEncryption in the shape of S3's API."""
    rules = wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
                "BucketKeyEnabled": rule["BucketKeyEnabled"],
            }
            for rule in rules
        ]
    }


def cors_rules(wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's CorsConfiguration in the shape of S3's API."""
    names = {"Id": "ID", "MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    rules = wanted["CorsConfiguration"]["CorsRules"]
    return {"CORSRules": [{names.get(k, k): v for k, v in rule.items()} for rule in rules]}


def lifecycle_rules(wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's LifecycleConfiguration in the shape of S3's API."""

    def rule(written: dict[str, Any]) -> dict[str, Any]:
        expiring = {
            "ExpirationInDays": "Days",
            "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
        }
        expiration = {name: written[k] for k, name in expiring.items() if k in written}
        moved = {"Id", "Prefix", *expiring}
        rest = {k: v for k, v in written.items() if k not in moved}
        if expiration:
            rest["Expiration"] = expiration
        return {"ID": written["Id"], "Filter": {"Prefix": written["Prefix"]}, **rest}

    return {"Rules": [rule(written) for written in wanted["LifecycleConfiguration"]["Rules"]]}


def queue(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    name = wanted.pop("QueueName")
    sqs = cloud.client("sqs")
    url = sqs.create_queue(
        QueueName=name, Attributes={k: queue_attribute(v) for k, v in wanted.items()}
    )["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return Created(url, {"Arn": found["Attributes"]["QueueArn"], "QueueName": name})


def queue_attribute(value: Any) -> str:
    """A queue's property as SQS's API takes it: a string, JSON for what has parts."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return json.dumps(value)
        case _:
            return str(value)


def user_pool(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    cognito = cloud.client("cognito-idp")
    second_factor = wanted.pop("MfaConfiguration")
    factors = wanted.pop("EnabledMfas")
    made = cognito.create_user_pool(PoolName=wanted.pop("UserPoolName"), **wanted)["UserPool"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=made["Id"],
        SoftwareTokenMfaConfiguration={"Enabled": "SOFTWARE_TOKEN_MFA" in factors},
        MfaConfiguration=second_factor,
    )
    return Created(made["Id"], {"Arn": made["Arn"]})


def user_pool_client(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    made = cloud.client("cognito-idp").create_user_pool_client(**wanted)["UserPoolClient"]
    return Created(made["ClientId"])


def alarm(cloud: Cloud, wanted: dict[str, Any]) -> Created:
    cloud.client("cloudwatch").put_metric_alarm(**wanted)
    return Created(wanted["AlarmName"])


CREATE: dict[str, Callable[[Cloud, dict[str, Any]], Created]] = {
    "AWS::KMS::Key": key,
    "AWS::KMS::Alias": alias,
    "AWS::SecretsManager::Secret": secret,
    "AWS::DynamoDB::Table": table,
    "AWS::S3::Bucket": bucket,
    "AWS::SQS::Queue": queue,
    "AWS::Cognito::UserPool": user_pool,
    "AWS::Cognito::UserPoolClient": user_pool_client,
    "AWS::CloudWatch::Alarm": alarm,
}
