"""Japanese telephone numbers: whether one can be one, and how it is usually written."""

from __future__ import annotations

import unicodedata

import phonenumbers


def written(text: str) -> str:
    """*text* as Japan writes it (090-0000-0000, 03-0000-0000); "" if it cannot be a number there."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), "JP")
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code != _JAPAN or not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


_JAPAN = 81
