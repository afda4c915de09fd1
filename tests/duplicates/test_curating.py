"""What curators see of near-duplicates, and decide; what datasets are told."""

from typing import Any

from chalicelib.duplicates.flagged import flagged_pairs, groups
from chalicelib.images.likeness import Likeness
from tests.duplicates.looking import Gallery, changed, listed, random_hash
from tests.images.making import image_of
from tests.merging.clinic import OTHER
from tests.patients.asking import Client

PAIR = "/v1/duplicates/{pair_id}"


def unsigned(pair: dict[str, Any]) -> dict[str, Any]:
    """A pair as told, without its links: they are signed anew each second."""
    pictures = [
        [(one["image_id"], one["lesion_id"], one["patient_id"]) for one in side["images"]]
        for side in pair["pictures"]
    ]
    return {**pair, "pictures": pictures}


def three_pairs(gallery: Gallery) -> list[str]:
    """Images of two patients, all alike: one of the first, two of the other under two lesions."""
    one, other = gallery.clinic.patient(), gallery.clinic.patient(**OTHER)
    lesions = (one["lesion_id"], other["lesion_id"], gallery.clinic.lesion(other["patient_id"]))
    images = []
    for number, lesion_id in enumerate(lesions):
        seen = Likeness(perceptual_hash=changed(random_hash(1), 5 * number))
        images.append(gallery.image(lesion_id, seen)[0])
    gallery.world.clock.advance(minutes=5)
    gallery.compare()
    return images


def test_the_list_is_paged_filtered_and_counted(gallery: Gallery, curator: Client) -> None:
    three_pairs(gallery)
    relations = sorted(pair["relation"] for pair in listed(curator))
    assert relations == ["another_patient", "another_patient", "same_patient"]
    assert len(listed(curator, relation="another_patient")) == 2
    assert listed(curator, relation="same_lesion") == []
    for more in ({}, {"relation": "another_patient"}):
        seen, cursor = [], None
        while True:
            query = {"limit": "1", **more, **({"cursor": cursor} if cursor else {})}
            page = curator.ask("GET", "/v1/duplicates", query=query).body
            assert page["open"] == (None if cursor else 3)
            seen += [pair["pair_id"] for pair in page["items"]]
            if (cursor := page["next"]) is None:
                break
        assert len(seen) == len(set(seen)) == (2 if more else 3)
    first = curator.ask("GET", "/v1/duplicates", query={"limit": "1"}).body["next"]
    foreign = curator.ask("GET", "/v1/duplicates", query={"cursor": first, "state": "settled"})
    assert (foreign.status, set(foreign.error["fields"])) == (422, {"cursor"})


def test_a_list_costs_the_same_calls_however_many_pairs_are_on_it(
    gallery: Gallery, curator: Client
) -> None:
    three_pairs(gallery)
    with gallery.world.counted() as calls:
        listed(curator)
    assert calls == {"dynamodb.Query": 2, "dynamodb.BatchGetItem": 2, "dynamodb.PutItem": 1}


def test_both_pictures_are_shown_with_links_and_no_word_of_a_person(
    gallery: Gallery, curator: Client
) -> None:
    first, second = gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    shown = [one for side in pair["pictures"] for one in side["images"]]
    assert {one["image_id"] for one in shown} == {first, second}
    for one in shown:
        assert f"clean/{one['image_id']}" in one["image"]
        assert f"thumbnails/{one['image_id']}" in one["thumbnail"]
        image = image_of(gallery.world, one["image_id"])
        assert (one["lesion_id"], one["patient_id"]) == (image.lesion_id, image.patient_id)
        assert set(one) == {"image_id", "lesion_id", "patient_id", "image", "thumbnail"}
    assert (pair["state"], pair["distance"], pair["cosine"]) == ("open", 20, None)


