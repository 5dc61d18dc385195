"""`make demo`: prepares the database, starts web and worker, says where everything is, stops both."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds until the web server must answer, and until both must have stopped
BESIDE = Path(sys.executable).parent
FLASK, GRANIAN = f"{BESIDE}/flask", f"{BESIDE}/granian"


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """PURNA_* for the demo; HOST and PORT decide its address, what is set already stays."""
    host, port = env.get("HOST") or "127.0.0.1", env.get("PORT") or "8000"
    shown = _own_address() if host in ("0.0.0.0", "::") else host  # noqa: S104  # nosec B104  # compared, not bound
    chosen = {
        "PURNA_DEMO": "1",
        "PURNA_WHATSAPP": "folder:var/whatsapp",
        "PURNA_PUBLIC_URL": f"http://{shown}:{port}",
        "PURNA_ALLOWED_HOSTS": f"127.0.0.1:{port},localhost:{port}",
    }
    return {**chosen, **env, "HOST": host, "PORT": port}


def prepare(env: dict[str, str]) -> int:
    """Bring the database to its newest shape and fill it when it is empty."""
    for command in (["db", "upgrade"], ["demo-seed"]):
        done = subprocess.run([FLASK, "--app", "wsgi", *command], env=env, check=False)  # noqa: S603  # ours
        if done.returncode:
            return done.returncode
    return 0


def main() -> int:
    os.chdir(ROOT)
    env = environment(os.environ)
    if not env["PORT"].isdigit():
        print(f"PORT is a number, not {env['PORT']}.")
        return 1
    if not _is_free(env["HOST"], int(env["PORT"])):
        print(f"Port {env['PORT']} is taken. Choose another one: make demo PORT={int(env['PORT']) + 1}")
        return 1
    if "prepare" in sys.argv[1:]:
        return prepare(env)
    _take_the_terminal()
    ends: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: ends.append(number))
    children = _start(env)
    try:
        return _watch(children, env, ends)
    finally:
        _stop(children)


def _start(env: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """Web and worker, each in a process group of its own: Ctrl-C reaches them through us alone."""
    web = [
        GRANIAN, "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws",
        "--log-level", "warning", "--workers-kill-timeout", "5", "--host", env["HOST"], "--port", env["PORT"],
        "wsgi:app",
    ]  # fmt: skip
    worker = [FLASK, "--app", "wsgi", "worker"]
    return [subprocess.Popen(command, env=env, process_group=0) for command in (web, worker)]  # noqa: S603  # ours


def _watch(children: list[subprocess.Popen[bytes]], env: dict[str, str], ends: list[int]) -> int:
    """Greet once the portal answers, then wait for the end; 1 when web or worker ends by itself."""
    greeting = subprocess.Popen([FLASK, "--app", "wsgi", "demo-greeting"], env=env, stdout=subprocess.PIPE)  # noqa: S603  # ours
    deadline, greeted = time.monotonic() + PATIENCE, False
    while not ends:
        if any(child.poll() is not None for child in children):
            print("The web server or the worker has stopped by itself; its message stands above.")
            return 1
        if not greeted and _answers(env["PURNA_PUBLIC_URL"]):
            print(greeting.communicate()[0].decode(), flush=True)
            greeted = True
        elif not greeted and time.monotonic() > deadline:
            print("The portal does not answer.")
            return 1
        time.sleep(0.1)
    print("\nStopping …", flush=True)
    return 0


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _own_address() -> str:
    """The address of this machine in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2):  # noqa: S310  # nosec B310  # our own address
            return True
    except URLError as error:
        return hasattr(error, "code")  # an error page is an answer, too
    except OSError:
        return False


def _take_the_terminal() -> None:
    """Become the terminal's foreground, so that Ctrl-C ends the demo and `make` sees a good end."""
    if not sys.stdin.isatty() or os.getpgrp() == os.getpid():
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    before = os.getpgrp()
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    atexit.register(os.tcsetpgrp, sys.stdin.fileno(), before)


if __name__ == "__main__":
    sys.exit(main())
