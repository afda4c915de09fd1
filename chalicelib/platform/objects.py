"""One S3 bucket: objects by key and version, and links that let a browser in for minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


@dataclass(frozen=True)
class StoredObject:
    """The bytes of one version of an object."""

    data: bytes
    version: str
    content_type: str


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

    def current_version(self, key: str) -> str | None:
        """The version id of the latest object at `key`, or None when nothing is there."""
        try:
            answer = self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            _let_absence_pass(error)
            return None
        return answer.get("VersionId", "null")

    def put(self, key: str, data: bytes, *, content_type: str) -> None:
        self._client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=data,
            ContentType=content_type,
            CacheControl="private, max-age=600",
        )

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
