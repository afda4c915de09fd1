"""What the template says to AWS alone, and the language it says it in."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from infra import template as templates
from infra.creators import CREATE
from infra.provision import ACCOUNT_ID, LEFT_TO_AWS, UNUSED_LOCALLY, Stack
from infra.steps.stack import INLINE_LIMIT, without_comments
from tests.infra import chalice_names
from tests.infra.resolving import REGION, STAGE, Resolved

BOTH = (templates.RESOURCES, templates.WATCHING)
TEMPLATE = templates.load()
BUCKETS = [r.logical_id for r in TEMPLATE.of_type("AWS::S3::Bucket")]
CONDITIONS = """
Parameters:
  Stage: { Type: String }
  Wait: { Type: String, Default: "" }
Conditions:
  Slow: !Not [!Equals [!Ref Wait, ""]]
Resources:
  Work:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub ${Stage}-work
      VisibilityTimeout: !If [Slow, !Ref Wait, !Ref AWS::NoValue]
  Spare:
    Type: AWS::SQS::Queue
    Condition: Slow
    Properties: { QueueName: !If [Slow, !Sub "${Stage}-spare", !Ref Nowhere] }
Outputs: {}
"""


def conditional(tmp_path: Path, **parameters: Any) -> Stack:
    written = tmp_path / "conditions.yaml"
    written.write_text(CONDITIONS, "utf-8")
    session = boto3.Session("key", "secret", region_name=REGION)
    return Stack(
        session,
        secret=lambda length: "s" * length,
        stage=STAGE,
        template=templates.load(written),
        parameters=parameters,
    )


@mock_aws
def test_what_a_condition_keeps_out_is_not_made(tmp_path: Path) -> None:
    stack = conditional(tmp_path)
    assert stack.holds("Slow") is False
    assert stack.resolved(stack.template.resources["Work"].properties) == {
        "QueueName": "test-work"
    }, "a property without a value disappears"
    stack.create()
    urls = stack.client("sqs").list_queues()["QueueUrls"]
    assert [url.rsplit("/", 1)[-1] for url in urls] == ["test-work"]


@mock_aws
def test_what_a_condition_lets_in_is_made(tmp_path: Path) -> None:
    stack = conditional(tmp_path, Wait="45")
    stack.create()
    sqs, work, spare = stack.client("sqs"), stack.created("Work"), stack.created("Spare")
    assert work is not None
    assert spare is not None
    assert spare.ref.endswith("/test-spare")
    found = sqs.get_queue_attributes(QueueUrl=work.ref, AttributeNames=["VisibilityTimeout"])
    assert found["Attributes"] == {"VisibilityTimeout": "45"}


def test_a_parameter_that_the_template_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Weight"):
        conditional(tmp_path, Weight="1")


@pytest.mark.parametrize(
    "value",
    ["!Select [0, a]", "!Join [a, [b]]", "!Condition Slow", "!And [a, b]", "!Sub [a, {b: c}]"],
)
def test_a_function_that_is_not_understood_is_refused(tmp_path: Path, value: str) -> None:
    written = tmp_path / "resources.yaml"
    written.write_text(f"Resources: {{A: {{Type: T, Properties: {{Name: {value}}}}}}}", "utf-8")
    with pytest.raises(yaml.constructor.ConstructorError):
        templates.load(written)


@pytest.mark.parametrize("value", ["{Ref: A}", "{'Fn::If': [A, b, c]}", "{'Fn::ImportValue': A}"])
def test_the_long_form_of_a_function_is_refused(tmp_path: Path, value: str) -> None:
    written = tmp_path / "resources.yaml"
    written.write_text(f"Resources: {{A: {{Type: T, Properties: {{Name: {value}}}}}}}", "utf-8")
    with pytest.raises(ValueError, match="short tags"):
        templates.load(written)


def test_the_first_template_is_within_what_cloudformation_takes_in_one_request() -> None:
    """The bucket by way of which a larger one goes is made by it."""
    sent = without_comments(templates.RESOURCES.read_text("utf-8"))
    assert len(sent.encode()) < INLINE_LIMIT


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.name)
def test_a_template_is_within_what_cloudformation_takes(path: Path) -> None:
    template = templates.load(path)
    assert len(template.resources) < 500
    assert len(template.parameters) < 200
    tokens = yaml.scan(path.read_text("utf-8"))
    assert not [t for t in tokens if isinstance(t, yaml.AnchorToken | yaml.AliasToken)]


def test_every_resource_is_either_made_here_too_or_left_to_aws() -> None:
    used = {r.type for path in BOTH for r in templates.load(path).resources.values()}
    assert used == CREATE.keys() | LEFT_TO_AWS
    assert set(BUCKETS) >= UNUSED_LOCALLY


def test_everything_that_holds_data_outlives_its_stack() -> None:
    holds_data = {
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::Cognito::UserPool",
        "AWS::SecretsManager::Secret",
        "AWS::Logs::LogGroup",
    }
    for resource in TEMPLATE.resources.values():
        if resource.type in holds_data:
            policies = resource.attributes
            assert policies.get("DeletionPolicy") == "Retain", resource.logical_id
            assert policies.get("UpdateReplacePolicy") == "Retain", resource.logical_id


def test_a_second_factor_can_be_demanded_of_everybody() -> None:
    assert Resolved().properties("UserPool")["MfaConfiguration"] == "OPTIONAL"
    pool = Resolved(SecondFactor="ON").properties("UserPool")
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    allowed = yaml.load(templates.RESOURCES.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    assert allowed["Parameters"]["SecondFactor"]["AllowedValues"] == ["OPTIONAL", "ON"]


def test_the_notification_of_an_upload_is_left_to_chalice_alone() -> None:
    for logical_id in BUCKETS:
        assert "NotificationConfiguration" not in TEMPLATE.resources[logical_id].properties


def test_every_function_has_a_log_group_of_the_name_lambda_uses_and_it_forgets() -> None:
    groups = list(Resolved(LogRetentionDays=90).of_type("AWS::Logs::LogGroup"))
    named = {name for name, _ in chalice_names.functions(STAGE).values()}
    assert {group["LogGroupName"] for group in groups} == {
        *(f"/aws/lambda/{name}" for name in named),
        "/aws/apigateway/rodinka-test",
    }
    assert {group["RetentionInDays"] for group in groups} == {90}
    assert Resolved().properties("SweepLogs")["RetentionInDays"] == 365


def test_the_outputs_for_the_deployment_are_in_the_form_their_readers_take() -> None:
    resolved = Resolved()
    arn = resolved.output("AccessLogGroupArn")
    assert arn == f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/aws/apigateway/rodinka-test"
    assert resolved.output("BucketPages") == f"rodinka-test-pages-{ACCOUNT_ID}"
    assert resolved.output("BucketArtifacts") == f"rodinka-test-artifacts-{ACCOUNT_ID}"
    assert resolved.output("DistributionId") == "<Distribution>"
    assert resolved.output("UserPoolId") == "<UserPool>"
    for name, resource in {
        "DataKeyArn": "DataKey",
        "LabellingQueueArn": "LabellingQueue",
        "ClassifyDeadQueueArn": "ClassifyDeadQueue",
        "WebhooksQueueArn": "WebhooksQueue",
        "BuildsQueueArn": "BuildsQueue",
        "EvaluationsQueueArn": "EvaluationsQueue",
    }.items():
        assert resolved.output(name) == f"<{resource}.Arn>"
    for queue in ("labelling", "classify", "webhooks", "builds", "evaluations"):
        url = resolved.output(f"{queue.capitalize()}DeadQueueUrl")
        assert url == f"rodinka-test-{queue}-dead"
    assert json.dumps({n: resolved.output(n) for n in resolved.template.outputs}), "all resolve"
