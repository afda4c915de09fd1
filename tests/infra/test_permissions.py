"""Each function may do what it does, and nothing else: everything is run, and every call is seen."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from cfnlint.api import lint_all

import app
from chalicelib.people.permissions import ROUTES
from infra.permissions import FUNCTIONS, BadPolicy, policy
from infra.provision import ACCOUNT_ID
from tests.infra.calling_code import calling_code
from tests.infra.granted_rights import grants, is_allowed, matches, unused
from tests.infra.needed_rights import Cloud, Right
from tests.infra.recorded_calls import EVENT_FUNCTIONS, Recorder
from tests.infra.scenes import SCENES
from tests.infra.whole_life import new_life
from tests.world import REGION, World

UNSEEN: Final = {
    "OwnLogs": "Lambda writes a function's logs with its role.",
    "OwnEnvironment": "Lambda decrypts the environment before any code of ours runs.",
    "OwnQueue": "Lambda takes messages from the queue with the function's role.",
    "LaidAside": "Lambda sends on an event that failed three times.",
}
"""By the Sids of their statements: rights that are used outside the process, and by whom."""

BY_TOOLS_ONLY: Final = {
    "ErasureLog.get": "how an erasure stands is asked by who operates the system",
    "ErasureLog.all": "the log is read after a restore",
    "ErasureLog.reopen": "erasures are repeated after a restore",
    "Audit._faults": "the chains are verified by who operates the system",
}
"""Code that calls AWS and belongs to no function, and why it is there."""


@dataclass(frozen=True)
class Seen:
    """What came of the scenes."""

    recorder: Recorder
    policies: Mapping[str, dict[str, Any]]
    needed: Mapping[str, list[Right]]
    """By function, each right once."""


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    with pytest.MonkeyPatch.context() as patched, new_life() as life:
        patched.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        for scene in SCENES:
            scene(life)
        cloud, needed = Cloud(life.world.platform.__dict__["_session"]), _by_function()
        for call in life.recorder.calls:
            for right in cloud.rights(call):
                needed[call.function][str(right)] = right
        policies = {function: policy(function, names_of(life.world)) for function in FUNCTIONS}
        every = {function: list(rights.values()) for function, rights in needed.items()}
        yield Seen(life.recorder, policies, every)


def _by_function() -> dict[str, dict[str, Right]]:
    return {function: {} for function in ("api_handler", *EVENT_FUNCTIONS)}


def names_of(world: World) -> dict[str, str | list[str]]:
    """What the deployment knows of a stage, of a world of moto's."""
    settings, platform = world.platform.settings, world.platform
    table = platform.client("dynamodb").describe_table(TableName=settings.table_cases)["Table"]
    keys = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key"
    return {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT_ID,
        "Stage": settings.stage,
        "DataKeyArn": table["SSEDescription"]["KMSMasterKeyArn"],
        "CodeKeyArns": [f"{keys}/{key_id}" for key_id in settings.code_key_ids.values()],
        "UserPoolId": settings.issuer.rsplit("/", 1)[-1],
    }


NAMES: Final[dict[str, str | list[str]]] = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT_ID,
    "Stage": "production",
    "DataKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555",
    "CodeKeyArns": [f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/{n}" for n in ("old", "new")],
    "UserPoolId": f"{REGION}_AbCdEfGhI",
}


# --- everything was tried ----------------------------------------------------------------------------


def test_each_function_of_the_app_has_a_policy_and_nothing_else_has_one() -> None:
    handlers = (app.app.event_sources, app.app.builtin_auth_handlers, app.app.pure_lambda_functions)
    named = {handler.name for several in handlers for handler in several}
    assert set(FUNCTIONS) == named | {"api_handler"}
    assert set(EVENT_FUNCTIONS) == named


def test_every_route_did_what_it_is_for(seen: Seen) -> None:
    routes = {route for part in ROUTES.values() for route in part}
    assert routes - seen.recorder.answered == set()


def test_every_place_in_the_code_that_calls_aws_was_at_work(seen: Seen) -> None:
    at_work = set(seen.recorder.places)
    idle = [str(each) for each in calling_code() if not each.was_at_work(at_work)]
    by_tools = [each for each in idle if each.split()[1].rstrip(":") in BY_TOOLS_ONLY]
    assert idle == by_tools
    assert {each.split()[1].rstrip(":") for each in idle} == set(BY_TOOLS_ONLY)


# --- nothing is missing, and nothing is unused -------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_all_that_it_does(seen: Seen, function: str) -> None:
    assert missing(seen.policies[function], seen.needed[function]) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_nothing_that_it_does_not(seen: Seen, function: str) -> None:
    unasked = unused(seen.policies[function], seen.needed[function])
    assert [str(each) for each in unasked if each.sid not in UNSEEN] == []


