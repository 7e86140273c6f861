"""Tools for drawing pictures: text that the font can write and that fits, round corners, hatching."""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
SMOOTH = 4  # corners are drawn this many times larger, then reduced
ELLIPSIS = "…"

WHITE, INK, FAINT = "#ffffff", "#1d2733", "#5b6878"

Font = ImageFont.FreeTypeFont
Box = tuple[int, int, int, int]
Face = tuple[int, bool]  # the size, and whether it is bold


@cache
def font(size: int, *, bold: bool = False) -> Font:
    """
    Return the font in this size. Basic layout looks the same with and without Raqm; right-to-left text is not drawn.
    """
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def written(text: str) -> str:
    """
    Return the text in letters that the font has; it may be empty.

    Letters in disguise (bold, in circles) become plain ones; emoji and other scripts are removed.
    """
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(each if _is_drawn(each) else " " for each in plain).split())


@lru_cache(maxsize=4096)
def fitted(text: str, letters: Font, width: int) -> str:
    """Return the text, or as much of its beginning as fits."""
    if letters.getlength(text) <= width:
        return text
    cut = text
    while cut and letters.getlength(cut + ELLIPSIS) > width:
        cut = cut[:-1]
    return cut.rstrip(" -–,.") + ELLIPSIS if cut else ""


def shortened(name: str, letters: Font, width: int) -> str:
    """Return a name that fits in one line: whole, else the first name and an initial, else as much as fits."""
    first, _, rest = name.partition(" ")
    if rest and letters.getlength(name) > width:
        name = f"{first} {rest[0]}."
        name = name if letters.getlength(name) <= width else first
    return fitted(name, letters, width)


def folded(text: str, faces: Sequence[Face], width: int, most: int) -> tuple[Font, list[str]]:
    """Return the text in at most this many lines, and the first of these faces in which all of it fits."""
    for size, bold in faces:
        letters = font(size, bold=bold)
        lines = [shortened(text, letters, width)] if most == 1 else _lines(text, letters, width)
        if len(lines) <= most and all(letters.getlength(line) <= width and ELLIPSIS not in line for line in lines):
            return letters, lines
    return letters, [fitted(line, letters, width) for line in (*lines[: most - 1], " ".join(lines[most - 1 :]))]


def _lines(text: str, letters: Font, width: int) -> list[str]:
    """Break the text between words, and behind a hyphen."""
    lines = [""]
    for word in text.replace("-", "- ").split():
        between = "" if lines[-1].endswith("-") or not lines[-1] else " "
        joined = f"{lines[-1]}{between}{word}"
        if not lines[-1] or letters.getlength(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def fill_round(image: Image.Image, box: Box, paint: str | Image.Image, *, radius: int) -> None:
    """Fill a box with round corners, plainly or with a pattern that begins at its corner."""
    left, top, right, bottom = box
    size = right - left, bottom - top
    mask = _round(size, min(radius, size[0] // 2, size[1] // 2))
    if isinstance(paint, str):
        image.paste(paint, box, mask)
    else:
        image.paste(paint.crop((0, 0, *size)), box, mask)


@lru_cache(maxsize=16)
def hatching(size: tuple[int, int], *, ground: str, line: str, step: int) -> Image.Image:
    """Return an image of slanting lines. The pattern repeats, so one strip is drawn and then copied downwards."""
    width, height = size
    deep = 8 * step
    strip = Image.new("RGB", (width * 2, deep * 2), ground)
    pen = ImageDraw.Draw(strip)
    for at in range(-2 * deep, 2 * width, 2 * step):
        pen.line((at, 2 * deep, at + 2 * deep, 0), line, width=step)
    strip = strip.reduce(2)
    sheet = Image.new("RGB", size)
    for top in range(0, height, deep):
        sheet.paste(strip, (0, top))
    return sheet


def png(image: Image.Image) -> bytes:
    """Encode as PNG, fast rather than small: Telegram makes its own copies anyway."""
    picture = BytesIO()
    image.save(picture, "PNG", compress_level=1)
    return picture.getvalue()


@lru_cache(maxsize=256)
def _round(size: tuple[int, int], radius: int) -> Image.Image:
    width, height = size
    mask = Image.new("L", (width * SMOOTH, height * SMOOTH), 0)
    corner = width * SMOOTH - 1, height * SMOOTH - 1
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *corner), radius * SMOOTH, fill=255)
    return mask.reduce(SMOOTH)


@lru_cache(maxsize=4096)
def _is_drawn(letter: str) -> bool:
    """Whether the font has this letter: it draws nothing for letters it does not have."""
    return letter.isspace() or font(24).getmask(letter).getbbox() is not None
