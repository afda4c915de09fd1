"""One S3 bucket: objects by key and version, and links that let a browser in for minutes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from chalicelib.platform.streamed import StreamedPut

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


BATCH: Final = 1000
"""As many versions as one request may delete."""
CHUNK: Final = 1024 * 1024
"""Bytes that are read at once of an object that is not read whole."""


@dataclass(frozen=True)
class StoredObject:
    """The bytes of one version of an object."""

    data: bytes
    version: str
    content_type: str


@dataclass(frozen=True)
class Version:
    """One version of an object, or a delete marker in its place."""

    key: str
    version: str
    is_marker: bool


class NotErased(Exception):
    """S3 answered that it did not delete something."""


@dataclass(frozen=True)
class UploadForm:
    """A presigned POST: the address, and the fields to send before the file."""

    url: str
    fields: dict[str, str]


class ObjectStore:
    """Objects in one bucket. `public` signs links with the address that browsers use."""

    def __init__(self, client: "S3Client", public: "S3Client", bucket: str) -> None:
        self._client = client
        self._public = public
        self.bucket = bucket

    def get(self, key: str, *, version: str | None = None) -> StoredObject | None:
        """One version of an object (the latest when not named), or None when it is not there."""
        wanted: dict[str, Any] = {"VersionId": version} if version else {}
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=key, **wanted)
        except ClientError as error:
            _let_absence_pass(error)
            return None
        return StoredObject(
            data=answer["Body"].read(),
            version=answer.get("VersionId", "null"),
            content_type=answer.get("ContentType", ""),
        )

    def chunks(self, key: str, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The bytes `first` to `last` (the last one with them; None: the end) of an object, in pieces
        of `CHUNK` at most. Raises `LookupError` when it is not there.
        """
        part = "" if last is None else str(last)
        wanted: dict[str, Any] = {"Range": f"bytes={first}-{part}"} if first or part else {}
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=key, **wanted)
        except ClientError as error:
            _let_absence_pass(error)
            raise LookupError(key) from None
        yield from answer["Body"].iter_chunks(CHUNK)

    def lines(self, key: str, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The same as lines, without their ends."""
        rest = b""
        for chunk in self.chunks(key, first=first, last=last):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def streamed(self, key: str, *, content_type: str) -> StreamedPut:
        """An object to be put as its bytes come."""
        return StreamedPut(self._client, self.bucket, key, content_type)

    def end_uploads(self, prefix: str) -> int:
        """Let go of every object under `prefix` that is being put in parts; how many there were.

        Whoever was putting one cannot finish it any more.
        """
        pages = self._client.get_paginator("list_multipart_uploads")
        ended = 0
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            for upload in page.get("Uploads", []):
                self._client.abort_multipart_upload(
                    Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )
                ended += 1
        return ended

    def current_version(self, key: str) -> str | None:
        """The version id of the latest object at `key`, or None when nothing is there."""
        try:
            answer = self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            _let_absence_pass(error)
            return None
        return answer.get("VersionId", "null")

    def size(self, key: str) -> int | None:
        """How many bytes the latest object at `key` has, or None when nothing is there."""
        try:
            return self._client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
        except ClientError as error:
            _let_absence_pass(error)
            return None

    def put(
        self,
        key: str,
        data: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
        file_name: str | None = None,
    ) -> None:
        """Put an object; with `file_name`, one that browsers save rather than show."""
        saved: dict[str, Any] = (
            {"ContentDisposition": f'attachment; filename="{file_name}"'} if file_name else {}
        )
        self._client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=data,
            ContentType=content_type,
            CacheControl="private, max-age=600",
            Metadata=dict(metadata or {}),
            **saved,
        )

    def versions(self, name: str) -> Iterator[Version]:
        """Every version and delete marker of the object `name`, with or without a suffix (`.jpg`).

        Names that merely begin alike are left out.
        """
        for found in self.versions_under(name):
            if found.key == name or found.key.startswith(f"{name}."):
                yield found

    def versions_under(self, prefix: str) -> Iterator[Version]:
        """Every version and delete marker of all objects whose key begins so."""
        pages = self._client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            for part, is_marker in (("Versions", False), ("DeleteMarkers", True)):
                entries: Any = page.get(part, [])
                for entry in entries:
                    yield Version(entry["Key"], entry["VersionId"], is_marker)

    def metadata(self, version: Version) -> dict[str, str]:
        """What was noted beside one version when it was put; empty when it is not there (any more)."""
        try:
            answer = self._client.head_object(
                Bucket=self.bucket, Key=version.key, VersionId=version.version
            )
        except ClientError as error:
            _let_absence_pass(error)
            return {}
        return dict(answer["Metadata"])

    def erase(self, versions: Iterable[Version]) -> int:
        """Delete versions for good; how many. Raises `NotErased` when S3 kept one."""
        several = list(versions)
        for start in range(0, len(several), BATCH):
            batch = several[start : start + BATCH]
            objects: list[Any] = [{"Key": one.key, "VersionId": one.version} for one in batch]
            answer = self._client.delete_objects(
                Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True}
            )
            if answer.get("Errors"):
                raise NotErased(f"{len(answer['Errors'])} versions")
        return len(several)

    def erase_old_versions(self, key: str) -> None:
        """Erase all versions of an object but the one that is read. Two calls, three where there are some.

        They are listed first: what another worker puts from then on is not among them.
        """
        there = [one for one in self.versions_under(key) if one.key == key]
        current = self.current_version(key)
        self.erase(one for one in there if one.version != current)

    def copy(self, source: str, target: str) -> None:
        """Copy an object within the bucket; the copy has its own key, date and ETag."""
        self._client.copy_object(
            Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": source}
        )

    def upload_form(
        self, key: str, *, fields: Mapping[str, str], max_bytes: int, seconds: int
    ) -> UploadForm:
        """A form that lets its holder put exactly this key with exactly these fields."""
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        conditions.append(["content-length-range", 1, max_bytes])
        form = self._public.generate_presigned_post(
            Bucket=self.bucket,
            Key=key,
            Fields=dict(fields),
            Conditions=conditions,
            ExpiresIn=seconds,
        )
        return UploadForm(url=form["url"], fields=form["fields"])

    def link(self, key: str, *, seconds: int) -> str:
        """A link that shows this object for so many seconds."""
        return self._public.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
        )


def _let_absence_pass(error: ClientError) -> None:
    if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchVersion", "404"}:
        raise error
