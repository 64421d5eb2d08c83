"""Tries all TCP ports of the given addresses, and prints those that answer a SYN with SYN and ACK, as `address port`.

No connection is made: this process sends the SYNs itself, and its kernel rejects what comes back. Run it as root.
"""

import select
import socket
import struct
import sys

SOURCE_PORT, SYN, SYN_ACK = 61000, 0x02, 0x12
LAST_PORT, PATIENCE_SECONDS = 65535, 0.2


def main():
    for address in sys.argv[1:]:
        for port, flags in sorted(scan(address).items()):
            if flags & SYN_ACK == SYN_ACK:
                print(address, port)


def scan(address):
    """Returns the TCP flags of each answer, by port."""
    is_six = ":" in address
    family = socket.AF_INET6 if is_six else socket.AF_INET
    raw = socket.socket(family, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_TCP)
    raw.connect((address, 0))
    ends = b"".join(socket.inet_pton(family, end) for end in (raw.getsockname()[0], address))
    answers = {}
    # Twice, because a packet can be lost; but not all of them.
    for repeated in (False, True):
        if repeated and not answers:
            break
        for port in range(1, LAST_PORT + 1):
            if port not in answers:
                raw.send(segment(ends, port))
            # Often enough that the answers fit into the buffer of the socket.
            if port % 64 == 0:
                read(raw, is_six, answers)
        while select.select([raw], [], [], PATIENCE_SECONDS)[0]:
            read(raw, is_six, answers)
    return answers


def segment(ends, port):
    header = struct.pack("!HHIIBBHHH", SOURCE_PORT, port, 0, 0, 5 << 4, SYN, 1024, 0, 0)
    total = sum(struct.unpack(f"!{len(ends) // 2 + 12}H", ends + struct.pack("!HH", socket.IPPROTO_TCP, len(header)) + header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return header[:16] + struct.pack("!H", ~total & 0xFFFF) + header[18:]


def read(raw, is_six, answers):
    # Packets of IPv4 come with their header.
    start = 0 if is_six else 20
    try:
        while True:
            packet = raw.recv(64)
            source, target = struct.unpack_from("!HH", packet, start)
            if target == SOURCE_PORT:
                answers[source] = packet[start + 13]
    except BlockingIOError:
        pass


main()
