"""Write `tests/data/logits.json`: float64 logits after short prompts, for checking another implementation.

`python3 logits_fixture.py --models DIR --out FILE`. The weights are the files' own (f16 matrices, f32 norms).
"""

import argparse
import json
import pathlib

import torch

import gguf
from tokens import encode

PROMPTS = {
    "game24-policy.gguf": ["4 9 10 13\n", "1 1 4 6\n4*1=4:1 4 6\n", "5 8 10 11\n11-5=6:6 8 10\n10-"],
    "arithmetic-policy.gguf": ["57+38-21*3\n", "347+258*4\n347+200=547\n", "86*7-15\n86*7="],
}


@torch.no_grad()
def case(model, prompt):
    """The logits of every vocabulary entry after `<s>` + prompt."""
    ids = encode(prompt)
    hidden = model.hidden(torch.tensor([ids]))[0, -1:]
    return {"prompt": prompt, "tokens": ids, "logits": [round(x, 9) for x in model.logits(hidden)[0].tolist()]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    files = {}
    for name, prompts in PROMPTS.items():
        model = gguf.read(arguments.models / name).double()
        files[name] = [case(model, prompt) for prompt in prompts]
    arguments.out.write_text(json.dumps({"dtype": "float64", "position": "last", "files": files}) + "\n")


if __name__ == "__main__":
    main()
