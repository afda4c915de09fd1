"""An object put in parts, as its bytes come: memory holds one part of it, whatever its size."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PART: Final = 8 * 1024 * 1024
"""Bytes of one part. S3 takes 10,000 parts, so 80 GB an object; all but the last have at least 5 MB."""


class Ended(Exception):
    """The upload was ended from elsewhere; nothing of it can become readable."""


class StreamedPut:
    """Bytes on their way into one object. Nothing is there to be read before `finish`.

    An object of less than one part is put in one request, unless it was begun before. `abandon` leaves
    nothing behind. `write` and `finish` raise `Ended` when somebody ended the upload.
    """

    def __init__(self, client: "S3Client", bucket: str, key: str, content_type: str) -> None:
        self._client: Any = client  # the same arguments go to several of its methods
        self._put: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._how = {"ContentType": content_type, "CacheControl": "private, max-age=600"}
        self._upload: str | None = None
        self._parts: list[dict[str, Any]] = []
        self._pending = bytearray()
        self._sum = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """Of all bytes written so far, in hex."""
        return self._sum.hexdigest()

    def begin(self) -> None:
        """Open the upload now rather than with the first full part, so that it can be ended from
        elsewhere (`ObjectStore.end_uploads`) from here on."""
        if self._upload is None:
            answer = self._client.create_multipart_upload(**self._put, **self._how)
            self._upload = answer["UploadId"]

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take further bytes; full parts are sent."""
        self._sum.update(data)
        self._pending += data
        self.bytes += len(data)
        while len(self._pending) >= PART:
            with memoryview(self._pending) as view:
                self._send(bytes(view[:PART]))
            del self._pending[:PART]

    def finish(self) -> None:
        """Send the rest and make the object readable."""
        if self._upload is None:
            self._client.put_object(**self._put, **self._how, Body=bytes(self._pending))
            return
        if self._pending or not self._parts:
            self._send(bytes(self._pending))
        with _ended():
            self._client.complete_multipart_upload(
                **self._put, UploadId=self._upload, MultipartUpload={"Parts": self._parts}
            )

    def write_all(self, pieces: Iterable[bytes]) -> None:
        """Write all pieces and finish; whatever breaks off leaves nothing behind."""
        try:
            for piece in pieces:
                self.write(piece)
            self.finish()
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Let go what was sent; it may have been let go of already."""
        if self._upload is None:
            return
        try:
            with _ended():
                self._client.abort_multipart_upload(**self._put, UploadId=self._upload)
        except Ended:
            return

    def _send(self, data: bytes) -> None:
        self.begin()
        number = len(self._parts) + 1
        with _ended():
            answer = self._client.upload_part(
                **self._put, UploadId=self._upload, PartNumber=number, Body=data
            )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})


@contextmanager
def _ended() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchUpload", "404"}:
            raise
        raise Ended from None
