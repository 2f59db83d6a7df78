"""python-escpos makes the slip of S8: from lines that are laid out already."""

import json
import statistics
import sys
import time


def prepared(path):
    from PIL import Image

    lines = json.load(open(path))
    for line in lines:
        if "dots" in line:
            row = (line["width"] + 7) // 8
            packed = bytes(byte ^ 0xFF for byte in line["dots"])
            line["image"] = Image.frombytes("1", (row * 8, line["height"]), packed)
    return lines


def write(printer, lines):
    for line in lines:
        if "image" in line:
            printer.image(line["image"], impl="bitImageRaster")
        elif "code" in line:
            printer.qr(line["code"], native=True, size=7, ec=1)
        else:
            printer.set(custom_size=True, width=line["wide"], height=line["high"])
            printer.text(line["text"] + "\n")
    printer.cut()


def main():
    what, path = sys.argv[1], sys.argv[2]
    if what == "send":
        from escpos.printer import File

        printer = File(sys.argv[3], auto_flush=False, profile="TM-T20II")
        write(printer, prepared(path))
        printer.flush()
        printer.close()
        return
    from escpos.printer import Dummy

    lines = prepared(path)
    if what == "size":
        printer = Dummy(profile="TM-T20II")
        write(printer, lines)
        print(len(printer.output))
        return
    times = []
    count = int(sys.argv[3])
    for turn in range(count + 20):
        begun = time.perf_counter()
        printer = Dummy(profile="TM-T20II")
        write(printer, lines)
        assert printer.output
        if turn >= 20:
            times.append((time.perf_counter() - begun) * 1000)
    print(statistics.median(times))


main()
