"""HTML to PDF in processes of their own, so that no document can hold up or bring down the portal."""

import atexit
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from queue import Empty, LifoQueue
from threading import BoundedSemaphore, Timer
from time import monotonic

ROOT = Path(__file__).parents[2]
WORKERS = 2
WAITING = 20  # with more than these in the queue, the next one is told to come back
RENDERS_PER_WORKER = 100  # the libraries below keep 60 KB of each document
INHERITED = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "TMPDIR")  # no secret among them


Request = dict[str, str | bool | int | tuple[str, ...] | None]


class Busy(Exception):
    """Too many documents are being made; try again later."""


class RenderFailed(Exception):
    """The document could not be made; the message says why, for the log."""


class RenderTimeout(RenderFailed):
    """The document took too long and was given up."""


def render(
    html: str,
    *,
    stylesheets: tuple[str, ...] = (),
    title: str | None = None,
    language: str | None = None,
    roll: bool = False,
    timeout: float = 30,
) -> bytes:
    """PDF/UA-1 bytes of a whole HTML page, set in Plus Jakarta Sans where `font-family` says so.

    `stylesheets` are CSS texts; keep them constant, they are parsed once. `title` and `language` replace
    <title> and <html lang>. On a paper `roll` the last page is cut at the element with the id "end".
    Nothing but data: URLs is loaded. Raises Busy, RenderTimeout, RenderFailed.
    """
    request: Request = {
        "html": html,
        "stylesheets": stylesheets,
        "title": title,
        "language": language,
        "roll": roll,
    }
    return _pool.run(request, timeout)


class Worker:
    """One `python -m portal.adapters.pdf_worker` and the two pipes to it."""

    def __init__(self) -> None:
        self.renders = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.adapters.pdf_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=ROOT,
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
        )

    def usable(self) -> bool:
        return self.process.poll() is None and self.renders < RENDERS_PER_WORKER

    def run(self, request: bytes, timeout: float) -> bytes:
        """The PDF. The process is killed when `timeout` seconds have passed."""
        deadline = monotonic() + timeout
        late = Timer(timeout, self.process.kill)
        late.daemon = True
        late.start()
        self.renders += 1
        try:
            self._write(request)
            if pdf := self._read():
                return pdf
            reason = self._read().decode(errors="replace")
        except (OSError, EOFError) as error:
            self.close()
            if monotonic() >= deadline:
                raise RenderTimeout(f"not done after {timeout:.0f} s") from error
            raise RenderFailed("the process that made it ended") from error
        finally:
            late.cancel()
        raise RenderFailed(reason)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()

    def _write(self, frame: bytes) -> None:
        assert self.process.stdin
        rest = memoryview(struct.pack(">I", len(frame)) + frame)
        while rest:
            rest = rest[self.process.stdin.write(rest) :]

    def _read(self) -> bytes:
        return self._exactly(struct.unpack(">I", self._exactly(4))[0])

    def _exactly(self, size: int) -> bytes:
        """`size` bytes; EOFError when the process ends before it has written them."""
        assert self.process.stdout
        data = b""
        while len(data) < size:
            part = self.process.stdout.read(size - len(data))
            if not part:
                raise EOFError
            data += part
        return data


class Pool:
    """At most WORKERS processes, each started when first needed; the last one used is used first."""

    def __init__(self) -> None:
        self.admitted = BoundedSemaphore(WORKERS + WAITING)
        self.places: LifoQueue[Worker | None] = LifoQueue()  # None: nobody works there yet
        for _ in range(WORKERS):
            self.places.put(None)

    def run(self, request: Request, timeout: float) -> bytes:
        """The PDF within `timeout` seconds, the wait for a worker included."""
        deadline = monotonic() + timeout
        if not self.admitted.acquire(blocking=False):
            raise Busy
        try:
            worker = self.places.get(timeout=timeout)
        except Empty:
            self.admitted.release()
            raise Busy from None
        try:
            if worker and not worker.usable():
                worker.close()
                worker = None
            worker = worker or Worker()
            left = max(deadline - monotonic(), 0.001)
            return worker.run(json.dumps({**request, "seconds": int(left) + 2}).encode(), left)
        finally:
            self.places.put(worker)
            self.admitted.release()

    def close(self) -> None:
        """End the workers that are idle."""
        for worker in [self.places.get() for _ in range(self.places.qsize())]:
            if worker:
                worker.close()
            self.places.put(None)


def _start_anew() -> None:
    """A forked process leaves its parent's workers alone: two readers of one pipe would mix documents."""
    global _pool
    _left_alone.append(_pool)
    _pool = Pool()


_left_alone: list[Pool] = []
_pool = Pool()
os.register_at_fork(after_in_child=_start_anew)
atexit.register(lambda: _pool.close())
