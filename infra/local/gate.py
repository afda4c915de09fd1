"""What browsers send to S3, judged as S3 judges it: moto checks neither forms nor signatures.

Only the two things a browser is ever given are let through: a presigned POST and a presigned GET.
Signatures are recomputed with botocore's own signers. Objects are encrypted with KMS, so their ETag
is no MD5 and tells nothing of the bytes; here it is an HMAC of key and version.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from infra.local.forms import Form, RefusedError, judge, read_form

PREFIX = "/s3/"
MAX_BODY_BYTES = 64 * 1024 * 1024
"""Of a whole form; far above what the policy of any form allows."""
IN_MEMORY_BYTES = 1_000_000
"""A file beyond this waits on disk while its form is judged."""

_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)", re.ASCII)
_SIGNED_OPTIONS = {
    "versionId": "VersionId",
    "response-content-type": "ResponseContentType",
    "response-content-disposition": "ResponseContentDisposition",
    "response-cache-control": "ResponseCacheControl",
}
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your key and signing method."
)


class Gate:
    """A WSGI application for `/s3/{bucket}` and `/s3/{bucket}/{key}`; `s3` is the cloud behind."""

    def __init__(
        self,
        s3: Any,
        credentials: Credentials,
        *,
        region: str,
        etag_key: bytes,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        stored: Callable[[], None] = lambda: None,
    ) -> None:
        """`stored` is told of every upload that reached its bucket."""
        self._stored = stored
        self._s3, self._credentials, self._region = s3, credentials, region
        self._etag_key, self._now = etag_key, now

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        path = urlsplit(environ["REQUEST_URI"]).path
        bucket, _, key = path.removeprefix(PREFIX).partition("/")
        try:
            if request.method == "POST" and not key:
                response = self._post(request, bucket)
            elif request.method == "GET" and key:
                response = self._get(request, bucket, unquote(key))
            else:
                raise RefusedError(403, "AccessDenied", "Access Denied")
        except RefusedError as refused:
            response = _error(refused)
        except ClientError as error:
            found = error.response
            status = found["ResponseMetadata"]["HTTPStatusCode"]
            response = _error(
                RefusedError(status, found["Error"]["Code"], found["Error"]["Message"])
            )
        return response(environ, start_response)

    def _post(self, request: Request, bucket: str) -> Response:
        length = request.content_length
        if length is None:
            sentence = "You must provide the Content-Length HTTP header."
            raise RefusedError(411, "MissingContentLength", sentence)
        if length > MAX_BODY_BYTES:
            sentence = "Your proposed upload exceeds the maximum allowed size"
            raise RefusedError(400, "EntityTooLarge", sentence)
        kind = request.headers.get("Content-Type", "")
        with SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
            form = read_form(request.environ["wsgi.input"], kind, length, into=file)
            self._verify_post(form.fields)
            judge(form, bucket=bucket, now=self._now())
            return self._store(form, bucket)

    def _verify_post(self, fields: dict[str, str]) -> None:
        if "key" not in fields:
            sentence = "Bucket POST must contain a field named 'key'."
            raise RefusedError(400, "InvalidArgument", sentence)
        if "policy" not in fields or "x-amz-signature" not in fields:
            raise RefusedError(403, "AccessDenied", "Access Denied")
        signer = S3SigV4PostAuth(self._credentials, "s3", self._region)
        asked = AWSRequest(method="POST", url="")
        self._verify_scope(
            signer,
            asked,
            algorithm=fields.get("x-amz-algorithm", ""),
            scope=fields.get("x-amz-credential", ""),
            timestamp=fields.get("x-amz-date", ""),
        )
        _same(fields["x-amz-signature"], signer.signature(fields["policy"], asked))

    def _store(self, form: Form, bucket: str) -> Response:
        fields, key = form.fields, form.fields["key"]
        metadata = {
            name.removeprefix("x-amz-meta-"): value
            for name, value in fields.items()
            if name.startswith("x-amz-meta-")
        }
        stored = self._s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=form.file,
            ContentType=fields.get("content-type", "binary/octet-stream"),
            Metadata=metadata,
            ChecksumAlgorithm="SHA256",
        )
        self._stored()
        version = stored.get("VersionId", "null")
        location = f"{PREFIX}{bucket}/{quote(key)}"
        etag = self._etag(bucket, key, version)
        status = fields.get("success_action_status", "204")
        body = (
            f"<PostResponse><Location>{escape(location)}</Location>"
            f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key><ETag>{escape(etag)}</ETag></PostResponse>"
            if status == "201"
            else ""
        )
        return Response(
            body,
            status=int(status) if status in {"200", "201"} else 204,
            headers={"Location": location, "ETag": etag, "x-amz-version-id": version},
            content_type="application/xml" if body else None,
        )

    def _get(self, request: Request, bucket: str, key: str) -> Response:
        query = self._verify_get(request)
        wanted = {
            parameter: query[name] for name, parameter in _SIGNED_OPTIONS.items() if name in query
        }
        asked = request.headers.get("Range", "")
        if _RANGE.fullmatch(asked):  # S3 takes no notice of any other
            wanted["Range"] = asked
        found = self._s3.get_object(Bucket=bucket, Key=key, **wanted)
        version = found.get("VersionId", "null")
        names = {
            "ContentType": "Content-Type",
            "ContentLength": "Content-Length",
            "ContentRange": "Content-Range",
            "CacheControl": "Cache-Control",
            "ContentDisposition": "Content-Disposition",
        }
        response = Response(
            wrap_file(request.environ, found["Body"]),
            status=found["ResponseMetadata"]["HTTPStatusCode"],
            headers={header: str(found[name]) for name, header in names.items() if name in found},
            direct_passthrough=True,
        )
        response.last_modified = found["LastModified"]
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["ETag"] = self._etag(bucket, key, version)
        response.headers["x-amz-version-id"] = version
        response.call_on_close(found["Body"].close)
        return response

    def _verify_get(self, request: Request) -> dict[str, str]:
        uri = urlsplit(request.environ["REQUEST_URI"])
        query = {name: values[0] for name, values in parse_qs(uri.query).items()}
        needed = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
        if any(f"X-Amz-{name}" not in query for name in needed):
            raise RefusedError(403, "AccessDenied", "Access Denied")
        unsigned = "&".join(p for p in uri.query.split("&") if not p.startswith("X-Amz-Signature="))
        signed_headers = query["X-Amz-SignedHeaders"].split(";")
        asked = AWSRequest(
            method=request.method,
            url=f"http://{request.host}{uri.path}?{unsigned}",
            headers={name: request.headers.get(name, "") for name in signed_headers},
        )
        signer = S3SigV4QueryAuth(self._credentials, "s3", self._region)
        signed_at = self._verify_scope(
            signer,
            asked,
            algorithm=query["X-Amz-Algorithm"],
            scope=query["X-Amz-Credential"],
            timestamp=query["X-Amz-Date"],
        )
        _same(
            query["X-Amz-Signature"],
            signer.signature(signer.string_to_sign(asked, signer.canonical_request(asked)), asked),
        )
        # The signature covers the moment and the lifetime, so they are the signer's own by now.
        lifetime = timedelta(seconds=int(query["X-Amz-Expires"]))
        if not signed_at - timedelta(minutes=15) <= self._now() < signed_at + lifetime:
            raise RefusedError(403, "AccessDenied", "Request has expired")
        return query

    def _verify_scope(
        self, signer: SigV4Auth, asked: AWSRequest, *, algorithm: str, scope: str, timestamp: str
    ) -> datetime:
        """The moment of signing, when the request names our key, region and service."""
        try:
            signed_at = datetime.strptime(timestamp, _TIMESTAMP).replace(tzinfo=UTC)
        except ValueError:
            raise RefusedError(403, "AccessDenied", "Invalid date") from None
        asked.context["timestamp"] = timestamp
        if algorithm != "AWS4-HMAC-SHA256" or scope != signer.scope(asked):
            sentence = "The AWS Access Key Id you provided does not exist in our records."
            raise RefusedError(403, "InvalidAccessKeyId", sentence)
        return signed_at

    def _etag(self, bucket: str, key: str, version: str) -> str:
        name = "\0".join((bucket, key, version)).encode()
        return f'"{hmac.new(self._etag_key, name, hashlib.sha256).hexdigest()[:32]}"'


def _same(given: str, computed: str) -> None:
    if not hmac.compare_digest(given.encode(), computed.encode()):
        raise RefusedError(403, "SignatureDoesNotMatch", _MISMATCH)


def _error(refused: RefusedError) -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(refused.code)}</Code>"
        f"<Message>{escape(refused.message)}</Message></Error>"
    )
    return Response(body, status=refused.status, content_type="application/xml")
