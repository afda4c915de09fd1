"""A reader of an imported image learns nothing of its label or of its archive."""

from chalicelib.labelling import driving
from chalicelib.labelling.items import read_case
from chalicelib.platform import keys
from tests.asking import as_caller, ask
from tests.imports.asking import add_image, new_import
from tests.imports.test_imported_images import carried_to_its_end
from tests.labelling.making import reader
from tests.world import World

FIELDS = {"assignment_id", "round", "kind", "site", "age", "sex", "image_url", "leased_until"}

INSIDE = {"excluded", "opinion", "clinic_id"}
"""What a case keeps for itself: who must not read it, what the model says, where it is from."""


def test_a_reader_is_told_of_no_label_and_no_archive(world: World) -> None:
    account_id = reader(world, "expert1")
    label = {"diagnosis": "dermatofibroma", "confirmed_by": "confocal"}
    import_id = new_import()
    image_id = add_image(import_id, label=label, survey=None, to_labelling=True).body["image_id"]
    carried_to_its_end(world, image_id)
    driving.assign_case(world.platform, image_id)
    hand = ask("GET", "/v1/labelling/assignments", caller=as_caller("expert", account_id))
    assert hand.status == 200
    [item] = hand.body["items"]
    assert set(item) == FIELDS
    assert (item["site"], item["age"], item["sex"]) == (None, None, None)
    case = world.platform.labelling.get(keys.case(image_id))
    assert case is not None
    assert read_case(case).facts.site is None
    told = repr((item, {name: value for name, value in case.items() if name not in INSIDE}))
    for secret in ("dermatofibroma", "confocal", "atlas-1", "lesion-1", "patient-1", import_id):
        assert secret not in told


def test_an_image_that_stays_with_its_archive_is_no_case_even_if_queued(world: World) -> None:
    reader(world, "expert1")
    image_id = add_image(new_import()).body["image_id"]
    carried_to_its_end(world, image_id)
    assert driving.assign_case(world.platform, image_id) is None
    assert world.platform.labelling.get(keys.case(image_id)) is None
