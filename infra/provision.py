"""Creating everything in `resources.yaml` through the services' own APIs, on moto's server or in
process.

Why not moto's CloudFormation: it answers CREATE_COMPLETE and leaves out bucket versioning, CORS,
lifecycle, the public access block, TTL, point-in-time recovery and Cognito. Half of the file would
then be applied by CloudFormation and the other half here, each half blind to the other; this way
one reading applies it all. On AWS the template goes to CloudFormation itself.

Left out on purpose (`LEFT_TO_AWS`): bucket and queue policies. Their conditions (TLS only) are not
evaluated by moto, so the denial would hold for everyone and lock the local buckets.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from infra import template as templates
from infra.template import Template

ACCOUNT_ID = "123456789012"
"""The account that moto pretends to be."""

LEFT_TO_AWS = frozenset({"AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"})


@dataclass(frozen=True, slots=True)
class Created:
    """What `Ref` and `GetAtt` answer for a resource that exists."""

    ref: str
    attributes: dict[str, str] = field(default_factory=dict)


def provision(
    session: boto3.Session,
    *,
    secret: Callable[[int], str],
    stage: str = "local",
    endpoint_url: str | None = None,
    web_origins: list[str] | None = None,
    template: Template | None = None,
) -> dict[str, str]:
    """Create all resources of the template; the environment that `Settings.load` reads.

    `session` decides the region and the credentials, `endpoint_url` the server (none: whatever
    boto3 is told otherwise, for instance a `moto.mock_aws()` around the call). `secret(n)` gives n
    random letters and digits for generated secrets. Fails with botocore's ClientError where
    something exists already.
    """
    stack = Stack(
        session,
        secret=secret,
        stage=stage,
        endpoint_url=endpoint_url,
        web_origins=web_origins,
        template=template,
    )
    stack.create()
    return stack.environment()


def setting_name(output: str) -> str:
    """`TableCases` → `RODINKA_TABLE_CASES`."""
    return "RODINKA_" + re.sub(r"(?<!^)(?=[A-Z])", "_", output).upper()


class Stack:
    """The resources made so far; one is made when it is first referred to, in whatever order."""

    def __init__(
        self,
        session: boto3.Session,
        *,
        secret: Callable[[int], str],
        stage: str = "local",
        endpoint_url: str | None = None,
        web_origins: list[str] | None = None,
        template: Template | None = None,
    ) -> None:
        self.template = template or templates.load()
        self.secret = secret
        self._session = session
        self._endpoint_url = endpoint_url
        self._clients: dict[str, Any] = {}
        self._made: dict[str, Created | None] = {}
        parameters = self.template.parameters
        self._known: dict[str, Any] = {
            **parameters,
            "Stage": stage,
            "WebOrigins": web_origins or str(parameters["WebOrigins"]).split(","),
            "AWS::Region": session.region_name,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": "aws",
        }

    def create(self) -> None:
        """Create every resource of the template that is not there yet."""
        for logical_id in self.template.resources:
            self.created(logical_id)

    def client(self, service: str) -> Any:
        """A boto3 client, made once."""
        if service not in self._clients:
            make: Any = self._session.client
            self._clients[service] = make(service, endpoint_url=self._endpoint_url)
        return self._clients[service]

    def created(self, logical_id: str) -> Created | None:
        """Create the resource unless it is there; none for what is left to AWS."""
        if logical_id not in self._made:
            resource = self.template.resources[logical_id]
            self._made[logical_id] = None
            if resource.type not in LEFT_TO_AWS:
                create = _CREATE[resource.type]
                self._made[logical_id] = create(self, self.resolved(resource.properties))
        return self._made[logical_id]

    def resolved(self, value: Any) -> Any:
        """`value` of the template with every Ref, Sub and GetAtt answered."""
        return templates.resolve(value, ref=self._ref, get_att=self._get_att)

    def environment(self) -> dict[str, str]:
        """The outputs as settings, with the secret's value in place of its ARN."""
        values = {
            setting_name(name): str(self.resolved(value))
            for name, value in self.template.outputs.items()
        }
        arn = values["RODINKA_SIGNING_KEY"]
        found = self.client("secretsmanager").get_secret_value(SecretId=arn)
        return {
            **values,
            "AWS_REGION": self._session.region_name,
            "RODINKA_SIGNING_KEY": found["SecretString"],
        }

    def _ref(self, name: str) -> Any:
        return self._known[name] if name in self._known else self._existing(name).ref

    def _get_att(self, logical_id: str, attribute: str) -> str:
        return self._existing(logical_id).attributes[attribute]

    def _existing(self, logical_id: str) -> Created:
        made = self.created(logical_id)
        if made is None:
            raise ValueError(f"{logical_id} is referred to in a circle, or exists on AWS only.")
        return made


