"""Web servers on the loopback interface, started on a free port and stopped by process id."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import processes
from .databases import DATA, ROOT, Database

WORKERS, THREADS = 2, 4
NGINX = """
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 256; }}
http {{
  types {{ text/html html; }}
  access_log off; sendfile on; tcp_nopush on; gzip_static on; gzip_vary on; keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


class Missing(Exception):
    """Raised when a program or server that a measure needs is missing. The message says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server; `database_pid` is the process id of its database server, if there is one."""

    pid: int
    port: int
    database_pid: int | None = None

    def workers(self) -> list[int]:
        return processes.family(self.pid)[1:]

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def granian(application: str, database: Database, *, workers: int = WORKERS, **variables: str) -> Iterator[Server]:
    """Serve the application as bin/start does, with these environment variables."""
    database.manage("collectstatic", "--noinput")
    port = _free_port()
    command = [
        Path(sys.executable).parent / "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", str(THREADS), "--log-level", "error",
        application,
    ]  # fmt: skip
    with _running(command, port, environment=database.environment | variables) as pid:
        yield Server(pid, port, database.server_pid)


def newsdesk(database: Database, **options: Any) -> AbstractContextManager[Server]:
    return granian("newsdesk.wsgi:application", database, **options)


@contextmanager
def nginx(files: dict[str, bytes]) -> Iterator[Server]:
    """Serve static files with nginx. Clients that accept gzip get FILE.gz for FILE."""
    folder, port = DATA / "nginx", _free_port()
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, workers=WORKERS))
    with _running([required("nginx", "nginx-light"), "-c", str(folder / "nginx.conf")], port) as pid:
        yield Server(pid, port)


def required(program: str, package: str) -> str:
    """Return the path of the program. Raise Missing if it is not installed."""
    path = shutil.which(program, path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/bin")
    if path is None:
        raise Missing(f"{program} is not installed: apt install {package}")
    return path


@contextmanager
def _running(command: list[Any], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(process, port)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise Missing(f"The server exited at once, with code {process.returncode}.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Missing("The server does not listen.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
