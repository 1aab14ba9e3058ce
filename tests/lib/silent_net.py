"""A network of this process's own in which the system's name server is there and never answers.

A namespace of the network and not of mounts: it needs no mount point, so it works inside a chroot as well.
"""
import ctypes
import fcntl
import os
import pathlib
import re
import socket
import struct

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8913, 0x8914, 0x8916, 0x891C
IFF_UP, LOOPBACK_INDEX = 1, 1


def _call(libc_result, what):
    if libc_result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _bring_up(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", name, 0)
        flags = struct.unpack_from("16sH", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", name, flags | IFF_UP))


def _own_v4(address):
    def request(value):
        return struct.pack("16sH2s4s8x", b"lo:1", socket.AF_INET, b"", socket.inet_aton(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFADDR, request(address))
        fcntl.ioctl(any_socket, SIOCSIFNETMASK, request("255.255.255.255"))


def _own_v6(address):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFADDR,
                    struct.pack("16sIi", socket.inet_pton(socket.AF_INET6, address), 128, LOOPBACK_INDEX))


def name_server():
    """The first that a look-up would ask; this machine itself when none is named, as the resolver has it."""
    try:
        said = pathlib.Path("/etc/resolv.conf").read_text()
    except OSError:
        said = ""
    found = re.search(r"^\s*nameserver\s+([0-9a-fA-F.:]+)", said, re.M)
    return found.group(1) if found else "127.0.0.1"


def enter():
    """From here on this process and its children live in that network. Returns the socket on which look-ups arrive."""
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc.unshare(CLONE_NEWNET), "a network of our own")
    _bring_up(b"lo")
    address = name_server()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if family == socket.AF_INET6 and address != "::1":
        _own_v6(address)
    elif family == socket.AF_INET and not address.startswith("127."):
        _own_v4(address)
    silent = socket.socket(family, socket.SOCK_DGRAM)
    silent.bind((address, 53))
    return silent
