"""A command gets the environment of the stage it is meant for, and no value of it is shown."""

import json
import os
import runpy
import sys
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from chalicelib.platform import runtime
from chalicelib.platform.settings import Settings
from infra import at
from infra.at import Unreachable, environment
from infra.pause import FUNCTIONS
from infra.provision import setting_name
from infra.template import load
from tests.world import REGION

SECRET = "the-value-of-the-secret-0123456789"
SAID = {
    "RODINKA_ISSUER": "https://issuer.example/pool",
    "RODINKA_AUTH_ENDPOINT": "https://issuer.example/",
    "RODINKA_QUEUE_LABELLING": "https://sqs.example/1/labelling",
    "RODINKA_CODE_KEYS": "v1=key",
    "RODINKA_UTC_OFFSET_HOURS": "4",
}
"""Values of a certain form; every other output is told as its own name."""


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """An account without a stage; this process forgets what is set in it."""
    with patch.dict(os.environ), mock_aws():
        for name in [name for name in os.environ if name.startswith("RODINKA_")]:
            del os.environ[name]
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        monkeypatch.setattr(sys, "argv", ["infra.at"])
        yield boto3.Session(region_name=REGION)


@pytest.fixture
def deployed(session: boto3.Session) -> boto3.Session:
    """The stage `dev`, with every output of the template."""
    make_stack(session, list(load().outputs))
    return session


@pytest.fixture
def process(deployed: boto3.Session) -> Iterator[None]:
    """As in a process of the command's own: its module is not loaded, its settings are not read."""
    once = (runtime.settings, runtime.platform)
    with patch.dict(sys.modules):
        for module in ("infra.pause", "infra.administrator"):
            sys.modules.pop(module, None)
        for each in once:
            each.cache_clear()
        yield
    for each in once:
        each.cache_clear()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The modules that were run, with their arguments; none of them really is."""
    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(runpy, "run_module", lambda module, **_: seen.append((module, sys.argv)))
    return seen


def make_stack(session: boto3.Session, outputs: list[str]) -> None:
    client: Any = session.client("secretsmanager")
    arn = client.create_secret(Name="rodinka-dev-signing-key", SecretString=SECRET)["ARN"]
    said = SAID | {"RODINKA_SIGNING_KEY": arn, "RODINKA_STAGE": "dev"}
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": said.get(setting_name(name), name)} for name in outputs},
    }
    cloudformation: Any = session.client("cloudformation")
    cloudformation.create_stack(StackName="rodinka-dev", TemplateBody=json.dumps(template))


def run(*arguments: str) -> None:
    at.main([*arguments], os.environ)


def test_the_environment_is_the_stacks_settings_and_the_secrets_value(
    deployed: boto3.Session,
) -> None:
    found = environment(deployed, "dev")
    assert found["RODINKA_TABLE_CASES"] == "TableCases"
    assert found["RODINKA_SIGNING_KEY"] == SECRET
    assert found["AWS_REGION"] == REGION
    settings = Settings.load(found)
    assert (settings.stage, settings.utc_offset_hours) == ("dev", 4)
    known = {f"RODINKA_{name.upper()}" for name in Settings.model_fields}
    assert set(found) <= known | {"AWS_REGION"}, "outputs that are no settings stay out"


def test_a_stage_that_is_not_there_is_told_in_a_sentence(session: boto3.Session) -> None:
    with pytest.raises(Unreachable, match=f"no stack rodinka-dev in {REGION}.*make deploy"):
        environment(session, "dev")


def test_a_stack_that_was_made_half_is_told_by_what_it_lacks(session: boto3.Session) -> None:
    make_stack(session, [name for name in load().outputs if name not in ("TablePeople", "Issuer")])
    with pytest.raises(Unreachable) as told:
        environment(session, "dev")
    assert "does not tell RODINKA_TABLE_PEOPLE, RODINKA_ISSUER" in str(told.value)


def test_without_credentials_it_says_so(
    session: boto3.Session,
    ran: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    for profile, words in ((None, "no AWS credentials"), ("clinic", "(clinic) could not be found")):
        if profile:
            monkeypatch.setenv("AWS_PROFILE", profile)
        with pytest.raises(SystemExit) as ended:
            run("dev", "infra.pause", "status")
        assert ended.value.code == at.FAILED
        assert words in capsys.readouterr().err
    assert ran == []


def test_without_a_region_it_says_so(
    deployed: boto3.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with pytest.raises(SystemExit):
        run("dev", "infra.pause", "status")
    assert "AWS_REGION=eu-central-1" in capsys.readouterr().err


def test_a_command_runs_with_its_arguments_in_the_stages_environment(
    deployed: boto3.Session, ran: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", REGION)
    run("dev", "infra.erasure", "check", "--help", "patient1")
    assert ran == [("infra.erasure", ["infra.erasure", "check", "--help", "patient1"])]
    assert Settings.load(os.environ).signing_key == SECRET
    assert os.environ["AWS_DEFAULT_REGION"] == REGION, "boto3 reads no other"


def test_what_the_operator_has_set_is_kept_and_named_without_its_value(
    deployed: boto3.Session,
    ran: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RODINKA_TABLE_CASES", "restored-cases")
    monkeypatch.setenv("RODINKA_TABLE_PEOPLE", "TablePeople")
    run("dev", "infra.erasure", "replay")
    assert os.environ["RODINKA_TABLE_CASES"] == "restored-cases"
    assert os.environ["RODINKA_TABLE_LABELLING"] == "TableLabelling"
    told = capsys.readouterr()
    assert told.err == "Kept as set here, not as the stage has it: RODINKA_TABLE_CASES\n"
    for value in (SECRET, "restored-cases", "TableLabelling"):
        assert value not in told.out + told.err


def test_the_environment_of_another_stage_is_no_wish(
    deployed: boto3.Session,
    ran: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RODINKA_STAGE", "prod")
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
    assert told.count("not deployed") == len(FUNCTIONS) + 1
    assert SECRET not in told


def test_what_aws_refuses_ends_a_command_with_a_sentence(
    process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("dev", "infra.administrator", "chief")
    assert ended.value.code == at.FAILED
    assert capsys.readouterr().err == "AWS refused GetItem: ResourceNotFoundException.\n"


def test_settings_that_are_wrong_end_a_command_with_a_sentence(
    process: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RODINKA_CODE_KEYS", "no key at all")
    with pytest.raises(SystemExit) as ended:
        run("dev", "infra.pause", "status")
    assert ended.value.code == at.FAILED
    assert "Set or mend: RODINKA_CODE_KEYS" in capsys.readouterr().err
