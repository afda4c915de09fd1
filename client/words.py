"""What the programs say to people, in Russian and in English."""

from typing import Literal, NamedTuple

Language = Literal["ru", "en"]


class Text(NamedTuple):
    """One sentence in both languages; braces are filled in when it is said."""

    ru: str
    en: str

    def said(self, language: Language, **values: object) -> str:
        return (self.ru if language == "ru" else self.en).format(**values)


def of_environment(environment: dict[str, str]) -> Language:
    """The language that the terminal is set to; English for any but Russian."""
    settings = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((setting for setting in settings if setting), "")
    return "ru" if first.lower().startswith("ru") else "en"


class Stop(Exception):
    """The program cannot go on; `text` says why and what to do."""

    def __init__(self, text: Text, **values: object) -> None:
        super().__init__(text.en.format(**values))
        self.text, self.values = text, values

    def said(self, language: Language) -> str:
        return self.text.said(language, **self.values)
