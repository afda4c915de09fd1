"""The words of a pathologist's report, as far as it is kept field by field."""

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text


class Method(Labelled):
    """How the tissue was taken."""

    EXCISION = "excision", "Иссечение целиком", "Excision"
    SHAVE = "shave", "Бритвенная эксцизия", "Shave"
    PUNCH = "punch", "Панч-биопсия", "Punch biopsy"
    INCISION = "incision", "Инцизионная биопсия", "Incisional biopsy"
    CURETTAGE = "curettage", "Кюретаж", "Curettage"


class Margins(Labelled):
    """Whether the lesion reaches the edge of what was cut out."""

    CLEAR = "clear", "Края чистые", "Clear"
    INVOLVED = "involved", "Края поражены", "Involved"
    NOT_ASSESSED = "not_assessed", "Края не оценивались", "Not assessed"


class ClarkLevel(Labelled):
    """How deep a melanoma goes, by the layers of the skin (Clark, 1969)."""

    I = "I", "I", "I", Text("в эпидермисе (in situ)", "epidermis only (in situ)")  # noqa: E741
    II = "II", "II", "II", Text("в сосочковом слое дермы", "into the papillary dermis")
    III = "III", "III", "III", Text("до сетчатого слоя дермы", "fills the papillary dermis")
    IV = "IV", "IV", "IV", Text("в сетчатом слое дермы", "into the reticular dermis")
    V = "V", "V", "V", Text("в подкожной клетчатке", "into the subcutaneous fat")


class Stage(Labelled):
    """The primary tumour of a melanoma (pT of TNM, AJCC and UICC, 8th edition)."""

    TIS = "pTis", "pTis", "pTis", Text("in situ", "in situ")
    TX = "pTX", "pTX", "pTX", Text("толщину нельзя оценить", "thickness cannot be assessed")
    T1 = "pT1", "pT1", "pT1", Text("толщина до 1 мм", "thickness up to 1 mm")
    T1A = "pT1a", "pT1a", "pT1a"
    T1B = "pT1b", "pT1b", "pT1b"
    T2 = "pT2", "pT2", "pT2", Text("толщина больше 1 и до 2 мм", "over 1 and up to 2 mm")
    T2A = "pT2a", "pT2a", "pT2a", Text("без изъязвления", "without ulceration")
    T2B = "pT2b", "pT2b", "pT2b", Text("с изъязвлением", "with ulceration")
    T3 = "pT3", "pT3", "pT3", Text("толщина больше 2 и до 4 мм", "over 2 and up to 4 mm")
    T3A = "pT3a", "pT3a", "pT3a", Text("без изъязвления", "without ulceration")
    T3B = "pT3b", "pT3b", "pT3b", Text("с изъязвлением", "with ulceration")
    T4 = "pT4", "pT4", "pT4", Text("толщина больше 4 мм", "over 4 mm")
    T4A = "pT4a", "pT4a", "pT4a", Text("без изъязвления", "without ulceration")
    T4B = "pT4b", "pT4b", "pT4b", Text("с изъязвлением", "with ulceration")
