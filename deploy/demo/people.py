"""The people of the story: invented, with valid identifiers."""

from datetime import UTC, date, datetime, timedelta

from shared.contract.identifiers import check_digit

HER = {"family_name": "Сәрсенова", "given_name": "Айгүл", "birth_date": "1991-04-12", "sex": "female"}
HIM = {"family_name": "Сәрсенов", "given_name": "Ерлан", "birth_date": "1988-09-30", "sex": "male"}
HER_ADDRESS, HER_PHONE = "Талғар қ., Рысқұлов к-сі 18, 4 п.", "+7 701 000 00 01"
HIS_ADDRESS = "Талғар қ., Қонаев к-сі 7"
HER_INJURY = "Ушиб левого предплечья, ссадины."
THIRTY_DAYS = timedelta(days=30)


def iin(birth_date: str, serial: int, *, digit: int) -> str:
    """An invented, valid IIN."""
    begin = date.fromisoformat(birth_date).strftime("%y%m%d") + str(digit)
    for number in range(serial, serial + 100):
        check = check_digit(f"{begin}{number:04d}")
        if check is not None:
            return f"{begin}{number:04d}{check}"
    raise ValueError("no valid number near this serial")


def in_thirty_days() -> str:
    """When her consents end."""
    return (datetime.now(UTC) + THIRTY_DAYS).isoformat()
