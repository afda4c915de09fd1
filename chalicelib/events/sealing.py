"""The schedule says that it is time to seal the audit trail."""

from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform


@metered("seal_audit")
def seal(platform: Platform) -> int:
    """Chain the new audit records by hash; how many there were."""
    sealed = platform.audit.seal()
    count("RecordsSealed", sealed)
    return sealed
