"""Japanese telephone numbers: whether one can be one, and how it is usually written."""

from __future__ import annotations

import unicodedata

import phonenumbers

from bot.core.phone import has_its_length

_JAPAN = 81


def written(text: str) -> str:
    """*text* as Japan writes it (090-0000-0000, 03-0000-0000); "" if it cannot be a number there."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        number = phonenumbers.parse(plain, "JP")
    except phonenumbers.NumberParseException:
        return ""
    digits = f"0{number.national_number}"
    possible = plain.startswith(("0", "+", "(0")) and has_its_length(digits)
    if number.country_code != _JAPAN or not possible:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
