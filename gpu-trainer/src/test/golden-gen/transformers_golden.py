"""Makes golden.safetensors: what Hugging Face's FalconH1ForCausalLM computes from a checkpoint.

`./peregrine conformance` then holds a backend against it: logits, loss, hidden states, every gradient, three AdamW steps and
the greedy continuation, within the tolerances that it prints (1e-4 relative in float, 1e-3 behind AdamW). From the repository:
    pip install torch transformers==5.18.0 safetensors
    python gpu-trainer/src/test/golden-gen/transformers_golden.py CHECKPOINT golden.safetensors
    ./peregrine conformance --model CHECKPOINT --golden golden.safetensors --backend cuda --dtype f32

CHECKPOINT is a folder with config.json and model.safetensors. Parameters are float64 unless --float32 halves their memory;
the library itself casts norms, softmax, scan and loss to float32 inside.
"""

import argparse

import torch
import transformers
from safetensors.torch import save_file

PROMPT, CONTINUED, STEPS = 11, 24, 3

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("checkpoint")
arguments.add_argument("golden")
arguments.add_argument("--rows", type=int, default=2, help="sequences (default: %(default)s)")
arguments.add_argument("--seq-len", type=int, default=37, help="tokens of a sequence, at least 11 (default: %(default)s)")
arguments.add_argument("--float32", action="store_true", help="parameters in float32")
given = arguments.parse_args()
if given.rows < 1 or given.seq_len < PROMPT:
    arguments.error(f"--rows must be >= 1 and --seq-len >= {PROMPT}")

model, loading = transformers.FalconH1ForCausalLM.from_pretrained(
    given.checkpoint, dtype=torch.float32 if given.float32 else torch.float64, output_loading_info=True
)
for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    if loading[kind]:
        raise SystemExit(f"{given.checkpoint}: {kind}: {sorted(loading[kind])}")
draws = torch.Generator().manual_seed(1)
ids = torch.randint(model.config.vocab_size, (given.rows, given.seq_len), generator=draws)
golden = {"input_ids": ids.to(torch.int32)}


def keep(name, tensor):
    golden[name] = tensor.detach().to(torch.float32).contiguous().clone()


def loss_of(batch):
    return model(batch, labels=batch, use_cache=False).loss


with torch.no_grad():
    out = model(ids, labels=ids, output_hidden_states=True, use_cache=False)
    keep("logits", out.logits)
    keep("loss", out.loss.reshape(1))
    for i, state in enumerate(out.hidden_states):
        keep(f"hidden_states.{i}", state)
    greedy = ids[:1, :PROMPT]
    for _ in range(CONTINUED):
        scores = model(greedy, use_cache=False).logits[:, -1]
        greedy = torch.cat([greedy, scores.argmax(-1, keepdim=True)], dim=1)
    golden["greedy_ids"] = greedy.to(torch.int32)

loss_of(ids).backward()
for name, parameter in model.named_parameters():
    keep(f"grad.{name}", parameter.grad)

optimizer = torch.optim.AdamW(
    [
        {"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": 0.1},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ],
    lr=1e-2,
    betas=(0.9, 0.95),
    eps=1e-8,
)
losses = []
for _ in range(STEPS):
    optimizer.zero_grad()
    loss = loss_of(ids)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
golden["adamw.losses"] = torch.tensor(losses, dtype=torch.float32)
for name, parameter in model.named_parameters():
    keep(f"adamw.step{STEPS}.{name}", parameter)

producer = f"transformers {transformers.__version__}, FalconH1ForCausalLM, PyTorch {torch.__version__}"
save_file(golden, given.golden, {"producer": producer})
print(f"{given.golden}: {len(golden)} tensors by {producer}")
