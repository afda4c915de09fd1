"""Who may fetch controlled datasets, and the links to a release's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.datasets.model import Access, ReleaseState
from chalicelib.datasets.registry.grants import (
    MOST,
    Grant,
    GrantStore,
    hash_of,
    parts_of,
    secret_of,
)
from chalicelib.datasets.releases.model import LATEST, Release
from chalicelib.datasets.releases.service import Linked, dataset_of, linked_file, view
from chalicelib.images.model import LINK_LIFE
from chalicelib.people.model import Caller
from chalicelib.platform.audit import Act
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

DOWN: Final = Text(
    "Этот выпуск снят с публикации: пациент отозвал согласие. Возьмите следующую версию из реестра.",
    "This release was taken down: a patient took the consent back. Take the next version from the "
    "registry.",
)
NOT_CONTROLLED: Final = Text(
    "Доступ по соглашению выдаётся только к наборам с доступом «по соглашению».",
    "Grants are for datasets with controlled access only.",
)
TOO_MANY: Final = Text(
    "У набора уже {most} соглашений, больше нельзя.",
    "The dataset has {most} grants already, and no more may be.",
)
PAST: Final = Text("Этот день уже прошёл.", "This day is past.")


@dataclass(frozen=True)
class Granted:
    """A grant with what its holder shows; told this once."""

    grant: Grant
    token: str


@dataclass(frozen=True)
class Download:
    """A page of a release's files, until when their links work, and the cursor of the next page."""

    release: Release
    files: Sequence[Linked]
    following: str | None
    expires_at: datetime


def grant(
    platform: Platform,
    *,
    caller: Caller,
    code: str,
    grant_id: str,
    recipient: str,
    purpose: str,
    expires_on: date,
) -> Granted:
    """Let an organisation fetch a controlled dataset. Three calls to AWS.

    A repetition gets the same with the same secret. Raises `NotFound`, `Invalid`, `Conflict`.
    """
    dataset = dataset_of(platform, code)
    if dataset.plan.access is not Access.CONTROLLED:
        raise Conflict("not_controlled", NOT_CONTROLLED)
    if expires_on < platform.today():
        raise Invalid({"expires_on": PAST})
    secret = secret_of(platform.ids, grant_id)
    said = (code, recipient, purpose, expires_on.isoformat())
    new = Grant(
        grant_id=grant_id,
        code=code,
        recipient=recipient,
        purpose=purpose,
        expires_on=expires_on,
        created_at=platform.clock.now(),
        created_by=caller.account_id,
        secret_hash=hash_of(secret),
        fingerprint=platform.ids.digest("grant", *said).hex(),
    )
    there = GrantStore(platform.catalogue).create(new)
    if there is None:
        raise Conflict("too_many_grants", TOO_MANY.filled(most=MOST))
    if there.fingerprint != new.fingerprint:
        raise idempotency_conflict()
    return Granted(there, f"{grant_id}.{secret}")


def list_grants(
    platform: Platform, code: str, *, limit: int, cursor: str | None
) -> tuple[list[Grant], str | None]:
    """A page of a dataset's grants by id. Three calls. Raises `NotFound`, and `Invalid`."""
    dataset_of(platform, code)
    store, scope = GrantStore(platform.catalogue), f"grants {code}"
    page, following = platform.cursors.part(
        store.ids_of(code), limit=limit, cursor=cursor, scope=scope
    )
    return store.several(page), following


def revoke(platform: Platform, code: str, grant_id: str) -> None:
    """End a grant. One call. Raises `NotFound`."""
    store = GrantStore(platform.catalogue)
    if not store.revoke(grant_id, code, now=platform.clock.now()):
        raise NotFound


def download(
    platform: Platform,
    *,
    code: str,
    version: str | None,
    token: str | None,
    limit: int,
    cursor: str | None,
    request_id: str,
) -> Download:
    """Links to a release's files. Four calls to AWS, one more with a grant.

    Raises `NotFound` alike for a dataset that is not there, is hidden, or wants a grant other than the one
    shown; `Conflict` for a release that was taken down.
    """
    release = view(platform, code, version or LATEST)
    actor, role = _admitted(platform, release, token)
    if release.state is ReleaseState.TAKEN_DOWN:
        raise Conflict("taken_down", DOWN)
    if not release.readable:
        raise NotFound
    scope = f"download {release.release_id}"
    page, following = platform.cursors.part(
        release.all_files, limit=limit, cursor=cursor, scope=scope
    )
    record = Act(actor, role, "release.downloaded", release.release_id)
    platform.audit.record(record, request_id=request_id)
    return Download(
        release=release,
        files=[linked_file(platform, release, file) for file in page],
        following=following,
        expires_at=platform.clock.now() + LINK_LIFE,
    )


def _admitted(platform: Platform, release: Release, token: str | None) -> tuple[str, str]:
    """Who fetches, for the audit trail. Raises `NotFound`."""
    if release.access == Access.PUBLIC:
        return "public", "public"
    grant_id, secret = parts_of(token or "")
    found = GrantStore(platform.catalogue).get(grant_id) if grant_id and secret else None
    if release.access != Access.CONTROLLED or found is None:
        raise NotFound
    if not found.admits(secret, release.code, platform.today()):
        raise NotFound
    return found.grant_id, "grant"
