"""Requests at full speed by wrk on the loopback interface, and their cost in CPU time."""

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
    """A path on a server, and a request header."""

    server: Server
    path: str
    header: str = "Accept-Language: en"


@dataclass(frozen=True)
class Load:
    """Result of a round: requests per second, and CPU milliseconds per request of the web and the database server."""

    requests_per_second: float
    server_cpu: float
    database_cpu: float

    @property
    def cpu(self) -> float:
        return self.server_cpu + self.database_cpu


def compare(targets: dict[str, Target], *, rounds: int = 5, seconds: int = 2) -> dict[str, Load]:
    """Return {name: Load}. Each round asks every target, so that a noisy moment hits all of them.

    The speed is the median of the rounds; the CPU time is the least, because other work on the machine only adds to it.
    """
    for target in targets.values():
        _round(target, 1)  # warm-up: each thread connects to the database, and caches fill
    loads: dict[str, list[Load]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            loads[name].append(_round(target, seconds))
    return {name: _summarize(rounds_of_target) for name, rounds_of_target in loads.items()}


def _round(target: Target, seconds: int) -> Load:
    server = target.server
    before = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    requests, took = _wrk(target, seconds)
    after = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    spent = [1000 * (late - early) / requests for early, late in zip(before, after, strict=True)]
    return Load(requests / took, *spent)


def _wrk(target: Target, seconds: int) -> tuple[int, float]:
    """Return (requests, seconds). Raise RuntimeError if an answer was not 200."""
    command = [
        required("wrk", "wrk"), "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s",
        "--header", target.header, f"http://127.0.0.1:{target.server.port}{target.path}",
    ]  # fmt: skip
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise RuntimeError(f"wrk met errors at {target.path}: {report}")
    if (found := re.search(r"(\d+) requests in ([\d.]+)(m?s)", report)) is None:
        raise RuntimeError(f"wrk printed no summary: {report}")
    requests, took, unit = found.groups()
    return int(requests), float(took) / (1000 if unit == "ms" else 1)


def _summarize(loads: list[Load]) -> Load:
    least = min(loads, key=lambda load: load.cpu)
    return Load(median(load.requests_per_second for load in loads), least.server_cpu, least.database_cpu)
