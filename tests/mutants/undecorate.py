"""Rewriting of decorated functions, which mutmut leaves out.

@property                        def name__bare(self):
def name(self):          ->          ...
    ...                          name = property(name__bare)
"""

import libcst as cst

# mutmut takes these as they are.
LEFT_ALONE = {"staticmethod", "classmethod", "overload"}


def undecorate(source: str) -> str:
    return cst.parse_module(source).visit(Undecorate()).code


class Undecorate(cst.CSTTransformer):
    def leave_FunctionDef(self, original_node, updated_node):  # noqa: N802 (libcst calls it)
        decorators = [one.decorator for one in updated_node.decorators]
        if not decorators or any(isinstance(one, cst.Name) and one.value in LEFT_ALONE for one in decorators):
            return updated_node
        name = updated_node.name.value
        if any(isinstance(one, cst.Attribute) and one.attr.value in {"setter", "deleter"} for one in decorators):
            return updated_node
        value = cst.Name(f"{name}__bare")
        for decorator in reversed(decorators):
            value = cst.Call(decorator, [cst.Arg(value)])
        bare = updated_node.with_changes(name=cst.Name(f"{name}__bare"), decorators=[])
        assignment = cst.Assign([cst.AssignTarget(cst.Name(name))], value)
        return cst.FlattenSentinel([bare, cst.SimpleStatementLine([assignment])])
