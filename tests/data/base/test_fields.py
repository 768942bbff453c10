"""Each kind of field: what becomes a value, and the sentence for what does not."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from data.base.addresses import Postcode, WebAddress
from data.base.decimals import Decimal
from data.base.fields import (
    Choice,
    Code,
    Day,
    Email,
    Field,
    LongText,
    Number,
    Password,
    Phone,
    Several,
    Text,
    TimeOfDay,
    YesNo,
    Zone,
    parse_form,
)
from data.base.refusals import InvalidInput, WrongInput
from data.base.words import Words

NAME = Text(key='name', label='Name', most=10, least=2)
NOTES = LongText(key='notes', label='Notes', most=20)
EMAIL = Email(key='email', label='E-mail')
PHONE = Phone(key='phone', label='Phone')
PASSWORD = Password(key='password', label='Password', new=True)
NUMBER = Number(key='minutes', label='Minutes', least=5, most=720, step=5)
DEGREES = Decimal(key='lat', label='Latitude', least=-90, most=90)
CHOICE = Choice(key='kind', label='Kind', options=(('a', 'A'), ('b', 'B')))
SEVERAL = Several(key='days', label='Days', options=(('0', 'Monday'), ('1', 'Tuesday'), ('2', 'Wednesday')))
YES = YesNo(key='yes', label='Yes')
DAY = Day(key='day', label='Day')
TIME = TimeOfDay(key='time', label='Time')
ZONE = Zone(key='zone', label='Zone')
CODE = Code(key='code', label='Code')
WEB = WebAddress(key='address', label='Address')
POSTCODE = Postcode(key='postcode', label='Postcode')
REQUIRED = (WEB, POSTCODE, NAME, NOTES, EMAIL, PHONE, NUMBER, DEGREES, CHOICE, SEVERAL, DAY, TIME, ZONE, CODE)

GOOD: Mapping[str, tuple[Field, object, Any]] = {
    'text is trimmed': (NAME, '  Ada Lind ', 'Ada Lind'),
    'text is composed (NFC)': (NAME, 'Ame\u0301lie', 'Am\u00e9lie'),
    'text right to left': (NAME, 'أحمد', 'أحمد'),
    'text with a joiner, which Persian needs': (NAME, 'می\u200cرم', 'می\u200cرم'),
    'long text keeps its lines': (NOTES, 'one\r\n\ntwo\n', 'one\n\ntwo'),
    'an address is folded': (EMAIL, ' Ada@Example.COM ', 'ada@example.com'),
    'an address beyond ASCII': (EMAIL, 'Jörg@exämple.com', 'jörg@exämple.com'),
    'a phone number in any spelling': (PHONE, '+1 (312) 555-0142', '+13125550142'),
    'a phone number of the country': (Phone(key='p', label='P', country='DE'), '030 901820', '+4930901820'),
    'a password keeps its spaces': (PASSWORD, ' seven  leaves ', ' seven  leaves '),
    'a password is composed': (PASSWORD, 'ame\u0301lie-ame\u0301lie', 'am\u00e9lie-am\u00e9lie'),
    'a web address': (WEB, ' HTTPS://Maps.Example.com/ ', 'https://maps.example.com'),
    'a web address with port and path': (WEB, 'http://localhost:5000/osrm/', 'http://localhost:5000/osrm'),
    'a web address by number': (WEB, 'http://[::1]:5000', 'http://[::1]:5000'),
    'a web address of another script': (WEB, 'https://карты.example', 'https://карты.example'),
    'a postcode is folded': (POSTCODE, ' ec1a  1bb ', 'EC1A 1BB'),
    'a postcode in wide digits': (POSTCODE, '\uff11\uff15\uff10-\uff10\uff10\uff10\uff11', '150-0001'),
    'a number typed': (NUMBER, ' 90 ', 90),
    'a number sent': (NUMBER, 90, 90),
    'a number sent as a float without fraction': (NUMBER, 90.0, 90),
    'degrees typed': (DEGREES, ' 41.88 ', 41.88),
    'degrees sent': (DEGREES, -41, -41.0),
    'degrees at the pole': (DEGREES, '-90', -90.0),
    'degrees with the minus of typographers': (DEGREES, '\u221241.88', -41.88),
    'a choice': (CHOICE, 'b', 'b'),
    'several, in the order of the list': (SEVERAL, ['2', '0', '2'], ('0', '2')),
    'several, one ticked': (SEVERAL, '1', ('1',)),
    'a ticked box': (YES, 'on', True),
    'a box left empty': (YES, None, False),
    'a day': (DAY, ' 2030-05-06 ', date(2030, 5, 6)),
    'a time': (TIME, '8:30', 510),
    'the end of a day': (TIME, '24:00', 1440),
    'a zone': (ZONE, 'Europe/Berlin', 'Europe/Berlin'),
    'a code however it is typed': (CODE, ' 7kqm - 4txd ', '7KQM4TXD'),
}

TYPE_TEXT, NO_HIDDEN = 'Please enter text.', 'Please use no invisible characters.'
WHOLE, ONE_OF = 'Please enter a whole number.', 'Please choose one of the list.'
A_WEB_ADDRESS = 'Please enter a web address such as https://maps.example.com.'
A_DECIMAL = 'Please enter a number such as 41.88.'
AN_ADDRESS = 'Please enter an e-mail address such as name@example.com.'
A_PHONE = 'Please enter a phone number such as +1 312-555-0100.'
A_DAY, A_TIME = 'Please enter a date such as 2026-12-31.', 'Please enter a time such as 08:30.'
BAD: Mapping[str, tuple[Field, object, str]] = {
    'text too long': (NAME, 'x' * 11, 'Please use at most 10 characters.'),
    'text too short': (NAME, 'x', 'Please use at least 2 characters.'),
    'text of another kind': (NAME, 7, TYPE_TEXT),
    'text as a list': (NAME, ['Ada'], TYPE_TEXT),
    'text with a line': (NAME, 'Ada\nLind', NO_HIDDEN),
    'text with a tab': (NAME, 'Ada\tLind', NO_HIDDEN),
    'text with a zero byte': (NAME, 'Ada\x00', NO_HIDDEN),
    'text that runs backwards': (NAME, 'Ada\u202eLind', NO_HIDDEN),
    'text with an isolate': (NAME, 'Ada\u2066', NO_HIDDEN),
    'text with a line separator': (NAME, 'Ada\u2028', NO_HIDDEN),
    'text with half a character': (NAME, 'Ada\ud800', NO_HIDDEN),
    'long text too long': (NOTES, 'x' * 21, 'Please use at most 20 characters.'),
    'long text with a bell': (NOTES, 'one\x07', NO_HIDDEN),
    'long text with a tab': (NOTES, 'one\ttwo', NO_HIDDEN),
    'long text that runs backwards': (NOTES, 'a\u202eb', NO_HIDDEN),
    'an address without a sign': (EMAIL, 'ada.example.com', AN_ADDRESS),
    'an address with a name': (EMAIL, 'Ada <ada@example.com>', AN_ADDRESS),
    'two addresses': (EMAIL, 'ada@example.com, eve@example.com', AN_ADDRESS),
    'an address with a line': (EMAIL, 'ada@example.com\nBcc: eve@example.com', NO_HIDDEN),
    'an address too long': (EMAIL, f'{"a" * 250}@example.com', 'Please use at most 254 characters.'),
    'an address of another kind': (EMAIL, {'at': 'example.com'}, TYPE_TEXT),
    'a phone number in words': (PHONE, 'call me', A_PHONE),
    'a phone number without its country': (PHONE, '312 555 0142', A_PHONE),
    'a phone number too short': (PHONE, '+1 3', A_PHONE),
    'a phone number too long': (PHONE, '+1' + '3' * 50, 'Please use at most 40 characters.'),
    'a password too short': (PASSWORD, 'seven-7', 'Please use at least 8 characters.'),
    'a password too long': (PASSWORD, 'x' * 257, 'Please use at most 256 characters.'),
    'no password': (PASSWORD, '', 'Please fill this in.'),
    'a password of another kind': (PASSWORD, 12345678, 'Please fill this in.'),
    'a password with a zero byte': (PASSWORD, 'seven\x00leaves', NO_HIDDEN),
    'a password with half a character': (PASSWORD, 'seven\ud800leaves', NO_HIDDEN),
    'a password that runs backwards': (PASSWORD, 'seven\u202eleaves', NO_HIDDEN),
    'a number too small': (NUMBER, '0', 'Please enter a number from 5 to 720.'),
    'a number too large': (NUMBER, 725, 'Please enter a number from 5 to 720.'),
    'a number beyond all measure': (NUMBER, '9' * 5000, WHOLE),
    'a number between the steps': (NUMBER, 7, 'Please enter a multiple of 5.'),
    'a number with a fraction': (NUMBER, 90.5, WHOLE),
    'a number in words': (NUMBER, 'ninety', WHOLE),
    'a number as programmers write it': (NUMBER, '1_00', WHOLE),
    'a number that is none': (NUMBER, float('nan'), WHOLE),
    'a number without end': (NUMBER, float('inf'), WHOLE),
    'yes as a number': (NUMBER, True, WHOLE),
    'a number as a list': (NUMBER, [90], WHOLE),
    'a host alone': (WEB, 'maps.example.com', A_WEB_ADDRESS),
    'a file': (WEB, 'file:///etc/passwd', A_WEB_ADDRESS),
    'a script': (WEB, 'javascript:alert(1)', A_WEB_ADDRESS),
    'a web address without a host': (WEB, 'https://', A_WEB_ADDRESS),
    'a web address with a password': (WEB, 'https://ada:secret@maps.example.com', A_WEB_ADDRESS),
    'a web address with a user name': (WEB, 'https://ada@maps.example.com', A_WEB_ADDRESS),
    'a web address with a question': (WEB, 'https://maps.example.com/?key=7', A_WEB_ADDRESS),
    'a web address with an anchor': (WEB, 'https://maps.example.com/#top', A_WEB_ADDRESS),
    'a web address with a space': (WEB, 'https://maps.example.com/a b', A_WEB_ADDRESS),
    'a web address with a backslash': (WEB, 'https://maps.example.com\\@evil.example', A_WEB_ADDRESS),
    'a port beyond the last': (WEB, 'https://maps.example.com:65536', A_WEB_ADDRESS),
    'a port that is none': (WEB, 'https://maps.example.com:0', A_WEB_ADDRESS),
    'brackets around a name': (WEB, 'https://[:::::::::]', A_WEB_ADDRESS),
    'a web address that is too long': (WEB, f'https://{"x" * 300}', 'Please use at most 300 characters.'),
    'a postcode that is too long': (POSTCODE, '6' * 21, 'Please use at most 20 characters.'),
    'degrees beyond the pole': (DEGREES, '90.01', 'Please enter a number from -90 to 90.'),
    'degrees that are none': (DEGREES, 'nan', A_DECIMAL),
    'degrees without end': (DEGREES, float('inf'), A_DECIMAL),
    'degrees beyond all measure': (DEGREES, 10**400, A_DECIMAL),
    'degrees with a comma': (DEGREES, '41,88', A_DECIMAL),
    'degrees as programmers write them': (DEGREES, '4_1', A_DECIMAL),
    'degrees in words': (DEGREES, 'north', A_DECIMAL),
    'yes as degrees': (DEGREES, True, A_DECIMAL),
    'degrees as a list': (DEGREES, [41.88], A_DECIMAL),
    'a choice beside the list': (CHOICE, 'c', ONE_OF),
    'a choice of another kind': (CHOICE, ['a'], ONE_OF),
    'none of several': (SEVERAL, [], 'Please choose at least one.'),
    'one of several beside the list': (SEVERAL, ['0', '9'], 'Please choose from the list.'),
    'several of another kind': (SEVERAL, 7, 'Please choose at least one.'),
    'neither yes nor no': (YES, 'perhaps', 'Please choose yes or no.'),
    'yes as a list': (YES, ['on'], 'Please choose yes or no.'),
    'yes as a mapping': (YES, {}, 'Please choose yes or no.'),
    'a day that is none': (DAY, '2030-02-30', A_DAY),
    'a day in words': (DAY, 'tomorrow', A_DAY),
    'a day of another kind': (DAY, 20300506, A_DAY),
    'a time that is none': (TIME, '24:05', A_TIME),
    'a time in words': (TIME, 'noon', A_TIME),
    'a time of another kind': (TIME, 830, A_TIME),
    'a time off the grid': (TIME, '08:31', 'Please use full five minutes.'),
    'a zone that is none': (ZONE, 'Mars/Olympus', ONE_OF),
    'a zone that is a path': (ZONE, '../../etc/passwd', ONE_OF),
    'a zone of another kind': (ZONE, ['Europe/Berlin'], ONE_OF),
    'the zone of the server': (ZONE, 'localtime', ONE_OF),
    'a code too long': (CODE, 'X' * 101, 'Please use at most 100 characters.'),
    'a code that runs backwards': (CODE, '7KQM\u202e4TXD', NO_HIDDEN),
    'a code of signs only': (CODE, ' - - ', 'Please fill this in.'),
}


@pytest.mark.parametrize(('field', 'raw', 'value'), GOOD.values(), ids=GOOD)
def test_what_is_right_becomes_a_value(field: Field, raw: object, value: object) -> None:
    assert field.parse(raw) == value


@pytest.mark.parametrize(('field', 'raw', 'sentence'), BAD.values(), ids=BAD)
def test_what_is_wrong_gets_a_sentence(field: Field, raw: object, sentence: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        field.parse(raw)

    assert Words().refusal(wrong.value) == sentence


@pytest.mark.parametrize('nothing', [None, '', '   ', '\u3000'], ids=['absent', 'empty', 'spaces', 'a wide space'])
@pytest.mark.parametrize('field', REQUIRED, ids=lambda field: field.key)
def test_what_must_be_filled_in_is_asked_for(field: Field, nothing: object) -> None:
    with pytest.raises(WrongInput):
        field.parse(nothing)


@pytest.mark.parametrize('nothing', [None, '', '   '], ids=['absent', 'empty', 'spaces'])
@pytest.mark.parametrize('kind', [Text, LongText, Email, Phone, Number, Decimal, Choice, Day, TimeOfDay, Zone, Code])
def test_what_may_be_left_out_is_none(kind: type[Field], nothing: object) -> None:
    assert kind(key='it', label='It', required=False).parse(nothing) is None


def test_several_that_may_be_left_out_are_none_of_them() -> None:
    assert Several(key='it', label='It', required=False).parse(None) == ()


def test_a_password_may_be_left_out_where_a_form_says_so() -> None:
    assert Password(key='it', label='It', required=False).parse('') is None


def test_a_form_tells_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(InvalidInput) as wrong:
        parse_form((NAME, EMAIL, NUMBER), {'name': 'Ada Lind', 'email': 'ada', 'minutes': '3'})

    assert set(wrong.value.errors) == {'email', 'minutes'}


def test_a_form_takes_its_own_fields_and_nothing_else() -> None:
    raw = {'name': 'Ada Lind', 'role': 'owner', 'yes': 'on'}

    assert parse_form((NAME, YES), raw) == {'name': 'Ada Lind', 'yes': True}
