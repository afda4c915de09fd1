"""What the policies of the functions promise: who reaches what, and what nobody does."""

import re
from fnmatch import fnmatch
from functools import partial

import pytest

from infra.permissions import FUNCTIONS, policy
from infra.provision import ACCOUNT_ID
from tests.infra.granted_rights import is_allowed
from tests.infra.needed_rights import Right
from tests.infra.resolving import Resolved
from tests.infra.stage_names import NAMES, arn_of


def may(function: str, action: str, resource: str, **told: str) -> bool:
    """Whether a function may; `leading` and `prefix` stand for the condition keys of these names."""
    keys = {"leading": "dynamodb:LeadingKeys", "prefix": "s3:prefix"}
    context = {keys[name]: (value,) for name, value in told.items()}
    services = {
        "dynamodb": arn_of("dynamodb", f"table/rodinka-production-{resource}"),
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


def test_nobody_scans_a_table_or_deletes_acts_and_of_people_only_accounts_can_go() -> None:
    for function in FUNCTIONS:
        for table in ("cases", "labelling", "catalogue", "people", "audit"):
            assert not may(function, "dynamodb:Scan", table)
        for key in ("account#1", "clinic#1"):
            assert not may(function, "dynamodb:DeleteItem", "audit", leading=key)
        assert not may(function, "dynamodb:DeleteItem", "people", leading="clinic#1")
        # Patients who took their consent back.
        closes = may(function, "dynamodb:DeleteItem", "people", leading="account#1")
        assert closes == (function in {"api_handler", "sweep"})


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
