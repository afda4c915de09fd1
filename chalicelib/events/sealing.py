"""The schedule says that it is time to seal the audit trail."""

from chalicelib.platform import logging
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform


@metered("seal_audit")
def seal(platform: Platform) -> int:
    """Chain the new audit records by hash, and verify a part of the chains; how many were new."""
    sealed = platform.audit.seal()
    count("RecordsSealed", sealed)
    faults = platform.audit_check.go_on()
    count("ChainFaults", faults)
    if faults:
        logging.info("audit trail broken", faults=faults)
    return sealed
