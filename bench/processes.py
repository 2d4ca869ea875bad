"""Facts about processes from Linux's /proc: CPU time, memory, descendants, and connections."""

import os
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
GONE = (FileNotFoundError, ProcessLookupError)


def cpu_seconds(pid: int | None) -> float:
    """Return user and system CPU time of a process and its descendants, ended ones too; 0 for None."""
    if pid is None:
        return 0
    total = 0
    for one in family(pid):
        with suppress(*GONE):
            # utime, stime, and the same of children that have ended: fields 14 to 17 of proc(5).
            total += sum(map(int, _stat(one)[11:15]))
    return total / TICK


def family(pid: int) -> list[int]:
    """Return the process and its descendants."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(*GONE):
            children.setdefault(int(_stat(int(path.name))[1]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def resident_megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def find_owner(client_port: int, server_port: int, pids: list[int]) -> int | None:
    """Return the process that holds the server's end of the connection between these ports of 127.0.0.1, or None."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if _port(fields[1]) == server_port and _port(fields[2]) == client_port:
            return next((pid for pid in pids if _holds(pid, f"socket:[{fields[9]}]")), None)
    return None


def _port(endpoint: str) -> int:
    return int(endpoint.rpartition(":")[2], 16)


def _holds(pid: int, link: str) -> bool:
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(*GONE):
            if str(path.readlink()) == link:
                return True
    return False


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on. The second, a name, may contain spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
