"""Watches a kernel and all that it started: how many processes, how much memory, how much processor time."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Use:
    """What a process and its descendants use.

    Attributes:
        processes: how many they are.
        memory: bytes, what is shared between them counted once.
        seconds: processor time.
    """

    processes: int
    memory: int
    seconds: float


def use_of(pid: int, enough: int) -> Use:
    """What a process and its descendants use now.

    Args:
        pid: the process.
        enough: bytes; below, memory may be counted too high (shared pages once for each process), which is quicker.
    """
    family = descendants(pid)
    seconds = sum((int(stat[11]) + int(stat[12]) + int(stat[13]) + int(stat[14])) / TICK for stat in family.values())
    memory = sum(int(stat[21]) * PAGE for stat in family.values())
    if memory > enough:
        memory = sum(proportional(member, int(stat[21]) * PAGE) for member, stat in family.items())
    return Use(len(family), memory, seconds)


def descendants(pid: int) -> dict[int, list[str]]:
    """The process and all that it started, with the fields of their `stat` from the state on."""
    stats: dict[int, list[str]] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (stat := read(f"{folder}/stat")):
            stats[int(folder.name)] = fields = stat.rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    family: dict[int, list[str]] = {}
    waiting = [pid]
    while waiting:
        member = waiting.pop()
        if member in stats and member not in family:
            family[member] = stats[member]
            waiting += children.get(member, [])
    return family


def proportional(pid: int, whole: int) -> int:
    """Bytes of a process's memory, each page divided among those that share it; `whole` where that is not told."""
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return whole


def own_memory() -> int:
    """Bytes of memory of this process, the grader's."""
    return int(read("/proc/self/statm").split()[1]) * PAGE


def read(path: str) -> str:
    """The text of a file in /proc; "" where the process is gone."""
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""
