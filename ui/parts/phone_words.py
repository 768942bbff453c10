"""Phone numbers as people of a country read them."""

import phonenumbers


def phone_shown(number: str, country: str) -> str:
    """'(312) 555-0100' for readers of its own country, else with the country code; `number` is E.164."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    own = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == country
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if own else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)
