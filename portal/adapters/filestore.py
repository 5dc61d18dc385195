"""Where files are kept: a folder of this machine, or an S3-compatible store."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, BinaryIO, Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from obstore.exceptions import BaseError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import S3Config

# "ab/cdef…", with at most a few folders: no empty part, none that starts with a dot.
KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,3}")
TEMPORARY = ".tmp-"
CHUNK = 1 << 20  # bytes of a large file that are in memory at once


class FileStore(Protocol):
    """Bytes under a key like "ab/cdef". Every method raises ValueError for a key of another shape."""

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, on the disk when this returns. OSError when there is no room or no store."""

    def put_file(self, key: str, source: Path) -> None:
        """Keep a copy of a file of this machine, which is never held in memory whole."""

    def get(self, key: str) -> bytes:
        """KeyError when missing."""

    def fetch(self, key: str, target: Path) -> Path:
        """A file of this machine with these bytes: `target`, if there is none yet. KeyError when missing."""

    def path(self, key: str) -> Path | None:
        """Where the file lies on this machine, if it does; it need not exist."""

    def delete(self, key: str) -> None:
        """A missing key is fine."""

    def keys(self, older_than: datetime) -> Iterator[str]:
        """Keys last written before `older_than` (aware)."""

    def tidy(self, older_than: datetime) -> None:
        """Remove what killed processes left half written before `older_than`."""


class LocalFolder:
    """Files below one folder. A file is there whole or not at all, also after a power loss."""

    def __init__(self, root: Path):
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        self._put(key, lambda file: file.write(data))

    def put_file(self, key: str, source: Path) -> None:
        with source.open("rb") as whole:
            self._put(key, lambda file: copyfileobj(whole, file, CHUNK))

    def _put(self, key: str, write: Callable[[BinaryIO], object]) -> None:
        target = self.path(key)
        _make_folder(target.parent)
        temporary = target.parent / f"{TEMPORARY}{uuid4().hex}"
        try:
            with temporary.open("xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def get(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(key) from None

    def fetch(self, key: str, target: Path) -> Path:
        found = self.path(key)
        if not found.is_file():
            raise KeyError(key)
        return found

    def path(self, key: str) -> Path:
        return self.root / _valid(key)

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def keys(self, older_than: datetime) -> Iterator[str]:
        """As promised; also removes temporary files that a killed process left before `older_than`."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                file = Path(folder, name)
                with suppress(FileNotFoundError):  # somebody else deleted it meanwhile
                    if file.stat().st_mtime >= older_than.timestamp():
                        continue
                    if name.startswith(TEMPORARY):
                        file.unlink()
                    else:
                        yield file.relative_to(self.root).as_posix()

    def tidy(self, older_than: datetime) -> None:
        for _key in self.keys(older_than):
            pass


class ObjectStore:
    """Files in a bucket, all below `prefix`. Credentials come from the usual AWS_* environment."""

    def __init__(
        self, bucket: str, prefix: str = "", *, endpoint: str | None = None, region: str = "us-east-1"
    ):
        config: S3Config = {"region": region}
        if endpoint:
            config["endpoint"] = endpoint
        self.store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "connect_timeout": timedelta(seconds=3),
                "timeout": timedelta(seconds=20),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )

    def put(self, key: str, data: bytes) -> None:
        with _as_os_error():
            self.store.put(_valid(key), data, use_multipart=False)

    def put_file(self, key: str, source: Path) -> None:
        with _as_os_error():
            self.store.put(_valid(key), source)

    def fetch(self, key: str, target: Path) -> Path:
        half = target.with_suffix(".half")
        try:
            with _as_os_error(), half.open("wb") as file:
                for chunk in self.store.get(_valid(key)).stream(min_chunk_size=CHUNK):
                    file.write(chunk)
        except FileNotFoundError:
            raise KeyError(key) from None
        return half.rename(target)

    def get(self, key: str) -> bytes:
        try:
            with _as_os_error():
                return bytes(self.store.get(_valid(key)).bytes())
        except FileNotFoundError:
            raise KeyError(key) from None

    def path(self, key: str) -> None:
        _valid(key)

    def delete(self, key: str) -> None:
        with suppress(FileNotFoundError), _as_os_error():
            self.store.delete(_valid(key))

    def keys(self, older_than: datetime) -> Iterator[str]:
        with _as_os_error():
            for page in self.store.list():
                yield from (entry["path"] for entry in page if entry["last_modified"] < older_than)

    def tidy(self, older_than: datetime) -> None:
        """An object is there whole or not at all."""


def open_store(url: str) -> FileStore:
    """The store that `url` names: "file:///var/files", "var/files", or
    "s3://bucket/prefix?endpoint=https://…&region=…". ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme in ("", "file") and parts.netloc in ("", "localhost") and parts.path:
        return LocalFolder(Path(unquote(parts.path) if parts.scheme else url))
    if parts.scheme == "s3" and parts.netloc:
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return ObjectStore(
            parts.netloc,
            parts.path.strip("/"),
            endpoint=options.get("endpoint") or os.environ.get("AWS_ENDPOINT_URL"),
            region=options.get("region") or os.environ.get("AWS_REGION", "us-east-1"),
        )
    raise ValueError("a file store is a folder, file:///folder or s3://bucket/prefix")


def _valid(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError("not a key of the file store")
    return key


@contextmanager
def _as_os_error() -> Iterator[None]:
    """What the object store says no with, as the disk would say it."""
    try:
        yield
    except OSError:
        raise
    except BaseError as error:
        raise OSError(f"the object store failed: {error}".splitlines()[0]) from error


def _make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, each of them on the disk."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
