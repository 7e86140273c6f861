"""multipart/form-data, as HTTP clients send it to a Bot API."""

import re
from typing import Final
from urllib.parse import unquote

from bot.sandbox.api.coercion import Upload
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import bad_request

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
NAME = re.compile(r'[; ]name="((?:[^"\\]|\\.)*)"')
FILE_NAME = re.compile(r'[; ]filename="((?:[^"\\]|\\.)*)"')
FILE_NAME_ENCODED = re.compile(r"[; ]filename\*=utf-8''([^;]+)", re.IGNORECASE)
UNKNOWN_TYPE: Final = "application/octet-stream"


def parts(content_type: str, body: bytes) -> tuple[Json, dict[str, Upload]]:
    """Split a body into its fields and its files."""
    found = BOUNDARY.search(content_type)
    if found is None:
        raise bad_request("boundary is missing in the multipart request")
    fields: Json = {}
    files: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode("latin-1"))[1:-1]:
        _sort(part, fields, files)
    return fields, files


def _sort(part: bytes, fields: Json, files: dict[str, Upload]) -> None:
    head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = _headers(head.decode("utf-8", "replace"))
    disposition = headers.get("content-disposition", "")
    name = NAME.search(disposition)
    if name is None:
        raise bad_request("a part of the multipart request has no name")
    file_name = _file_name(disposition)
    if file_name is None:
        fields[name[1]] = content.decode("utf-8", "replace")
    else:
        files[name[1]] = Upload(file_name, content, headers.get("content-type", UNKNOWN_TYPE))


def _headers(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.split("\r\n") if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _file_name(disposition: str) -> str | None:
    encoded = FILE_NAME_ENCODED.search(disposition)
    if encoded:
        return _unescaped(encoded[1])
    plain = FILE_NAME.search(disposition)
    return _unescaped(plain[1].replace('\\"', '"')) if plain else None


def _unescaped(name: str) -> str:
    """Undo the percent signs browsers and HTTP clients put for quotes, line ends and foreign letters."""
    return unquote(name)
