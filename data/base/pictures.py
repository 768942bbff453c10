"""Photos, signatures and logos, kept as rows so that backups and every process have them. Always re-encoded."""

import io

from peewee import BlobField, IntegerField, TextField
from PIL import Image, ImageOps, UnidentifiedImageError

from data.base import clock
from data.base.columns import InstantField
from data.base.database import transaction
from data.base.marks import N_
from data.base.refusals import Refusal
from data.base.table import Table

KINDS = ('JPEG', 'PNG', 'WEBP')
LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
MOST_BYTES = 1_000_000


class NoPicture(Refusal):
    """What was sent is no picture of a kind we take."""

    words = N_('Please choose a photo in JPEG, PNG or WebP format.')


class PictureTooLarge(Refusal):
    """More pixels than a camera makes: a picture that would fill the memory when it is opened."""

    words = N_('This picture is too large. Please choose a smaller one.')


class Picture(Table):
    """One picture of ours: JPEG or PNG, at most 1600 pixels a side and 1 MB, without EXIF."""

    content = BlobField()
    media_type = TextField()
    width = IntegerField()
    height = IntegerField()
    made_at = InstantField()

    class Meta:
        table_name = 'pictures'


def keep(sent: bytes) -> Picture:
    """Re-encodes what was sent (place, camera and comments vanish, rotation is applied) and keeps it.

    Raises NoPicture or PictureTooLarge.
    """
    image = _opened(sent)
    content, media_type = _encoded(image)
    with transaction():
        return Picture.create(
            content=content, media_type=media_type, width=image.width, height=image.height, made_at=clock.now()
        )


def _opened(sent: bytes) -> Image.Image:
    try:
        image: Image.Image = Image.open(io.BytesIO(sent), formats=KINDS)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge from error
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise NoPicture from error
    if image.width * image.height > MOST_PIXELS:
        raise PictureTooLarge
    try:
        image = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's answers to a file that is cut off or damaged
        raise NoPicture from error
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return image


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    if 'A' in image.getbands() or image.mode in {'P', '1'}:
        content = _saved(image.convert('RGBA'), 'PNG')
        if len(content) <= MOST_BYTES:
            return content, 'image/png'
    flat = Image.new('RGB', image.size, 'white')
    flat.paste(image, mask=image.getchannel('A') if 'A' in image.getbands() else None)
    for quality in (85, 70, 50):
        content = _saved(flat, 'JPEG', quality=quality)
        if len(content) <= MOST_BYTES:
            return content, 'image/jpeg'
    raise PictureTooLarge


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
