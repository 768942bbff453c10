"""How words and numbers are compared when people look for them, the same on every engine.

SQLite knows upper and lower case of ASCII only and PostgreSQL what its server's locale knows, so what is searched is
kept folded beside what is shown.
"""

import re
import unicodedata

PHONE = re.compile(r'[\d\s()+\-./]{4,}')


def folded(text: str) -> str:
    """Without case and accents: 'Österreich' and 'osterreich' are one, as many keyboards have no other way to ask.

    NFKD takes letters apart and makes one of wide and narrow ones; what then combines is left out. ø and ł are letters
    of their own in Unicode and stay.
    """
    apart = unicodedata.normalize('NFKD', unicodedata.normalize('NFKD', text).casefold())
    return ' '.join(''.join(sign for sign in apart if not unicodedata.combining(sign)).split())


def phone_digits(text: str) -> str:
    """What E.164 has in common with the number as somebody types it, '(312) 555-0177' or '0664 …'; empty: no number."""
    digits = ''.join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())
    return digits.lstrip('0') if PHONE.fullmatch(text.strip()) and len(digits) >= 4 else ''
