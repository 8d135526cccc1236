#!/usr/bin/env python3
"""Makes swe_bench.txt and swe_bench_published.jsonl from the published logs: extract.py FOLDER

FOLDER holds epoch_swebench_verified_models.jsonl, gzipped or not, one JSON object an issue, and
epoch_swebench_verified_models.runs.json. Tokens are left out; nothing else is changed."""
import gzip
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
NAME = "epoch_swebench_verified_models"


def main():
    source = pathlib.Path(sys.argv[1])
    plain = source / f"{NAME}.jsonl"
    opened = plain.open() if plain.exists() else gzip.open(f"{plain}.gz", "rt")
    with opened as lines:
        issues = [json.loads(line) for line in lines]
    runs = json.loads((source / f"{NAME}.runs.json").read_text())
    names = [run[0] for run in runs]
    with open(HERE / "swe_bench.txt", "w") as out:
        out.write(" ".join(names) + "\n")
        for issue in issues:
            marks = (issue["runs"].get(name, {"correct": "?"})["correct"] for name in names)
            out.write(f"{issue['id'].split('/')[-1]} {''.join(marks)}\n")
    with open(HERE / "swe_bench_published.jsonl", "w") as out:
        for run in runs:
            out.write(json.dumps({"run": run[0], "score": float(run[4])}) + "\n")


if __name__ == "__main__":
    main()
