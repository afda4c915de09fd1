"""The images filed under one lesion, as the index `by_patient` of the `cases` table has them."""

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.items import read_image
from chalicelib.images.model import Image
from chalicelib.platform.table import Item, Table


def newest_of_lesion(
    cases: Table, *, patient_id: str, lesion_id: str, limit: int
) -> tuple[list[Image], bool]:
    """The images uploaded last, deleted ones left out, and whether these are all.

    One call for each megabyte: some 50 images that several models have judged, more of others. The index
    follows the items within a second or so.
    """
    of_lesion = Where("patient_order").begins_with(f"image#{lesion_id}#")
    where = Where("patient_id").eq(patient_id) & of_lesion
    items: list[Item] = []
    last: Item | None = None
    while len(items) < limit:
        page = cases.query(
            where, index="by_patient", limit=limit - len(items), start=last, newest_first=True
        )
        items += page.items
        last = page.last
        if last is None:
            break
    return [read_image(item) for item in items if "deletion" not in item], last is None
