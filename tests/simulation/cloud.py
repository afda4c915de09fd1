"""moto's AWS without the wire: calls go from boto3's clients straight to moto's state, past a place for faults.

Signing, HTTP, XML, JSON and the parsing of expressions take nearly all the time of a call to moto. The
operations that the platform makes most are carried out on moto's state without them; any other goes the
long way. Faults, pauses and counts hold for both.
"""

import io
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from infra.provision import ACCOUNT_ID
from tests.simulation import dynamodb
from tests.simulation.faults import DEATHS, LOST, REFUSALS, Fault, error, refusal, reply_lost
from tests.world import REGION, WorkerDied

Calling = Callable[[str, dict[str, Any]], Any]
CAREFREE: Final[Mapping[int, Fault]] = {}
_WRITES: Final = frozenset({"PutItem", "UpdateItem"})


@dataclass
class Cloud:
    """Stands in for the session of a platform; every call of its clients passes through `call`."""

    session: boto3.Session
    faults: Mapping[int, Fault] = field(default_factory=dict)
    """Of the present invocation: by the number of the call, the first being 0."""
    made: list[str] = field(default_factory=list)
    """The calls of the present invocation, as `service.Operation`."""
    happened: Counter[Fault] = field(default_factory=Counter)
    calls: int = 0
    meanwhile: Callable[[], None] = lambda: None
    """What others do while a worker is held up."""
    streamed: frozenset[str] = frozenset()
    """Tables whose writes are told to `wrote`."""
    wrote: Callable[[dict[str, Any]], None] = lambda item: None
    """Is told each item as it stands after a write, as a stream of the table would tell it."""

    @property
    def region_name(self) -> str:
        return REGION

    def client(self, service: str, **options: Any) -> Any:
        make: Any = self.session.client
        client = make(service, **options)
        long_way: Calling = client._make_api_call

        def call(operation: str, values: dict[str, Any]) -> Any:
            return self.call(service, operation, values, long_way)

        client._make_api_call = call
        return client

    @contextmanager
    def invocation(self, faults: Mapping[int, Fault] = CAREFREE) -> Any:
        """One run of a function, or one request, with the faults that meet it. May be nested."""
        before = self.faults, self.made
        self.faults, self.made = faults, []
        try:
            yield self.made
        finally:
            self.faults, self.made = before

    def call(self, service: str, operation: str, values: dict[str, Any], long_way: Calling) -> Any:
        fault = self.faults.get(len(self.made))
        self.made.append(f"{service}.{operation}")
        self.calls += 1
        if fault is None:
            return self._carry_out(service, operation, values, long_way)
        self.happened[fault] += 1
        if fault is Fault.PAUSED:
            self.meanwhile()
        if fault is Fault.DIES_BEFORE:
            raise WorkerDied
        if fault in REFUSALS:
            raise refusal(fault, service, operation)
        again = deepcopy(values)
        answer = self._carry_out(service, operation, values, long_way)
        if fault in DEATHS:
            raise WorkerDied
        if fault is Fault.REPLY_LOST:
            raise reply_lost()
        if fault in LOST:
            return self._carry_out(service, operation, again, long_way)
        return answer

    def _carry_out(
        self, service: str, operation: str, values: dict[str, Any], long_way: Calling
    ) -> Any:
        short_way = _SHORT_WAYS.get((service, operation))
        if short_way is None:
            return long_way(operation, values)
        answer = short_way(values)
        if operation in _WRITES and values["TableName"] in self.streamed:
            key = values.get("Key") or values["Item"]
            item = dynamodb.found(values["TableName"], (key["pk"]["S"], key["sk"]["S"]))
            if item is not None:
                self.wrote(item)
        return answer


def _s3() -> Any:
    return s3_backends[ACCOUNT_ID]["aws"]


def _get_object(values: dict[str, Any]) -> Any:
    key = _s3().get_object(values["Bucket"], values["Key"], values.get("VersionId"))
    if key is None:
        raise error("NoSuchKey", "GetObject", status=404)
    return {"Body": io.BytesIO(key.value), "VersionId": key.version_id}


def _head_object(values: dict[str, Any]) -> Any:
    key = _s3().get_object(values["Bucket"], values["Key"], values.get("VersionId"))
    if key is None:
        raise error("404", "HeadObject", status=404)
    return {"VersionId": key.version_id}


def put_object(values: dict[str, Any]) -> Any:
    key = _s3().put_object(values["Bucket"], values["Key"], values["Body"])
    key.set_metadata({"Content-Type": values.get("ContentType", "binary/octet-stream")})
    return {"VersionId": key.version_id}


def _copy_object(values: dict[str, Any]) -> Any:
    source = _s3().get_object(values["CopySource"]["Bucket"], values["CopySource"]["Key"])
    if source is None:
        raise error("NoSuchKey", "CopyObject", status=404)
    _s3().copy_object(source, values["Bucket"], values["Key"])
    return {}


def _send_message(values: dict[str, Any]) -> Any:
    return {"MessageId": _sent(values["QueueUrl"], values)}


def _send_message_batch(values: dict[str, Any]) -> Any:
    sent = [
        {"Id": entry["Id"], "MessageId": _sent(values["QueueUrl"], entry)}
        for entry in values["Entries"]
    ]
    return {"Successful": sent}


def _sent(url: str, entry: dict[str, Any]) -> str:
    queue, delay = url.rpartition("/")[2], entry.get("DelaySeconds")
    sent = sqs_backends[ACCOUNT_ID][REGION].send_message(
        queue, entry["MessageBody"], delay_seconds=delay
    )
    return str(sent.id)


def _generate_mac(values: dict[str, Any]) -> Any:
    mac, _, key_id = kms_backends[ACCOUNT_ID][REGION].generate_mac(
        values["Message"], values["KeyId"], values["MacAlgorithm"], [], False
    )
    return {"Mac": b64decode(mac), "KeyId": key_id}


_SHORT_WAYS: Final[Mapping[tuple[str, str], Callable[[dict[str, Any]], Any]]] = {
    ("dynamodb", "GetItem"): dynamodb.get_item,
    ("dynamodb", "BatchGetItem"): dynamodb.batch_get_item,
    ("dynamodb", "PutItem"): dynamodb.put_item,
    ("dynamodb", "UpdateItem"): dynamodb.update_item,
    ("dynamodb", "DeleteItem"): dynamodb.delete_item,
    ("dynamodb", "Query"): dynamodb.query,
    ("s3", "GetObject"): _get_object,
    ("s3", "HeadObject"): _head_object,
    ("s3", "PutObject"): put_object,
    ("s3", "CopyObject"): _copy_object,
    ("sqs", "SendMessage"): _send_message,
    ("sqs", "SendMessageBatch"): _send_message_batch,
    ("kms", "GenerateMac"): _generate_mac,
}
