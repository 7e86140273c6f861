"""Files in messages: photos, documents, stickers, by upload or by an id sent before."""

from typing import Any, Final

from bot.sandbox.checking import images
from bot.sandbox.checking.coercion import Upload
from bot.sandbox.jsons import Json
from bot.sandbox.refusals import TOO_LARGE, Refused, bad_request
from bot.sandbox.state.world import World

PHOTO_BYTES: Final = 10 * 1024 * 1024
FILE_BYTES: Final = 50 * 1024 * 1024
DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
STICKER_SIDE: Final = 512
FOLDERS: Final = {"photo": "photos", "document": "documents", "sticker": "stickers"}


def photo(world: World, source: Upload | str) -> Json:
    if isinstance(source, str):
        return {"photo": [_known(world, source, "photo")]}
    if len(source.content) > PHOTO_BYTES:
        raise bad_request("file is too big for a photo")
    width, height = _measured(source.content)
    return {"photo": [_kept(world, source, "photo", width=width, height=height)]}


def _measured(content: bytes) -> tuple[int, int]:
    size = images.size(content)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def document(world: World, source: Upload | str) -> Json:
    if isinstance(source, str):
        return {"document": _known(world, source, "document")}
    return {"document": _kept(world, source, "document", file_name=source.name, mime_type=source.mime)}


def sticker(world: World, content: bytes, emoji: str | None = None) -> Json:
    sides = {"width": STICKER_SIDE, "height": STICKER_SIDE}
    kind: Json = {"type": "regular", "is_animated": False, "is_video": False, **sides}
    upload = Upload("sticker.webp", content, "image/webp")
    return _kept(world, upload, "sticker", **kind, **({"emoji": emoji} if emoji else {}))


def sticker_of(world: World, source: Upload | str, emoji: str | None) -> Json:
    if isinstance(source, str):
        return {"sticker": _known(world, source, "sticker")}
    return {"sticker": sticker(world, source.content, emoji)}


def photo_or_document(world: World, upload: Upload) -> Json:
    is_picture = upload.mime.startswith("image/") and images.size(upload.content) is not None
    return photo(world, upload) if is_picture and len(upload.content) <= PHOTO_BYTES else document(world, upload)


def _kept(world: World, upload: Upload, kind: str, **about: Any) -> Json:
    """Store the bytes and return the object that a message has for them."""
    if len(upload.content) > FILE_BYTES:
        raise Refused(*TOO_LARGE)
    if not upload.content:
        raise bad_request("file must be non-empty")
    unique_id = world.files.put(upload.content)
    number = len(world.state.files) + 1
    shown = {
        "file_id": f"{kind}-{number}-{unique_id}",
        "file_unique_id": unique_id,
        "file_size": len(upload.content),
        **about,
    }
    path = f"{FOLDERS[kind]}/file_{number}{_suffix(upload)}"
    world.record("file", file={"file_id": shown["file_id"], "of": kind, "shown": shown, "path": path})
    return shown


def _suffix(upload: Upload) -> str:
    _, dot, suffix = upload.name.rpartition(".")
    return f".{suffix}" if dot and suffix.isalnum() else ""


def _known(world: World, source: str, kind: str) -> Json:
    if source.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = world.state.files.get(source)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file["of"] != kind:
        raise bad_request(f"can't use file of type {file['of'].capitalize()} as {kind.capitalize()}")
    shown: Json = file["shown"]
    return shown
