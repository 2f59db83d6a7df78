"""Reads the letters of a slip's bytes, with Python's own code pages and none of our tables."""

import sys

codec, number = sys.argv[1], int(sys.argv[2])
data = sys.stdin.buffer.read()
lines, line, at = [], b"", 0
sheets = []


def end_line(feeds):
    global line
    if line or feeds:
        lines.append(line.decode(codec))
    line = b""


def end_sheet():
    global lines
    end_line(False)
    sheets.append("\n".join(lines) + "\n")
    lines = []


while at < len(data):
    head = data[at : at + 3]
    if head[:1] == b"\n":
        end_line(True)
        at += 1
    elif head[:2] == b"\x1b@" or head[:2] == b"\x1c.":
        at += 2
    elif head[:2] == b"\x1bt":
        assert head[2] == number, head
        at += 3
    elif head[:2] in (b"\x1ba", b"\x1d!"):
        at += 3
    elif head[:2] == b"\x1bd":
        end_line(False)
        at += 3
    elif head == b"\x1dVB":
        end_sheet()
        at += 4
    elif head == b"\x1dv0":
        end_line(False)
        width = int.from_bytes(data[at + 4 : at + 6], "little")
        rows = int.from_bytes(data[at + 6 : at + 8], "little")
        at += 8 + width * rows
    elif head == b"\x1d(k":
        at += 5 + int.from_bytes(data[at + 3 : at + 5], "little")
    else:
        assert data[at] >= 32 and data[at] != 127, data[at : at + 8]
        line += data[at : at + 1]
        at += 1
if lines or line:
    end_sheet()
sys.stdout.buffer.write("".join(sheets).encode())
