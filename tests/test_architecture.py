"""The code's own budget: small files, short bodies, one direction of imports, a quick start."""

import ast
import graphlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import ssg

PACKAGE = Path(ssg.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
LINES, BODY, PARAMETERS = 400, 40, 6


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_files_are_short() -> None:
    sizes = {str(file.relative_to(PACKAGE)): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert not {name: size for name, size in sizes.items() if size > LINES}


def test_bodies_are_short() -> None:
    lengths = {f"{file.name}:{one.name}": body_lines(one) for file in FILES for one in functions(file)}
    assert not {name: length for name, length in lengths.items() if length > BODY}
    assert sum(length <= 20 for length in lengths.values()) >= 0.8 * len(lengths)


def test_functions_take_few_parameters() -> None:
    counts = {
        f"{file.name}:{one.name}": len(
            [a for a in (*one.args.args, *one.args.kwonlyargs) if a.arg not in {"self", "cls"}]
        )
        for file in FILES
        for one in functions(file)
    }
    assert not {name: count for name, count in counts.items() if count > PARAMETERS}


def test_there_is_no_import_cycle_of_any_kind() -> None:
    graph = grimp.build_graph("ssg", exclude_type_checking_imports=False, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    empty = {"utils", "core", "common", "helpers", "manager", "misc", "base"}
    assert not {file.stem for file in FILES} & empty


@pytest.mark.parametrize(
    ("command", "forbidden"),
    [
        (["--help"], {"jinja2", "markdown", "pyromark", "pygments", "yaml", "turbohtml", "rich", "sqlite3"}),
        (["build", "--help"], {"jinja2", "markdown", "pyromark", "pygments", "yaml", "turbohtml", "rich"}),
        (["build", "--json"], {"markdown", "rich", "starlette", "uvicorn", "watchdog"}),
        (["watch", "--help"], {"jinja2", "markdown", "pyromark", "turbohtml", "starlette", "uvicorn", "watchdog"}),
    ],
)
def test_a_command_imports_what_it_needs(command: list[str], forbidden: set[str], tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("# A\n")
    code = (
        "import sys, json\nfrom ssg.cli import main\n"
        f"try:\n    main({command!r}, standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "print('\\n' + json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not forbidden & set(json.loads(done.stderr.splitlines()[-1]))
