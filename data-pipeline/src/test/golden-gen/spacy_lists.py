"""Writes the word lists of data.text's spaCy languages: what spaCy's own language data holds, expanded to plain lines.

Run from data-pipeline, where spaCy's package can be imported (its rules alone are read, no model):
    pip install spacy==3.8.16
    python src/test/golden-gen/spacy_lists.py src/main/resources/io/peregrine/data/text/spacy
"""

import importlib
import itertools
import sys
from pathlib import Path

from re import _constants as op, _parser as parser

from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, LIST_UNITS
from spacy.symbols import ORTH

LANGUAGES = "ar cs de es fr it nl pl pt ro ru sv".split()


def defaults(language):
    module = vars(importlib.import_module("spacy.lang." + language))
    return next(v for k, v in module.items() if k.endswith("Defaults") and k != "BaseDefaults")


def strings(pattern):
    """All strings that a regular expression without repetition means."""

    def expand(sequence):
        parts = []
        for kind, value in sequence:
            if kind is op.LITERAL:
                parts.append([chr(value)])
            elif kind is op.IN:
                parts.append([chr(v) for k, v in value if k is op.LITERAL])
            elif kind is op.BRANCH:
                parts.append([s for branch in value[1] for s in expand(branch)])
            elif kind is op.SUBPATTERN:
                parts.append(expand(value[3]))
            elif kind is op.MAX_REPEAT and value[:2] == (0, 1):
                parts.append([""] + expand(value[2]))
            else:
                raise ValueError((pattern, kind))
        return ["".join(choice) for choice in itertools.product(*parts)]

    return expand(parser.parse(pattern))


def french_compounds(token_match):
    """What French never cuts, by shape: head-, head', -link-, and stems with + for one letter or more, * for any number.

    A hyphen is one of five hyphens and an apostrophe one of two; an equals sign is the straight apostrophe only.
    """
    punctuation = importlib.import_module("spacy.lang.fr.punctuation")
    hyphens, elision = "[" + punctuation.HYPHENS + "]", "[" + punctuation.ELISION + "]"
    lines = set()
    for piece in token_match.__self__.pattern.removeprefix("(?iu)")[len("(?:^") : -len("$)")].split("$)|(?:^"):
        piece = piece.replace("[" + punctuation.HYPHENS + ALPHA_LOWER + punctuation.ELISION + "]*", "\5")
        piece = piece.replace("'", "=").replace("[" + ALPHA_LOWER + "]", "\3").replace("[" + ALPHA + "]", "\4")
        piece = piece.replace(hyphens, "-").replace(elision.replace("'", "="), "'")
        if piece.startswith("\4+-"):
            lines.update("-" + s + "-" for s in strings(piece[3 : piece.index("-(?:l'")]))
        elif piece.endswith("\3\5"):
            lines.update(strings(piece[:-2]))
        else:
            lines.update(s + piece[-1] for s in strings(piece[:-2]))
    return sorted(line.lower() for line in lines if " " not in line)


def write(folder, name, lines):
    (folder / (name + ".txt")).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main(folder):
    for language in LANGUAGES:
        cases = defaults(language).tokenizer_exceptions
        rows = ["\t".join(t[ORTH] for t in tokens) for word, tokens in sorted(cases.items()) if word.strip()]
        write(folder, language + "-cases", rows)
    write(folder, "units", sorted(set(LIST_UNITS)))
    romanian = importlib.import_module("spacy.lang.ro.punctuation")
    write(folder, "ro-prefixes", romanian._ud_rrt_prefix_variants)
    write(folder, "ro-suffixes", romanian._ud_rrt_suffix_variants)
    write(folder, "fr-compounds", french_compounds(defaults("fr").token_match))


main(Path(sys.argv[1]))
