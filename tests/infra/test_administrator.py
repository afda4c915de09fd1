"""The first administrator of a stage is opened by its operator, once, and under the same rules."""

import re
from collections.abc import Iterator

import pytest

from chalicelib.people.logins import Logins
from chalicelib.people.model import AccountState, Role
from chalicelib.people.store import PeopleStore
from infra import administrator
from infra.administrator import open_administrator
from tests.infra.deployed import forget
from tests.people.accounts import change, in_the_pool, open_one, sign_in
from tests.world import World, new_world

PASSWORD = re.compile(r"^Temporary password: (R1-\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def house() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def world(house: World) -> World:
    return forget(house)


def command(world: World, *arguments: str) -> int:
    return administrator.main([*arguments], lambda: world.platform)


def opened(world: World, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Open an administrator; his temporary password."""
    assert command(world, *arguments) == 0
    [password] = PASSWORD.findall(capsys.readouterr().out)
    return str(password)


def refused(world: World, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Be refused; the sentence."""
    assert command(world, *arguments) == 1
    told = capsys.readouterr()
    assert "password:" not in told.out
    return told.err


def sign_in_first(world: World, login: str, temporary: str) -> None:
    """As he does for the first time, choosing a password of his own."""
    challenge = sign_in(world, login, temporary)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    world.platform.client("cognito-idp").respond_to_auth_challenge(
        ClientId=world.platform.settings.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": login, "NEW_PASSWORD": "His-own-password-1"},
    )


def records(world: World) -> list[dict[str, str]]:
    table = world.platform.settings.table_audit
    items = world.platform.client("dynamodb").scan(TableName=table)["Items"]
    wanted = ("actor", "role", "act", "on")
    return [{name: item[name]["S"] for name in wanted} for item in items]


def test_the_first_administrator_signs_in_and_is_on_record(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in_first(world, "chief", opened(world, capsys, "chief"))
    [chief] = PeopleStore(world.platform.people).every_account_of(Role.ADMIN)
    assert chief.login == "chief"
    assert chief.administers
    assert records(world) == [
        {
            "actor": "operator",
            "role": "system",
            "act": "account.opened",
            "on": chief.account_id,
        }
    ]


def test_a_house_with_an_administrator_needs_no_operator(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    open_one(world, "chief", role=Role.ADMIN)
    assert "--another" in refused(world, capsys, "deputy")
    assert len(PeopleStore(world.platform.people).every_account_of(Role.ADMIN)) == 1
    assert records(world) == []
    sign_in_first(world, "deputy", opened(world, capsys, "deputy", "--another"))


def test_a_closed_administrator_does_not_count(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    first = open_administrator(world.platform, "chief").account
    deputy = open_administrator(world.platform, "deputy", another=True).account
    change(world, first, by=deputy.account_id, state=AccountState.CLOSED)
    assert "closed or has another role" in refused(world, capsys, "chief", "--another")
    change(world, first, by=deputy.account_id, state=AccountState.OPEN)
    change(world, deputy, by=first.account_id, role=Role.CURATOR)
    assert "another role" in refused(world, capsys, "deputy", "--another")


def test_repeated_before_the_first_sign_in_the_password_is_the_same_and_good_again(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(world, capsys, "chief")
    renewed = []
    given = Logins.set_password

    def set_password(logins: Logins, login: str, password: str, *, permanent: bool) -> None:
        renewed.append(login)
        given(logins, login, password, permanent=permanent)

    monkeypatch.setattr(Logins, "set_password", set_password)
    world.clock.advance(days=5)
    assert opened(world, capsys, "chief") == first
    assert renewed == ["chief"], "set anew, a temporary password holds for three days again"
    assert len(records(world)) == 1
    sign_in_first(world, "chief", first)


def test_a_password_of_his_own_is_never_touched(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in_first(world, "chief", opened(world, capsys, "chief"))
    for arguments in (["chief"], ["chief", "--another"]):
        assert "a password of his own" in refused(world, capsys, *arguments)
    assert in_the_pool(world, "chief")["UserStatus"] == "CONFIRMED"
    assert "AccessToken" in sign_in(world, "chief", "His-own-password-1")["AuthenticationResult"]


def test_somebody_elses_login_is_refused(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    expert = open_one(world, "expert1").account
    assert "login is taken" in refused(world, capsys, "expert1")
    assert PeopleStore(world.platform.people).account(expert.account_id) == expert


def test_a_login_is_no_address_and_no_name_in_full(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for login in ("Chief", "ivan.petrov@clinic.example", "c", ""):
        assert "3 to 32 characters" in refused(world, capsys, login)


def test_wherever_it_is_killed_the_next_one_gives_the_password(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for calls in range(2, 12, 2):
        login = f"chief{calls}"
        with world.crash_after(calls):
            command(world, login, "--another")
        capsys.readouterr()
        password = opened(world, capsys, login, "--another")
        assert sign_in(world, login, password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert len(records(world)) == 5
