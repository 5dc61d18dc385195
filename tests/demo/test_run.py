"""What `make demo` decides from HOST and PORT, and how it says no."""

import socket
import subprocess
import sys

from portal.demo import run


def test_host_and_port_move_everything() -> None:
    env = run.environment({"HOST": "127.0.0.1", "PORT": "8123", "PATH": "/bin"})
    assert env["PURNA_PUBLIC_URL"] == "http://127.0.0.1:8123" and env["PATH"] == "/bin"
    assert "localhost:8123" in env["PURNA_ALLOWED_HOSTS"]
    assert run.environment({"PURNA_MAIL": "folder:mine"})["PURNA_MAIL"] == "folder:mine"
    assert "0.0.0.0" not in run.environment({"HOST": "0.0.0.0"})["PURNA_PUBLIC_URL"]


def start(port: str) -> subprocess.CompletedProcess[str]:
    env = {"HOST": "127.0.0.1", "PORT": port}
    return subprocess.run([sys.executable, "-m", "portal.demo.run"], env=env, capture_output=True, text=True)


def test_a_busy_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(str(port))
    assert done.returncode == 1 and f"Port {port} is taken" in done.stdout and not done.stderr


def test_a_port_is_a_number() -> None:
    assert "PORT is a number" in start("achtzig").stdout
