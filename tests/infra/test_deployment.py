"""`make deploy` on a rehearsal AWS: it ends, it can be repeated, and everything promised is there.

What is read back is compared with what is written here, not with the code that put it there. It is
one long module, because one deployment, which takes most of the time, serves all of it.
"""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.examination import examine
from chalicelib.classification.inference.picture import Declared, Limits
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra import permissions
from tests import pictures
from tests.documents import samples
from tests.infra.deploying import (
    ACCOUNT,
    DEPLOYING,
    NAME,
    REGION,
    ROOT,
    STAGE,
    Rehearsal,
    rehearsal,
)

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not DEPLOYING.exists(), reason="No Python 3.12 or 3.13 here to deploy from."
    ),
]

SCRIPT = Path(__file__).with_name("on_lambda.py")
MODEL = CHECKOUT_MODEL_DIR / "rodinka-2.onnx"
PAGES = f"https://{NAME}-pages-{ACCOUNT}.s3.{REGION}.amazonaws.com"
FUNCTIONS = {
    # memory in MB, timeout in s, layers, reserved concurrency
    "api_handler": (1024, 30, 0, None),
    "authorize": (256, 10, 0, None),
    "classify": (2048, 60, 1, None),
    "assign_reader": (512, 30, 1, None),
    "deliver_webhook": (512, 30, 0, None),
    "build_release": (1024, 300, 1, None),
    "evaluate": (1024, 300, 1, None),
    "sweep": (2048, 60, 1, 1),
    "measure_agreement": (2048, 900, 1, 1),
    "compare_pictures": (2048, 900, 1, 1),
    "seal_audit": (512, 60, 0, 1),
}
TABLES = {"cases": 7, "labelling": 7, "catalogue": 7, "people": 7, "audit": 35}
"""Days for which each can be restored."""
ENCRYPTED = ("uploads", "images", "releases", "artifacts")
BUCKETS = {**dict.fromkeys(ENCRYPTED, "aws:kms"), "pages": "AES256"}


@dataclass(frozen=True)
class Deployed:
    """A stage deployed twice."""

    aws: Rehearsal
    first: CompletedProcess[str]
    second: CompletedProcess[str]

    def client(self, service: str) -> Any:
        return self.aws.client(service)


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    with rehearsal() as aws:
        first = aws.deploy()
        yield Deployed(aws, first, aws.deploy())


def function(name: str) -> str:
    return NAME if name == "api_handler" else f"{NAME}-{name}"


def arn_of(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function(name)}"


def configuration(deployed: Deployed, name: str) -> dict[str, Any]:
    found: dict[str, Any] = deployed.client("lambda").get_function_configuration(
        FunctionName=function(name)
    )
    return found


def data_key(deployed: Deployed) -> str:
    aliases = deployed.client("kms").list_aliases()["Aliases"]
    [key] = [a["TargetKeyId"] for a in aliases if a["AliasName"] == f"alias/{NAME}-data"]
    return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}"


# ---- the command ----------------------------------------------------------------------------------


def test_a_deployment_goes_to_its_end_and_says_where_everything_is(deployed: Deployed) -> None:
    assert deployed.first.returncode == 0, deployed.first.stdout[-3000:]
    assert f"{STAGE} is deployed" in deployed.first.stdout
    assert f"API           {PAGES}/api/v1" in deployed.first.stdout


def test_a_repeated_deployment_changes_nothing(deployed: Deployed) -> None:
    assert deployed.second.returncode == 0, deployed.second.stdout[-3000:]
    assert "  + " not in deployed.second.stdout
    assert f"{STAGE} is deployed: nothing changed." in deployed.second.stdout


def test_neither_tells_the_signing_key(deployed: Deployed) -> None:
    secret = deployed.client("secretsmanager").get_secret_value(SecretId=f"{NAME}-signing-key")
    assert len(secret["SecretString"]) == 64
    assert secret["SecretString"] not in deployed.first.stdout + deployed.second.stdout


def test_a_plan_of_what_is_deployed_is_empty(deployed: Deployed) -> None:
    planned = deployed.aws.deploy("--plan")
    assert planned.returncode == 0
    assert planned.stdout.endswith("0 changes in all. Nothing was done.\n")


