"""Lengths and offsets as Telegram counts them: in UTF-16 code units; error offsets in UTF-8 bytes."""


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def byte_offset(text: str, index: int) -> int:
    return len(text[:index].encode("utf-8", "surrogatepass"))


def slice_of(text: str, offset: int, size: int) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + size)].decode("utf-16-le", "surrogatepass")
