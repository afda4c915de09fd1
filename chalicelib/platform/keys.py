"""Every key of every table on one screen. docs/data-model.md draws the same.

cases       patient#<id> / patient              who, without saying who: sex, birth year, consent
            lesion#<id>  / lesion               where on the skin, and every survey of it
            image#<id>   / image                one photograph's whole life
            import#<id>  / import               an archive taken in: where from, under what licence
            code#<clinic>#<mac> / code          the patients a clinic knows under one patient code
            pixels#<hash> / pixels              the images that show the same pixels, and what those look like
            pair#<id>    / pair                 two pictures that are nearly the same, and what was decided
            comparing    / comparing            which run compared pictures last
            reclassification / reclassification    how far stored images have the active model's opinion
            slots#<account> / slots             the images an account has awaiting their files
            referral#<id> / incoming, outgoing, listed    a referral in the lists of two clinics; what it says is on the patient
            histology#<id> / histology          what a pathologist found in one lesion
            report#<histology> / report         the file of its report
            question#<id> / question            what a patient asks of one lesion, and the advice
labelling   case#<image> / case                 one image to be read, and who holds its slots
            reader#<account> / assignment#<id>  one reading owed by one reader
            protocol     / <version>            one version of what experts read by
            reader#<account> / figures          what he is told of his own work
            agreement    / <what>               how well readers agree, as computed last
            overview     / overview             what needs a human today, as counted last
people      account#<sub> / account             role, clinic and state of one person
            clinic#<id>  / clinic
            opening#<request> / opening         what a request asked to open, for its repetition
            administrators / administrators     who holds the last key to the house
            access#<mac> / access               whose one-time code this is, by the code's keyed hash
            rate#<account>#<what>#<window> / rate
audit       record#<id>  / record               one act
            chain#<shard> / <sequence>          a block of sealed acts
            check#<shard> / check               how far its blocks were verified, and what was found
            erasures / <patient or image>       what was to be erased, for its repetition after a restore
catalogue   model#<name> / model                a model that may answer
            model#active / model                which model answers
            models       / models               the names of all of them
            webhooks     / <webhook>            a receiver of events, and how its last deliveries went
            datasets     / <code>               a dataset: its plan, its releases by version
            plans#<code> / <revision>           a plan that it had before
            planning#<request> / planning       what a request asked to plan, for its repetition
            preview#<code> / preview            what its plan would select, as computed last
            release#<id> / release              one release on its way, and where its files are
            ledger       / ledger               which releases were frozen, one after another
            registry     / <number>             what the public may know of a dataset
            grant#<id>   / grant                a researcher who may fetch a controlled dataset
            algorithm#<id> / algorithm          a vendor's service, and what is claimed of it
            evaluation#<id> / evaluation        one test of it
            evaluation#<id> / unit#<unit>       what was answered of one unit of it, and when
            vendors      / <vendor>             what a vendor has here: its algorithms, its tests and the sets they saw

Secondary indexes: `due` (due_shard, due_at) wherever something may be unfinished; cases also
`by_clinic` (clinic_id, clinic_order: patients, last seen first; referrals; lesions that wait for histology; imports and an import's images; pictures and pairs of them) and `by_patient` (patient_id,
patient_order: lesions, images and histology); labelling `waiting` (wait_shard, wait_order), `standing`
(standing_shard, standing_order: cases by state) and `hand` (hand, hand_order: what a reader has, and has read); people `listing`
(listing, listing_order); audit `unsealed` (unsealed_shard, at), and for searches `by_object` (on, at), `by_actor` (actor,
at) and `by_day` (day_shard, at).
"""

from chalicelib.platform.table import Key


def patient(patient_id: str) -> Key:
    return f"patient#{patient_id}", "patient"


def lesion(lesion_id: str) -> Key:
    return f"lesion#{lesion_id}", "lesion"


def image(image_id: str) -> Key:
    return f"image#{image_id}", "image"


def import_(import_id: str) -> Key:
    return f"import#{import_id}", "import"


