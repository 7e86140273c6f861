"""A link as a QR code."""

import segno
from PIL import Image, ImageOps

from bot.pictures.paper import png as as_png

PIXELS_A_MODULE = 12
QUIET_ZONE = 4  # modules; readers need it (ISO/IEC 18004)


def png(text: str) -> bytes:
    modules = segno.make_qr(text, error="m").matrix
    code = Image.new("1", (len(modules), len(modules)))
    code.putdata([not module for row in modules for module in row])
    return as_png(ImageOps.scale(ImageOps.expand(code, QUIET_ZONE, fill=1), PIXELS_A_MODULE, Image.Resampling.NEAREST))
