"""The first version of the labelling protocol, which the platform comes with.

The signs are those of the dermoscopic literature: the third consensus of the International Dermoscopy
Society (Kittler et al. 2016, J Am Acad Dermatol 74:1093) for the terms, Argenziano et al. 1998 (Arch
Dermatol 134:1563) for the seven points of melanoma, Zalaudek et al. 2006 and 2012 for actinic keratosis
and squamous cell carcinoma, Menzies et al. 2000 for basal cell carcinoma.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

TITLE: Final = Text(
    "Протокол разметки дерматоскопических снимков", "Protocol for labelling dermoscopic images"
)
INSTRUCTION: Final = Text(
    "Смотрите снимок целиком, затем увеличьте. Решайте только по снимку, расположению, возрасту и полу: "
    "больше ничего не известно и другому эксперту. Выберите один из девяти классов, самый вероятный; "
    "остальные возможные назовите в дифференциальном ряду. Уверенность: 1 — догадка, 3 — скорее да, "
    "5 — без сомнений. «Неизвестный диагноз» — честный ответ, если признаков недостаточно или очаг не "
    "относится ни к одному классу. Если очага не видно (размыт, закрыт волосами, не в кадре), отметьте "
    "качество «непригодный». Если сомневаетесь между доброкачественным и злокачественным, называйте "
    "злокачественное. Контур проводите по наружной границе очага, вместе с ореолом пигмента, без "
    "воспалённой кожи вокруг. Если вы узнали пациента, откажитесь от случая.",
    "Look at the whole image, then zoom in. Judge by the image, the site, the age and the sex alone: the "
    "other expert knows no more. Choose one of the nine classes, the most probable one; name the other "
    "possible ones in the differential. Confidence: 1 is a guess, 3 is rather yes, 5 is without doubt. "
    "“Unknown diagnosis” is an honest answer when the signs do not suffice or the lesion belongs to none "
    "of the classes. When the lesion cannot be seen (blurred, under hair, out of the frame), mark the "
    "quality as unusable. In doubt between benign and malignant, say the malignant one. Draw the outline "
    "along the outer border of the lesion, with its halo of pigment, without inflamed skin around it. If "
    "you recognise the patient, decline the case.",
)
SIGNS: Final[Mapping[LesionClass, tuple[Text, ...]]] = {
    LesionClass.NEVUS: (
        Text(
            "Правильная пигментная сеть, бледнеющая к краю.",
            "A regular pigment network that fades out.",
        ),
        Text(
            "Глобулы одного размера, по кругу или брусчаткой.",
            "Globules of one size, as a rim or as cobbles.",
        ),
        Text(
            "Один–два цвета, симметричное строение.", "One or two colours, a symmetrical structure."
        ),
    ),
    LesionClass.MELANOMA: (
        Text(
            "Атипичная сеть, бело-голубая вуаль, атипичные сосуды.",
            "Atypical network, blue-white veil, atypical vessels.",
        ),
        Text(
            "Неравномерные полосы, точки, глобулы и пятна по краю.",
            "Irregular streaks, dots, globules and blotches at the border.",
        ),
        Text(
            "Участки регресса; асимметрия цвета и строения.",
            "Regression structures; asymmetry of colour and structure.",
        ),
    ),
    LesionClass.ACTINIC_KERATOSIS: (
        Text(
            "Красная псевдосеть вокруг устьев фолликулов («клубника»).",
            "Red pseudonetwork around follicle openings (“strawberry”).",
        ),
        Text(
            "Белые и жёлтые чешуйки на повреждённой солнцем коже.",
            "White and yellow scales on sun-damaged skin.",
        ),
        Text(
            "На пигментных — ромбы и серые точки вокруг фолликулов.",
            "In pigmented ones, rhomboids and grey dots around follicles.",
        ),
    ),
    LesionClass.BASAL_CELL_CARCINOMA: (
        Text(
            "Древовидные сосуды в фокусе, изъязвление.", "Arborising vessels in focus, ulceration."
        ),
        Text(
            "Листовидные и спицевидные структуры, сине-серые гнёзда; пигментной сети нет.",
            "Leaf-like and spoke-wheel areas, blue-grey nests; no pigment network.",
        ),
        Text(
            "Блестящие белые полосы и пятна в поляризованном свете.",
            "Shiny white blotches and strands in polarised light.",
        ),
    ),
    LesionClass.BENIGN_KERATOSIS: (
        Text(
            "Милиумоподобные кисты, комедоподобные устья, борозды и извилины.",
            "Milia-like cysts, comedo-like openings, fissures and ridges.",
        ),
        Text(
            "Резкая граница, край «изъеден молью», отпечатки пальцев.",
            "Sharp border, moth-eaten edge, fingerprint-like structures.",
        ),
        Text(
            "Зернистые серые точки при лихеноидном кератозе.",
            "Grey granules in lichen planus-like keratosis.",
        ),
    ),
    LesionClass.DERMATOFIBROMA: (
        Text(
            "Белый рубцеподобный центр, нежная сеть по краю.",
            "A white scar-like centre, a delicate network around it.",
        ),
        Text(
            "При сжатии западает (если известно).", "It dimples when pinched (where that is known)."
        ),
    ),
    LesionClass.SQUAMOUS_CELL_CARCINOMA: (
        Text(
            "Клубочковые сосуды группами и чешуйки (in situ).",
            "Clustered glomerular vessels and scales (in situ).",
        ),
        Text(
            "Белые круги, кератин в центре, неправильные линейные сосуды, кровь в чешуйках.",
            "White circles, central keratin, irregular linear vessels, blood spots in scale.",
        ),
    ),
    LesionClass.VASCULAR_LESION: (
        Text(
            "Красные, синие или чёрные лакуны с чёткой границей.",
            "Red, blue or black lacunae with a sharp border.",
        ),
        Text(
            "Однородный красно-чёрный цвет при кровоизлиянии; пигментной сети нет.",
            "Homogeneous red to black colour in haemorrhage; no pigment network.",
        ),
    ),
    LesionClass.UNKNOWN: (
        Text(
            "Признаков не хватает или очаг не относится к классам выше.",
            "The signs do not suffice, or the lesion belongs to none of the classes above.",
        ),
    ),
}
