"""Starting and stopping everything, in order."""

import importlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.environment import REGION, STAGE, isolate, local_settings
from infra.local.serving import Serving
from infra.throttling import CALLER, Rate

if TYPE_CHECKING:
    from infra.provision import Stack

ROOT = Path(__file__).parents[2]
ETAG_KEY_BYTES = 32
STOP_SECONDS = 15.0
"""How long a function may still work after a stop was asked for."""


class LocalStack:
    """The whole system on one port. Make it, `start` it, `close` it; it keeps nothing.

    Modules that read the environment, or take their time, are imported by the step that needs them.
    """

    def __init__(self, port: int, log: Callable[[str], None], *, requests: Rate = CALLER) -> None:
        """Takes the port at once, before anything slow. Raises `PortInUseError`.

        `requests` is what one caller may send.
        """
        self._log, self._requests = log, requests
        self._running = ExitStack()
        self._front: Any = _not_yet
        self._activity: Any = None
        self._queues: Any = None
        self.stopping = threading.Event()
        self._serving = Serving(lambda environ, answer: self._front(environ, answer), port)
        self._running.callback(self._serving.stop)
        self.url = self._serving.url

    def start(
        self, *, tick_seconds: float | None = None, fill: Callable[[], None] = lambda: None
    ) -> None:
        """Start the cloud, the app and what carries events, and open the demo accounts.

        Changes the environment of this process. `tick_seconds` replaces the interval of every
        schedule. `fill` is called with the accounts there, before any request or event.
        """
        isolate(os.environ)
        cloud_url, resources = self._start_cloud()
        os.environ.update(
            local_settings(resources.environment(), url=self.url, cloud_url=cloud_url)
        )
        module = importlib.import_module("app")
        self._open_accounts()
        fill()
        self._start_functions(module, resources, cloud_url, tick_seconds)

    def _start_cloud(self) -> "tuple[str, Stack]":
        import boto3

        from infra.local.cloud import serve_cloud
        from infra.provision import Stack, letters

        cloud = serve_cloud()
        self._running.callback(cloud.stop)
        # Stopped before the cloud, so that nobody is answered by half a system.
        self._running.callback(self._serving.stop)
        cloud.start()
        os.environ["AWS_ENDPOINT_URL"] = cloud.url
        session = boto3.Session(region_name=REGION)
        resources = Stack(session, secret=letters, stage=STAGE, web_origins=[self.url])
        resources.create()
        return cloud.url, resources

    def _open_accounts(self) -> None:
        from chalicelib.platform.runtime import platform
        from infra.local.accounts import open_demo_accounts

        open_demo_accounts(platform())
        self._prepare()

    @staticmethod
    def _prepare() -> None:
        """What a deployment does, and the first overview, so that nobody has to wait for it."""
        from chalicelib.oversight.counting import count_up
        from chalicelib.platform.runtime import platform, settings
        from infra.models import register_all

        register_all(platform(), settings().models)
        count_up(platform())

    def _start_functions(
        self, module: Any, resources: "Stack", cloud_url: str, tick_seconds: float | None
    ) -> None:
        from botocore.credentials import Credentials
        from chalice.config import Config

        from chalicelib.platform import metrics
        from infra.local.activity import Activity, Queues
        from infra.local.api import Api
        from infra.local.cloud import holds
        from infra.local.front import Front
        from infra.local.gate import Gate
        from infra.local.sign_in import SignIn
        from infra.local.throttle import Throttle
        from infra.local.wiring import wire

        limits = json.loads((ROOT / ".chalice" / "config.json").read_bytes())
        config = Config(chalice_stage=STAGE, config_from_disk=limits)
        s3, dead = resources.client("s3"), resources.created("ClassifyDeadQueue")
        sqs, activity = resources.client("sqs"), Activity()
        pump = wire(
            module,
            config,
            sqs=sqs,
            s3=s3,
            region=REGION,
            dead_letters={"classify": dead.ref} if dead else {},
            tick_seconds=tick_seconds,
            log=self._log,
            holds=holds,
        )
        credentials = Credentials(
            os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
        )
        etag_key = secrets.token_bytes(ETAG_KEY_BYTES)
        self._front = Front(
            api=Api(module.app, config, self._log),
            s3=Gate(s3, credentials, region=REGION, etag_key=etag_key, stored=activity.stored),
            sign_in=SignIn(cloud_url, REGION, time.monotonic),
            throttle=Throttle(time.monotonic, caller=self._requests),
            url=self.url,
        )
        dead_queues = ("Labelling", "Classify", "Webhooks", "Builds", "Evaluations")
        made = (resources.created(f"{name}DeadQueue") for name in dead_queues)
        dead_urls = [queue.ref for queue in made if queue]
        self._activity = activity
        self._queues = Queues(sqs, os.environ["RODINKA_QUEUE_LABELLING"], dead_urls)

        def pumping() -> None:
            with metrics.told_to(activity.noted):
                pump.run(self.stopping)

        self._serving.start()
        self.in_background("pump", pumping)

    def status(self) -> str:
        """What it has done since it started, on one line."""
        return str(self._activity.line(self._queues.depths()))

    def in_background(self, name: str, work: Callable[[], None]) -> None:
        """Run `work` in a thread that ends when `stopping` is set; `close` waits for it."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        # Unwound before the servers stop, so that work in flight still has a cloud to write to.
        self._running.callback(thread.join, STOP_SECONDS)

    def close(self) -> None:
        """Stop everything that was started, the last first."""
        self.stopping.set()
        self._running.close()


def _not_yet(environ: Any, start_response: Any) -> Any:
    raise RuntimeError("The front answers once everything behind it has started.")
