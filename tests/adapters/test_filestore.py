"""Both file stores keep the same promises; the second one against a real S3 interface."""

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from portal.adapters.filestore import LocalFolder, ObjectStore, open_store

KEY = "ab/cdef0123456789"
LATER = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(scope="module")
def s3():
    """The address of an S3 server, and the environment to reach it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
        server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_store(f"file://{tmp_path}/new/files")
    endpoint, bucket = request.getfixturevalue("s3"), f"b{uuid4().hex}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket=bucket)
    return open_store(f"s3://{bucket}/photos/here?endpoint={endpoint}&region=us-east-1")


def test_what_is_put_is_got(store):
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    store.put("zz/other.jpg", bytes(2_000_000))
    assert store.get(KEY) == b"two"
    assert len(store.get("zz/other.jpg")) == 2_000_000
    assert sorted(store.keys(older_than=LATER)) == [KEY, "zz/other.jpg"]
    assert list(store.keys(older_than=LATER - timedelta(hours=2))) == []


def test_a_large_file_goes_in_and_out_by_its_path(store, tmp_path):
    (tmp_path / "in").write_bytes(bytes(range(256)) * 10_000)
    store.put_file(KEY, tmp_path / "in")
    assert store.fetch(KEY, tmp_path / "out").read_bytes() == (tmp_path / "in").read_bytes()
    with pytest.raises(KeyError):
        store.fetch("zz/none", tmp_path / "none")


def test_a_missing_key_is_a_key_error_and_may_be_deleted(store):
    with pytest.raises(KeyError):
        store.get(KEY)
    store.put(KEY, b"x")
    store.delete(KEY)
    store.delete(KEY)
    with pytest.raises(KeyError):
        store.get(KEY)
    assert list(store.keys(older_than=LATER)) == []


@pytest.mark.parametrize("key", [
    "", "/etc/passwd", "../x", "ab/../../x", "ab//x", "ab/", "ab/.x", ".tmp-1", "a\\b", "a\0b", "ab/x\n",
    "a" * 200, "a/b/c/d/e",
])  # fmt: skip
def test_a_key_cannot_leave_the_store(store, key):
    for act in (store.get, store.path, store.delete, lambda key: store.put(key, b"")):
        with pytest.raises(ValueError, match="key"):
            act(key)


def test_only_a_folder_has_paths(tmp_path, s3):
    assert LocalFolder(tmp_path).path(KEY) == tmp_path / KEY
    assert ObjectStore("bucket", endpoint=s3).path(KEY) is None


def test_bytes_and_folders_are_on_the_disk_before_put_returns(tmp_path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda number: (synced.append(os.readlink(f"/proc/self/fd/{number}")), real(number))
    )
    LocalFolder(tmp_path / "files").put(KEY, b"x")
    folders = [str(tmp_path), f"{tmp_path}/files", f"{tmp_path}/files/ab"]
    assert synced[:2] == folders[:2] and "/.tmp-" in synced[2] and synced[3:] == folders[2:]


@pytest.mark.parametrize("where", ["fsync", "rename"])
def test_a_full_disk_leaves_neither_file_nor_temporary_file(tmp_path, monkeypatch, where):
    store = LocalFolder(tmp_path)
    store.put(KEY, b"before")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, where, full)
    with pytest.raises(OSError, match="No space") as error:
        store.put(KEY, b"after")
    assert error.value.errno == errno.ENOSPC
    monkeypatch.undo()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["cdef0123456789"]
    assert store.get(KEY) == b"before"


def test_what_a_killed_process_left_is_swept_with_time(tmp_path):
    store = LocalFolder(tmp_path)
    store.put(KEY, b"x")
    left = tmp_path / "ab" / ".tmp-left"
    left.write_bytes(b"half")
    assert list(store.keys(older_than=LATER - timedelta(hours=2))) == [] and left.exists()
    old = time.time() - 90_000
    os.utime(left, (old, old))
    assert list(store.keys(older_than=datetime.now(UTC) - timedelta(days=1))) == [] and not left.exists()


def test_a_store_that_is_away_is_an_os_error(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with pytest.raises(OSError, match="object store"):
        ObjectStore("bucket", endpoint="http://127.0.0.1:9").put(KEY, b"x")


@pytest.mark.parametrize("url", ["ftp://x/y", "s3:///prefix", "", "file://elsewhere/x"])
def test_a_wrong_address_is_refused(url):
    with pytest.raises(ValueError, match="file store"):
        open_store(url)


def test_a_plain_path_is_a_folder(tmp_path):
    assert open_store("var/files").path(KEY).as_posix() == f"var/files/{KEY}"
    assert open_store(str(tmp_path)).path(KEY) == tmp_path / KEY
