"""The real app on a simulated cloud: its clock, chance and model injected, its functions as Lambda calls them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import MagicMock, patch

from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

import app
from chalicelib.people.model import Account, AccountState, Role
from chalicelib.people.store import PeopleStore
from chalicelib.platform.runtime import Platform
from infra.provision import ACCOUNT_ID
from tests.simulation.cloud import Cloud
from tests.simulation.files import STAND_IN, examined_once
from tests.world import REGION, START, FakeClock, World, new_world

READERS: Final = {"reader-a": 3, "reader-b": 8, "reader-c": 20, "reader-d": 30, "reader-e": 60}
"""Experts by account, and how many cases each takes at once."""
SENIORS: Final = {"senior": 20}
"""Senior experts, the same. Beside them there is one who has not practised for long enough."""
YOUNG_SENIOR: Final = "young-senior"
PROTOCOL: Final = 1
"""The version of the labelling protocol that everybody has accepted."""
SETTINGS: Final[Mapping[str, Any]] = {"probe_share": 0.4, "reread_after_days": 1}
"""Probes are common here, and readers forgetful."""


@dataclass(frozen=True)
class Written:
    """One write to the labelling table."""

    at: datetime
    """When, by AWS's clock."""
    item: dict[str, Any]
    """As it stood then, its attributes typed."""


@dataclass
class Stage:
    """One world, and the cloud that all its calls pass through."""

    world: World
    cloud: Cloud
    slow: timedelta = timedelta()
    """How far the functions' clock is behind that of AWS."""
    writes: list[Written] = field(default_factory=list)
    """Every write to the labelling table, as its stream would tell them."""

    def __post_init__(self) -> None:
        self.cloud.streamed = frozenset({self.platform.settings.table_labelling})
        self.cloud.wrote = lambda item: self.writes.append(Written(self.true_time, item))

    @property
    def platform(self) -> Platform:
        return self.world.platform

    @property
    def clock(self) -> FakeClock:
        """The functions' clock."""
        return self.world.clock

    @property
    def true_time(self) -> datetime:
        """By which S3 judges whether a form still opens anything."""
        return self.clock.now() + self.slow

    def set_clock_back(self) -> None:
        if not self.slow:
            self.slow = timedelta(hours=1)
            self.clock.moment -= self.slow

    def set_clock_right(self) -> None:
        self.clock.moment += self.slow
        self.slow = timedelta()


@contextmanager
def new_stage(
    seed: int,
    readers: Mapping[str, int] = READERS,
    seniors: Mapping[str, int] = SENIORS,
    settings: Mapping[str, Any] = SETTINGS,
) -> Iterator[Stage]:
    """A world with readers, in which the app's entry points work. Nothing of it outlives the block."""
    with new_world(seed) as world, ExitStack() as patched:
        # Not before: the first world of a process draws for its tables and keys, and no other does.
        mock_random.seed(seed)
        changed = world.platform.settings.model_copy(update=settings)
        world.platform.__dict__["settings"] = changed
        cloud = Cloud(world.platform.__dict__["_session"])
        world.platform.__dict__["_session"] = cloud
        for key_id in world.platform.settings.code_key_ids.values():
            # moto takes it from the machine's chance, and ids of patients follow from it.
            kms_backends[ACCOUNT_ID][REGION].keys[key_id].key_material = b"%032d" % seed
        for name, value in _replacements(world.platform).items():
            patched.enter_context(patch(name, value))
        for account_id, hand_size in readers.items():
            open_reader(world.platform, account_id, hand_size)
        for account_id, hand_size in seniors.items():
            open_reader(world.platform, account_id, hand_size, Role.SENIOR_EXPERT)
        open_reader(world.platform, YOUNG_SENIOR, 20, Role.SENIOR_EXPERT, since=2024)
        yield Stage(world, cloud)


def _replacements(platform: Platform) -> dict[str, Any]:
    """What the entry points take from their process instead of from an argument."""
    quiet = MagicMock()
    return {
        "app.platform": lambda: platform,
        "chalicelib.platform.http.routes.platform": lambda: platform,
        "chalicelib.events.uploads.classifier": lambda _: STAND_IN,
        "chalicelib.events.schedule.classifier": lambda _: STAND_IN,
        "chalicelib.classification.service.examine": examined_once,
        # Thousands of failures are meant to happen; writing of each would take most of the time.
        "chalicelib.platform.logging._logger": lambda: quiet,
        "chalicelib.platform.logging._failure": lambda _: {},
        "chalicelib.platform.metrics._write": lambda *_: None,
    }


def open_reader(
    platform: Platform,
    account_id: str,
    hand_size: int,
    role: Role = Role.EXPERT,
    *,
    since: int = 2010,
) -> None:
    """An account as the sign-in service would have named it; nobody signs in here."""
    PeopleStore(platform.people).open_account(
        Account(
            account_id=account_id,
            login=account_id,
            role=role,
            clinic_id="",
            state=AccountState.OPEN,
            opened_at=START,
            hand_size=hand_size,
            qualified_since=since,
            protocol=PROTOCOL,
        )
    )


def raise_reader(platform: Platform, account_id: str) -> None:
    """Let an expert be a senior one from now on."""
    store = PeopleStore(platform.people)
    account = store.account(account_id)
    if account is None:
        raise LookupError(account_id)
    store.save(account, replace(account, role=Role.SENIOR_EXPERT))


def classify(event: dict[str, Any]) -> None:
    app.classify(event, None)


def assign_reader(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = app.assign_reader(event, None)
    return answer


def sweep() -> None:
    app.sweep(_TICK, None)


def seal_audit() -> None:
    app.seal_audit(_TICK, None)


_TICK: Final[dict[str, Any]] = {
    "version": "0",
    "account": "",
    "region": "",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "",
    "id": "tick",
    "resources": [],
}
