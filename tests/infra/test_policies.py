"""What the policies of the functions promise, and that IAM would take them."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import partial
from typing import Any, Final

import pytest
from cfnlint.api import lint_all  # type: ignore[import-untyped]

from infra.permissions import FUNCTIONS, BadPolicy, policy
from infra.provision import ACCOUNT_ID
from infra.template import load
from tests.infra.granted_rights import UNSEEN, Grant, grants, is_allowed
from tests.infra.needed_rights import Right
from tests.infra.resolving import Resolved
from tests.world import REGION

NAMES: Final[dict[str, Any]] = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT_ID,
    "Stage": "production",
    "DataKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555",
    "CodeKeyArns": [f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/{n}" for n in ("old", "new")],
    "UserPoolId": f"{REGION}_AbCdEfGhI",
}
ABOUT_POLICIES: Final = frozenset({"W3037", "I3510"})
"""cfn-lint's rules on actions, and on the resources that go with them."""


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{name}"


def may(function: str, action: str, resource: str, **told: str) -> bool:
    """Whether a function may; `leading` and `prefix` stand for the condition keys of these names."""
    keys = {"leading": "dynamodb:LeadingKeys", "prefix": "s3:prefix"}
    context = {keys[name]: (value,) for name, value in told.items()}
    services = {
        "dynamodb": _arn("dynamodb", f"table/rodinka-production-{resource}"),
        "s3": f"arn:aws:s3:::rodinka-production-{resource}",
    }
    right = Right(action, services[action.split(":")[0]], context)
    return is_allowed(policy(function, NAMES), right)


EVERYTHING = ("GetItem", "UpdateItem", "DeleteItem", "PutItem")


@pytest.mark.parametrize(
    "item", ["patient#1", "lesion#1", "code#clinic1#v1.00", "slots#1", "histology#1"]
)
def test_who_decodes_files_of_strangers_reaches_images_and_reports_only(item: str) -> None:
    for ours in ("image#1", "report#1"):
        assert may("classify", "dynamodb:UpdateItem", "cases", leading=ours)
    for action in EVERYTHING:
        assert not may("classify", f"dynamodb:{action}", "cases", leading=item)


@pytest.mark.parametrize("item", ["patient#1", "code#clinic1#v1.00", "slots#1", "report#1"])
def test_who_finds_readers_reads_what_histology_says_and_changes_images_only(item: str) -> None:
    for action in EVERYTHING:
        assert not may("assign_reader", f"dynamodb:{action}", "cases", leading=item)
    for told in ("lesion#1", "histology#1"):
        reached = {
            action
            for action in EVERYTHING
            if may("assign_reader", f"dynamodb:{action}", "cases", leading=told)
        }
        assert reached == {"GetItem"}


def test_who_connects_to_addresses_of_others_reaches_receivers_of_events_only() -> None:
    assert may("deliver_webhook", "dynamodb:UpdateItem", "catalogue", leading="webhooks")
    for action in ("GetItem", "UpdateItem", "DeleteItem", "PutItem", "Query"):
        assert not may("deliver_webhook", f"dynamodb:{action}", "catalogue", leading="model#active")
        for table in ("cases", "labelling", "people", "audit"):
            assert not may("deliver_webhook", f"dynamodb:{action}", table, leading="webhooks")
    assert may("classify", "dynamodb:GetItem", "catalogue", leading="model#active")
    assert not may("classify", "dynamodb:GetItem", "catalogue", leading="webhooks")


def test_only_the_sealer_writes_blocks_and_changes_records() -> None:
    def writers(action: str, item: str) -> set[str]:
        return {each for each in FUNCTIONS if may(each, action, "audit", leading=item)}

    assert writers("dynamodb:PutItem", "chain#0") == {"seal_audit"}
    assert writers("dynamodb:UpdateItem", "chain#0") == {"seal_audit"}
    assert writers("dynamodb:UpdateItem", "record#1") == {"seal_audit"}
    assert writers("dynamodb:PutItem", "record#1") == {
        *("api_handler", "classify", "build_release", "sweep"),
    }
    assert writers("dynamodb:DeleteItem", "record#1") == set()


def test_nobody_scans_a_table_or_deletes_acts_or_accounts() -> None:
    for function in FUNCTIONS:
        for table in ("cases", "labelling", "catalogue", "people", "audit"):
            assert not may(function, "dynamodb:Scan", table)
        for table in ("people", "audit"):
            assert not may(function, "dynamodb:DeleteItem", table, leading="account#1")


