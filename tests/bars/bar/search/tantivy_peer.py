"""Tantivy as a comparator of the bars: builds an index of a table, answers questions, prints times.

    tantivy_peer.py build TABLE FOLDER    number, folded words and postal code in each line
    tantivy_peer.py ask FOLDER QUESTIONS  asks each line twice; prints the second pass, in milliseconds
"""

import sys
import time

import tantivy


def schema():
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("name", tokenizer_name="default")
    builder.add_text_field("loc", tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(table, folder):
    index = tantivy.Index(schema(), path=folder)
    # One thread and much room: as few segments as can be, which is what searches fastest.
    writer = index.writer(heap_size=1_500_000_000, num_threads=1)
    with open(table, encoding="utf-8") as lines:
        for line in lines:
            number, words, code = line.rstrip("\n").split("\t")
            document = tantivy.Document()
            document.add_unsigned("number", int(number))
            document.add_text("name", words)
            document.add_text("loc", "z" + code)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def ask(folder, questions):
    index = tantivy.Index.open(folder)
    searcher = index.searcher()
    with open(questions, encoding="utf-8") as lines:
        asked = [line.rstrip("\n") for line in lines]
    found = 0
    for is_measured in (False, True):
        for text in asked:
            begun = time.perf_counter_ns()
            hits = searcher.search(index.parse_query(text, ["name"]), 10, count=False).hits
            took = time.perf_counter_ns() - begun
            found += bool(hits)
            if is_measured:
                print(took / 1e6)
    if not found:
        sys.exit("no question finds anything")


if __name__ == "__main__":
    {"build": build, "ask": ask}[sys.argv[1]](*sys.argv[2:])
