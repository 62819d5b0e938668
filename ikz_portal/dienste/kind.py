"""Becomes another program that ends together with its starter. A script of the standard library, run by path.

`python -I -S kind.py '{"signal": 2, "elternteil": 4711, "uid": 65534, "gid": 65534, "recht": 2}' program argument …`
The process keeps its id: it gives up root where asked, has the kernel send `signal` when `elternteil` dies, and execs.
"""

import ctypes
import json
import os
import signal
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4  # else access(2), which PostgreSQL asks about its own binaries, forgets capabilities
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION = 0x20080522


def mit_elternteil_enden(nummer: int) -> None:
    """Have the kernel send this signal when the thread that started this process ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, nummer, 0, 0, 0)


def root_ablegen(uid: int, gid: int, recht: int) -> None:
    """Become this user for good; of root's capabilities keep one for reaching files, if asked (0: none)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if recht:
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if recht:
        maske = 1 << recht
        kopf = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        libc.capset(kopf, (ctypes.c_uint32 * 6)(maske, maske, maske, 0, 0, 0))
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, recht, 0, 0)


def main(auftrag: dict[str, Any], befehl: list[str]) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if auftrag.get("uid"):
        root_ablegen(auftrag["uid"], auftrag["gid"], auftrag["recht"])
    mit_elternteil_enden(auftrag["signal"])  # after the change of user, which clears it
    if os.getppid() != auftrag["elternteil"]:
        sys.exit(1)  # the starter died in between
    os.execv(befehl[0], befehl)  # noqa: S606  # a fixed list, no shell


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
