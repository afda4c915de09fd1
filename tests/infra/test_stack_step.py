"""The stack of a deployment: made once, changed when it differs, never at the cost of what it holds."""

from typing import Any

import pytest

from infra.steps import stack
from infra.steps.deployment import Deployment, NotYet, Refused
from infra.steps.stack import Wanted
from tests.infra.pumping import REGION

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: { Stage: { Type: String } }
Resources:
  CasesTable:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub rodinka-${Stage}-cases
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
"""


def wanted(body: str = TEMPLATE) -> Wanted:
    return Wanted("rodinka-trial", body, {"Stage": "trial"})


def test_a_stack_is_made_once_and_then_there_is_nothing_to_do(deployment: Deployment) -> None:
    [change] = stack._changes(deployment, wanted())
    assert change.what == "make stack rodinka-trial"
    change.make()
    assert deployment.client("dynamodb").list_tables()["TableNames"] == ["rodinka-trial-cases"]
    assert list(stack._changes(deployment, wanted())) == []


def test_another_template_is_an_update(deployment: Deployment) -> None:
    [change] = stack._changes(deployment, wanted())
    change.make()
    another = TEMPLATE + "      Tags: [{ Key: what, Value: cases }]\n"
    [change] = stack._changes(deployment, wanted(another))
    assert change.what == "update stack rodinka-trial: template"
    change.make()
    assert list(stack._changes(deployment, wanted(another))) == []


def test_a_large_template_goes_by_way_of_the_artifacts_bucket(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "INLINE_LIMIT", 100)
    s3 = deployment.client("s3")
    place = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=deployment.artifacts, CreateBucketConfiguration=place)
    [change] = stack._changes(deployment, wanted())
    change.make()
    [template] = s3.list_objects_v2(Bucket=deployment.artifacts)["Contents"]
    assert template["Key"].startswith("templates/")
    assert list(stack._changes(deployment, wanted())) == []


def answering(deployment: Deployment, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    client = deployment.client("cloudformation")
    for name, answer in answers.items():
        monkeypatch.setattr(client, name, lambda answer=answer, **_: answer)


def test_a_table_that_would_be_replaced_is_left_alone(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    [change] = stack._changes(deployment, wanted())
    change.make()
    replaced = {
        "Action": "Modify",
        "LogicalResourceId": "CasesTable",
        "ResourceType": "AWS::DynamoDB::Table",
        "Replacement": "True",
    }
    found = {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": replaced}]}
    answering(deployment, monkeypatch, describe_change_set=found)
    executed: list[object] = []
    client = deployment.client("cloudformation")
    monkeypatch.setattr(client, "execute_change_set", lambda **_: executed.append(1))
    [change] = stack._changes(deployment, wanted(TEMPLATE + "# other\n"))
    with pytest.raises(Refused, match=r"CasesTable would be replaced.*Nothing was changed"):
        change.make()
    assert executed == []


def test_a_change_that_is_none_to_cloudformation_is_let_pass(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    [change] = stack._changes(deployment, wanted())
    change.make()
    reason = "The submitted information didn't contain changes."
    found = {"Status": "FAILED", "StatusReason": reason}
    answering(deployment, monkeypatch, describe_change_set=found)
    [change] = stack._changes(deployment, wanted(TEMPLATE + "# other\n"))
    change.make()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("ROLLBACK_COMPLETE", "Delete it"), ("UPDATE_IN_PROGRESS", "Wait until it has ended")],
)
def test_a_stack_that_cannot_be_changed_is_not_touched(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, status: str, sentence: str
) -> None:
    found = {"Stacks": [{"StackName": "rodinka-trial", "StackStatus": status}]}
    answering(deployment, monkeypatch, describe_stacks=found)
    with pytest.raises(Refused, match=sentence):
        list(stack._changes(deployment, wanted()))


def test_why_a_stack_failed_is_told(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = {"StackName": "rodinka-trial", "StackStatus": "UPDATE_ROLLBACK_COMPLETE"}
    event = {
        "LogicalResourceId": "CasesTable",
        "ResourceStatus": "UPDATE_FAILED",
        "ResourceStatusReason": "Limit exceeded",
    }
    answering(
        deployment,
        monkeypatch,
        describe_stacks={"Stacks": [failed]},
        describe_stack_events={"StackEvents": [event]},
    )
    with pytest.raises(Refused, match="CasesTable, Limit exceeded"):
        stack._follow(deployment, "rodinka-trial")


def test_an_option_that_no_template_knows_is_refused(deployment: Deployment) -> None:
    deployment.__dict__["options"] = {"SecondFactr": "ON"}
    with pytest.raises(Refused, match="SecondFactr"):
        list(stack.changes(deployment))


def test_outputs_that_are_not_there_cannot_be_told_yet(deployment: Deployment) -> None:
    with pytest.raises(NotYet, match="the stack"):
        deployment.outputs  # noqa: B018
    with pytest.raises(NotYet):
        deployment.settings  # noqa: B018
