"""Makes golden/bpe-merges: what Hugging Face tokenizers' BpeTrainer learns from text.txt, and how it then encodes it.

Run from data-pipeline, with the pattern that PreTokenizer.pattern() returns in pattern.json (BpeTrainerTest checks it):
    pip install tokenizers==0.23.2
    python src/test/golden-gen/bpe_merges.py src/test/resources/golden/bpe-merges
"""

import json
import sys
from pathlib import Path

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

folder = Path(sys.argv[1])
text = (folder / "text.txt").read_text(encoding="utf-8")
pattern = json.loads((folder / "pattern.json").read_text(encoding="ascii"))
reserved, vocab_size, min_frequency = 16, 640, 2

names = {0: "<|pad|>", 1: "<|begin_of_text|>", 11: "<|end_of_text|>"}
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=vocab_size,
    min_frequency=min_frequency,
    special_tokens=[names.get(i, f"<|reserved_{i}|>") for i in range(reserved)],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator([text], trainer)
model = json.loads(tokenizer.to_str())["model"]
vocab = sorted(model["vocab"], key=model["vocab"].get)
case = {
    "producer": f"Hugging Face tokenizers {tokenizers.__version__}, BpeTrainer",
    "reserved_tokens": reserved,
    "vocab_size": vocab_size,
    "pair_count_min": min_frequency,
    "vocab": vocab,
    "merges": [" ".join(m) for m in model["merges"]],
    "lines": [{"text": line, "ids": tokenizer.encode(line, add_special_tokens=False).ids} for line in text.splitlines()],
}
(folder / "case.json").write_text(json.dumps(case, indent=1) + "\n", encoding="ascii")
