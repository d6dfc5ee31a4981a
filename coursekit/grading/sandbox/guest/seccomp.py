"""Which system calls the kernel of the machine refuses to a process, as a filter (classic BPF) that it reads."""

import errno
import platform
import socket
import struct
from collections.abc import Iterator

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # the architectures, as filters name them

# Refused: what makes memory that no limit counts, what looks into processes, mounts, and makes namespaces.
REFUSED = {  # by name, the numbers on x86_64 and on aarch64
    "shmget": (29, 194),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
# Every kind of namespace that is made anew for a kernel, and every kind that it may make itself: none.
NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
ANY_NAMESPACE = NAMESPACES | CLONE_NEWCGROUP
# No other family of sockets is bound to the namespace of networks.
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)

# Instructions of BPF: load a word, jump if it equals / is at least / has some bits of a number, return.
LOAD, EQUAL, AT_LEAST, SOME_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where a call's record has them
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # the latter with the error's number
SECOND_TABLE = 0x40000000  # x86's calls with pointers of 32 bits, by other numbers

Line = tuple[int, int, int, int]  # instruction, lines to skip if so, lines to skip if not, number


def filter_of(machine: str) -> bytes:
    """The filter for a machine of `MACHINES`."""
    return b"".join(struct.pack("=HBBI", *line) for line in lines(machine))


def lines(machine: str) -> Iterator[Line]:
    """The filter's lines; the first that returns decides."""
    column = list(MACHINES).index(machine)
    yield LOAD, 0, 0, ARCHITECTURE
    yield EQUAL, 1, 0, MACHINES[machine]
    yield refuse(errno.ENOSYS)
    yield LOAD, 0, 0, NUMBER
    yield AT_LEAST, 0, 1, SECOND_TABLE
    yield refuse(errno.ENOSYS)
    for numbers in REFUSED.values():
        yield EQUAL, 0, 1, numbers[column]
        yield refuse(errno.EPERM)
    yield EQUAL, 0, 1, CLONE3[column]
    yield refuse(errno.ENOSYS)  # the C library then takes clone, whose flags a filter can see
    yield EQUAL, 0, 3, CLONE[column]
    yield LOAD, 0, 0, FIRST_ARGUMENT
    yield SOME_BITS, 0, 1, ANY_NAMESPACE
    yield refuse(errno.EPERM)
    yield LOAD, 0, 0, NUMBER
    yield EQUAL, 0, len(FAMILIES) + 2, SOCKET[column]
    yield LOAD, 0, 0, FIRST_ARGUMENT
    for place, family in enumerate(FAMILIES):
        yield EQUAL, len(FAMILIES) - place, 0, family
    yield refuse(errno.EAFNOSUPPORT)
    yield RETURN, 0, 0, ALLOW


def refuse(error: int) -> Line:
    """The line that lets a call fail with this error."""
    return RETURN, 0, 0, REFUSE | error


def here() -> str:
    """This machine; "" where there is no filter for it."""
    machine = platform.machine()
    return machine if machine in MACHINES else ""
