"""Logins and passwords: the user pool (Cognito), which knows nothing else of people."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chalicelib.platform.runtime import Platform


@dataclass(frozen=True)
class Login:
    """A login in the pool; `account_id` is the `sub` its tokens will carry."""

    account_id: str
    created: bool
    """Made by this call, with the password given."""
    first_sign_in_pending: bool


@dataclass(frozen=True)
class Standing:
    """What the pool says of a login; nothing that tells who it is."""

    second_factor: bool
    """A one-time code is asked for at each sign-in."""
    first_sign_in_pending: bool
    """The temporary password has not been changed yet."""
    enabled: bool


class WeakPassword(Exception):
    """The pool takes no such password."""


class Logins:
    """Makes logins and shuts them, with the administrator's calls of the pool."""

    def __init__(self, platform: Platform) -> None:
        self._client: Any = platform.user_pool
        # An issuer of Cognito's is https://cognito-idp.<region>.amazonaws.com/<pool id>.
        self._pool_id = platform.settings.issuer.rsplit("/", 1)[-1]

    def make(self, login: str, temporary_password: str) -> Login:
        """The login of this name: made now, or the one that is there, its password untouched."""
        try:
            user = self._client.admin_create_user(
                UserPoolId=self._pool_id,
                Username=login,
                TemporaryPassword=temporary_password,
                # No address is known to which a message could go.
                MessageAction="SUPPRESS",
            )["User"]
        except self._client.exceptions.UsernameExistsException:
            user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=login)
            return _login(user, user["UserAttributes"], created=False)
        return _login(user, user["Attributes"], created=True)

    def standing(self, login: str) -> Standing | None:
        """How the login stands in the pool; None where the pool has none."""
        try:
            user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=login)
        except self._client.exceptions.UserNotFoundException:
            return None
        return Standing(
            second_factor=bool(user.get("UserMFASettingList")),
            first_sign_in_pending=user["UserStatus"] == "FORCE_CHANGE_PASSWORD",
            enabled=user["Enabled"],
        )

    def set_password(self, login: str, password: str, *, permanent: bool) -> None:
        """A password that is not permanent must be changed at the next sign-in. Raises `WeakPassword`."""
        try:
            self._client.admin_set_user_password(
                UserPoolId=self._pool_id, Username=login, Password=password, Permanent=permanent
            )
        except self._client.exceptions.InvalidPasswordException:
            raise WeakPassword from None

    def find(self, login: str) -> str | None:
        """The account id of a login; None where there is none."""
        try:
            user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=login)
        except self._client.exceptions.UserNotFoundException:
            return None
        return _login(user, user["UserAttributes"], created=False).account_id

    def delete(self, login: str) -> None:
        """Nobody signs in with this login any more; doing it again changes nothing."""
        with suppress(self._client.exceptions.UserNotFoundException):
            self._client.admin_delete_user(UserPoolId=self._pool_id, Username=login)

    def enable(self, login: str) -> None:
        self._client.admin_enable_user(UserPoolId=self._pool_id, Username=login)

    def disable(self, login: str) -> None:
        self._client.admin_disable_user(UserPoolId=self._pool_id, Username=login)

    def sign_out(self, login: str) -> None:
        """No session can be renewed. Tokens already issued are our authorizer's part."""
        self._client.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=login)


def _login(user: dict[str, Any], attributes: list[dict[str, str]], *, created: bool) -> Login:
    by_name = {attribute["Name"]: attribute["Value"] for attribute in attributes}
    return Login(by_name["sub"], created, user["UserStatus"] == "FORCE_CHANGE_PASSWORD")
