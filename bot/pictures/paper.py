"""What pictures are drawn with: letters that are there, words that fit, corners that are round."""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
SMOOTH = 4  # drawn so many times as large, then reduced
ELLIPSIS = "…"

WHITE, INK, FAINT = "#ffffff", "#1d2733", "#5b6878"

Font = ImageFont.FreeTypeFont
Box = tuple[int, int, int, int]
Face = tuple[int, bool]  # its size, and whether it is bold


@cache
def font(size: int, *, bold: bool = False) -> Font:
    """Basic layout: the same everywhere, whether or not Raqm is there; no letters that run leftwards are drawn."""
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def written(text: str) -> str:
    """
    Return the text in letters that the font has, perhaps none of it.

    Letters in disguise (bold, in circles) become plain ones; emoji and other scripts go.
    """
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(each if _is_drawn(each) else " " for each in plain).split())


@lru_cache(maxsize=4096)
def fitted(text: str, letters: Font, width: int) -> str:
    """Return the text, or as much of its beginning as there is room for."""
    if letters.getlength(text) <= width:
        return text
    cut = text
    while cut and letters.getlength(cut + ELLIPSIS) > width:
        cut = cut[:-1]
    return cut.rstrip(" -–,.") + ELLIPSIS if cut else ""


def shortened(name: str, letters: Font, width: int) -> str:
    """Return a name in one line: all of it, or with an initial for what follows, or as much as there is room for."""
    first, _, rest = name.partition(" ")
    if rest and letters.getlength(name) > width:
        name = f"{first} {rest[0]}."
        name = name if letters.getlength(name) <= width else first
    return fitted(name, letters, width)


def folded(text: str, faces: Sequence[Face], width: int, most: int) -> tuple[Font, list[str]]:
    """Return the text in so many lines at most, in the first of these faces that holds all of it."""
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
    """Return a sheet of slanting lines; they come again after every `step`, so that a strip makes the sheet."""
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
    """Quickly rather than as small as can be: Telegram writes its own copies."""
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
    """The font draws nothing for what it does not have."""
    return letter.isspace() or font(24).getmask(letter).getbbox() is not None
