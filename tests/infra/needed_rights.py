"""What IAM asks for each call to AWS: actions, on which resources, under which conditions.

From the service authorization reference and the S3 API's own pages (s3:ListBucket for a 404,
s3:DeleteObject beside s3:DeleteObjectVersion). Of the keys that encrypt tables and buckets: DynamoDB's and
S3's pages on encryption at rest; DynamoDB creates its grants when a table is made, so who only uses
the table needs no `kms:CreateGrant`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3

from infra.provision import ACCOUNT_ID
from tests.infra.recorded_calls import Call
from tests.world import REGION

READS_ITEMS: Final = ("Decrypt", "DescribeKey")
WRITES_ITEMS: Final = (
    *READS_ITEMS,
    *("Encrypt", "ReEncryptFrom", "ReEncryptTo"),
    *("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
)
_HASH_KEY: Final = re.compile(r"(#\w+) = (:\w+)")


@dataclass(frozen=True)
class Right:
    """An action on one resource, and what the request tells about itself (condition keys)."""

    action: str
    resource: str
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        told = "".join(f", {key} {' '.join(values)}" for key, values in self.told.items())
        return f"{self.action} on {self.resource}{told}"


class Cloud:
    """The resources of one account as they are: their names, and the keys that encrypt them."""

    def __init__(self, session: boto3.Session) -> None:
        self._dynamodb: Any = session.client("dynamodb")
        self._s3: Any = session.client("s3")
        self._keys: dict[str, str] = {}

    def rights(self, call: Call) -> Iterator[Right]:
        """Everything that IAM must allow for this call. Raises `KeyError` for one not known here."""
        yield from _NEEDS[call.service](self, call.operation, call.values)
        if call.absent and call.operation in {"GetObject", "HeadObject"}:
            # The code goes on where an object is missing, and stops where it is forbidden. Whoever
            # may not list is told 403 of a missing one; S3 does not say of what prefix.
            yield Right("s3:ListBucket", _bucket(call.values["Bucket"]))

    def of_items(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        for table, resource, leading in _items(operation, values):
            told = {"dynamodb:LeadingKeys": leading}
            yield Right(f"dynamodb:{operation}", _arn("dynamodb", f"table/{resource}"), told)
            uses = (
                WRITES_ITEMS
                if operation in {"PutItem", "UpdateItem", "DeleteItem"}
                else READS_ITEMS
            )
            yield from _with_key(self._key_of_table(table), "dynamodb", *uses)

    def of_objects(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        if "Tagging" in values:
            raise KeyError(
                "Nothing of ours is tagged; if it is now, its tags need rights of their own."
            )
        bucket = values["Bucket"]
        of_version = "Version" if "VersionId" in values else ""
        match operation:
            case "GetObject" | "HeadObject":
                yield Right(f"s3:GetObject{of_version}", _object(bucket, values["Key"]))
                if operation == "GetObject":
                    yield from self._with_bucket_key(bucket, "Decrypt")
            case "PutObject":
                yield Right("s3:PutObject", _object(bucket, values["Key"]))
                yield from self._with_bucket_key(bucket, "GenerateDataKey")
            case "CopyObject":
                source = values["CopySource"]
                yield from self.of_objects("GetObject", source)
                yield from self.of_objects("PutObject", {"Bucket": bucket, "Key": values["Key"]})
            case "ListObjectVersions":
                told = {"s3:prefix": (values["Prefix"],)}
                yield Right("s3:ListBucketVersions", _bucket(bucket), told)
            case "DeleteObjects":
                for one in values["Delete"]["Objects"]:
                    yield Right("s3:DeleteObject", _object(bucket, one["Key"]))
                    if "VersionId" in one:
                        yield Right("s3:DeleteObjectVersion", _object(bucket, one["Key"]))
            case _:
                yield from self._of_parts(operation, values)

    def _of_parts(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        """Of an object that is uploaded in parts (S3 User Guide, "Multipart upload API and permissions")."""
        if operation == "ListMultipartUploads":
            yield Right("s3:ListBucketMultipartUploads", _bucket(values["Bucket"]))
            return
        actions = {
            **dict.fromkeys(
                ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject"
            ),
            "AbortMultipartUpload": "AbortMultipartUpload",
            "ListParts": "ListMultipartUploadParts",
        }
        action = actions[operation]
        yield Right(f"s3:{action}", _object(values["Bucket"], values["Key"]))
        if action == "PutObject":  # the parts are read again when they are put together
            yield from self._with_bucket_key(values["Bucket"], "Decrypt", "GenerateDataKey")

    def of_queues(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        action = operation.removesuffix("Batch")  # IAM knows no batches
        yield Right(f"sqs:{action}", _arn("sqs", values["QueueUrl"].rpartition("/")[2]))

    def of_keys(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        yield Right(f"kms:{operation}", _arn("kms", f"key/{values['KeyId']}"))

    def of_logins(self, operation: str, values: Mapping[str, Any]) -> Iterator[Right]:
        pool = _arn("cognito-idp", f"userpool/{values['UserPoolId']}")
        yield Right(f"cognito-idp:{operation}", pool)

    def _with_bucket_key(self, bucket: str, *uses: str) -> Iterator[Right]:
        if bucket not in self._keys:
            found = self._s3.get_bucket_encryption(Bucket=bucket)
            (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
            default = rule["ApplyServerSideEncryptionByDefault"]
            self._keys[bucket] = default["KMSMasterKeyID"]
        yield from _with_key(self._keys[bucket], "s3", *uses)

    def _key_of_table(self, table: str) -> str:
        if table not in self._keys:
            found = self._dynamodb.describe_table(TableName=table)["Table"]
            self._keys[table] = found["SSEDescription"]["KMSMasterKeyArn"]
        return self._keys[table]


_NEEDS: Final = {
    "dynamodb": Cloud.of_items,
    "s3": Cloud.of_objects,
    "sqs": Cloud.of_queues,
    "kms": Cloud.of_keys,
    "cognito-idp": Cloud.of_logins,
}


def _items(operation: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Table, table or index, and partition keys of what a call to DynamoDB reads or writes."""
    match operation:
        case "GetItem" | "UpdateItem" | "DeleteItem":
            yield values["TableName"], values["TableName"], (values["Key"]["pk"]["S"],)
        case "PutItem":
            yield values["TableName"], values["TableName"], (values["Item"]["pk"]["S"],)
        case "BatchGetItem":
            for table, asked in values["RequestItems"].items():
                yield table, table, tuple(key["pk"]["S"] for key in asked["Keys"])
        case "Query":
            found = _HASH_KEY.search(values["KeyConditionExpression"])
            assert found is not None, values["KeyConditionExpression"]
            table, index = values["TableName"], values.get("IndexName")
            value = values["ExpressionAttributeValues"][found[2]]["S"]
            yield table, f"{table}/index/{index}" if index else table, (value,)
        case _:
            raise KeyError(operation)


def _with_key(key: str, service: str, *uses: str) -> Iterator[Right]:
    told = {"kms:ViaService": (f"{service}.{REGION}.amazonaws.com",)}
    for use in uses:
        yield Right(f"kms:{use}", key, told)


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{name}"


def _bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def _object(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}"
