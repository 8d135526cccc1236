#!/usr/bin/env python3
"""Makes the extracts in this folder from published logs: extract.py FOLDER

FOLDER holds one JSON object a line and problem, gzipped or not, with what README.md names. What a
test does not read (texts of solutions, prompts, names of tests) is left out, so that the extracts
stay small; nothing else is changed."""
import gzip
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent


def read(source, name):
    plain = source / f"{name}.jsonl"
    opened = plain.open() if plain.exists() else gzip.open(f"{plain}.gz", "rt")
    with opened as lines:
        return [json.loads(line) for line in lines]


def write(name, records):
    with open(HERE / name, "w") as out:
        for record in records:
            text = record if isinstance(record, str) else json.dumps(record, separators=(",", ":"))
            out.write(text + "\n")


def numbered(values):
    """The different values in order of appearance, and the number of each value."""
    number = {}
    return number, [number.setdefault(value, len(number)) for value in values]


def game24_samples(problems):
    """Each sample is its last line; equal lines are equally right."""
    for problem in problems:
        lines = [sample["text"].strip().split("\n")[-1] for sample in problem["samples"]]
        different, samples = numbered(lines)
        right = {line: sample["correct"] for line, sample in zip(lines, problem["samples"])}
        assert all(right[line] == s["correct"] for line, s in zip(lines, problem["samples"]))
        yield {"prompt": problem["prompt"], "lines": list(different), "samples": samples,
               "correct": [right[line] for line in different]}


def game24_trees(problems):
    """Nodes are [parent, value, text]; node 0 is the root, children in the logged order."""
    for problem in problems:
        yield {"prompt": problem["prompt"],
               "nodes": [[parent, value, text] for parent, _, text, value, _ in problem["nodes"]],
               "finals": problem["final_node_ids"], "correct": problem["final_correct"]}


def hexadecimal(row):
    """A bit for each test, the first the highest of the first digit; 1 if it passed."""
    bits = "".join("1" if cell == "1" else "0" for cell in row)
    bits += "0" * (-len(bits) % 4)
    return f"{int(bits, 2):0{len(bits) // 4}x}" if bits else ""


def codet(tasks):
    """Different solutions and tests, how often each was written, and who passes what."""
    for task in tasks:
        yield {"id": task["id"], "solutions": [s["count"] for s in task["solutions"]],
               "correct": [s["correct"] for s in task["solutions"]],
               "tests": [t["count"] for t in task["tests"]],
               "passes": [hexadecimal(row) for row in task["matrix"]]}


def p3(puzzles):
    for puzzle in puzzles:
        yield {"n": puzzle["n"], **puzzle["correct_counts"]}


def pandalm(pairs):
    for pair in pairs:
        yield {"a": pair["model_a"], "b": pair["model_b"], "humans": pair["humans"],
               "gpt35": str(pair["judge_gpt35"]), "pandalm": str(pair["judge_pandalm7b"])}


def reflexion(tasks):
    for task in tasks:
        yield {"run": task["run"], "success": "".join(map(str, task["success_by_trial"]))}


def qwen_math(problems):
    for problem in problems:
        samples = problem["samples"]
        yield {"id": problem["id"], "gold": problem["gold"],
               **{what: [sample[what] for sample in samples]
                  for what in ("answer", "correct", "reward")}}


def aime(questions):
    """Each run: right (1), wrong (0) or not judged (-) a sample; answers (- for none); tokens."""
    for question in questions:
        runs = {}
        for name, run in question["runs"].items():
            runs[name] = {"correct": run["correct"]}
            if "answers" in run:
                runs[name]["answers"] = " ".join(a if a else "-" for a in run["answers"])
            if None not in run.get("out_tokens", [None]):
                runs[name]["tokens"] = " ".join(map(str, run["out_tokens"]))
        yield {"gold": question["gold"], "runs": runs}


def mmlu_pro(questions, names):
    """The models on the first line, then for each question category, right choice, predictions."""
    yield " ".join(names)
    for question in questions:
        yield f"{question['category'].replace(' ', '_')} {question['gold']} {question['preds']}"


def main():
    source = pathlib.Path(sys.argv[1])
    write("game24_io.jsonl", game24_samples(read(source, "tot_game24_io100")))
    write("game24_cot.jsonl", game24_samples(read(source, "tot_game24_cot100")))
    write("game24_trees.jsonl", game24_trees(read(source, "tot_game24_bfs5_tree")))
    write("codet.jsonl", codet(read(source, "codet_humaneval_codegen16b_even")))
    write("p3.jsonl", p3(read(source, "p3_codex_1000_counts")))
    write("pandalm.jsonl", pandalm(read(source, "pandalm_roundrobin5_999")))
    write("reflexion.jsonl", reflexion(read(source, "reflexion_alfworld_trials")))
    write("qwen_math.jsonl", qwen_math(read(source, "qwen25math_math100_rm8")))
    write("aime.jsonl", aime(read(source, "epoch_otis_aime_8x")))
    runs = json.loads((source / "epoch_otis_aime_8x.runs.json").read_text())
    write("aime_published.jsonl", ({"run": run[0], "score": float(run[4])} for run in runs))
    names = json.loads((source / "mmlupro_29models.names.json").read_text())
    write("mmlu_pro.txt", mmlu_pro(read(source, "mmlupro_29models"), names))


if __name__ == "__main__":
    main()