def code(clinic_id: str, mac: str) -> Key:
    return f"code#{clinic_id}#{mac}", "code"


def pixels(digest: str) -> Key:
    return f"pixels#{digest}", "pixels"


def pair(pair_id: str) -> Key:
    return f"pair#{pair_id}", "pair"


def comparing() -> Key:
    return "comparing", "comparing"


def reclassification() -> Key:
    return "reclassification", "reclassification"


def slots(account_id: str) -> Key:
    return f"slots#{account_id}", "slots"


def referral(referral_id: str, list_name: str) -> Key:
    return f"referral#{referral_id}", list_name


def histology(histology_id: str) -> Key:
    return f"histology#{histology_id}", "histology"


def report(histology_id: str) -> Key:
    return f"report#{histology_id}", "report"


def question(question_id: str) -> Key:
    return f"question#{question_id}", "question"


def case(image_id: str) -> Key:
    return f"case#{image_id}", "case"


def assignment(account_id: str, assignment_id: str) -> Key:
    return f"reader#{account_id}", f"assignment#{assignment_id}"


def protocol(version: int) -> Key:
    return "protocol", f"{version:06}"


def own_figures(account_id: str) -> Key:
    return f"reader#{account_id}", "figures"


def agreement(what: str) -> Key:
    return "agreement", what


def account(account_id: str) -> Key:
    return f"account#{account_id}", "account"


def clinic(clinic_id: str) -> Key:
    return f"clinic#{clinic_id}", "clinic"


def opening(request_id: str) -> Key:
    return f"opening#{request_id}", "opening"


def administrators() -> Key:
    return "administrators", "administrators"


def access(mac: str) -> Key:
    return f"access#{mac}", "access"


def rate(account_id: str, what: str, window: int) -> Key:
    return f"rate#{account_id}#{what}#{window}", "rate"


def audit_record(record_id: str) -> Key:
    return f"record#{record_id}", "record"


def audit_block(shard: int, sequence: int) -> Key:
    return f"chain#{shard}", f"{sequence:012d}"


def audit_check(shard: int) -> Key:
    return f"check#{shard}", "check"


def overview() -> Key:
    return "overview", "overview"


def erasure(subject_id: str) -> Key:
    return "erasures", subject_id


def model(name: str) -> Key:
    """Of a registered model; `active` is no name, since `active_model` has that key."""
    return f"model#{name}", "model"


def models() -> Key:
    return "models", "models"


def active_model() -> Key:
    return "model#active", "model"


def calibration(sha256: str) -> Key:
    """Of a passed calibration test of the model whose file has this SHA-256."""
    return f"calibration#{sha256}", "calibration"


def webhook(webhook_id: str) -> Key:
    """All of them stand in one partition: there are few, and an event asks for all."""
    return "webhooks", webhook_id


def dataset(code: str) -> Key:
    """All of them stand in one partition: a curator asks for all, and there are few."""
    return "datasets", code


def earlier_plan(code: str, revision: int) -> Key:
    return f"plans#{code}", f"{revision:06}"


def planning(request_id: str) -> Key:
    return f"planning#{request_id}", "planning"


def preview(code: str) -> Key:
    return f"preview#{code}", "preview"


def release(release_id: str) -> Key:
    return f"release#{release_id}", "release"


def ledger() -> Key:
    return "ledger", "ledger"


def registry(number: int) -> Key:
    return "registry", f"{number:06}"


def grant(grant_id: str) -> Key:
    return f"grant#{grant_id}", "grant"


def algorithm(algorithm_id: str) -> Key:
    return f"algorithm#{algorithm_id}", "algorithm"


def evaluation(evaluation_id: str) -> Key:
    return f"evaluation#{evaluation_id}", "evaluation"


def tested_unit(evaluation_id: str, unit_id: str) -> Key:
    return f"evaluation#{evaluation_id}", f"unit#{unit_id}"


def vendor(vendor_id: str) -> Key:
    """All of them stand in one partition: a curator lists what all of them have, and there are few."""
    return "vendors", vendor_id
