"""Run mutmut over the modules that hold rules, each with the tests that hold it. docs/mutants.md says more.

python -m tests.mutants                        all modules
python -m tests.mutants text/fuzzy workflow    modules with these words in their paths
"""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutants.modules import MODULES
from tests.mutants.undecorate import undecorate
from tests.source import ROOT

WORK = ROOT / ".mutants"
MAX_MEMORY_BYTES = 2 * 1024**3
# Tests that need the repository itself, or several connections: the mutants' database is in memory.
NEVER = ["tests/test_architecture.py", "tests/test_language.py", "tests/test_docs.py"]
CONFIG = """
[tool.mutmut]
source_paths = ["stories", "newsdesk"]
only_mutate = ["{module}"]
also_copy = ["accounts", "templates", "static", "manage.py"]
pytest_add_cli_args = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not browser", "-k", "{wanted}"]
pytest_add_cli_args_test_selection = {tests}
use_setproctitle = false
track_dependencies = false
do_not_mutate_patterns = ['\\bcast\\(']
timeout_multiplier = 10
timeout_constant = 3.0
"""
# One database for all mutants: each is a fork of a process that has it in memory.
WARM_DATABASE = """
from hypothesis import HealthCheck
from tests.mutants.warm_database import django_db_setup
hypothesis_settings.register_profile(
    "mutants", max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
hypothesis_settings.load_profile("mutants")
"""


def main(words: list[str]) -> int:
    chosen = {path: tests for path, tests in MODULES.items() if not words or any(word in path for word in words)}
    all_killed = all_mutants = 0
    for path, tests in chosen.items():
        killed, total, survivors = run(path, tests)
        print(f"{path}: {killed} of {total} killed, {100 * killed / max(total, 1):.1f} %", flush=True)
        for name in survivors:
            print(f"    {name}", flush=True)
        all_killed, all_mutants = all_killed + killed, all_mutants + total
    print(f"Killed {all_killed} of {all_mutants} mutants, {100 * all_killed / max(all_mutants, 1):.1f} %.")
    return 0


def run(module: str, tests: str) -> tuple[int, int, list[str]]:
    """Return the mutants killed, all mutants, and the names of the others. The work stays in .mutants for `mutmut show`."""
    folder = WORK / module.removesuffix(".py").replace("/", ".")
    copy_tree(folder)
    (folder / module).write_text(undecorate((folder / module).read_text()))
    selection = [f"tests/test_{name}.py" for name in tests.split()]
    with (folder / "pyproject.toml").open("a") as config:
        config.write(CONFIG.format(module=module, tests=selection, wanted="not AtOnce and not ManyReaders"))
    with (folder / "tests" / "conftest.py").open("a") as conftest:
        conftest.write(WARM_DATABASE)
    mutmut = [sys.executable, "-m", "mutmut"]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    log = folder / "mutmut.log"
    with log.open("w") as output:
        subprocess.run(  # noqa: S603
            [*mutmut, "run", "--max-children", "1"],
            cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False, preexec_fn=limit_memory,
        )  # fmt: skip
    listed = subprocess.run(  # noqa: S603
        [*mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    states = dict(line.strip().rsplit(": ", 1) for line in listed.splitlines() if "__mutmut_" in line)
    if not states or {*states.values()} == {"not checked"}:
        raise SystemExit(f"mutmut could not run the tests of {module}: see {log}")
    killed = [name for name, state in states.items() if state in {"killed", "timeout", "caught by type check"}]
    return len(killed), len(states), [f"{name}: {state}" for name, state in states.items() if name not in killed]


def limit_memory() -> None:
    """Let a mutant that loops for ever run out of memory, not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def copy_tree(folder: Path) -> None:
    """Copy the tracked and the new files: mutmut rewrites what it runs."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file() and name not in NEVER:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
