"""Starting and stopping: the ready line, the accounts, a taken port, a clean end."""

import os
import re
import signal
import socket
import subprocess
import sys
from datetime import date
from types import ModuleType
from typing import Any

import boto3
import httpx
import pytest
from chalice.app import Chalice, Rate
from chalice.config import Config
from moto import mock_aws

from infra.local.accounts import ACCOUNTS, PASSWORD
from infra.local.demo import CASES, survey_of
from infra.local.demo_pictures import draw
from infra.local.environment import isolate
from infra.local.pump import Pump
from infra.local.wiring import rate_seconds, wire
from tests.stack import ROOT, RunningStack, start_stack

REGION = "eu-central-1"


def test_it_says_where_it_is_and_who_may_sign_in(stack: RunningStack) -> None:
    for account in ACCOUNTS:
        assert stack.sign_in(account.login).get("/api/v1/account").json()["role"] == account.role
        told = re.compile(rf"^  {account.login} +{account.role}\b")
        assert stack.output.wait_for(told, 10)
    assert stack.output.wait_for(re.compile("kept in memory only"), 10)


def test_the_two_demo_doctors_work_in_two_clinics(stack: RunningStack) -> None:
    clinics = {
        stack.sign_in(login).get("/api/v1/account").json()["clinic"]["clinic_id"]
        for login in ("doctor", "doctor2")
    }
    assert len(clinics) == 2


def test_a_wrong_password_does_not_sign_in(stack: RunningStack) -> None:
    wrong = {"USERNAME": "doctor", "PASSWORD": "Rodinka-demo-2"}
    answer = stack.initiate_auth("USER_PASSWORD_AUTH", wrong)
    assert answer.status_code == 400
    assert answer.json()["__type"] == "NotAuthorizedException"


def test_a_session_is_renewed_with_its_refresh_token(stack: RunningStack) -> None:
    right = {"USERNAME": "doctor", "PASSWORD": "Rodinka-demo-1"}
    first = stack.initiate_auth("USER_PASSWORD_AUTH", right).json()["AuthenticationResult"]
    renewed = stack.initiate_auth(
        "REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": first["RefreshToken"]}
    ).json()["AuthenticationResult"]
    assert renewed["AccessToken"]


def test_the_cloud_behind_is_not_reached_through_the_front(stack: RunningStack) -> None:
    for path in (
        "/moto-api/data.json",
        "/s3/",
        "/s3/rodinka-local-images-123456789012?list-type=2",
    ):
        answer = httpx.get(stack.url + path, timeout=30)
        assert "Contents" not in answer.text
        assert "moto" not in answer.text.lower()


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "infra.local", "--port", str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert str(port) in line
    assert "PORT=" in line


def test_the_demo_is_entered_through_the_api_and_ctrl_c_ends_it_all_cleanly() -> None:
    # SIGTERM is what ends the stack that all tests share; its end is checked too.
    own = start_stack()
    entered = own.output.wait_for(re.compile(r"^Demo data: (\d+) of \1$|not entered"), 60)
    assert entered is not None
    assert "not entered" not in entered.group()
    for login in ("doctor", "doctor2"):
        patients = own.sign_in(login).get("/api/v1/patients").json()["items"]
        assert len(patients) == sum(case.doctor == login for case in CASES)
    own.close_clients()
    own.process.send_signal(signal.SIGINT)
    assert own.process.wait(60) == 0
    own.output.reader.join(10)
    assert not any("Traceback" in line or "failed" in line for line in own.output.lines)
    with socket.create_server(("127.0.0.1", int(own.url.rsplit(":", 1)[1]))):
        pass


