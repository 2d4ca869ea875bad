"""Requests as fast as a server answers them, by wrk on the loopback, and what they cost it in CPU time."""

import re
import subprocess
from dataclasses import dataclass
from statistics import median

from .processes import cpu_seconds
from .servers import Server, required

CONNECTIONS = 32
GZIP = "Accept-Encoding: gzip"


@dataclass(frozen=True)
class Target:
    """An address at a server."""

    server: Server
    path: str
    header: str = "Accept-Language: en"


@dataclass(frozen=True)
class Load:
    """Of one round: requests a second, and CPU milliseconds a request, of the server and of its database's server."""

    requests_per_second: float
    server_cpu: float
    database_cpu: float

    @property
    def cpu(self) -> float:
        return self.server_cpu + self.database_cpu


def compare(targets: dict, *, rounds: int = 5, seconds: int = 2) -> dict:
    """{name: Load} for the targets, each asked in every round, so that a noisy moment is shared.

    Of the rounds the median speed counts, and the least CPU time: what else the machine does only adds to it.
    """
    for target in targets.values():
        _round(target, 1)  # connections to the database are made in each thread, and caches filled
    loads = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            loads[name].append(_round(target, seconds))
    return {name: _summary(of_target) for name, of_target in loads.items()}


def _round(target, seconds):
    server = target.server
    before = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    requests, took = _wrk(target, seconds)
    after = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    spent = [1000 * (late - early) / requests for early, late in zip(before, after, strict=True)]
    return Load(requests / took, *spent)


def _wrk(target, seconds):
    """(requests, seconds). Raises RuntimeError when an answer was not 200."""
    command = [
        required("wrk", "wrk"), "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s",
        "--header", target.header, f"http://127.0.0.1:{target.server.port}{target.path}",
    ]  # fmt: skip
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise RuntimeError(f"wrk met errors at {target.path}: {report}")
    requests, took, unit = re.search(r"(\d+) requests in ([\d.]+)(m?s)", report).groups()
    return int(requests), float(took) / (1000 if unit == "ms" else 1)


def _summary(loads):
    least = min(loads, key=lambda load: load.cpu)
    return Load(median(load.requests_per_second for load in loads), least.server_cpu, least.database_cpu)