def test_only_requests_hash_patient_codes() -> None:
    def may_hash(function: str) -> bool:
        rights = [Right("kms:GenerateMac", key) for key in NAMES["CodeKeyArns"]]
        return any(is_allowed(policy(function, NAMES), right) for right in rights)

    assert {each for each in FUNCTIONS if may_hash(each)} == {"api_handler"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_data_key_serves_by_way_of_dynamodb_and_s3_only(function: str) -> None:
    for action in ("Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant", "ScheduleKeyDeletion"):
        right = Right(f"kms:{action}", NAMES["DataKeyArn"])
        assert not is_allowed(policy(function, NAMES), right)


def test_nobody_lists_a_whole_bucket_of_images_with_its_versions() -> None:
    images = f"images-{ACCOUNT_ID}"
    assert may("sweep", "s3:ListBucketVersions", images, prefix="clean/image1")
    assert not may("sweep", "s3:ListBucketVersions", images, prefix="")
    assert not may("sweep", "s3:ListBucketVersions", images)


def test_who_builds_releases_reads_candidates_and_changes_none_of_them() -> None:
    for item in ("image#1", "patient#1", "lesion#1"):
        assert may("build_release", "dynamodb:BatchGetItem", "cases", leading=item)
        for action in ("PutItem", "UpdateItem", "DeleteItem"):
            assert not may("build_release", f"dynamodb:{action}", "cases", leading=item)
    for item in ("model#active", "webhooks", "evaluation#1", "grant#1"):
        assert not may("build_release", "dynamodb:UpdateItem", "catalogue", leading=item)
    assert not may("build_release", "dynamodb:BatchGetItem", "cases", leading="code#clinic1#v1.00")


def test_who_computes_reports_reaches_no_picture_and_no_case_and_writes_reports_only() -> None:
    for table, item in (("cases", "patient#1"), ("labelling", "case#1"), ("people", "account#1")):
        for action in (*EVERYTHING, "BatchGetItem", "Query"):
            assert not may("evaluate", f"dynamodb:{action}", table, leading=item)
    for action in (*EVERYTHING, "Query"):
        assert not may("evaluate", f"dynamodb:{action}", "cases", leading="image#1")
    assert not may("evaluate", "s3:GetObject", f"images-{ACCOUNT_ID}/clean/image1")
    releases = f"releases-{ACCOUNT_ID}"
    assert may("evaluate", "s3:PutObject", f"{releases}/private/evaluations/e1/report.json")
    for key in ("private/r1/manifest.json", "files/r1/metadata.csv"):
        assert not may("evaluate", "s3:PutObject", f"{releases}/{key}")


# --- what a function may write, its bucket takes -------------------------------------------------------


def test_every_prefix_that_a_function_may_write_is_one_of_its_buckets_and_no_other_is() -> None:
    """A bucket refuses what is not under a prefix that its policy names, whatever a role may do."""
    resolved = Resolved(Stage="production")
    taken: dict[str, set[str]] = {}
    for policy_of in resolved.of_type("AWS::S3::BucketPolicy"):
        for statement in policy_of["PolicyDocument"]["Statement"]:
            if statement["Action"] == "s3:PutObject" and "NotResource" in statement:
                named = statement["NotResource"]
                prefixes = [named] if isinstance(named, str) else named
                found = (re.fullmatch(r"<?(\w+)\.Arn>?/(.+)", each) for each in prefixes)
                for logical_id, prefix in (each.groups() for each in found if each):
                    bucket = resolved.properties(logical_id)["BucketName"]
                    taken.setdefault(bucket, set()).add(prefix)
    written: dict[str, set[str]] = {}
    for function in FUNCTIONS:
        for statement in policy(function, NAMES)["Statement"]:
            if "s3:PutObject" in statement["Action"]:
                for resource in statement["Resource"]:
                    bucket, _, prefix = resource.removeprefix("arn:aws:s3:::").partition("/")
                    written.setdefault(bucket, set()).add(prefix)
    assert taken.keys() == written.keys()
    for bucket, prefixes in written.items():
        outside = {each for each in prefixes if not any(map(partial(fnmatch, each), taken[bucket]))}
        assert outside == set(), f"{bucket} would refuse them"
        idle = {each for each in taken[bucket] if not any(fnmatch(p, each) for p in prefixes)}
        assert idle == set(), f"nobody writes them into {bucket}"


def test_no_address_opens_what_only_the_platform_reads_of_releases() -> None:
    """Whoever signed it: a manifest names patients, and says what a hidden set holds."""
    statements = Resolved().properties("ReleasesBucketPolicy")["PolicyDocument"]["Statement"]
    (refusal,) = (each for each in statements if each["Sid"] == "NoLinksToManifests")
    assert (refusal["Effect"], refusal["Principal"]) == ("Deny", "*")
    assert refusal["Action"] == "s3:GetObject"
    assert refusal["Condition"] == {"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}
    opened = [each.partition("/")[2] for each in refusal["NotResource"]]
    assert opened == ["files/*", "private/evaluations/*"]


# --- and IAM would take them -------------------------------------------------------------------------


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
    logs = _arn("logs", f"log-group:/aws/lambda/{name}:*")
    own = (("kms:EncryptionContext:aws:lambda:FunctionArn", _arn("lambda", f"function:{name}")),)
    expected = {
        Grant("OwnEnvironment", "kms:Decrypt", NAMES["DataKeyArn"], own),
        *(Grant("OwnLogs", f"logs:{each}", logs) for each in ("CreateLogStream", "PutLogEvents")),
    }
    fed = {"assign_reader": "labelling", "deliver_webhook": "webhooks"}
    fed |= {"build_release": "builds", "evaluate": "evaluations"}
    if function in fed:
        queue = _arn("sqs", f"rodinka-production-{fed[function]}")
        takes = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
        expected |= {Grant("OwnQueue", f"sqs:{each}", queue) for each in takes}
    if function == "classify":
        queue = _arn("sqs", "rodinka-production-classify-dead")
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
