"""Cuts texts into words as spaCy's documentation says its tokenizer does, with the rules of spaCy's own language data.

A plain twin of data.text's SpacyWords: Python's regular expressions in place of ours, and no shortcut. Whitespace tokens are
left out. Run from data-pipeline, where spaCy's package can be imported (its rules alone are read, no model):
    pip install spacy==3.8.16
    python src/test/golden-gen/spacy_words.py src/test/resources/golden/spacy-words
makes the words of every LANGUAGE.txt of the folder, one text a line, as LANGUAGE.words, its words separated by tabs.
"""

import importlib
import re
import sys
from pathlib import Path

from spacy.symbols import ORTH


class Tokenizer:
    def __init__(self, language):
        module = vars(importlib.import_module("spacy.lang." + language))
        rules = next(v for k, v in module.items() if k.endswith("Defaults") and k != "BaseDefaults")
        self.prefix = re.compile("|".join("^" + p for p in rules.prefixes if p.strip())).search
        self.suffix = re.compile("|".join(p + "$" for p in rules.suffixes if p.strip())).search
        self.infix = re.compile("|".join(p for p in rules.infixes if p.strip())).finditer
        self.whole = rules.token_match or (lambda word: None)
        self.url = rules.url_match or (lambda word: None)
        self.cases = {word: [t[ORTH] for t in tokens] for word, tokens in rules.tokenizer_exceptions.items()}
        self.sequences = {}
        for word in self.cases:
            if " " in word or self.prefix(word) or self.suffix(word) or any(self.infix(word)):
                self.sequences.setdefault(tuple(t for _, t in self.pieces(word, False)), []).append(word)
        self.longest = max(map(len, self.sequences), default=0)

    def words(self, text):
        tokens = self.pieces(text, True)
        return [t for _, t in self.with_sequences(text, tokens) if not t.isspace()]

    def pieces(self, text, with_cases):
        """Tokens with where they begin; whitespace beyond one space behind a word is a token."""
        tokens = []
        for run in re.finditer(r"(?s)(\S+)|\s+", text):
            if run[1] is None:
                start = run.start() + (run[0][0] == " " and run.start() > 0)
                if start < run.end():
                    tokens.append((start, text[start : run.end()]))
                continue
            at = run.start()
            for token in self.chunk(run[0], with_cases):
                tokens.append((at, token))
                at += len(token)
        return tokens

    def chunk(self, word, with_cases):
        cases = self.cases if with_cases else {}
        if word in cases:
            return cases[word]
        front, back = [], []
        last = None
        while word and len(word) != last:
            if self.whole(word) or word in cases:
                break
            last = len(word)
            found = self.prefix(word)
            prefix = found.end() if found else 0
            if prefix and word[prefix:] in cases:
                front.append(word[:prefix])
                word = word[prefix:]
                break
            found = self.suffix(word[prefix:])
            suffix = found.end() - found.start() if found else 0
            if suffix and word[:-suffix] in cases:
                back.append(word[-suffix:])
                word = word[:-suffix]
                break
            if prefix:
                front.append(word[:prefix])
            if suffix:
                back.append(word[-suffix:])
            word = word[prefix : len(word) - suffix]
        return front + (self.middle(word, cases) if word else []) + back[::-1]

    def middle(self, word, cases):
        if word in cases:
            return cases[word]
        if self.whole(word) or self.url(word):
            return [word]
        parts, start = [], 0
        for found in self.infix(word):
            if found.start() == 0:
                continue
            parts += [word[start : found.start()], found[0]]
            start = found.end()
        return [p for p in parts + [word[start:]] if p]

    def with_sequences(self, text, tokens):
        """Puts cases in the place of token sequences: the longest first, then the first."""
        matches = []
        for first in range(len(tokens)):
            for last in range(first + 1, min(len(tokens), first + self.longest) + 1):
                if tuple(t for _, t in tokens[first:last]) in self.sequences:
                    matches.append((first, last))
        seen, taken = set(), {}
        for first, last in sorted(matches, key=lambda m: (m[0] - m[1], m[0])):
            if first not in seen and last - 1 not in seen:
                taken[first] = last
            seen.update(range(first, last))
        out, i = [], 0
        while i < len(tokens):
            last = taken.get(i)
            span = text[tokens[i][0] : tokens[last - 1][0] + len(tokens[last - 1][1])] if last else None
            if span in self.cases:
                at = tokens[i][0]
                for token in self.cases[span]:
                    out.append((at, token))
                    at += len(token)
                i = last
            else:
                out.append(tokens[i])
                i += 1
        return out


def main(folder):
    for texts in sorted(folder.glob("*.txt")):
        tokenizer = Tokenizer(texts.stem)
        lines = texts.read_text(encoding="utf-8").split("\n")
        words = ["\t".join(tokenizer.words(line)) for line in lines]
        texts.with_suffix(".words").write_text("\n".join(words), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
