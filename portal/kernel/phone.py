"""Indonesian telephone numbers: stored as E.164, shown as 0812-3456-7890."""

import phonenumbers


def parse(typed: str) -> str:
    """E.164 of a number typed as 08…, 8…, 62…, +62… or 0062…. Raises ValueError when it is none."""
    digits = typed.strip()
    if digits.startswith("0062"):  # phonenumbers takes 00 for a local prefix
        digits = "+62" + digits[4:]
    elif digits.startswith("62"):
        digits = "+" + digits
    try:
        number = phonenumbers.parse(digits, "ID")
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a valid number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show(e164: str) -> str:
    """`+6281234567890` → `0812-3456-7890`; foreign numbers in their international form."""
    if not e164.startswith("+62"):
        return phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    digits = "0" + e164[3:]
    return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)


def mask(e164: str) -> str:
    """Enough to recognise one's own number: `0812-••••-••90`."""
    shown = show(e164)
    return shown[:4] + "".join("•" if sign.isdigit() else sign for sign in shown[4:-2]) + shown[-2:]


def wa_link(e164: str) -> str:
    """The address that opens a WhatsApp chat with this number."""
    return "https://wa.me/" + e164.lstrip("+")
