"""Opens the account of the first administrator of a new stage; the API opens all others.

    python -m infra.at STAGE infra.administrator LOGIN
    python -m infra.at STAGE infra.administrator LOGIN --another

Prints a temporary password, which must be changed at the first sign-in, within 3 days. It is stored
nowhere: the same command again, before that sign-in, prints it again and makes it good for another
3 days. Where an open administrator exists he should open accounts himself, so that the audit trail
names him; `--another` is for a house whose administrators have all lost their passwords.

Exit status: 0 when a password was printed, 1 when not.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Final

from chalicelib.people import refusals, service
from chalicelib.people.logins import Logins
from chalicelib.people.model import LOGIN, Account, Role
from chalicelib.people.service import Opened
from chalicelib.people.store import PeopleStore
from chalicelib.platform import keys
from chalicelib.platform.audit import Act
from chalicelib.platform.errors import DomainError
from chalicelib.platform.runtime import Platform, platform

OPERATOR: Final = "operator"
"""Who acts in the audit trail: somebody with rights on AWS, and no account here."""


class Refused(Exception):
    """No password can be given; the sentence says why."""


def open_administrator(platform: Platform, login: str, *, another: bool = False) -> Opened:
    """Open an administrator's account, or answer the one that this same command opened before.

    Raises `Refused`. The audit record stands before the password is told.
    """
    if not LOGIN.fullmatch(login):
        raise Refused(refusals.BAD_LOGIN.en)
    request_id = platform.ids.derived("administrator", login)
    others = [one for one in _administrators(platform) if one.opened_by != request_id]
    if others and not another:
        raise Refused(
            "There is an open administrator already: let him open accounts. If none of them can sign "
            "in any more: --another."
        )
    try:
        opened = service.open_account(platform, login=login, role=Role.ADMIN, request_id=request_id)
    except DomainError as refused:
        raise Refused(refused.text.en) from None
    account = opened.account
    if not account.administers:
        raise Refused(
            f"{login} was opened by this command before, and is closed or has another role."
        )
    act = Act(OPERATOR, "system", "account.opened", account.account_id)
    platform.audit.record(act, request_id=request_id, once=True)
    if opened.temporary_password is None or not _awaited(
        platform, login, opened.temporary_password
    ):
        raise Refused(f"{login} is open, and its owner has chosen a password of his own.")
    return opened


def _administrators(platform: Platform) -> list[Account]:
    """Those on the roster; it is read as last written, unlike a listing."""
    roster = platform.people.get(keys.administrators()) or {}
    found = (PeopleStore(platform.people).account(one) for one in roster.get("members", ()))
    return [account for account in found if account is not None and account.administers]


def _awaited(platform: Platform, login: str, temporary_password: str) -> bool:
    """Whether the temporary password still is the one to sign in with."""
    return Logins(platform).make(login, temporary_password).first_sign_in_pending


def main(arguments: list[str], connect: Callable[[], Platform] = platform) -> int:
    """Carry out the command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.at STAGE infra.administrator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("login", help=refusals.BAD_LOGIN.en)
    parser.add_argument("--another", action="store_true", help="although there is an administrator")
    asked = parser.parse_args(arguments)
    try:
        opened = open_administrator(connect(), asked.login, another=asked.another)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"The account {opened.account.login} is open, role admin.")
    print(f"Temporary password: {opened.temporary_password}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
