"""The composition root: one `Platform` a process, its clients made when first used."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random, SystemRandom
from time import sleep
from typing import TYPE_CHECKING, Any

from chalicelib.platform.clock import Clock, SystemClock
from chalicelib.platform.cursors import Cursors
from chalicelib.platform.ids import Ids
from chalicelib.platform.resolver import Resolver, addresses
from chalicelib.platform.settings import Settings

if TYPE_CHECKING:
    from chalicelib.platform.audit import Audit
    from chalicelib.platform.audit_check import Check
    from chalicelib.platform.macs import Macs
    from chalicelib.platform.objects import ObjectStore
    from chalicelib.platform.queues import Queue
    from chalicelib.platform.table import Table


@dataclass(frozen=True, eq=False)
class Platform:
    """Everything a use case needs from outside: settings, clock, ids, chance and the stores of AWS."""

    settings: Settings
    clock: Clock
    ids: Ids
    draw: Random = field(default_factory=SystemRandom)
    wait: Callable[[float], None] = sleep
    """Lets so many seconds pass."""
    resolve: Resolver = addresses
    """The addresses of a host."""

    @cached_property
    def cases(self) -> "Table":
        return self._table(self.settings.table_cases)

    @cached_property
    def labelling(self) -> "Table":
        return self._table(self.settings.table_labelling)

    @cached_property
    def catalogue(self) -> "Table":
        return self._table(self.settings.table_catalogue)

    @cached_property
    def people(self) -> "Table":
        return self._table(self.settings.table_people)

    @cached_property
    def audit(self) -> "Audit":
        from chalicelib.platform.audit import Audit

        return Audit(self.records, self.clock, self.ids)

    @cached_property
    def audit_check(self) -> "Check":
        from chalicelib.platform.audit_check import Check

        return Check(self.records, self.clock)

    @cached_property
    def records(self) -> "Table":
        """The table of the audit trail, and of what must outlive a restore of the others."""
        return self._table(self.settings.table_audit)

    @cached_property
    def uploads(self) -> "ObjectStore":
        return self._bucket(self.settings.bucket_uploads)

    @cached_property
    def images(self) -> "ObjectStore":
        return self._bucket(self.settings.bucket_images)

    @cached_property
    def releases(self) -> "ObjectStore":
        return self._bucket(self.settings.bucket_releases)

    @cached_property
    def sqs(self) -> Any:
        return self.client("sqs")

    @cached_property
    def labelling_queue(self) -> "Queue":
        from chalicelib.platform.queues import Queue

        return Queue(self.sqs, self.settings.queue_labelling)

    @cached_property
    def webhooks_queue(self) -> "Queue":
        from chalicelib.platform.queues import Queue

        return Queue(self.sqs, self.settings.queue_webhooks)

    @cached_property
    def builds_queue(self) -> "Queue":
        from chalicelib.platform.queues import Queue

        return Queue(self.sqs, self.settings.queue_builds)

    @cached_property
    def evaluations_queue(self) -> "Queue":
        from chalicelib.platform.queues import Queue

        return Queue(self.sqs, self.settings.queue_evaluations)

    @cached_property
    def code_macs(self) -> "Macs":
        from chalicelib.platform.macs import Macs

        return Macs(self.client("kms"), self.settings.code_key_ids)

    @cached_property
    def user_pool(self) -> Any:
        """The client of the user pool; making one takes longer than most of its calls."""
        return self.client("cognito-idp")

    @property
    def region(self) -> str:
        return self._session.region_name or ""

    @cached_property
    def cursors(self) -> Cursors:
        return Cursors(self.ids)

    def today(self) -> date:
        """The calendar day at the easternmost clinic; nothing was examined later than that."""
        return (self.clock.now() + timedelta(hours=self.settings.utc_offset_hours)).date()

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client; they share one session, hence one set of credentials."""
        return self._session.client(service, **options)

    @cached_property
    def _session(self) -> Any:
        import boto3

        return boto3.session.Session()

    @cached_property
    def _dynamodb(self) -> Any:
        return self.client("dynamodb")

    @cached_property
    def _s3(self) -> tuple[Any, Any]:
        """The client that reads and writes, and the one that signs links for browsers."""
        from botocore.config import Config

        config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
        client = self.client("s3", config=config)
        public = self.settings.public_s3_endpoint
        return client, self.client("s3", config=config, endpoint_url=public) if public else client

    def _table(self, name: str) -> "Table":
        from chalicelib.platform.table import Table

        return Table(self._dynamodb, name, self.ids)

    def _bucket(self, name: str) -> "ObjectStore":
        from chalicelib.platform.objects import ObjectStore

        return ObjectStore(*self._s3, name)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings.load(os.environ)


@cache
def platform() -> Platform:
    """The platform of this process. Tests make their own with a clock and ids of their choice."""
    loaded = settings()
    return Platform(loaded, SystemClock(), Ids(loaded.signing_key.encode()))
