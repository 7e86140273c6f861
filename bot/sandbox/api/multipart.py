"""multipart/form-data, as HTTP clients send it to a Bot API."""

from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import unquote

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.sandbox.checking.coercion import Upload
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request

MOST: Final = 1000  # fields, and files; what is larger than a body may be is refused before
UNKNOWN_TYPE: Final = "application/octet-stream"


async def parts(content_type: str, body: bytes) -> tuple[Json, dict[str, Upload]]:
    """Split a body into its fields and its files."""
    headers = Headers({"content-type": content_type})
    parser = MultiPartParser(headers, _stream(body), max_files=MOST, max_fields=MOST, max_part_size=len(body))
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise bad_request(f"can't parse the multipart request: {error}") from error
    try:
        fields: Json = {name: value for name, value in form.items() if isinstance(value, str)}
        return fields, {name: await _upload(file) for name, file in form.items() if isinstance(file, UploadFile)}
    finally:
        await form.close()


async def _stream(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _upload(file: UploadFile) -> Upload:
    # clients write quotes, line ends and foreign letters in a file's name with percent signs
    return Upload(unquote(file.filename or ""), await file.read(), file.content_type or UNKNOWN_TYPE)
