"""The filter of system calls, read line by line as Linux reads it."""

import errno
import struct

import pytest

from coursekit.grading.sandbox.guest import seccomp
from coursekit.grading.sandbox.guest.seccomp import ALLOW, MACHINES, REFUSE, REFUSED, filter_of

EPERM, ENOSYS, EAFNOSUPPORT = (REFUSE | number for number in (1, 38, 97))


def decision(program, number, argument=0, machine="x86_64"):
    """What the filter returns for a call: a small machine of the instructions that it uses."""
    record = struct.pack("=iIQ6Q", number, MACHINES[machine], 0, argument, *[0] * 5)
    lines = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at, held = 0, 0
    while True:
        instruction, so, not_so, value = lines[at]
        at += 1
        if instruction == 0x06:  # BPF_RET | BPF_K
            return value
        if instruction == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (held,) = struct.unpack_from("=I", record, value)
            continue
        jumps = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}  # BPF_JEQ, BPF_JGE, BPF_JSET
        at += so if jumps[instruction] else not_so


@pytest.mark.parametrize(
    ("machine", "read", "ptrace", "unshare", "mount"), [("x86_64", 0, 101, 272, 165), ("aarch64", 63, 117, 97, 40)]
)
def test_single_calls_are_refused_and_others_are_not(machine, read, ptrace, unshare, mount):
    program = filter_of(machine)
    assert decision(program, read, machine=machine) == ALLOW
    assert {decision(program, number, machine=machine) for number in (ptrace, unshare, mount)} == {EPERM}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_named_is_refused_and_no_more(machine):
    program, column = filter_of(machine), list(MACHINES).index(machine)
    refused = {number for number in range(600) if decision(program, number, machine=machine) == EPERM}
    assert refused == {numbers[column] for numbers in REFUSED.values()}
    assert len(refused) == len(REFUSED) == 34


@pytest.mark.parametrize(("machine", "clone"), [("x86_64", 56), ("aarch64", 220)])
def test_clone_makes_threads_and_processes_but_no_namespace(machine, clone):
    program = filter_of(machine)
    assert decision(program, clone, 17, machine) == ALLOW  # SIGCHLD, as fork does
    assert decision(program, clone, 0x3D0F00, machine) == ALLOW  # a thread
    kinds = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
    assert {decision(program, clone, kind | 17, machine) for kind in kinds} == {EPERM}
    assert decision(program, 435, machine=machine) == ENOSYS  # clone3, whose flags no filter can see


@pytest.mark.parametrize(("machine", "socket"), [("x86_64", 41), ("aarch64", 198)])
def test_only_sockets_that_belong_to_the_namespace_are_opened(machine, socket):
    program = filter_of(machine)
    given = {family: decision(program, socket, family, machine) for family in range(46)}
    assert {family for family, what in given.items() if what == ALLOW} == {1, 2, 10, 16}
    assert set(given.values()) == {ALLOW, EAFNOSUPPORT}


def test_other_tables_of_calls_are_closed():
    assert decision(filter_of("x86_64"), 0, machine="aarch64") == ENOSYS
    assert decision(filter_of("x86_64"), 0x40000000) == ENOSYS
    assert (errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT) == (1, 38, 97)


def test_a_machine_without_a_filter_is_none_of_ours(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert seccomp.here() == ""
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert seccomp.here() == "aarch64"
