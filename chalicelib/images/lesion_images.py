"""The images filed under one lesion, as the index `by_patient` of the `cases` table has them."""

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.items import read_image
from chalicelib.images.model import Image
from chalicelib.platform.table import Table


def newest_of_lesion(
    cases: Table, *, patient_id: str, lesion_id: str, limit: int
) -> tuple[list[Image], bool]:
    """The images uploaded last, deleted ones left out, and whether these are all. One call.

    The index follows the items within a second or so.
    """
    of_lesion = Where("patient_order").begins_with(f"image#{lesion_id}#")
    where = Where("patient_id").eq(patient_id) & of_lesion
    page = cases.query(where, index="by_patient", limit=limit, newest_first=True)
    found = [read_image(item) for item in page.items if "deletion" not in item]
    return found, page.last is None
