"""A command gets the environment of the stage it is meant for, and no value of it is shown."""

import json
import os
import runpy
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from chalicelib.platform import runtime
from chalicelib.platform.settings import Settings
from infra import at
from infra.at import Unreachable, environment
from infra.pause import FED_BY_A_QUEUE
from infra.permissions import FUNCTIONS
from infra.provision import setting_name
from infra.template import load
from tests.world import REGION

SECRET = "the-value-of-the-secret-0123456789"
SAID = {
    "RODINKA_ISSUER": "https://issuer.example/pool",
    "RODINKA_AUTH_ENDPOINT": "https://issuer.example/",
    "RODINKA_QUEUE_LABELLING": "https://sqs.example/1/labelling",
    "RODINKA_QUEUE_WEBHOOKS": "https://sqs.example/1/webhooks",
    "RODINKA_QUEUE_BUILDS": "https://sqs.example/1/builds",
    "RODINKA_QUEUE_EVALUATIONS": "https://sqs.example/1/evaluations",
    "RODINKA_CODE_KEYS": "v1=key",
    "RODINKA_UTC_OFFSET_HOURS": "4",
    "RODINKA_SENIOR_AFTER_YEARS": "5",
    "RODINKA_PROBE_SHARE": "0.05",
    "RODINKA_REREAD_AFTER_DAYS": "60",
    "RODINKA_ACCESS_CODE_DAYS": "7",
    "RODINKA_ANSWER_WITHIN_DAYS": "3",
    "RODINKA_WEB_URL": "https://rodinka.example",
}
"""Values of a certain form; every other output is told as its own name."""


OUTPUTS = list(load().outputs)


@pytest.fixture(scope="module")
def account() -> Iterator[boto3.Session]:
    """With the stage `dev`, and `half`, whose stack was made half."""
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        make_stack(session, "dev", OUTPUTS)
        make_stack(session, "half", [n for n in OUTPUTS if n not in ("TablePeople", "Issuer")])
        yield session


@pytest.fixture
def session(account: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """What is set in this process's environment, without monkeypatch, is forgotten afterwards."""
    with patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("RODINKA_")]:
            del os.environ[name]
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        monkeypatch.setattr(sys, "argv", ["infra.at"])
        yield account


