"""Keyed hashes made inside KMS: the key never leaves it, so nobody can try all inputs offline."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient


class Macs:
    """HMAC-SHA-256 under the newest key, or under every version that was ever used."""

    def __init__(self, client: "KMSClient", key_ids: Mapping[str, str]) -> None:
        self._client = client
        self._key_ids = dict(key_ids)

    def under_every_version(self, message: str) -> Iterator[str]:
        """`<version>.<hex mac>` under each key, newest first; each step is one call to KMS.

        Codes are not kept and cannot be hashed again, so a lookup goes through all versions.
        """
        for version, key_id in self._key_ids.items():
            answer = self._client.generate_mac(
                KeyId=key_id, MacAlgorithm="HMAC_SHA_256", Message=message.encode()
            )
            yield f"{version}.{answer['Mac'].hex()}"