def test_a_plan_of_another_stage_names_what_would_be_made_and_makes_nothing(
    deployed: Deployed,
) -> None:
    planned = deployed.aws.deploy("--plan", stage="other")
    assert planned.returncode == 0, planned.stdout
    for change in ("make stack rodinka-other", "publish layer rodinka-other-inference"):
        assert change in planned.stdout
    assert "functions:\n  cannot be told before this is there: the stack" in planned.stdout
    stacks = deployed.client("cloudformation").list_stacks()["StackSummaries"]
    assert {stack["StackName"] for stack in stacks} == {NAME, f"{NAME}-watching"}
    assert not [
        name
        for name in deployed.client("dynamodb").list_tables()["TableNames"]
        if not name.startswith(NAME)
    ]


# ---- what keeps state -----------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "days"), TABLES.items())
def test_a_table_is_encrypted_restorable_and_protected(
    deployed: Deployed, table: str, days: int
) -> None:
    dynamodb, name = deployed.client("dynamodb"), f"{NAME}-{table}"
    found = dynamodb.describe_table(TableName=name)["Table"]
    assert found["DeletionProtectionEnabled"] is True
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["SSEDescription"]["KMSMasterKeyArn"] == data_key(deployed)
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert recovery.get("RecoveryPeriodInDays", days) == days
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


@pytest.mark.parametrize(("bucket", "algorithm"), BUCKETS.items())
def test_a_bucket_is_private_versioned_encrypted_and_tidied(
    deployed: Deployed, bucket: str, algorithm: str
) -> None:
    s3, name = deployed.client("s3"), f"{NAME}-{bucket}-{ACCOUNT}"
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    [rule] = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    assert default["SSEAlgorithm"] == algorithm
    if algorithm == "aws:kms":
        assert default["KMSMasterKeyID"] == data_key(deployed)
        assert rule["BucketKeyEnabled"] is True
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    [owner] = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)


@pytest.mark.parametrize(
    ("bucket", "method"), [("uploads", "POST"), ("images", "GET"), ("releases", "GET")]
)
def test_only_our_pages_may_use_a_bucket_from_a_browser(
    deployed: Deployed, bucket: str, method: str
) -> None:
    name = f"{NAME}-{bucket}-{ACCOUNT}"
    [rule] = deployed.client("s3").get_bucket_cors(Bucket=name)["CORSRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([PAGES], [method])


@pytest.mark.parametrize(
    ("queue", "fed", "tries"),
    [
        *(("labelling", "assign_reader", 5), ("webhooks", "deliver_webhook", 10)),
        *(("builds", "build_release", 5), ("evaluations", "evaluate", 5)),
    ],
)
def test_a_queue_is_visible_again_after_six_timeouts_and_gives_up_after_some_tries(
    deployed: Deployed, queue: str, fed: str, tries: int
) -> None:
    sqs = deployed.client("sqs")
    found = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName=f"{NAME}-{queue}")["QueueUrl"],
        AttributeNames=["All"],
    )["Attributes"]
    timeout = configuration(deployed, fed)["Timeout"]
    assert int(found["VisibilityTimeout"]) >= 6 * timeout
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(f"{NAME}-{queue}-dead")
    assert int(redrive["maxReceiveCount"]) == tries


@pytest.mark.parametrize(
    "queue",
    [
        *("labelling", "webhooks", "builds", "evaluations", "classify-dead"),
        *("labelling-dead", "webhooks-dead", "builds-dead", "evaluations-dead"),
    ],
)
def test_a_queue_is_encrypted_and_dead_letters_stay_for_two_weeks(
    deployed: Deployed, queue: str
) -> None:
    sqs = deployed.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{NAME}-{queue}")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["SqsManagedSseEnabled"] == "true"
    days = 14 if queue.endswith("-dead") else 4
    assert int(found["MessageRetentionPeriod"]) == days * 24 * 3600


def test_accounts_need_a_strong_password_and_are_opened_by_administrators(
    deployed: Deployed,
) -> None:
    cognito = deployed.client("cognito-idp")
    [pool] = [p for p in cognito.list_user_pools(MaxResults=60)["UserPools"] if p["Name"] == NAME]
    found = cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    password = found["Policies"]["PasswordPolicy"]
    assert password["MinimumLength"] == 12
    for what in ("Lowercase", "Uppercase", "Numbers", "Symbols"):
        assert password[f"Require{what}"] is True
    assert found["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    factor = cognito.get_user_pool_mfa_config(UserPoolId=pool["Id"])
    assert factor["SoftwareTokenMfaConfiguration"]["Enabled"] is True


def pool_client(deployed: Deployed, name: str) -> dict[str, Any]:
    cognito = deployed.client("cognito-idp")
    [pool] = [p for p in cognito.list_user_pools(MaxResults=60)["UserPools"] if p["Name"] == NAME]
    listed = cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]
    [client_id] = [c["ClientId"] for c in listed if c["ClientName"] == f"{NAME}-{name}"]
    found: dict[str, Any] = cognito.describe_user_pool_client(
        UserPoolId=pool["Id"], ClientId=client_id
    )["UserPoolClient"]
    return found