def test_a_signal_during_the_start_ends_it_cleanly_too() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "infra.local", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    # The interpreter tells of every import: this one is early in the start, after the handlers.
    for line in process.stderr:
        if line.rstrip().endswith("boto3.session"):
            break
    process.send_signal(signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in stderr
    assert "ready" not in stdout


def test_the_users_own_aws_configuration_is_not_used() -> None:
    environ = {
        "AWS_PROFILE": "hospital",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_S3": "https://s3.example",
        "RODINKA_TABLE_CASES": "rodinka-prod-cases",
        "RODINKA_MODEL_DIR": "/models",
        "HOME": "/home/user",
    }
    before = set(environ)
    isolate(environ)
    assert before & set(environ) == {"RODINKA_MODEL_DIR", "HOME"}
    assert environ["AWS_ACCESS_KEY_ID"] == "local"
    assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_what_the_app_declares_is_what_the_pump_calls() -> None:
    called: list[tuple[str, dict[str, Any]]] = []
    app = Chalice(app_name="small")
    module = ModuleType("small")
    module.app = app  # type: ignore[attr-defined]

    @app.on_s3_event("small-uploads", events=["s3:ObjectCreated:*"], prefix="uploads/")
    def arrived(event: Any) -> None:
        called.append(("arrived", event.to_dict()))

    @app.on_sqs_message("small-work", batch_size=10)
    def worked(event: Any) -> None:
        called.append(("worked", event.to_dict()))

    @app.schedule(Rate(1, unit=Rate.MINUTES))
    def ticked(event: Any) -> None:
        called.append(("ticked", event.to_dict()))

    for name, function in (("arrived", arrived), ("worked", worked), ("ticked", ticked)):
        setattr(module, name, function)
    config = Config.create(chalice_stage="local", config_from_disk={"stages": {"local": {}}})
    with mock_aws():
        session = boto3.Session("key", "secret", region_name=REGION)
        s3: Any = session.client("s3")
        sqs: Any = session.client("sqs")
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket="small-uploads", CreateBucketConfiguration=place)
        work = sqs.create_queue(QueueName="small-work")["QueueUrl"]
        pump: Pump = wire(
            module,
            config,
            sqs=sqs,
            s3=s3,
            region=REGION,
            dead_letters={},
            tick_seconds=1e-9,
            log=lambda line: None,
        )
        s3.put_object(Bucket="small-uploads", Key="uploads/a", Body=b"1")
        s3.put_object(Bucket="small-uploads", Key="elsewhere/b", Body=b"1")
        sqs.send_message(QueueUrl=work, MessageBody="{}")
        pump.step()
    assert [name for name, _ in called] == ["worked", "arrived", "ticked"]
    (record,) = called[1][1]["Records"]
    assert record["s3"]["object"]["key"] == "uploads/a"


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), (Rate(5, unit=Rate.MINUTES), 300), ("rate(2 hours)", 7200)],
)
def test_a_rate_is_read_in_seconds(expression: Any, seconds: float) -> None:
    assert rate_seconds(expression) == seconds


def test_a_cron_expression_is_refused_rather_than_never_run() -> None:
    with pytest.raises(ValueError, match="cron"):
        rate_seconds("cron(0 3 * * ? *)")


def test_demo_pictures_are_drawn_alike_each_time_and_differ_from_each_other() -> None:
    pictures = [draw(case.lesion, seed) for seed, case in enumerate(CASES)]
    assert pictures[0] == draw(CASES[0].lesion, 0)
    assert len(set(pictures)) == len(CASES)
    assert all(picture.startswith(b"\xff\xd8\xff") for picture in pictures)


def test_demo_patients_are_as_old_as_their_codes_say() -> None:
    case = CASES[0]
    assert case.born == date(1975, 3, 29)
    assert survey_of(case, date(2026, 3, 28))["age"] == 50
    assert survey_of(case, date(2026, 3, 29))["age"] == 51


def test_a_refresh_token_that_was_revoked_renews_nothing(stack: RunningStack) -> None:
    signed_in = stack.initiate_auth(
        "USER_PASSWORD_AUTH", {"USERNAME": "expert3", "PASSWORD": PASSWORD}
    )
    token = signed_in.json()["AuthenticationResult"]["RefreshToken"]
    renewed = stack.initiate_auth("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": token})
    assert renewed.status_code == 200
    auth = httpx.get(f"{stack.url}/api/v1/config").json()["auth"]
    headers = {
        "X-Amz-Target": "AWSCognitoIdentityProviderService.RevokeToken",
        "Content-Type": "application/x-amz-json-1.1",
    }
    body = {"Token": token, "ClientId": auth["client_id"]}
    assert httpx.post(auth["endpoint"], json=body, headers=headers).status_code == 200
    refused = stack.initiate_auth("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": token})
    assert (refused.status_code, refused.json()["__type"]) == (400, "NotAuthorizedException")
