"""The choices of the survey form, word for word in Russian, in the order of the form."""

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text


class Sex(Labelled):
    MALE = "male", "Муж", "Male"
    FEMALE = "female", "Жен", "Female"


class Hair(Labelled):
    BLOND = "blond", "Блонд", "Blond"
    LIGHT_BROWN = "light_brown", "Русый", "Light brown"
    GREY_OR_DYED = "grey_or_dyed", "Седые/окраска", "Grey or dyed"
    BROWN = "brown", "Коричневый", "Brown"
    BLACK = "black", "Черный", "Black"


class SkinType(Labelled):
    """Fitzpatrick's phototypes with the form's descriptions."""

    I = (  # noqa: E741 — the type is written with a Roman numeral
        "I",
        "Тип I",
        "Type I",
        Text(
            "всегда горит, никогда не загорает (бледнеет; веснушки)",
            "always burns, never tans (pale; freckles)",
        ),
    )
    II = (
        "II",
        "Тип II",
        "Type II",
        Text(
            "обычно горит, загорает минимально (светлый, но темнее светлого)",
            "usually burns, tans minimally (fair, but darker than fair)",
        ),
    )
    III = (
        "III",
        "Тип III",
        "Type III",
        Text(
            "иногда легкий ожог, равномерный загар (золотисто-медовый или оливковый)",
            "sometimes a mild burn, tans evenly (golden honey or olive)",
        ),
    )
    IV = (
        "IV",
        "Тип IV",
        "Type IV",
        Text(
            "горит минимально, всегда хорошо загорает (умеренно коричневый)",
            "burns minimally, always tans well (moderate brown)",
        ),
    )
    V = (
        "V",
        "Тип V",
        "Type V",
        Text(
            "очень редко горит, очень легко загорает (темно-коричневый)",
            "very rarely burns, tans very easily (dark brown)",
        ),
    )
    VI = (
        "VI",
        "Тип VI",
        "Type VI",
        Text(
            "никогда не горит (от глубоко пигментированного темно-коричневого "
            "до самого темно-коричневого)",
            "never burns (deeply pigmented dark brown to the darkest brown)",
        ),
    )


class Site(Labelled):
    HEAD_NECK = "head_neck", "Голова/Шея", "Head or neck"
    LEGS = "legs", "Ноги", "Legs"
    GENITALS = "genitals", "Гениталии", "Genitals"
    TORSO = "torso", "Торс", "Torso"
    PALMS_SOLES = "palms_soles", "Ладони/Подошвы", "Palms or soles"
    ARMS = "arms", "Руки", "Arms"


class MoleCount(Labelled):
    ALMOST_NONE = "almost_none", "Почти нет", "Almost none"
    FEW = "few", "Единичные", "A few"
    FROM_5_TO_20 = "5_to_20", "От 5 до 20", "5 to 20"
    OVER_20 = "over_20", "Больше 20", "Over 20"


class Relative(Labelled):
    """Who in the family had cancer."""

    NONE = "none", "Нет", "None"
    GRANDPARENT = "grandparent", "Бабушка/Дедушка", "Grandparent"
    SIBLING = "sibling", "Брат/Сестра", "Sibling"
    PARENT = "parent", "Мать/Отец", "Parent"


class Race(Labelled):
    """The form's three."""

    CAUCASIAN = "caucasian", "Европеоидная", "Caucasian"
    ASIAN = "asian", "Азиатская", "Asian"
    MONGOLOID = "mongoloid", "Монголоидная", "Mongoloid"


class Sunburn(Labelled):
    """Signs of past sunburns."""

    REDNESS = "redness", "Покраснения", "Redness"
    PAIN = "pain", "Боль в области ожога", "Pain where burnt"
    BLISTERS = "blisters", "Наличие волдырей", "Blisters"


class LargeMoles(Labelled):
    """Moles over 5 mm."""

    NONE = "none", "Нет крупных родинок на теле более 5 мм", "No moles over 5 mm"
    ONE_OR_TWO = "one_or_two", "1–2 крупных родинки более 5 мм", "1 or 2 moles over 5 mm"
    THREE_OR_MORE = "three_or_more", "3 и более крупных родинок", "3 or more moles over 5 mm"


class Diagnosis(Labelled):
    """What the examining doctor takes the lesion for."""

    NEVUS = "nevus", "Родинка", "Nevus"
    MELANOMA = "melanoma", "Меланома", "Melanoma"
    PAPILLOMA = "papilloma", "Папиллома", "Papilloma"
    DYSPLASTIC_NEVUS = "dysplastic_nevus", "Диспластическая родинка", "Dysplastic nevus"
    KERATOPAPILLOMA = "keratopapilloma", "Кератопапиллома", "Keratopapilloma"
    DERMATOFIBROMA = "dermatofibroma", "Дерматофиброма", "Dermatofibroma"
    EPIDERMAL_CYST = "epidermal_cyst", "Эпидермальная киста", "Epidermal cyst"
    SKIN_CANCER = "skin_cancer", "Рак кожи", "Skin cancer"
    SKIN_LYMPHOMA = "skin_lymphoma", "Лимфома кожи", "Skin lymphoma"
    HEMANGIOMA = "hemangioma", "Гемангиома", "Hemangioma"
    KAPOSI_SARCOMA = "kaposi_sarcoma", "Саркома Капоши", "Kaposi sarcoma"
    OTHER = "other", "Другое", "Other"


class TreatmentKind(Labelled):
    """What was done to a lesion."""

    EXCISED = "excised", "Удалено хирургически", "Excised"
    BIOPSIED = "biopsied", "Взята биопсия", "Biopsied"
    CRYOTHERAPY = "cryotherapy", "Криодеструкция", "Cryotherapy"
    CURETTAGE = "curettage", "Кюретаж", "Curettage"
    LASER = "laser", "Лазерное лечение", "Laser treatment"
    RADIOTHERAPY = "radiotherapy", "Лучевая терапия", "Radiotherapy"
    TOPICAL = "topical", "Местное лечение (мазь, крем)", "Topical treatment"
    OBSERVED = "observed", "Наблюдение", "Observation"
    REFERRED = "referred", "Направлен к другому врачу", "Referred to another doctor"
    OTHER = "other", "Другое", "Other"


class Outcome(Labelled):
    """What came of a treatment."""

    HEALED = "healed", "Излечение", "Healed"
    NO_CHANGE = "no_change", "Без изменений", "No change"
    IMPROVED = "improved", "Улучшение", "Improved"
    RECURRED = "recurred", "Рецидив", "Recurred"
    PROGRESSED = "progressed", "Прогрессирование", "Progressed"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up", "Выбыл из наблюдения", "Lost to follow-up"
