"""A link as a picture that a phone's camera reads."""

from io import BytesIO

import segno

PIXELS_A_MODULE = 12
QUIET_ZONE = 4  # modules; readers need it (ISO/IEC 18004)


def png(text: str) -> bytes:
    picture = BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="png", scale=PIXELS_A_MODULE, border=QUIET_ZONE)
    return picture.getvalue()
