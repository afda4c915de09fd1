"""What the policies of buckets and queues refuse, whatever a role may do (AWS evaluates them, moto not)."""

from typing import Any

import pytest

from infra import template as templates
from infra.provision import ACCOUNT_ID
from tests.infra.resolving import Resolved

TEMPLATE = templates.load()
BUCKETS = [r.logical_id for r in TEMPLATE.of_type("AWS::S3::Bucket")]
POLICIES = [
    resource.logical_id
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy")
    for resource in TEMPLATE.of_type(kind)
]


def statements(logical_id: str) -> dict[str, dict[str, Any]]:
    document = Resolved().properties(logical_id)["PolicyDocument"]
    return {statement["Sid"]: statement for statement in document["Statement"]}


@pytest.mark.parametrize("logical_id", POLICIES)
def test_buckets_and_queues_refuse_what_does_not_come_over_tls(logical_id: str) -> None:
    tls = statements(logical_id)["TlsOnly"]
    assert (tls["Effect"], tls["Principal"]) == ("Deny", "*")
    assert tls["Action"] in ("s3:*", "sqs:*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    if tls["Action"] == "s3:*":
        arn = Resolved().properties(logical_id)["Bucket"]
        bucket = next(b for b in BUCKETS if Resolved().properties(b)["BucketName"] == arn)
        assert tls["Resource"] == [f"<{bucket}.Arn>", f"<{bucket}.Arn>/*"]


def test_every_bucket_and_every_queue_has_a_policy() -> None:
    governed = {r.properties["Bucket"].argument for r in TEMPLATE.of_type("AWS::S3::BucketPolicy")}
    assert governed == set(BUCKETS)
    (queues,) = TEMPLATE.of_type("AWS::SQS::QueuePolicy")
    named = {call.argument for call in queues.properties["Queues"]}
    assert named == {r.logical_id for r in TEMPLATE.of_type("AWS::SQS::Queue")}


def test_queues_refuse_nothing_that_lambda_sends_or_polls_over_tls() -> None:
    assert statements("QueuesPolicy").keys() == {"TlsOnly"}


def test_only_this_distribution_is_let_in_by_a_bucket_and_only_to_read_pages() -> None:
    let_in = [
        (logical_id, statement)
        for logical_id in POLICIES
        for statement in statements(logical_id).values()
        if statement["Effect"] != "Deny"
    ]
    arn = f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/<Distribution>"
    for logical_id, statement in let_in:
        assert logical_id == "PagesBucketPolicy"
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"AWS:SourceArn": arn}}
    assert {(s["Action"], s["Resource"]) for _, s in let_in} == {
        ("s3:GetObject", "<PagesBucket.Arn>/*"),
        ("s3:ListBucket", "<PagesBucket.Arn>"),
    }


def refused(logical_id: str, sent: dict[str, str]) -> bool:
    """Whether a PutObject with these headers is denied for its encryption.

    As IAM reads it: all operators of a statement must hold; `Null: false` asks for a key that is
    there; a negated operator holds for a key that is not there.
    """

    def holds(statement: dict[str, Any]) -> bool:
        condition = statement["Condition"]
        assert condition.keys() <= {"Null", "StringNotEquals"}
        assert set(condition["Null"].values()) == {"false"}
        return all(key in sent for key in condition["Null"]) and all(
            sent.get(key) != value for key, value in condition.get("StringNotEquals", {}).items()
        )

    found = statements(logical_id)
    for sid in ("DataKeyOnly", "NoForeignKeys"):
        assert (found[sid]["Effect"], found[sid]["Action"]) == ("Deny", "s3:PutObject")
        assert found[sid]["Resource"].endswith(".Arn>/*")
    return holds(found["DataKeyOnly"]) or holds(found["NoForeignKeys"])


@pytest.mark.parametrize("logical_id", ["ImagesBucketPolicy", "ArtifactsBucketPolicy"])
def test_nothing_is_stored_under_another_key_and_a_writer_need_not_name_ours(
    logical_id: str,
) -> None:
    how, key = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
    foreign = "s3:x-amz-server-side-encryption-customer-algorithm"
    assert not refused(logical_id, {})
    assert not refused(logical_id, {how: "aws:kms", key: "<DataKey.Arn>"})
    assert refused(logical_id, {how: "aws:kms", key: "arn:aws:kms:eu-central-1:1:key/other"})
    assert refused(logical_id, {how: "aws:kms"}), "which is AWS's own key for S3"
    assert refused(logical_id, {how: "AES256"})
    assert refused(logical_id, {foreign: "AES256"})
