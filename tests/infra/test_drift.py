"""What the template promises is what exists: everything is read back through the services' APIs."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra import template as templates
from infra.creators import cors_rules, encryption_rules, lifecycle_rules, queue_attribute
from infra.provision import Stack, is_setting, provision, setting_name

REGION = "eu-central-1"
TEMPLATE = templates.load()
TABLES = [r.logical_id for r in TEMPLATE.of_type("AWS::DynamoDB::Table")]
BUCKETS = [r.logical_id for r in TEMPLATE.of_type("AWS::S3::Bucket")]
QUEUES = [r.logical_id for r in TEMPLATE.of_type("AWS::SQS::Queue")]


def _letters(length: int) -> str:
    return "s" * length


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with mock_aws():
        session = boto3.Session("key", "secret", region_name=REGION)
        made = Stack(session, secret=_letters, stage="test", template=TEMPLATE)
        made.create(without=())
        yield made


def _wanted(stack: Stack, logical_id: str) -> dict[str, Any]:
    properties: dict[str, Any] = stack.resolved(TEMPLATE.resources[logical_id].properties)
    return properties


def _arn_of_data_key(stack: Stack) -> str:
    made = stack.created("DataKey")
    assert made is not None
    return made.attributes["Arn"]


@pytest.mark.parametrize("logical_id", TABLES)
def test_a_table_has_the_keys_indexes_and_encryption_it_promises(
    stack: Stack, logical_id: str
) -> None:
    wanted = _wanted(stack, logical_id)
    found = stack.client("dynamodb").describe_table(TableName=wanted["TableName"])["Table"]
    assert found["KeySchema"] == wanted["KeySchema"]
    assert [(k["AttributeName"], k["KeyType"]) for k in found["KeySchema"]] == [
        ("pk", "HASH"),
        ("sk", "RANGE"),
    ]
    assert _by_name(found["AttributeDefinitions"]) == _by_name(wanted["AttributeDefinitions"])
    kept = ("IndexName", "KeySchema", "Projection")
    assert [{k: i[k] for k in kept} for i in found["GlobalSecondaryIndexes"]] == wanted[
        "GlobalSecondaryIndexes"
    ]
    assert found["BillingModeSummary"]["BillingMode"] == wanted["BillingMode"] == "PAY_PER_REQUEST"
    assert found["DeletionProtectionEnabled"] is wanted["DeletionProtectionEnabled"] is True
    assert found["SSEDescription"]["SSEType"] == "KMS"
    assert found["SSEDescription"]["KMSMasterKeyArn"] == _arn_of_data_key(stack)


@pytest.mark.parametrize("logical_id", TABLES)
def test_a_table_can_be_recovered_and_forgets_what_expires(stack: Stack, logical_id: str) -> None:
    wanted, dynamodb = _wanted(stack, logical_id), stack.client("dynamodb")
    backups = dynamodb.describe_continuous_backups(TableName=wanted["TableName"])
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert wanted["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    expected_days = 35 if logical_id == "AuditTable" else 7
    assert wanted["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] == expected_days
    ttl = dynamodb.describe_time_to_live(TableName=wanted["TableName"])["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_a_bucket_is_versioned_encrypted_private_and_tidied(stack: Stack, logical_id: str) -> None:
    wanted, s3 = _wanted(stack, logical_id), stack.client("s3")
    bucket = {"Bucket": wanted["BucketName"]}
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    encryption = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]
    assert encryption == encryption_rules(wanted)
    default = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    # The pages are public: under the data key the CDN could not read them.
    assert default == (
        {"SSEAlgorithm": "AES256"}
        if logical_id == "PagesBucket"
        else {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": _arn_of_data_key(stack)}
    )
    block = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
    assert block == wanted["PublicAccessBlockConfiguration"]
    assert all(block.values())
    assert len(block) == 4
    owners = s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]
    assert owners == wanted["OwnershipControls"]
    if logical_id in ("UploadsBucket", "ImagesBucket", "ReleasesBucket"):
        assert {"CORSRules": s3.get_bucket_cors(**bucket)["CORSRules"]} == cors_rules(wanted)
    else:
        with pytest.raises(ClientError, match="NoSuchCORSConfiguration"):
            s3.get_bucket_cors(**bucket)
    lifecycle = s3.get_bucket_lifecycle_configuration(**bucket)
    assert {"Rules": lifecycle["Rules"]} == lifecycle_rules(wanted)


def test_uploads_go_after_seven_days_and_copies_for_readers_and_tests_after_thirty(
    stack: Stack,
) -> None:
    def days(logical_id: str, prefix: str) -> list[int]:
        rules = lifecycle_rules(_wanted(stack, logical_id))["Rules"]
        return [
            rule["Expiration"]["Days"]
            for rule in rules
            if "Days" in rule.get("Expiration", {}) and rule["Filter"]["Prefix"] == prefix
        ]

    assert days("UploadsBucket", "") == [7]
    assert days("ImagesBucket", "assigned/") == days("ImagesBucket", "tested/") == [30]
    for logical_id in ("ImagesBucket", "ReleasesBucket", "ArtifactsBucket", "PagesBucket"):
        assert days(logical_id, "") == []


@pytest.mark.parametrize(
    ("logical_id", "days"),
    [
        *(("UploadsBucket", 7), ("ImagesBucket", 7), ("ReleasesBucket", 7)),
        *(("ArtifactsBucket", 90), ("PagesBucket", 30)),
    ],
)
def test_old_versions_go(stack: Stack, logical_id: str, days: int) -> None:
    rules = lifecycle_rules(_wanted(stack, logical_id))["Rules"]
    (rule,) = (r for r in rules if "NoncurrentVersionExpiration" in r)
    assert rule["Filter"] == {"Prefix": ""}
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": days}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


@pytest.mark.parametrize("logical_id", QUEUES)
def test_a_queue_has_the_attributes_it_promises(stack: Stack, logical_id: str) -> None:
    wanted = _wanted(stack, logical_id)
    made = stack.created(logical_id)
    assert made is not None
    found = stack.client("sqs").get_queue_attributes(QueueUrl=made.ref, AttributeNames=["All"])[
        "Attributes"
    ]
    for name, value in wanted.items():
        if name == "QueueName":
            assert found["QueueArn"].endswith(":" + value)
        elif name == "RedrivePolicy":
            assert json.loads(found[name]) == value
        else:
            assert found[name] == queue_attribute(value), name


def test_every_queue_that_is_worked_on_has_a_dead_letter_queue(stack: Stack) -> None:
    for logical_id in QUEUES:
        wanted = _wanted(stack, logical_id)
        if wanted["QueueName"].endswith("-dead"):
            assert int(wanted["MessageRetentionPeriod"]) == 14 * 24 * 3600
        else:
            assert wanted["RedrivePolicy"]["maxReceiveCount"] >= 5
            assert wanted["RedrivePolicy"]["deadLetterTargetArn"].endswith("-dead")


def test_the_patient_code_key_makes_macs_and_the_data_key_rotates(stack: Stack) -> None:
    kms = stack.client("kms")
    code, data = stack.created("CodeKeyV1"), stack.created("DataKey")
    assert code is not None
    assert data is not None
    found = kms.describe_key(KeyId=code.ref)["KeyMetadata"]
    assert (found["KeySpec"], found["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")
    mac = kms.generate_mac(KeyId=code.ref, Message=b"010229031975", MacAlgorithm="HMAC_SHA_256")
    assert len(mac["Mac"]) == 32
    assert kms.get_key_rotation_status(KeyId=data.ref)["KeyRotationEnabled"] is True
    aliases = {a["AliasName"]: a.get("TargetKeyId") for a in kms.list_aliases()["Aliases"]}
    assert aliases["alias/rodinka-test-data"] == data.ref
    assert aliases["alias/rodinka-test-patient-code-v1"] == code.ref


def test_the_user_pool_asks_strong_passwords_and_admits_only_the_administrators_accounts(
    stack: Stack,
) -> None:
    pool, wanted = stack.created("UserPool"), _wanted(stack, "UserPool")
    assert pool is not None
    cognito = stack.client("cognito-idp")
    found = cognito.describe_user_pool(UserPoolId=pool.ref)["UserPool"]
    policy = found["Policies"]["PasswordPolicy"]
    assert {k: policy[k] for k in wanted["Policies"]["PasswordPolicy"]} == wanted["Policies"][
        "PasswordPolicy"
    ]
    assert policy["MinimumLength"] >= 12
    assert found["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert found["UsernameConfiguration"] == {"CaseSensitive": False}
    assert found["AccountRecoverySetting"] == wanted["AccountRecoverySetting"]
    factors = cognito.get_user_pool_mfa_config(UserPoolId=pool.ref)
    assert factors["MfaConfiguration"] == "OPTIONAL"
    assert factors["SoftwareTokenMfaConfiguration"] == {"Enabled": True}


CLIENTS = {"UserPoolClient": (30, 12, "hours"), "UserPoolPatientClient": (30, 90, "days")}
"""Minutes of an access token, then for how long a sign-in is renewed."""


@pytest.mark.parametrize("logical_id", CLIENTS)
def test_a_client_of_the_pages_has_no_secret_and_the_sessions_it_promises(
    stack: Stack, logical_id: str
) -> None:
    pool, client = stack.created("UserPool"), stack.created(logical_id)
    assert pool is not None
    assert client is not None
    found = stack.client("cognito-idp").describe_user_pool_client(
        UserPoolId=pool.ref, ClientId=client.ref
    )["UserPoolClient"]
    wanted = _wanted(stack, logical_id)
    assert "ClientSecret" not in found
    for name in ("ClientName", "ExplicitAuthFlows", "PreventUserExistenceErrors"):
        assert found[name] == wanted[name], name
    access, sign_in, unit = CLIENTS[logical_id]
    assert (found["AccessTokenValidity"], found["RefreshTokenValidity"]) == (access, sign_in)
    units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": unit}
    assert found["TokenValidityUnits"] == wanted["TokenValidityUnits"] == units


def test_the_two_clients_differ_in_name_and_length_of_a_session_alone(stack: Stack) -> None:
    staff, patients = (_wanted(stack, logical_id) for logical_id in CLIENTS)
    differ = {name for name in staff.keys() | patients.keys() if staff[name] != patients[name]}
    assert differ == {"ClientName", "RefreshTokenValidity", "TokenValidityUnits"}


def test_the_outputs_are_the_settings_of_the_functions() -> None:
    from chalicelib.platform.settings import Settings

    with mock_aws():
        session = boto3.Session("key", "secret", region_name=REGION)
        environment = provision(session, secret=_letters, stage="another")
        buckets = session.client("s3").list_buckets()["Buckets"]
    settings = Settings.load(environment)
    assert settings.stage == "another"
    assert settings.signing_key == _letters(64)
    only_local = {"RODINKA_JWKS_URL", "RODINKA_PUBLIC_S3_ENDPOINT", "RODINKA_MODEL_DIR"}
    only_local |= {"RODINKA_WEBHOOKS_TO_LOOPBACK", "RODINKA_TRAINING_LISTS"}
    fields = {f"RODINKA_{name.upper()}" for name in Settings.model_fields}
    given = {setting_name(output) for output in TEMPLATE.outputs if is_setting(output)}
    assert given == fields - only_local
    only_on_aws = {"RODINKA_WEB_URL"}
    assert environment.keys() == (given - only_on_aws) | {"AWS_REGION"}, (
        "what only AWS has is not there"
    )
    names = {bucket["Name"] for bucket in buckets if "-another-" in bucket["Name"]}
    used = {settings.bucket_uploads, settings.bucket_images, settings.bucket_releases}
    assert names == used, "no more than is used here"


def _by_name(definitions: list[dict[str, str]]) -> dict[str, str]:
    return {d["AttributeName"]: d["AttributeType"] for d in definitions}
