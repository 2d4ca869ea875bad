"""What the kernel knows of running processes: CPU time, memory, and which of them a connection has reached."""

import os
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
GONE = (FileNotFoundError, ProcessLookupError)


def cpu_seconds(pid: int | None) -> float:
    """CPU time of a process and all below it, those that have ended too, in user and kernel; 0 for no process."""
    if pid is None:
        return 0
    total = 0
    for one in family(pid):
        with suppress(*GONE):
            # utime, stime, and the same of children that have ended: fields 14 to 17 of proc(5).
            total += sum(map(int, _stat(one)[11:15]))
    return total / TICK


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(*GONE):
            children.setdefault(int(_stat(int(path.name))[1]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def resident_megabytes(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def reached_by(client_port: int, server_port: int, pids: list[int]) -> int | None:
    """Which of the processes holds the server's end of the connection between these ports of 127.0.0.1."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if _port(fields[1]) == server_port and _port(fields[2]) == client_port:
            return next((pid for pid in pids if _holds(pid, f"socket:[{fields[9]}]")), None)
    return None


def _port(address):
    return int(address.rpartition(":")[2], 16)


def _holds(pid, link):
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(*GONE):
            if str(path.readlink()) == link:
                return True
    return False


def _stat(pid):
    """The fields of proc(5) from the third on: the second, a name, may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
