"""What a name stands for where it is used: the scopes of a file, and what each of them binds."""
import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
OTHER = ("other",)
# `del name`: it is local, and nothing else than it was.
GONE = ("gone",)


class Scope:
    def __init__(self, kind, parent):
        self.kind = kind
        self.parent = parent
        self.module = parent.module if parent else self
        # What binds each name: ("import", module), ("from", level, module, name), ("def", node), ("call", node), ("alias", node), ("typed", annotation) or OTHER.
        self.bound = {}
        self.elsewhere = set()

    def bind(self, name, meaning=OTHER):
        scope = self.module if name in self.elsewhere else self
        scope.bound.setdefault(name, []).append(meaning)


class Scopes:
    def __init__(self, tree):
        self.root = Scope("module", None)
        self.at = {}
        self.visit_all(tree.body, self.root)

    def of(self, node):
        """The scope that binds a name node; None for a builtin, or a name that a star import brings."""
        start = scope = self.at.get(id(node))
        while scope is not None:
            if node.id in scope.bound and (scope.kind != "class" or scope is start):
                return scope
            scope = scope.parent
        return None

    def meaning(self, node):
        """(scope, meaning) of a name node that is bound in one way only; None for any other."""
        scope = self.of(node) if isinstance(node, ast.Name) else None
        found = [one for one in scope.bound[node.id] if one != GONE] if scope else []
        if not found or any(one is OTHER or one != found[0] for one in found):
            return None
        return (scope, found[0]) if len(found) == 1 or found[0][0] in ("import", "from") else None

    def visit_all(self, nodes, scope):
        for node in nodes:
            self.visit(node, scope)

    def visit(self, node, scope):
        if isinstance(node, ast.Name):
            self.at[id(node)] = scope
            if not isinstance(node.ctx, ast.Load):
                scope.bind(node.id, GONE if isinstance(node.ctx, ast.Del) else OTHER)
        elif isinstance(node, FUNCTIONS):
            self.function(node, scope)
        elif isinstance(node, ast.ClassDef):
            scope.bind(node.name, ("def", node))
            self.visit_all([*node.decorator_list, *node.bases, *node.keywords], scope)
            self.visit_all(node.body, Scope("class", scope))
        elif isinstance(node, COMPREHENSIONS):
            self.visit_all(ast.iter_child_nodes(node), Scope("comprehension", scope))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports(node, scope)
        elif isinstance(node, ast.NamedExpr):
            self.walrus(node, scope)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.assignment(node, scope)
        else:
            self.other(node, scope)

    def assignment(self, node, scope):
        self.at[id(node.targets[0])] = scope
        kind = "call" if isinstance(node.value, ast.Call) else "alias" if isinstance(node.value, (ast.Name, ast.Attribute)) else None
        scope.bind(node.targets[0].id, (kind, node.value) if kind else OTHER)
        self.visit(node.value, scope)

    def walrus(self, node, scope):
        outer = scope
        while outer.kind == "comprehension":
            outer = outer.parent
        outer.bind(node.target.id)
        self.visit(node.value, scope)

    def other(self, node, scope):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            scope.elsewhere |= set(node.names)
            for name in node.names:
                scope.module.bind(name)
                self.unsure(name, scope.parent)
        elif isinstance(node, ast.ExceptHandler) or type(node).__name__ in ("MatchAs", "MatchStar"):
            if node.name:
                scope.bind(node.name)
        elif type(node).__name__ == "MatchMapping" and node.rest:
            scope.bind(node.rest)
        self.visit_all(ast.iter_child_nodes(node), scope)

    def unsure(self, name, scope):
        """What a function below writes into may be anything."""
        while scope is not None:
            if scope.kind == "function":
                scope.bind(name)
            scope = scope.parent

    def function(self, node, scope):
        spec = node.args
        given = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, [spec.vararg, spec.kwarg])]
        self.visit_all([*spec.defaults, *filter(None, spec.kw_defaults)], scope)
        self.visit_all([one.annotation for one in given if one.annotation], scope)
        inner = Scope("function", scope)
        for one in given:
            is_typed = isinstance(one.annotation, (ast.Name, ast.Attribute)) and one not in (spec.vararg, spec.kwarg)
            inner.bind(one.arg, ("typed", one.annotation) if is_typed else OTHER)
        if isinstance(node, ast.Lambda):
            return self.visit(node.body, inner)
        scope.bind(node.name, ("def", node))
        self.visit_all([*node.decorator_list, *filter(None, [node.returns])], scope)
        return self.visit_all(node.body, inner)

    def imports(self, node, scope):
        for alias in node.names:
            if isinstance(node, ast.Import):
                target = alias.name if alias.asname else alias.name.split(".")[0]
                scope.bind(alias.asname or target, ("import", target))
            elif alias.name != "*":
                scope.bind(alias.asname or alias.name, ("from", node.level, node.module or "", alias.name))
