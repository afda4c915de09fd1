"""The second factor of whoever runs a program: asked for once, not for each token."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client.api import Api
from client.one_time_code import one_time_code
from client.words import Stop
from tests.client.archives import folder, picture, row
from tests.client.scripted import Answer, Impatient, Scripted, serving
from tests.stack import ROOT

OK: Answer = (200, {}, {"done": True})
NO_CURATOR: Answer = (403, {}, {"error": {"code": "forbidden", "message": "Curators import."}})


@pytest.fixture
def script() -> Iterator[Scripted]:
    """A server whose user pool asks for a code."""
    with serving(OK) as script:
        script.challenge, script.code = "SOFTWARE_TOKEN_MFA", "123456"
        yield script


@contextmanager
def api_of(script: Scripted, code: Callable[[], str]) -> Iterator[Api]:
    api = Api(
        script.url,
        "curator",
        "password",
        code=code,
        language="ru",
        connections=1,
        stopped=Impatient(),
    )
    try:
        yield api
    finally:
        api.close()


def test_a_wrong_code_is_asked_for_again_and_none_at_all_when_a_token_is_renewed(
    script: Scripted,
) -> None:
    codes = ["654321", " 123456\n"]
    script.lives = 30  # less than the time ahead at which a token is renewed
    with api_of(script, lambda: codes.pop(0)) as api:
        api.sign_in()
        assert api.get("/imports") == {"done": True}
    assert codes == []
    asked = {"USER_PASSWORD_AUTH": 1, "SOFTWARE_TOKEN_MFA": 2, "REFRESH_TOKEN_AUTH": 1}
    assert script.flows == asked


def test_the_third_wrong_code_ends_in_a_sentence(script: Scripted) -> None:
    with api_of(script, lambda: "000000") as api, pytest.raises(Stop) as stop:
        api.sign_in()
    assert "код не подошёл" in stop.value.said("ru")
    assert script.flows["SOFTWARE_TOKEN_MFA"] == 3


@pytest.mark.parametrize(
    ("challenge", "need"),
    [
        ("MFA_SETUP", "настроить второй фактор"),
        ("NEW_PASSWORD_REQUIRED", "придумать свой пароль"),
        ("SMS_MFA", "SMS_MFA"),
    ],
)
def test_what_the_program_cannot_do_is_to_be_done_on_the_pages(
    script: Scripted, challenge: str, need: str
) -> None:
    script.challenge = challenge
    with api_of(script, lambda: "123456") as api, pytest.raises(Stop) as stop:
        api.sign_in()
    sentence = f"Сначала войдите через веб-страницу: учётной записи нужно {need}."
    assert stop.value.said("ru") == sentence


def test_nobody_is_asked_by_a_worker_or_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stops: list[Stop] = []

    def ask() -> None:
        with pytest.raises(Stop, match="nobody to ask") as stop:
            one_time_code("en")
        stops.append(stop.value)

    monkeypatch.setattr("getpass.getpass", lambda prompt: "123456")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ask()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert one_time_code("en") == "123456"
    worker = threading.Thread(target=ask)
    worker.start()
    worker.join()
    assert len(stops) == 2


def test_a_code_of_the_environment_serves_once_and_then_the_terminal_is_asked(
    script: Scripted, tmp_path: Path
) -> None:
    archive = folder(tmp_path / "archive", [row("a")], {"a.jpg": picture(1)})
    script.answers = [NO_CURATOR]
    program = [sys.executable, "-m", "client.importer", str(archive), "--server", script.url]
    options = ["--mapping", "ham10000", "--state", str(tmp_path / "journal"), "--language", "en"]
    told = {"RODINKA_PASSWORD": "password", "RODINKA_CODE": "654321"}
    terminal, its_end = os.openpty()
    with subprocess.Popen(
        [*program, *options],
        cwd=ROOT,
        env={**os.environ, **told},
        stdin=its_end,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        assert running.stderr is not None
        prompt = b"Code from the app: "
        assert running.stderr.read(len(prompt)) == prompt
        os.write(terminal, b"123456\n")
        _, said = running.communicate(timeout=30)
    os.close(its_end)
    os.close(terminal)
    assert running.returncode == 2
    assert "Curators import." in said.decode()
    assert script.flows["SOFTWARE_TOKEN_MFA"] == 2
    assert script.flows["USER_PASSWORD_AUTH"] == 1