def _key(stack: Stack, wanted: dict[str, Any]) -> Created:
    kms = stack.client("kms")
    made = kms.create_key(
        Description=wanted["Description"],
        KeySpec=wanted.get("KeySpec", "SYMMETRIC_DEFAULT"),
        KeyUsage=wanted.get("KeyUsage", "ENCRYPT_DECRYPT"),
        Policy=json.dumps(wanted["KeyPolicy"]),
    )["KeyMetadata"]
    if wanted.get("EnableKeyRotation"):
        kms.enable_key_rotation(KeyId=made["KeyId"])
    return Created(made["KeyId"], {"Arn": made["Arn"]})


def _alias(stack: Stack, wanted: dict[str, Any]) -> Created:
    stack.client("kms").create_alias(**wanted)
    return Created(wanted["AliasName"])


def _secret(stack: Stack, wanted: dict[str, Any]) -> Created:
    made = stack.client("secretsmanager").create_secret(
        Name=wanted["Name"],
        Description=wanted["Description"],
        KmsKeyId=wanted["KmsKeyId"],
        SecretString=stack.secret(wanted["GenerateSecretString"]["PasswordLength"]),
    )
    return Created(made["ARN"])


def _table(stack: Stack, wanted: dict[str, Any]) -> Created:
    dynamodb = stack.client("dynamodb")
    recovery = wanted.pop("PointInTimeRecoverySpecification")
    time_to_live = wanted.pop("TimeToLiveSpecification")
    encryption = wanted.pop("SSESpecification")
    made = dynamodb.create_table(
        **wanted,
        SSESpecification={
            "Enabled": encryption["SSEEnabled"],
            "SSEType": encryption["SSEType"],
            "KMSMasterKeyId": encryption["KMSMasterKeyId"],
        },
    )["TableDescription"]
    name = wanted["TableName"]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)
    return Created(name, {"Arn": made["TableArn"]})


def _bucket(stack: Stack, wanted: dict[str, Any]) -> Created:
    s3, region, name = stack.client("s3"), stack.client("s3").meta.region_name, wanted["BucketName"]
    # S3 refuses its oldest region as a location constraint and wants every other one.
    place = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=wanted["VersioningConfiguration"])
    s3.put_bucket_encryption(
        Bucket=name, ServerSideEncryptionConfiguration=encryption_rules(wanted)
    )
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=wanted["OwnershipControls"])
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=wanted["PublicAccessBlockConfiguration"],
    )
    s3.put_bucket_cors(Bucket=name, CORSConfiguration=cors_rules(wanted))
    s3.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration=lifecycle_rules(wanted)
    )
    return Created(name, {"Arn": f"arn:aws:s3:::{name}"})


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
        rest = {k: v for k, v in written.items() if k not in ("Id", "Prefix", "ExpirationInDays")}
        if "ExpirationInDays" in written:
            rest["Expiration"] = {"Days": written["ExpirationInDays"]}
        return {"ID": written["Id"], "Filter": {"Prefix": written["Prefix"]}, **rest}

    return {"Rules": [rule(written) for written in wanted["LifecycleConfiguration"]["Rules"]]}


def _queue(stack: Stack, wanted: dict[str, Any]) -> Created:
    name = wanted.pop("QueueName")
    sqs = stack.client("sqs")
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


def _user_pool(stack: Stack, wanted: dict[str, Any]) -> Created:
    cognito = stack.client("cognito-idp")
    second_factor = wanted.pop("MfaConfiguration")
    factors = wanted.pop("EnabledMfas")
    made = cognito.create_user_pool(PoolName=wanted.pop("UserPoolName"), **wanted)["UserPool"]
    cognito.set_user_pool_mfa_config(
        UserPoolId=made["Id"],
        SoftwareTokenMfaConfiguration={"Enabled": "SOFTWARE_TOKEN_MFA" in factors},
        MfaConfiguration=second_factor,
    )
    return Created(made["Id"], {"Arn": made["Arn"]})


def _user_pool_client(stack: Stack, wanted: dict[str, Any]) -> Created:
    made = stack.client("cognito-idp").create_user_pool_client(**wanted)["UserPoolClient"]
    return Created(made["ClientId"])


_CREATE: dict[str, Callable[[Stack, dict[str, Any]], Created]] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _alias,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::Cognito::UserPoolClient": _user_pool_client,
}
