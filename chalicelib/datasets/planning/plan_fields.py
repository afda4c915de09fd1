"""What a person calls each field of a plan."""

from collections.abc import Mapping
from typing import Final

from chalicelib.platform.language import Text

TITLES: Final[Mapping[str, Text]] = {
    "name": Text("Название", "Name"),
    "abstract": Text("Аннотация", "Abstract"),
    "clinical_task": Text("Клиническая задача", "Clinical task"),
    "clinical_use": Text("Польза для врачей", "Use to clinicians"),
    "data_security": Text("Безопасность данных", "Data security"),
    "features": Text("Определяемые признаки", "Features"),
    "working_group": Text("Рабочая группа", "Working group"),
    "keywords": Text("Ключевые слова", "Key words"),
    "language": Text("Язык", "Language"),
    "funding": Text("Финансирование", "Funding"),
    "conflicts_of_interest": Text("Конфликты интересов", "Conflicts of interest"),
    "special_prohibitions": Text("Особые запреты", "Special prohibitions"),
    "purpose": Text("Назначение", "Purpose"),
    "access": Text("Доступ", "Access"),
    "licence": Text("Лицензия", "Licence"),
    "modality": Text("Модальность", "Modality"),
    "organ": Text("Орган", "Organ"),
    "target": Text("Целевая патология", "Target pathology"),
    "repeated": Text("Для повторного испытания", "For a repeated test"),
    "kinds": Text("Виды снимков", "Kinds of images"),
    "unit": Text("Единица данных", "Unit of data"),
    "classes": Text("Классы разметки", "Label classes"),
    "verification": Text("Уровень верификации", "Level of verification"),
    "sources": Text("Источники", "Sources"),
    "inclusion": Text("Критерии включения", "Inclusion criteria"),
    "non_inclusion": Text("Критерии невключения", "Non-inclusion criteria"),
    "exclusion": Text("Критерии исключения", "Exclusion criteria"),
    "units": Text("Число единиц", "Number of units"),
    "most_of_one_device": Text("Доля одного устройства", "Share of one device"),
    "splits": Text("Разбиение", "Splits"),
    "test": Text("Планируемое испытание", "Planned test"),
    "seed": Text("Зерно случайности", "Seed"),
}
"""In the order of the plan; all of its fields."""
