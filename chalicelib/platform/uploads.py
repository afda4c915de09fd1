"""What may be uploaded, for everyone who says it: slots, the intake, the configuration."""

from typing import Final, Literal, get_args

ContentType = Literal["image/jpeg", "image/png"]
CONTENT_TYPES: Final[tuple[ContentType, ...]] = get_args(ContentType)
MAX_UPLOAD_BYTES: Final = 30 * 1024 * 1024
