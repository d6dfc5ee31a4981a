"""Python sources compared as syntax trees."""

import ast
from typing import Any

Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def same_tree(one: str, other: str) -> bool:
    """Whether two sources do the same: they differ in comments, docstrings and layout alone."""
    return one == other or ast.dump(undocumented(one)) == ast.dump(undocumented(other))


def same_but_marked(master: str, built: str) -> bool:
    """Whether what was built does the same as its master, but for the texts that the master marks with `_()`."""
    return alike(undocumented(master), undocumented(built))


def undocumented(source: str) -> ast.Module:
    """The tree of a source, with all docstrings alike."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, Defined) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Expr(ast.Constant("docstring"))
    return tree


def alike(master: Any, built: Any) -> bool:
    """Whether two (parts of) trees are the same; where the master marks a text, the fields in it are compared."""
    if is_marked(master) and master.args:
        return is_text(built) and fields(master.args[0]) == fields(built)
    if type(master) is not type(built):
        return False
    if isinstance(master, ast.AST):
        return all(alike(getattr(master, name, None), getattr(built, name, None)) for name in master._fields)
    if isinstance(master, list):
        return len(master) == len(built) and all(map(alike, master, built))
    return bool(master == built)


def is_marked(node: Any) -> bool:
    """Whether a node of the tree is a call `_(...)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"


def is_text(node: Any) -> bool:
    """Whether a node is a string or an f-string."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def fields(text: ast.expr) -> list[str]:
    """What stands in the braces of an f-string, in no order: another language may need another one."""
    parts = text.values if isinstance(text, ast.JoinedStr) else []
    return sorted(ast.dump(part) for part in parts if isinstance(part, ast.FormattedValue))


def nameless(node: Any) -> str:
    """A tree as text, without the names and types of its variables, arguments and functions."""
    if isinstance(node, list):
        return f"[{','.join(map(nameless, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    silent = {"id", "ctx", "annotation", "returns", "kind", "type_comment"}
    silent |= {"arg"} if isinstance(node, ast.arg) else {"name"} if isinstance(node, Defined) else set()
    said = [nameless(value) for name, value in ast.iter_fields(node) if name not in silent]
    return f"{type(node).__name__}({','.join(said)})"


def size(node: ast.AST) -> int:
    """How much a tree says beside names: its constants, calls, attributes and operations."""
    silent = (ast.expr_context, ast.Name, ast.arg, ast.arguments)
    return sum(not isinstance(part, silent) for part in ast.walk(node))