def test_a_patient_signs_in_by_a_client_of_his_own_and_for_longer(deployed: Deployed) -> None:
    environment = configuration(deployed, "authorize")["Environment"]["Variables"]
    for name, setting, lasts in (("web", "CLIENT_ID", 12), ("pocket", "PATIENT_CLIENT_ID", 90)):
        found = pool_client(deployed, name)
        assert environment[f"RODINKA_{setting}"] == found["ClientId"]
        assert found["RefreshTokenValidity"] == lasts


def test_the_keys_rotate_or_make_macs(deployed: Deployed) -> None:
    kms = deployed.client("kms")
    assert kms.get_key_rotation_status(KeyId=data_key(deployed))["KeyRotationEnabled"] is True
    code = kms.describe_key(KeyId=f"alias/{NAME}-patient-code-v1")["KeyMetadata"]
    assert (code["KeySpec"], code["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")


# ---- the functions --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_its_memory_time_layers_and_concurrency(
    deployed: Deployed, name: str
) -> None:
    memory, timeout, layers, reserved = FUNCTIONS[name]
    found = configuration(deployed, name)
    assert (found["MemorySize"], found["Timeout"]) == (memory, timeout)
    assert found["Runtime"] in ("python3.12", "python3.13")
    assert found["Handler"] == ("app.app" if name == "api_handler" else f"app.{name}")
    assert len(found.get("Layers", [])) == layers
    concurrency = deployed.client("lambda").get_function_concurrency(FunctionName=function(name))
    assert concurrency.get("ReservedConcurrentExecutions") == reserved


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_environment_names_its_stage_and_is_encrypted_with_the_data_key(
    deployed: Deployed, name: str
) -> None:
    found = configuration(deployed, name)
    environment = found["Environment"]["Variables"]
    assert environment["RODINKA_STAGE"] == STAGE
    assert environment["RODINKA_TABLE_CASES"] == f"{NAME}-cases"
    assert environment["RODINKA_QUEUE_LABELLING"].endswith(f"/{NAME}-labelling")
    assert environment["PYDANTIC_DISABLE_PLUGINS"] == "true"
    for queue in ("webhooks", "builds", "evaluations"):
        assert environment[f"RODINKA_QUEUE_{queue.upper()}"].endswith(f"/{NAME}-{queue}")
    assert "RODINKA_WEBHOOKS_TO_LOOPBACK" not in environment
    assert "AWS_REGION" not in environment  # Lambda refuses it
    assert found["KMSKeyArn"] == data_key(deployed)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_role_of_its_own_with_exactly_its_policy(
    deployed: Deployed, name: str
) -> None:
    iam, role = deployed.client("iam"), f"{NAME}-{name}"
    assert configuration(deployed, name)["Role"] == f"arn:aws:iam::{ACCOUNT}:role/{role}"
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    assert [s["Principal"] for s in trust["Statement"]] == [{"Service": "lambda.amazonaws.com"}]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    code_key = deployed.client("kms").describe_key(KeyId=f"alias/{NAME}-patient-code-v1")
    names = {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "Stage": STAGE,
        "DataKeyArn": data_key(deployed),
        "UserPoolId": configuration(deployed, name)["Environment"]["Variables"][
            "RODINKA_ISSUER"
        ].rpartition("/")[2],
        "CodeKeyArns": [code_key["KeyMetadata"]["Arn"]],
    }
    assert document == permissions.policy(name, names)
    assert "*" not in [s["Resource"] for s in document["Statement"]]


