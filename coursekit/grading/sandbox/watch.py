"""Watches a kernel and all that it started: how many processes, how much memory, how much processor time."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
FEW = 8  # processes


@dataclass
class Use:
    """What a process and its descendants use.

    Attributes:
        processes: how many they are.
        memory: bytes; what they share is counted once, or, where they are many, once for each.
        seconds: processor time.
    """

    processes: int
    memory: int
    seconds: float


def use_of(pid: int, *, base: int = 0, enough: int = sys.maxsize) -> Use:
    """What a process and its descendants use now.

    Args:
        pid: the process.
        base: bytes that each of them is taken to share with the others: what the first had before it forked.
        enough: bytes; where there are more, and few processes, each page is counted once however many share it. (That
            is slow, and slowest where somebody forks all the time.)
    """
    family = descendants(pid)
    seconds = sum(sum(map(int, stat[11:15])) / TICK for stat in family.values())
    memory = base + sum(max(0, int(stat[21]) * PAGE - base) for stat in family.values())
    if memory > enough and len(family) <= FEW:
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


def children(pid: int) -> list[int]:
    """The processes that a process started itself."""
    return [child for child, stat in descendants(pid).items() if int(stat[1]) == pid]


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