@pytest.fixture
def process(session: boto3.Session) -> Iterator[None]:
    """As in a process of the command's own: its module is not loaded, its settings are not read."""
    once = (runtime.settings, runtime.platform)
    loaded: dict[str, ModuleType] = {
        module: sys.modules.pop(module)
        for module in ("infra.pause", "infra.administrator")
        if module in sys.modules
    }
    for each in once:
        each.cache_clear()
    yield
    for each in once:
        each.cache_clear()
    sys.modules.update(loaded)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The modules that were run, with their arguments; none of them really is."""
    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(runpy, "run_module", lambda module, **_: seen.append((module, sys.argv)))
    return seen


def make_stack(session: boto3.Session, stage: str, outputs: list[str]) -> None:
    secrets: Any = session.client("secretsmanager")
    name = f"rodinka-{stage}-signing-key"
    arn = secrets.create_secret(Name=name, SecretString=SECRET)["ARN"]
    said = SAID | {"RODINKA_SIGNING_KEY": arn, "RODINKA_STAGE": stage}
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": said.get(setting_name(name), name)} for name in outputs},
    }
    cloudformation: Any = session.client("cloudformation")
    cloudformation.create_stack(StackName=f"rodinka-{stage}", TemplateBody=json.dumps(template))


def run(*arguments: str) -> None:
    at.main([*arguments], os.environ)


def test_the_environment_is_the_stacks_settings_and_the_secrets_value(
    session: boto3.Session,
) -> None:
    found = environment(session, "dev")
    assert found["RODINKA_TABLE_CASES"] == "TableCases"
    assert found["RODINKA_SIGNING_KEY"] == SECRET
    assert found["AWS_REGION"] == REGION
    settings = Settings.load(found)
    assert (settings.stage, settings.utc_offset_hours) == ("dev", 4)
    known = {f"RODINKA_{name.upper()}" for name in Settings.model_fields}
    assert set(found) <= known | {"AWS_REGION"}, "outputs that are no settings stay out"


def test_a_stage_that_is_not_there_is_told_in_a_sentence(session: boto3.Session) -> None:
    with pytest.raises(Unreachable, match=f"no stack rodinka-prod in {REGION}.*make deploy"):
        environment(session, "prod")


def test_a_stack_that_was_made_half_is_told_by_what_it_lacks(session: boto3.Session) -> None:
    with pytest.raises(Unreachable) as told:
        environment(session, "half")
    assert "does not tell RODINKA_TABLE_PEOPLE, RODINKA_ISSUER" in str(told.value)


def test_without_credentials_it_says_so(
    session: boto3.Session,
    ran: list[Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    for profile, words in ((None, "no AWS credentials"), ("clinic", "(clinic) could not be found")):
        if profile:
            os.environ["AWS_PROFILE"] = profile
        with pytest.raises(SystemExit) as ended:
            run("dev", "infra.pause", "status")
        assert ended.value.code == at.FAILED
        assert words in capsys.readouterr().err
    assert ran == []


def test_without_a_region_it_says_so(
    session: boto3.Session, capsys: pytest.CaptureFixture[str]
) -> None:
    del os.environ["AWS_DEFAULT_REGION"]
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    with pytest.raises(SystemExit):
        run("dev", "infra.pause", "status")
    assert "AWS_REGION=eu-central-1" in capsys.readouterr().err


def test_a_command_runs_with_its_arguments_in_the_stages_environment(
    session: boto3.Session, ran: list[Any]
) -> None:
    del os.environ["AWS_DEFAULT_REGION"]
    os.environ["AWS_REGION"] = REGION
    run("dev", "infra.erasure", "check", "--help", "patient1")
    assert ran == [("infra.erasure", ["infra.erasure", "check", "--help", "patient1"])]
    assert Settings.load(os.environ).signing_key == SECRET
    assert os.environ["AWS_DEFAULT_REGION"] == REGION, "boto3 reads no other"


def test_what_the_operator_has_set_is_kept_and_named_without_its_value(
    session: boto3.Session,
    ran: list[Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    os.environ["RODINKA_TABLE_CASES"] = "restored-cases"
    os.environ["RODINKA_TABLE_PEOPLE"] = "TablePeople"
    run("dev", "infra.erasure", "replay")
    assert os.environ["RODINKA_TABLE_CASES"] == "restored-cases"
    assert os.environ["RODINKA_TABLE_LABELLING"] == "TableLabelling"
    told = capsys.readouterr()
    assert told.err == "Kept as set here, not as the stage has it: RODINKA_TABLE_CASES\n"
    for value in (SECRET, "restored-cases", "TableLabelling"):
        assert value not in told.out + told.err


def test_the_environment_of_another_stage_is_no_wish(
    session: boto3.Session,
    ran: list[Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    os.environ["RODINKA_STAGE"] = "prod"
    with pytest.raises(SystemExit):
        run("dev", "infra.erasure", "replay")
    assert "RODINKA_STAGE is set to another stage than dev" in capsys.readouterr().err
    assert ran == []


@pytest.mark.parametrize("module", ["json.tool", "infra.nothing", "infra.pause.x", "infra."])
def test_only_the_operators_modules_are_run(
    module: str, ran: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("dev", module)
    assert ended.value.code == 2
    assert "none of the operator's modules" in capsys.readouterr().err
    assert ran == []


def test_a_command_of_ours_really_runs_and_its_exit_status_is_kept(
    process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("dev", "infra.pause", "status")
    assert ended.value.code == 1, "there are no functions"
    told = capsys.readouterr().out
    assert told.count("not deployed") == len(FUNCTIONS) + len(FED_BY_A_QUEUE)
    assert SECRET not in told


def test_what_aws_refuses_ends_a_command_with_a_sentence(
    process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("dev", "infra.administrator", "chief")
    assert ended.value.code == at.FAILED
    assert capsys.readouterr().err == "AWS refused GetItem: ResourceNotFoundException.\n"


def test_settings_that_are_wrong_end_a_command_with_a_sentence(
    process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    os.environ["RODINKA_CODE_KEYS"] = "no key at all"
    with pytest.raises(SystemExit) as ended:
        run("dev", "infra.pause", "status")
    assert ended.value.code == at.FAILED
    assert "Set or mend: RODINKA_CODE_KEYS" in capsys.readouterr().err
