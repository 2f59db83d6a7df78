"""Every letter above 127 of the four code pages, as Python knows them."""

for name, codec in (("WPC1252", "cp1252"), ("PC858", "cp858"), ("PC850", "cp850"), ("PC437", "cp437")):
    for byte in range(128, 256):
        try:
            letter = bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            continue
        print(name, byte, letter, sep="\t")
