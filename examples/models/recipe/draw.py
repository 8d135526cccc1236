"""Samples of a policy, drawn and scored by the library itself (`draw.cpp`, compiled at first use)."""

import concurrent.futures
import functools
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
FOLDER = tempfile.TemporaryDirectory(prefix="outthink-")
AT_ONCE = 2048
# Though another task may train beside it: training runs in one process, and the task that draws is the longer one.
WORKERS = os.cpu_count() or 1


@functools.cache
def program():
    """Path of the compiled `draw.cpp`."""
    path = pathlib.Path(FOLDER.name) / "draw"
    include = HERE.parents[2] / "include"
    command = [os.environ.get("CXX", "c++"), "-std=c++20", "-O3", "-DNDEBUG", f"-I{include}"]
    subprocess.run([*command, str(HERE / "draw.cpp"), "-o", str(path), "-pthread"], check=True)
    return path


def drawn(policy, prompts, *, copies=1, temperature=1.0, seed, value=None):
    """Finished samples of the policy (a GGUF file): per prompt a list of (solution, scores of its lines).

    The scores are the probabilities that the value model (a GGUF file) gives, read at the end of the solution, too;
    without one there are none. They do not depend on the number of processors.
    """
    options = [str(copies), str(temperature)]
    values = [str(value)] if value else []

    def drawn_from(first):
        command = [str(program()), str(policy), *options, str(seed + first // AT_ONCE), *values]
        asked = prompts[first : first + AT_ONCE]
        printed = subprocess.run(command, check=True, input="".join(asked).encode(), stdout=subprocess.PIPE).stdout
        fields, samples = printed.decode("latin-1").split("\0")[:-1], [[] for _ in asked]
        for place, solution, scores in zip(fields[0::3], fields[1::3], fields[2::3]):
            samples[int(place)].append((solution, [float(score) for score in scores.split()]))
        return samples

    program()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        groups = pool.map(drawn_from, range(0, len(prompts), AT_ONCE))
        return [samples for group in groups for samples in group]
