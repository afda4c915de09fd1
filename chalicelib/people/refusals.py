"""What administrators are refused, and why."""

from typing import Final

from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text

CLINIC_NEEDED: Final = Text(
    "Врач работает в клинике. Выберите её.", "A doctor works at a clinic. Choose it."
)
NO_SUCH_CLINIC: Final = Text(
    "Такой клиники нет. Сначала добавьте её.", "There is no such clinic. Add it first."
)
CLINIC_CLOSED: Final = Text(
    "Эта клиника закрыта. Выберите другую или сначала откройте её вновь.",
    "This clinic is closed. Choose another one, or reopen it first.",
)
NOTHING_TO_CHANGE_OF_A_CLINIC: Final = Text(
    "Укажите, что изменить в клинике.", "Say what to change in the clinic."
)
YEAR_TO_COME: Final = Text(
    "Этот год ещё не наступил. Укажите год начала практики.",
    "That year is still to come. Give the year in which practice began.",
)
PATIENT_STAYS: Final = Text(
    "Роль пациента не меняется. Откройте сотруднику отдельную учётную запись.",
    "A patient stays a patient. Open another account for a member of staff.",
)
NOT_FOR_PATIENTS: Final = Text(
    "Учётную запись пациента открывает врач одноразовым кодом.",
    "A patient's account is opened with a one-time code from the doctor.",
)
BAD_LOGIN: Final = Text(
    "От 3 до 32 знаков: строчные латинские буквы, цифры, точка, дефис, подчёркивание; "
    "первым идёт буква или цифра. Без имён и адресов почты.",
    "3 to 32 characters: lower-case Latin letters, digits, dot, hyphen, underscore; "
    "a letter or digit first. No names and no e-mail addresses.",
)
NOTHING_TO_CHANGE: Final = Text(
    "Укажите, что изменить в учётной записи.", "Say what to change in the account."
)


def login_taken() -> Conflict:
    return Conflict(
        "login_taken",
        Text("Этот логин занят. Возьмите другой.", "This login is taken. Use another."),
    )


def own_account() -> Conflict:
    return Conflict(
        "own_account",
        Text(
            "Нельзя закрыть себя или снять с себя роль администратора. "
            "Попросите другого администратора.",
            "You cannot close your own account or give up your own administrator's role. "
            "Ask another administrator.",
        ),
    )


def last_administrator() -> Conflict:
    return Conflict(
        "last_administrator",
        Text(
            "Это последний действующий администратор. Сначала назначьте другого.",
            "This is the last open administrator. Appoint another one first.",
        ),
    )


def changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        Text(
            "Учётную запись только что изменил кто-то другой. Проверьте её и повторите.",
            "Somebody else has just changed this account. Look at it and try again.",
        ),
    )


def clinic_changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        Text(
            "Клинику только что изменил кто-то другой. Проверьте её и повторите.",
            "Somebody else has just changed this clinic. Look at it and try again.",
        ),
    )
