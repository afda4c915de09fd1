"""IAM would take the policies of the functions, and each names what there is."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from cfnlint.api import lint_all  # type: ignore[import-untyped]

from infra.permissions import FUNCTIONS, BadPolicy, policy
from infra.template import load
from tests.infra.granted_rights import UNSEEN, Grant, grants, is_allowed
from tests.infra.needed_rights import Right
from tests.infra.stage_names import NAMES, arn_of

ABOUT_POLICIES: Final = frozenset({"W3037", "I3510"})
"""cfn-lint's rules on actions, and on the resources that go with them."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_actions_and_resources_are_named_one_by_one(function: str) -> None:
    for statement in policy(function, NAMES)["Statement"]:
        for action in statement["Action"]:
            assert "*" not in action or action in {"kms:ReEncrypt*", "kms:GenerateDataKey*"}
        for resource in statement["Resource"]:
            service, name = resource.split(":", 5)[2::3]
            assert "*" not in name or (
                (service == "s3" and name.endswith("/*"))
                or (service == "logs" and name.endswith(":*"))
            )
            assert name.count("*") <= 1


def test_actions_exist_and_go_with_their_resources() -> None:
    """As cfn-lint knows them from AWS's service authorization reference."""
    assert _amiss({function: policy(function, NAMES) for function in FUNCTIONS}) == []
    wrong = policy("sweep", NAMES)
    wrong["Statement"][0]["Action"] = ["dynamodb:GetItems", "s3:GetObject"]
    assert len(_amiss({"sweep": wrong})) == 2


def _amiss(policies: Mapping[str, Any]) -> list[str]:
    roles = {
        "".join(map(str.capitalize, function.split("_"))): {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {
                "RoleName": function,
                "PolicyName": function,
                "PolicyDocument": document,
            },
        }
        for function, document in policies.items()
    }
    found = lint_all(json.dumps({"Resources": roles}))
    return [
        f"{match.rule.id} {match.message}"
        for match in found
        if match.rule.id.startswith("E") or match.rule.id in ABOUT_POLICIES
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_rights_that_are_used_outside_the_process_are_these(function: str) -> None:
    name = "rodinka-production" + ("" if function == "api_handler" else f"-{function}")
    logs = arn_of("logs", f"log-group:/aws/lambda/{name}:*")
    own = (("kms:EncryptionContext:aws:lambda:FunctionArn", arn_of("lambda", f"function:{name}")),)
    expected = {
        Grant("OwnEnvironment", "kms:Decrypt", NAMES["DataKeyArn"], own),
        *(Grant("OwnLogs", f"logs:{each}", logs) for each in ("CreateLogStream", "PutLogEvents")),
    }
    fed = {"assign_reader": "labelling", "deliver_webhook": "webhooks"}
    fed |= {"build_release": "builds", "evaluate": "evaluations"}
    if function in fed:
        queue = arn_of("sqs", f"rodinka-production-{fed[function]}")
        takes = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
        expected |= {Grant("OwnQueue", f"sqs:{each}", queue) for each in takes}
    if function == "classify":
        queue = arn_of("sqs", "rodinka-production-classify-dead")
        expected |= {Grant("LaidAside", "sqs:SendMessage", queue)}
    assert {each for each in grants(policy(function, NAMES)) if each.sid in UNSEEN} == expected


@pytest.mark.parametrize("function", FUNCTIONS)
def test_queues_and_log_groups_are_those_of_the_template(function: str) -> None:
    """Tables, indexes and buckets are, or the functions could not have used them."""
    template = load()
    kinds = ("AWS::SQS::Queue", "QueueName", ""), ("AWS::Logs::LogGroup", "LogGroupName", ":*")
    made = {
        resource.properties[name].argument.replace("${Stage}", NAMES["Stage"]) + end
        for kind, name, end in kinds
        for resource in template.of_type(kind)
    }
    named = {
        resource.split(":", 5)[5].removeprefix("log-group:")
        for statement in policy(function, NAMES)["Statement"]
        for resource in statement["Resource"]
        if resource.split(":")[2] in {"sqs", "logs"}
    }
    assert named <= made
    assert named


@pytest.mark.parametrize("function", FUNCTIONS)
def test_statements_have_names_of_their_own(function: str) -> None:
    sids = [statement["Sid"] for statement in policy(function, NAMES)["Statement"]]
    assert all(sid.isalnum() for sid in sids)
    assert len(set(sids)) == len(sids)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_not_known_is_asked_for(name: str) -> None:
    known = {key: value for key, value in NAMES.items() if key != name}
    with pytest.raises(BadPolicy, match=name):
        policy("api_handler", known)


def test_what_cannot_be_judged_here_is_not_taken_for_allowed() -> None:
    right = Right("s3:GetObject", "arn:aws:s3:::bucket/key")
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b*/k?y"]}
    assert is_allowed({"Statement": [statement]}, right)
    for more in ({"Effect": "Deny"}, {"Condition": {"Bool": {"aws:SecureTransport": ["true"]}}}):
        with pytest.raises(ValueError, match="judged"):
            is_allowed({"Statement": [{**statement, **more}]}, right)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_who_changes_a_policy_changes_his_own_copy_only(function: str) -> None:
    before, mine = json.dumps(policy(function, NAMES)), policy(function, NAMES)
    for statement in mine["Statement"]:
        statement["Action"].append("dynamodb:Scan")
        statement["Resource"].append("*")
    assert json.dumps(policy(function, NAMES)) == before


def test_a_policy_that_iam_would_refuse_is_refused_here() -> None:
    with pytest.raises(BadPolicy, match="no policy"):
        policy("reboot", NAMES)
    with pytest.raises(BadPolicy, match="no resource"):
        policy("api_handler", {**NAMES, "CodeKeyArns": []})
    with pytest.raises(BadPolicy, match="10240"):
        policy("api_handler", {**NAMES, "CodeKeyArns": [f"arn:{n:0100}" for n in range(100)]})
