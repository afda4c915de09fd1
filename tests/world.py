"""A whole platform in one process: moto's AWS, a clock that tests turn, ids and chance from a seed."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.session
import moto.cognitoidp.models
import moto.kms.models
from botocore.loaders import Loader
from joserfc import jwk
from moto import mock_aws

from chalicelib.people.model import Caller, Reach, Role
from chalicelib.platform.ids import Ids
from chalicelib.platform.runtime import Platform
from chalicelib.platform.settings import Settings
from infra.local.quicker_moto import shorten
from infra.local.straight_moto import go_straight
from tests.provisioned import provisioned
from tests.quicker_clients import make_quicker

# moto makes an RSA key for every key and pool, which is most of the time of a new world. One is enough:
# no test asks KMS for a signature, and all of moto's pools sign with one published key anyway.
_kms: Any = moto.kms.models
_kms.generate_private_key = cache(_kms.generate_private_key)
_import_key = cache(lambda key: jwk.RSAKey.import_key(json.loads(key)))
_cognito: Any = moto.cognitoidp.models
_cognito.jwk = SimpleNamespace(
    RSAKey=SimpleNamespace(import_key=lambda key: _import_key(json.dumps(key)))
)

make_quicker()

REGION = "eu-central-1"
SOMEWHERE = "93.184.215.14"
"""A public address: that of every host, unless a test says otherwise. Nothing is sent there."""
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        self.moment += timedelta(**time)


class WorkerDied(BaseException):
    """As when Lambda stops a function: nothing in it runs any further."""


@dataclass
class World:
    """A platform on an AWS of its own, and a count of the calls made to it."""

    platform: Platform
    clock: FakeClock
    environment: dict[str, str]
    calls: Counter[str] = field(default_factory=Counter)

    crash_in: int | None = None
    """After so many more calls that AWS has carried out, the worker that made it dies."""

    @contextmanager
    def crash_after(self, calls: int) -> Iterator[None]:
        """The worker inside the block dies after so many calls, if it makes them."""
        self.crash_in = calls
        with suppress(WorkerDied):
            yield
        self.crash_in = None

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """The AWS calls made inside the block, by `service.Operation`."""
        self.calls.clear()
        yield self.calls


_LOADER = Loader(include_default_search_paths=True)
"""Reading the services' descriptions is most of the work of a new session; once is enough."""


def _session() -> boto3.Session:
    core = botocore.session.get_session()
    core.register_component("data_loader", _LOADER)
    return boto3.Session("testing", "testing", region_name=REGION, botocore_session=core)


@contextmanager
def new_world(seed: int = 1) -> Iterator[World]:
    """A provisioned platform. Nothing of it outlives the block."""
    shorten()
    go_straight()
    with mock_aws():
        session = _session()
        chance = Random(seed)
        environment = provisioned(
            session, secret=lambda n: f"{chance.getrandbits(4 * n):0{n}x}", stage="test"
        )
        settings = Settings.load(environment)
        clock = FakeClock()
        ids = Ids(settings.signing_key.encode(), chance.randbytes)
        platform = Platform(
            settings,
            clock,
            ids,
            Random(seed),
            wait=lambda seconds: clock.advance(seconds=seconds),
            resolve=lambda _: [SOMEWHERE],
        )
        world = World(platform, clock, environment)

        def count(model: Any, **_: Any) -> None:
            world.calls[f"{model.service_model.service_name}.{model.name}"] += 1

        def crash(**_: Any) -> None:
            if world.crash_in is not None:
                world.crash_in -= 1
                if world.crash_in == 0:
                    raise WorkerDied

        # The platform's clients come from this session, so every call of theirs is seen.
        world.platform.__dict__["_session"] = session
        session.events.register("before-call", count)
        session.events.register("after-call", crash)
        yield world


def caller(
    role: Role = Role.DOCTOR,
    *,
    account_id: str = "doctor1",
    clinic_id: str = "clinic1",
    reach: Reach = Reach.OWN_CLINIC,
) -> Caller:
    return Caller(account_id, role, clinic_id, reach)
