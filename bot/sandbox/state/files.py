"""The bytes of files, under ids made from their content; beside the journal, or in memory without one."""

import hashlib
import shutil
from pathlib import Path


class FileStore:
    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Store the bytes and return their unique id."""
        unique_id = hashlib.sha256(content).hexdigest()[:24]
        if self._folder is None:
            self._memory[unique_id] = content
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self._folder / f"{unique_id}.new"
            fresh.write_bytes(content)
            fresh.replace(self._folder / unique_id)
        return unique_id

    def get(self, unique_id: str) -> bytes | None:
        if self._folder is None:
            return self._memory.get(unique_id)
        path = self._folder / unique_id
        return path.read_bytes() if path.is_file() else None

    def clear(self) -> None:
        self._memory.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
