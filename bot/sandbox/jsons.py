"""One JSON dialect for bodies, journal and events: compact, letters as they are."""

import json
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
decode = json.loads


def to_bytes(value: object) -> bytes:
    return encode(value).encode("utf-8", "surrogatepass")
