"""What `provision` makes in moto, kept from the first time on: every further world gets a copy of it.

Making the tables, buckets, queues, keys and the pool is some fifty calls; most tests want them fresh.
"""

import copy
import copyreg
import threading
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import boto3
from moto.backends import get_backend
from moto.moto_api._internal import mock_random

from infra.provision import provision

SERVICES = ("cognito-idp", "dynamodb", "kms", "s3", "secretsmanager", "sqs")

# A lock is nobody's state: a copy gets one of its own.
copyreg.pickle(type(threading.Lock()), lambda _: (threading.Lock, ()))
copyreg.pickle(type(threading.RLock()), lambda _: (threading.RLock, ()))
copyreg.pickle(threading.Condition, lambda condition: (threading.Condition, (condition._lock,)))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Kept:
    """The state of each backend, by service, account and region; and what `provision` answered."""

    states: dict[tuple[str, str, str], dict[str, Any]]
    buckets: dict[str, Any]
    """moto's list of whose bucket is whose, which is nobody's backend."""
    environment: dict[str, str]


_kept: dict[str, Kept] = {}
"""By stage; filled by the first world of the process."""


def provisioned(
    session: boto3.Session, *, secret: Callable[[int], str], stage: str
) -> dict[str, str]:
    """As `infra.provision.provision`, inside a `mock_aws` in which there is nothing yet."""
    if stage not in _kept:
        # By chance of its own: the first world must have drawn no more from its chance than any other,
        # nor from moto's, of which versions of objects are made.
        chance, drawn = Random(stage), mock_random.getstate()
        environment = provision(
            session, secret=lambda n: f"{chance.getrandbits(4 * n):0{n}x}", stage=stage
        )
        mock_random.setstate(drawn)
        _kept[stage] = Kept(_states(), dict(_buckets()), environment)
    kept = _kept[stage]
    for (service, account, region), state in kept.states.items():
        backend = get_backend(service)[account][region]  # type: ignore[call-overload]
        backend.__dict__.update(copy.deepcopy(state))
    _buckets().update(kept.buckets)
    return kept.environment | {"RODINKA_SIGNING_KEY": _another_secret(kept, secret)}


def _backends(service: str) -> list[Any]:
    regions = get_backend(service).values()  # type: ignore[call-overload]
    return [backend for of_account in regions for backend in of_account.values()]


def _states() -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (service, account, region): copy.deepcopy(backend.__dict__)
        for service in SERVICES
        for account, regions in get_backend(service).items()  # type: ignore[call-overload]
        for region, backend in regions.items()
    }


def _buckets() -> dict[str, Any]:
    found: dict[str, Any] = get_backend("s3").bucket_accounts  # type: ignore[attr-defined]
    return found


def _another_secret(kept: Kept, secret: Callable[[int], str]) -> str:
    was = kept.environment["RODINKA_SIGNING_KEY"]
    value = secret(len(was))
    if value != was:
        # Past botocore: a client for this one call would take as long as half of the rest.
        [backend] = (each for each in _backends("secretsmanager") if each.secrets)
        [arn] = (each.arn for each in backend.secrets.values())
        backend.put_secret_value(arn, value, None, None, ["AWSCURRENT"])
    return value
