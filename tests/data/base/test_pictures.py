"""What is kept of a picture is a picture and nothing else: no place, no camera, no bomb, no more than a megabyte."""

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from data.base import pictures
from data.base.pictures import NoPicture, Picture, PictureTooLarge

pytestmark = pytest.mark.usefixtures('database')

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def encoded(image: Image.Image, kind: str = 'JPEG', **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def photo(size: tuple[int, int] = (800, 600), mode: str = 'RGB') -> Image.Image:
    return Image.new(mode, size, 'red' if mode in {'RGB', 'RGBA', 'P'} else 0)


def opened(kept: Picture) -> Image.Image:
    row = Picture.get_by_id(kept.id)
    return Image.open(io.BytesIO(bytes(row.content)))


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP'])
def test_a_photo_is_kept_with_its_size(kind: str) -> None:
    kept = pictures.keep(encoded(photo(), kind))

    assert (kept.width, kept.height, kept.media_type) == (800, 600, 'image/jpeg')
    assert opened(kept).size == (800, 600)


def test_place_camera_and_comments_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKE] = 'Spy 3000'
    exif[GPS] = {1: 'N', 2: (41.0, 55.0, 12.0)}
    sent = encoded(photo(), exif=exif, comment=b'made at home', icc_profile=b'profile of Spy')

    kept = pictures.keep(sent)

    assert b'Spy' not in bytes(kept.content)
    assert b'made at home' not in bytes(kept.content)
    assert dict(opened(kept).getexif()) == {}


def test_texts_in_a_drawing_are_gone_and_its_transparency_stays() -> None:
    notes = PngInfo()
    notes.add_text('Author', 'Eve')
    notes.add_itxt('XML:com.adobe.xmp', '<x>Eve</x>')

    kept = pictures.keep(encoded(photo(mode='RGBA'), 'PNG', pnginfo=notes))

    assert kept.media_type == 'image/png'
    assert b'Eve' not in bytes(kept.content)
    assert opened(kept).mode == 'RGBA'


def test_a_photo_that_was_turned_by_its_camera_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn right by 90 degrees
    sent = photo((800, 600))
    sent.paste('blue', (0, 0, 100, 100))  # the corner that will be at the upper right

    kept = pictures.keep(encoded(sent, exif=exif))

    assert (kept.width, kept.height) == (600, 800)
    corner = opened(kept).getpixel((590, 10))
    assert isinstance(corner, tuple)
    assert corner[2] > 200


def test_a_large_photo_is_made_smaller_and_keeps_its_shape() -> None:
    kept = pictures.keep(encoded(photo((4000, 3000))))

    assert (kept.width, kept.height) == (1600, 1200)


@pytest.mark.parametrize('mode', ['RGB', 'RGBA'])
def test_a_picture_full_of_detail_takes_no_more_than_a_megabyte(mode: str) -> None:
    detail = Image.frombytes(mode, (700, 700), random.Random(7).randbytes(700 * 700 * len(mode)))

    kept = pictures.keep(encoded(detail.resize((1600, 1600)), 'PNG'))

    assert len(bytes(kept.content)) <= 1_000_000
    assert kept.media_type == 'image/jpeg'


@pytest.mark.parametrize('mode', ['1', 'L', 'LA', 'P', 'PA', 'I;16', 'CMYK'])
def test_every_way_of_writing_colours_is_taken(mode: str) -> None:
    kind = 'JPEG' if mode == 'CMYK' else 'PNG'
    image = photo(mode='L').convert('LA') if mode == 'PA' else photo(mode=mode)

    assert opened(pictures.keep(encoded(image, kind))).size == (800, 600)


@pytest.mark.parametrize(
    'sent',
    [
        b'',
        b'GIF89a' + bytes(100),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'%PDF-1.7',
        b'\xff\xd8\xff\xe0' + bytes(50),
        b'RIFF\x00\x00\x00\x00WEBPVP8 ',
        encoded(photo(), 'GIF'),
        encoded(photo(), 'TIFF'),
        encoded(photo(), 'PNG')[:-400],
        encoded(photo())[:1500],
    ],
    ids=['nothing', 'half a GIF', 'SVG', 'PDF', 'a bare head', 'a bare WebP', 'GIF', 'TIFF', 'cut PNG', 'cut JPEG'],
)
def test_what_is_no_whole_picture_of_a_known_kind_is_refused(sent: bytes) -> None:
    with pytest.raises(NoPicture):
        pictures.keep(sent)
    assert Picture.select().count() == 0


@pytest.mark.parametrize('side', [8_000, 12_000, 60_000])
def test_a_bomb_is_refused_by_its_size_before_it_is_opened(side: int) -> None:
    with pytest.raises(PictureTooLarge):
        pictures.keep(png_that_says_it_is(side))


@pytest.mark.parametrize('break_it', [lambda data, at: data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]])
def test_a_picture_with_a_broken_byte_is_a_picture_or_refused_never_an_error(
    break_it: Callable[[bytes, int], bytes],
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    sent = {kind: encoded(photo((64, 48)), kind, exif=exif) for kind in ('JPEG', 'PNG', 'WEBP')}
    chance = random.Random(11)
    outcomes = set()

    for data in sent.values():
        for _ in range(60):
            try:
                pictures.keep(break_it(data, chance.randrange(len(data))))
                outcomes.add('kept')
            except (NoPicture, PictureTooLarge):
                outcomes.add('refused')

    assert outcomes == {'kept', 'refused'}


def png_that_says_it_is(side: int) -> bytes:
    """A few bytes that would become side × side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))

    head = struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(b'\0')) + chunk(b'IEND', b'')
