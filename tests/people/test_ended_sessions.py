"""How soon a session ends: with the account, a lowered role, a revocation (promise 13, bad input 20)."""

import app
from chalicelib.people import service
from chalicelib.people.model import Account, AccountState, Role
from chalicelib.people.service import Wish
from tests.people.admission import admitted, ask, change, token_of
from tests.people.issuer import Issuer
from tests.world import World


def test_a_closed_account_is_refused_at_once_and_a_reopened_one_must_sign_in_again(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    before = token_of(world, issuer, doctor)
    assert admitted(world, issuer, before)
    world.clock.advance(minutes=1)
    change(world, doctor, Wish(state=AccountState.CLOSED))
    assert not admitted(world, issuer, before)
    assert not admitted(world, issuer, token_of(world, issuer, doctor))
    change(world, doctor, Wish(state=AccountState.OPEN))
    assert not admitted(world, issuer, before)
    world.clock.advance(seconds=1)
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_lowered_role_ends_the_sessions_begun_before_it(world: World, issuer: Issuer) -> None:
    opened = service.open_account(world.platform, login="senior", role=Role.SENIOR_EXPERT)
    before = token_of(world, issuer, opened.account)
    world.clock.advance(minutes=1)
    change(world, opened.account, Wish(role=Role.EXPERT))
    assert not admitted(world, issuer, before)
    world.clock.advance(seconds=1)
    answer = ask(world, issuer, f"Bearer {token_of(world, issuer, opened.account)}")
    assert answer.context["role"] == "expert"


def test_an_expert_made_senior_goes_on_with_his_session(world: World, issuer: Issuer) -> None:
    opened = service.open_account(world.platform, login="expert", role=Role.EXPERT)
    before = token_of(world, issuer, opened.account)
    world.clock.advance(minutes=1)
    change(world, opened.account, Wish(role=Role.SENIOR_EXPERT))
    answer = ask(world, issuer, f"Bearer {before}")
    assert answer.context["role"] == "senior_expert"


def test_a_revoked_session_cannot_be_renewed_into_a_good_one(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    signed_in = int(world.clock.now().timestamp())
    world.clock.advance(minutes=1)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(minutes=1)
    renewed = token_of(world, issuer, doctor, auth_time=signed_in)
    assert not admitted(world, issuer, renewed)
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_session_begun_in_the_very_second_of_the_revocation_is_refused(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    # Tokens tell time in whole seconds: before and after cannot be told apart within one.
    world.clock.advance(seconds=0.5)
    token = token_of(world, issuer, doctor)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    assert not admitted(world, issuer, token)
    world.clock.advance(seconds=0.5)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    # On the stroke of the second they can: this one was issued after.
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_clock_set_back_does_not_revive_an_ended_session(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    token = token_of(world, issuer, doctor)
    world.clock.advance(minutes=10)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(hours=-1)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(hours=1)
    assert not admitted(world, issuer, token)


def test_the_answer_is_kept_for_half_a_minute_at_most() -> None:
    assert 0 < app.authorize.config.ttl_seconds <= 30
