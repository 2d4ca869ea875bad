"""Source files of this repository as syntax trees, for tests of the code itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPLICATION = ("newsdesk", "stories", "accounts")


@dataclass(frozen=True)
class Import:
    """One imported name: `module` as written, relative ones spelled out."""

    module: str
    name: str
    line: int
    is_inside_function: bool

    @property
    def names(self) -> tuple[str, str]:
        """Return what may be a module: `from a import b` may mean a.b."""
        return f"{self.module}.{self.name}".strip("."), self.module


@dataclass(eq=False)
class Module:
    path: Path

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> list[str]:
        parts = self.name.split(".")
        return parts if self.path.name == "__init__.py" else parts[:-1]

    @cached_property
    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    @cached_property
    def imports(self) -> list[Import]:
        """Return all imports that run; those for the type checker alone don't."""
        return [*self._imports_in(self.tree, False)]

    def _imports_in(self, node: ast.AST, is_inside: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(alias.name, "", child.lineno, is_inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = self.package[: len(self.package) - child.level + 1] if child.level else []
                module = ".".join([*base, *filter(None, [child.module])])
                yield from (Import(module, alias.name, child.lineno, is_inside) for alias in child.names)
            elif not (isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")):
                yield from self._imports_in(child, is_inside or isinstance(child, ast.FunctionDef))


def application_modules(*folders: str) -> dict[str, Module]:
    """Return {dotted name: module} of the application's own code, migrations apart."""
    paths = (path for folder in folders or APPLICATION for path in sorted((ROOT / folder).rglob("*.py")))
    modules = [Module(path) for path in paths if "migrations" not in path.parts]
    return {module.name: module for module in modules}