def test_the_uploads_bucket_tells_classify_of_new_uploads_and_may(deployed: Deployed) -> None:
    bucket = f"{NAME}-uploads-{ACCOUNT}"
    found = deployed.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    [rule] = found["LambdaFunctionConfigurations"]
    assert rule["LambdaFunctionArn"] == arn_of("classify")
    assert rule["Events"] == ["s3:ObjectCreated:*"]
    [prefix] = rule["Filter"]["Key"]["FilterRules"]
    assert (prefix["Name"].lower(), prefix["Value"]) == ("prefix", "uploads/")
    policy = json.loads(
        deployed.client("lambda").get_policy(FunctionName=function("classify"))["Policy"]
    )
    assert any(
        s["Principal"] == {"Service": "s3.amazonaws.com"}
        and s["Condition"]["ArnLike"]["AWS:SourceArn"] == f"arn:aws:s3:::{bucket}"
        for s in policy["Statement"]
    )


@pytest.mark.parametrize(
    ("queue", "fed", "size", "at_once"),
    [
        *(("labelling", "assign_reader", 10, None), ("webhooks", "deliver_webhook", 1, 50)),
        *(("builds", "build_release", 1, 20), ("evaluations", "evaluate", 1, 5)),
    ],
)
def test_a_queue_feeds_its_function_so_many_at_a_time_of_which_some_may_fail(
    deployed: Deployed, queue: str, fed: str, size: int, at_once: int | None
) -> None:
    mappings = deployed.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    [found] = [each for each in mappings if each["FunctionArn"] == arn_of(fed)]
    assert found["EventSourceArn"].endswith(f":{NAME}-{queue}")
    assert (found["BatchSize"], found["State"]) == (size, "Enabled")
    assert (found.get("ScalingConfig") or {}).get("MaximumConcurrency") == at_once
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_what_classify_fails_on_is_tried_three_times_and_then_kept(deployed: Deployed) -> None:
    found = deployed.client("lambda").get_function_event_invoke_config(
        FunctionName=function("classify")
    )
    assert found["MaximumRetryAttempts"] == 2
    dead = found["DestinationConfig"]["OnFailure"]["Destination"]
    assert dead == f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}-classify-dead"


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("sweep", "rate(1 minute)"),
        ("measure_agreement", "rate(1 minute)"),
        ("compare_pictures", "rate(5 minutes)"),
        ("seal_audit", "rate(5 minutes)"),
    ],
)
def test_a_schedule_ticks_and_its_old_ticks_are_dropped(
    deployed: Deployed, name: str, rate: str
) -> None:
    events = deployed.client("events")
    rule = events.describe_rule(Name=f"{NAME}-{name}-event")
    assert (rule["ScheduleExpression"], rule["State"]) == (rate, "ENABLED")
    [target] = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"] == arn_of(name)
    found = deployed.client("lambda").get_function_event_invoke_config(FunctionName=function(name))
    assert (found["MaximumRetryAttempts"], found["MaximumEventAgeInSeconds"]) == (0, 60)