def test_what_is_used_outside_the_process_is_not_used_inside_it(seen: Seen) -> None:
    """So that none of these exceptions hides another right."""
    for function, document in seen.policies.items():
        for each in grants(document):
            if each.sid in UNSEEN:
                assert not any(map(each.is_used_by, seen.needed[function])), each


def test_forms_and_links_need_the_rights_of_who_signed_them(seen: Seen) -> None:
    signed = {
        (call.function, call.operation, call.values["Key"].split("/")[0])
        for call in seen.recorder.calls
        if call.signed
    }
    assert signed == {
        ("api_handler", "PutObject", "uploads"),
        *(("api_handler", "GetObject", what) for what in ("clean", "thumbnails", "assigned")),
    }


def missing(document: Mapping[str, Any], needed: list[Right]) -> list[str]:
    return [str(right) for right in needed if not is_allowed(document, right)]


# --- and these tests would tell ----------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_action_taken_away_is_missed(seen: Seen, function: str) -> None:
    whole = seen.policies[function]
    for place, statement in enumerate(whole["Statement"]):
        if statement["Sid"] in UNSEEN:
            continue
        for action in statement["Action"]:
            less = deepcopy(whole)
            less["Statement"][place]["Action"].remove(action)
            told = [right.action for right in seen.needed[function] if not is_allowed(less, right)]
            assert told, (statement["Sid"], action)
            assert all(matches(action, each) for each in told)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_anything_added_is_named(seen: Seen, function: str) -> None:
    more = deepcopy(seen.policies[function])
    first = more["Statement"][0]
    first["Action"].append("dynamodb:Scan")
    first["Resource"].append("arn:aws:dynamodb:somewhere")
    unasked = unused(more, seen.needed[function])
    assert {each.action for each in unasked} >= {"dynamodb:Scan"}
    assert {each.resource for each in unasked} >= {"arn:aws:dynamodb:somewhere"}


# --- what the policies promise -----------------------------------------------------------------------


def may(function: str, action: str, resource: str, **told: str) -> bool:
    """Whether a function may; `leading` and `prefix` stand for the condition keys of these names."""
    keys = {"leading": "dynamodb:LeadingKeys", "prefix": "s3:prefix"}
    context = {keys[name]: (value,) for name, value in told.items()}
    services = {
        "dynamodb": f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/rodinka-production-{resource}",
        "s3": f"arn:aws:s3:::rodinka-production-{resource}",
    }
    right = Right(action, services[action.split(":")[0]], context)
    return is_allowed(policy(function, NAMES), right)


@pytest.mark.parametrize("item", ["patient#1", "lesion#1", "code#clinic1#v1.00", "slots#1"])
def test_who_decodes_files_of_strangers_reaches_images_only(item: str) -> None:
    assert may("classify", "dynamodb:UpdateItem", "cases", leading="image#1")
    for function in ("classify", "assign_reader"):
        for action in ("GetItem", "UpdateItem", "DeleteItem", "PutItem"):
            assert not may(function, f"dynamodb:{action}", "cases", leading=item)


def test_only_the_sealer_writes_blocks_and_changes_records() -> None:
    def writers(action: str, item: str) -> set[str]:
        return {each for each in FUNCTIONS if may(each, action, "audit", leading=item)}

    assert writers("dynamodb:PutItem", "chain#0") == {"seal_audit"}
    assert writers("dynamodb:UpdateItem", "chain#0") == {"seal_audit"}
    assert writers("dynamodb:UpdateItem", "record#1") == {"seal_audit"}
    assert writers("dynamodb:PutItem", "record#1") == {"api_handler", "classify", "sweep"}
    assert writers("dynamodb:DeleteItem", "record#1") == set()


def test_nobody_lists_a_whole_bucket_of_images_with_its_versions() -> None:
    images = f"images-{ACCOUNT_ID}"
    assert may("sweep", "s3:ListBucketVersions", images, prefix="clean/image1")
    assert not may("sweep", "s3:ListBucketVersions", images, prefix="")
    assert not may("sweep", "s3:ListBucketVersions", images)


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


def test_actions_exist_and_go_with_their_resources(tmp_path: Path) -> None:
    """As cfn-lint knows them from AWS's service authorization reference."""
    roles = {
        "".join(map(str.capitalize, function.split("_"))): {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {
                "RoleName": function,
                "PolicyName": function,
                "PolicyDocument": policy(function, NAMES),
            },
        }
        for function in FUNCTIONS
    }
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": roles}
    assert [match.message for match in lint_all(json.dumps(template))] == []


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


def test_a_policy_that_iam_would_refuse_is_refused_here() -> None:
    with pytest.raises(BadPolicy, match="no policy"):
        policy("reboot", NAMES)
    with pytest.raises(BadPolicy, match="no resource"):
        policy("api_handler", {**NAMES, "CodeKeyArns": []})
    with pytest.raises(BadPolicy, match="10240"):
        policy("api_handler", {**NAMES, "CodeKeyArns": [f"arn:{n:0100}" for n in range(100)]})