def test_a_decision_is_kept_with_its_history_and_may_be_changed(
    gallery: Gallery, curator: Client
) -> None:
    gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    body = {"decision": "different", "reason": "Two moles of one back"}
    settled = curator.ask("POST", PAIR, body, pair_id=pair["pair_id"])
    assert (settled.status, settled.body["state"], settled.body["decision"]) == (
        200,
        "settled",
        "different",
    )
    repeated = curator.ask("POST", PAIR, body, pair_id=pair["pair_id"])
    assert unsigned(repeated.body) == unsigned(settled.body)
    assert listed(curator) == []
    assert [each["pair_id"] for each in listed(curator, state="settled")] == [pair["pair_id"]]
    gallery.world.clock.advance(hours=1)
    other = {"decision": "same_photograph"}
    changed_mind = curator.ask("POST", PAIR, other, pair_id=pair["pair_id"])
    told = [(step["decision"], step["by"], step["reason"]) for step in changed_mind.body["history"]]
    assert told == [
        ("different", "curator1", body["reason"]),
        ("same_photograph", "curator1", None),
    ]
    viewed = curator.ask("GET", PAIR, pair_id=pair["pair_id"])
    assert unsigned(viewed.body) == unsigned(changed_mind.body)
    acts = [act for act, on in curator.acts() if on == pair["pair_id"]]
    assert acts.count("duplicate.decided") == 3
    # Found again, it stays as it was decided.
    one = viewed.body["pictures"][0]["images"][0]["image_id"]
    intake = image_of(gallery.world, one).intake
    assert intake is not None
    again = Likeness(perceptual_hash=intake.perceptual_hash or random_hash(1))
    gallery.index.look_anew(intake.pixel_hash, again, at=gallery.world.clock.now())
    gallery.compare()
    assert listed(curator) == []


def test_bad_decisions_and_unknown_pairs_are_refused(gallery: Gallery, curator: Client) -> None:
    gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    for body, faults in (
        ({"decision": "perhaps"}, {"decision"}),
        ({"reason": "So"}, {"decision"}),
        ({"decision": "different", "reason": ""}, {"reason"}),
    ):
        refused = curator.ask("POST", PAIR, body, pair_id=pair["pair_id"])
        assert (refused.status, set(refused.error["fields"])) == (422, faults)
    asked = {"decision": "different"}
    missing = curator.ask("POST", PAIR, asked, pair_id="nobody")
    assert (missing.status, missing.error["code"]) == (404, "not_found")
    bad = curator.ask("GET", "/v1/duplicates", query={"relation": "cousins", "limit": "0"})
    assert (bad.status, set(bad.error["fields"])) == (422, {"relation", "limit"})


def test_a_moved_image_changes_the_relation_at_once(gallery: Gallery, curator: Client) -> None:
    first, second = gallery.two_alike()
    gallery.compare()
    assert [pair["relation"] for pair in listed(curator)] == ["another_patient"]
    lesion_id = image_of(gallery.world, first).lesion_id
    assert gallery.clinic.move(second, lesion_id).status == 200
    assert [pair["relation"] for pair in listed(curator)] == ["same_lesion"]


def test_an_image_names_its_pairs_to_curators_only(gallery: Gallery, curator: Client) -> None:
    first, _ = gallery.two_alike()
    gallery.compare()
    (pair,) = listed(curator)
    path = "/v1/images/{image_id}"
    seen = curator.ask("GET", path, image_id=first).body
    assert seen["near_duplicates"] == [pair["pair_id"]]
    assert gallery.clinic.view(first)["near_duplicates"] is None


def test_datasets_are_told_which_images_belong_together(gallery: Gallery, curator: Client) -> None:
    images = three_pairs(gallery)
    lesion_id = image_of(gallery.world, images[0]).lesion_id
    intake = image_of(gallery.world, images[0]).intake
    assert intake is not None
    twin = gallery.clinic.classified(lesion_id, pixels=intake.pixel_hash)
    alone, _ = gallery.image(lesion_id, Likeness(perceptual_hash=random_hash(9)))
    asked = [*images, twin, alone]
    found = flagged_pairs(gallery.world.platform, asked)
    assert groups(found) == [frozenset([*images, twin])]
    assert {(pair.one, pair.other) for pair in found if pair.confirmed} == {
        tuple(sorted((images[0], twin)))
    }
    for pair in listed(curator):
        curator.ask("POST", PAIR, {"decision": "different"}, pair_id=pair["pair_id"])
    assert groups(flagged_pairs(gallery.world.platform, asked)) == [frozenset([images[0], twin])]
    assert flagged_pairs(gallery.world.platform, [alone]) == []
