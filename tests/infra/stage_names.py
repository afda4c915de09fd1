"""What the deployment knows of a stage of production, for policies to name."""

from typing import Any, Final

from infra.provision import ACCOUNT_ID
from tests.world import REGION

NAMES: Final[dict[str, Any]] = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT_ID,
    "Stage": "production",
    "DataKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/11111111-2222-3333-4444-555555555555",
    "CodeKeyArns": [f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/{n}" for n in ("old", "new")],
    "UserPoolId": f"{REGION}_AbCdEfGhI",
}


def arn_of(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{name}"
