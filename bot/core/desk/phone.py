"""Japanese telephone numbers: whether one can be one, and how it is usually written."""

from __future__ import annotations

import unicodedata

import phonenumbers

_JAPAN = 81
_ELEVEN_DIGITS = ("050", "060", "070", "080", "090")
"""Numbers that begin so, 0800 among them, have eleven digits; all others ten."""


def written(text: str) -> str:
    """*text* as Japan writes it (090-0000-0000, 03-0000-0000); "" if it cannot be a number there."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        number = phonenumbers.parse(plain, "JP")
    except phonenumbers.NumberParseException:
        return ""
    digits = f"0{number.national_number}"
    length = 11 if digits.startswith(_ELEVEN_DIGITS) else 10
    if number.country_code != _JAPAN or not plain.startswith(("0", "+", "(0")) or len(digits) != length:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