@pytest.mark.parametrize(
    ("name", "carried", "by"),
    [
        ("inference", "model/rodinka-2.onnx", ("classify", "sweep")),
        ("documents", "python/matplotlib/backends/backend_svg.py", ("build_release", "evaluate")),
        ("numeric", "python/numpy/__init__.py", ("assign_reader", "measure_agreement")),
    ],
)
def test_package_and_layer_are_below_lambdas_limits(
    deployed: Deployed, name: str, carried: str, by: tuple[str, ...]
) -> None:
    client = deployed.client("lambda")
    [version] = client.list_layer_versions(LayerName=f"{NAME}-{name}")["LayerVersions"]
    for each in by:
        [layer] = configuration(deployed, each)["Layers"]
        assert layer["Arn"] == version["LayerVersionArn"]
    assert version["CompatibleArchitectures"] == ["x86_64"]
    artifacts = deployed.client("s3")
    bucket = f"{NAME}-artifacts-{ACCOUNT}"
    [packed] = artifacts.list_objects_v2(Bucket=bucket, Prefix=f"layers/{name}-")["Contents"]
    body = artifacts.get_object(Bucket=bucket, Key=packed["Key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as content:
        layer_bytes = sum(entry.file_size for entry in content.infolist())
        names = content.namelist()
    assert not [name for name in names if "/tests/" in name or name.endswith((".h", ".pyi"))]
    assert carried in names
    code_bytes = configuration(deployed, "classify")["CodeSize"]
    assert code_bytes < 50 * 2**20
    # Unpacked, the package is 42 MB (docs/performance.md).
    assert layer_bytes + 60 * 2**20 < 250 * 2**20


# ---- the API --------------------------------------------------------------------------------------


def api(deployed: Deployed) -> dict[str, Any]:
    [found] = deployed.client("apigateway").get_rest_apis()["items"]
    return dict(found)


def test_there_is_one_api_of_the_stages_name(deployed: Deployed) -> None:
    assert api(deployed)["name"] == NAME


def test_the_gateways_own_refusals_have_our_form_in_both_languages(deployed: Deployed) -> None:
    found = deployed.client("apigateway").get_gateway_responses(restApiId=api(deployed)["id"])
    by_type = {item["responseType"]: item for item in found["items"]}
    expected = {
        "UNAUTHORIZED": "401",
        "ACCESS_DENIED": "401",
        "MISSING_AUTHENTICATION_TOKEN": "404",
        "REQUEST_TOO_LARGE": "413",
        "THROTTLED": "429",
        "INTEGRATION_TIMEOUT": "504",
        "DEFAULT_5XX": "500",
    }
    assert {type_: by_type[type_]["statusCode"] for type_ in expected} == expected
    for item in by_type.values():
        error = json.loads(item["responseTemplates"]["application/json"])["error"]
        assert error["request_id"] == "$context.requestId"
        russian, _, english = error["message"].partition(" / ")
        assert any("а" <= letter <= "я" for letter in russian.lower())
        assert english.isascii()
        header = item["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]
        assert header == f"'{PAGES}'"
    retry = by_type["THROTTLED"]["responseParameters"]["gatewayresponse.header.Retry-After"]
    assert retry == "'2'"


def test_requests_are_throttled_and_costly_ones_more(deployed: Deployed) -> None:
    stage = deployed.client("apigateway").get_stage(restApiId=api(deployed)["id"], stageName="api")
    settings = stage["methodSettings"]

    def rate(where: str) -> tuple[float, int]:
        found = settings[where]
        return found["throttlingRateLimit"], found["throttlingBurstLimit"]

    assert rate("*/*") == (200, 400)
    assert rate("~1v1~1patients~1lookup/POST") == (20, 100)
    assert rate("~1v1~1accounts/POST") == (10, 60)
    assert settings["*/*"]["metricsEnabled"] is True


def test_the_access_log_names_routes_and_no_person(deployed: Deployed) -> None:
    stage = deployed.client("apigateway").get_stage(restApiId=api(deployed)["id"], stageName="api")
    log = stage["accessLogSettings"]
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/apigateway/{NAME}"
    assert log["destinationArn"] == group
    written = json.loads(log["format"])
    assert written["request_id"] == "$context.requestId"
    assert written["route"] == "$context.resourcePath"
    assert not {"$context.path", "$context.identity.sourceIp"} & set(written.values())
    account = deployed.client("apigateway").get_account()
    assert account["cloudwatchRoleArn"].endswith("role/rodinka-apigateway-logs")


# ---- what watches, and what people see ------------------------------------------------------------


@pytest.mark.parametrize(
    "group",
    [f"/aws/lambda/{function(name)}" for name in FUNCTIONS] + [f"/aws/apigateway/{NAME}"],
)
def test_logs_are_kept_for_a_year(deployed: Deployed, group: str) -> None:
    groups = deployed.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    [found] = [each for each in groups if each["logGroupName"] == group]
    assert found["retentionInDays"] == 365


def test_alarms_tell_a_topic_and_silence_of_the_sweep_is_one(deployed: Deployed) -> None:
    alarms = deployed.client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]
    assert len(alarms) >= 25
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{NAME}-alarms"
    for alarm in alarms:
        assert alarm["AlarmName"].startswith(NAME)
        assert alarm["AlarmActions"] == [topic]
        assert "docs/operations.md" in alarm["AlarmDescription"]
    [overdue] = [alarm for alarm in alarms if alarm.get("MetricName") == "LongestDelay"]
    assert overdue["Threshold"] == 900
    assert overdue["TreatMissingData"] == "breaching"


def test_there_is_a_dashboard(deployed: Deployed) -> None:
    found = deployed.client("cloudwatch").get_dashboard(DashboardName=NAME)
    assert json.loads(found["DashboardBody"])["widgets"]


def test_the_pages_are_there_typed_and_kept_as_long_as_they_may(deployed: Deployed) -> None:
    s3, bucket = deployed.client("s3"), f"{NAME}-pages-{ACCOUNT}"
    index = s3.head_object(Bucket=bucket, Key="index.html")
    assert index["ContentType"] == "text/html; charset=utf-8"
    assert index["CacheControl"] == "no-cache"
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    [script] = [key for key in keys if key.startswith("assets/index-") and key.endswith(".js")]
    found = s3.head_object(Bucket=bucket, Key=script)
    assert found["ContentType"] == "text/javascript; charset=utf-8"
    assert found["CacheControl"] == "public, max-age=31536000, immutable"


def test_the_shipped_model_is_registered_and_active(deployed: Deployed) -> None:
    active = deployed.client("dynamodb").get_item(
        TableName=f"{NAME}-catalogue", Key={"pk": {"S": "model#active"}, "sk": {"S": "model"}}
    )
    assert active["Item"]["file"] == {"S": "rodinka-2"}


# ---- the package and the layer, as on Lambda -------------------------------------------------------


def package() -> Path:
    """The zip that the functions were given last."""
    zips = (ROOT / "build" / "deploy" / STAGE / ".chalice" / "deployments").glob("*.zip")
    return max(zips, key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def task(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that the functions were given, unpacked."""
    unpacked = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(package()) as packed:
        packed.extractall(unpacked)
    return unpacked


def unpacked_layer(deployed: Deployed, name: str, unpacked: Path) -> Path:
    """The layer of this name that was published, unpacked."""
    s3, bucket = deployed.client("s3"), f"{NAME}-artifacts-{ACCOUNT}"
    [layer] = s3.list_objects_v2(Bucket=bucket, Prefix=f"layers/{name}-")["Contents"]
    body = s3.get_object(Bucket=bucket, Key=layer["Key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        packed.extractall(unpacked)
    return unpacked


def on_lambda(deployed: Deployed, task: Path, *arguments: str) -> dict[str, Any]:
    """What a bare interpreter says that sees nothing but the package, and the layer if it is named."""
    environment = configuration(deployed, "classify")["Environment"]["Variables"]
    done = subprocess.run(
        [str(DEPLOYING), "-I", "-S", "-B", str(SCRIPT), str(task), *arguments],
        env={**environment, "AWS_DEFAULT_REGION": REGION},
        cwd=task,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_package_alone_answers_requests_and_carries_nothing_heavy(
    deployed: Deployed, task: Path
) -> None:
    found = on_lambda(deployed, task, "http")
    assert (found["status"], found["outside"], found["heavy"]) == (200, [], [])


def test_the_package_is_compiled_and_describes_only_the_services_we_use(task: Path) -> None:
    modules = {path.stem for path in (task / "chalicelib").rglob("*.py")}
    compiled = {path.name.partition(".")[0] for path in (task / "chalicelib").rglob("*.pyc")}
    assert compiled == modules
    services = {path.name for path in (task / "botocore" / "data").iterdir() if path.is_dir()}
    assert services == {"cognito-idp", "dynamodb", "kms", "s3", "sqs", "sts"}


@pytest.mark.usefixtures("deployed")
def test_whoever_runs_the_functions_may_read_every_file_of_the_package() -> None:
    with zipfile.ZipFile(package()) as packed:
        modes = {entry.filename: entry.external_attr >> 16 for entry in packed.infolist()}
    assert [name for name, mode in modes.items() if not mode & 0o004] == []


def test_package_and_layer_alone_write_the_readme_of_a_release(
    deployed: Deployed, task: Path, tmp_path: Path
) -> None:
    opt = unpacked_layer(deployed, "documents", tmp_path / "opt")
    file = tmp_path / "release.json"
    file.write_text(json.dumps({"manifest": samples.manifest(), "counts": samples.counts()}))
    found = on_lambda(deployed, task, "document", str(opt), str(file))
    assert (found["entries"], found["handlers"], found["outside"]) == ([True] * 2, [True] * 2, [])
    assert found["heavy"] == ["PIL", "matplotlib", "numpy", "typst"]
    assert found["pdf"] == "%PDF-"
    assert found["bytes"] > 100_000, "with its plots"


def test_every_file_of_the_code_is_in_the_package_whatever_it_is(task: Path) -> None:
    code = ROOT / "chalicelib"
    shipped = [path.relative_to(ROOT) for path in code.rglob("*") if path.is_file()]
    shipped = [path for path in shipped if path.suffix != ".pyc"]
    assert {path.suffix for path in shipped} > {".py"}
    assert [path for path in shipped if not (task / path).is_file()] == []


def test_package_and_layer_alone_examine_an_image_as_the_checkout_does(
    deployed: Deployed, task: Path, tmp_path: Path
) -> None:
    opt = unpacked_layer(deployed, "inference", tmp_path / "opt")
    photo = pictures.jpeg(pictures.photograph(320, 240))
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo)
    found = on_lambda(deployed, task, "image", str(opt), str(file))
    assert (found["entry"], found["outside"]) == (True, [])
    assert found["heavy"] == ["PIL", "numpy", "onnxruntime"]
    here = examine(
        photo,
        declared=Declared(
            content_type="image/jpeg", bytes=len(photo), sha256=hashlib.sha256(photo).hexdigest()
        ),
        limits=Limits(),
        classifier=Classifier.load(MODEL),
    )
    assert here.prediction is not None
    assert found["fingerprint"] == here.picture.pixel_hash
    assert found["probabilities"] == pytest.approx(here.prediction.probabilities, abs=1e-5)


def test_the_signing_key_is_left_on_no_disk(deployed: Deployed, task: Path) -> None:
    secret = deployed.client("secretsmanager").get_secret_value(SecretId=f"{NAME}-signing-key")
    key = secret["SecretString"].encode()
    written = [*task.rglob("*"), *(ROOT / "build" / "deploy" / STAGE).glob(".chalice/**/*")]
    assert not [path for path in written if path.is_file() and key in path.read_bytes()]


# ---- what was changed by hand, and taking it down -------------------------------------------------


def test_what_somebody_switched_off_or_changed_is_put_right(deployed: Deployed) -> None:
    dynamodb, client = deployed.client("dynamodb"), deployed.client("lambda")
    dynamodb.update_continuous_backups(
        TableName=f"{NAME}-cases",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
    )
    # As a table comes back from a restore.
    dynamodb.update_table(TableName=f"{NAME}-labelling", DeletionProtectionEnabled=False)
    dynamodb.update_time_to_live(
        TableName=f"{NAME}-labelling",
        TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": False},
    )
    deployed.client("s3").put_bucket_versioning(
        Bucket=f"{NAME}-images-{ACCOUNT}", VersioningConfiguration={"Status": "Suspended"}
    )
    staff = pool_client(deployed, "web")
    deployed.client("cognito-idp").update_user_pool_client(
        UserPoolId=staff["UserPoolId"], ClientId=staff["ClientId"], RefreshTokenValidity=3650
    )
    client.update_function_configuration(FunctionName=function("classify"), MemorySize=512)
    client.delete_function_event_invoke_config(FunctionName=function("classify"))
    again = deployed.aws.deploy()
    assert again.returncode == 0, again.stdout[-3000:]
    for change in (
        "CasesTable: recovery to a point in time",
        "LabellingTable: protection from deletion",
        "LabellingTable: expiry of items",
        "ImagesBucket: versioning",
        "UserPoolClient: RefreshTokenValidity",
        "chalice deploy: classify has another memory than was deployed",
        "classify: MaximumRetryAttempts, DestinationConfig",
    ):
        assert f"  + {change}" in again.stdout
    assert configuration(deployed, "classify")["MemorySize"] == 2048
    assert pool_client(deployed, "web")["RefreshTokenValidity"] == 12
    assert api(deployed)["name"] == NAME  # Chalice's import has taken its name and answers away
    test_the_gateways_own_refusals_have_our_form_in_both_languages(deployed)


def test_taking_a_stage_down_removes_functions_and_no_data(deployed: Deployed) -> None:
    bucket = f"{NAME}-images-{ACCOUNT}"
    deployed.client("s3").put_object(Bucket=bucket, Key="clean/some-image", Body=b"picture")
    down = deployed.aws.deploy("--undeploy")
    assert down.returncode == 0, down.stdout[-3000:]
    assert deployed.client("lambda").list_functions()["Functions"] == []
    assert deployed.client("lambda").list_layers()["Layers"] == []
    assert deployed.client("apigateway").get_rest_apis()["items"] == []
    names = deployed.client("dynamodb").list_tables()["TableNames"]
    assert sorted(names) == sorted(f"{NAME}-{table}" for table in TABLES)
    assert deployed.client("s3").get_object(Bucket=bucket, Key="clean/some-image")
    assert deployed.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
