/**
 * The reference solution's code of `examples/todo-api`: each file whole, as it has to stand once the given tasks are done,
 * in whatever order they landed. Written by hand for this bench.
 */

const lines = (...parts) =>
  `${parts
    .flat()
    .filter((part) => part !== undefined)
    .join("\n")}\n`;
const when = (condition, ...parts) => (condition ? parts : []);

const models = lines(
  "from sqlalchemy import Boolean, Column, Date, Integer, String",
  "",
  "from app.database import Base",
  "",
  "",
  "class Todo(Base):",
  '    __tablename__ = "todos"',
  '    __table_args__ = {"sqlite_autoincrement": True}',
  "",
  "    id = Column(Integer, primary_key=True)",
  "    title = Column(String, nullable=False)",
  '    description = Column(String, nullable=False, default="")',
  "    done = Column(Boolean, nullable=False, default=False)",
  '    priority = Column(String, nullable=False, default="normal")',
  "    due = Column(Date)",
);

const main = lines(
  "from fastapi import Depends, FastAPI",
  "from sqlalchemy import text",
  "from sqlalchemy.orm import Session",
  "",
  "from app.database import Base, engine, get_db",
  "from app.routers import todos",
  "",
  'app = FastAPI(title="Todo API")',
  "app.include_router(todos.router)",
  "",
  "",
  '@app.on_event("startup")',
  "def create_tables():",
  "    Base.metadata.create_all(bind=engine)",
  "",
  "",
  '@app.get("/health")',
  "def health(db: Session = Depends(get_db)):",
  '    db.execute(text("SELECT 1"))',
  '    return {"status": "ok", "database": db.get_bind().dialect.name}',
);

function schemas(done) {
  const typing = [...when(done.has("T4"), "List"), ...when(done.has("T7"), "Literal"), "Optional"].join(", ");
  const pydantic = ["BaseModel", ...when(done.has("T11"), "conlist"), ...when(done.has("T2"), "constr")].join(", ");
  return lines(
    "from datetime import date",
    `from typing import ${typing}`,
    "",
    `from pydantic import ${pydantic}`,
    ...when(done.has("T7"), "", 'Priority = Literal["low", "normal", "high"]'),
    "",
    "",
    "class TodoIn(BaseModel):",
    done.has("T2") ? "    title: constr(min_length=1, max_length=200)" : "    title: str",
    done.has("T2") ? '    description: constr(max_length=1000) = ""' : '    description: str = ""',
    "    done: bool = False",
    ...when(done.has("T7"), '    priority: Priority = "normal"'),
    ...when(done.has("T10"), "    due: Optional[date] = None"),
    "",
    "",
    "class TodoOut(BaseModel):",
    "    id: int",
    "    title: str",
    "    description: str",
    "    done: bool",
    "    priority: str",
    "    due: Optional[date] = None",
    "",
    "    class Config:",
    "        orm_mode = True",
    ...when(
      done.has("T4"),
      "",
      "",
      "class TodoList(BaseModel):",
      "    items: List[TodoOut]",
      "    total: int",
      ...when(done.has("T9"), "    limit: int", "    offset: int"),
    ),
    ...when(done.has("T10"), "", "", "class OverdueList(BaseModel):", "    items: List[TodoOut]"),
    ...when(done.has("T11"), "", "", "class CompleteIn(BaseModel):", "    ids: conlist(int, min_items=1)"),
  );
}

/** The routes by the task that brings them, in the order in which they have to stand: fixed paths first. */
const ROUTES = [
  [
    "T1",
    () => [
      '@router.post("/todos", status_code=201, response_model=TodoOut)',
      "def create_todo(body: TodoIn, db: Session = Depends(get_db)):",
      "    todo = Todo(**body.dict())",
      "    db.add(todo)",
      "    db.commit()",
      "    db.refresh(todo)",
      "    return todo",
    ],
  ],
  ["T4", listRoute],
  [
    "T10",
    () => [
      '@router.get("/todos/overdue", response_model=OverdueList)',
      "def list_overdue(on: Optional[date] = None, db: Session = Depends(get_db)):",
      "    todos = overdue_todos(db, on or today())",
      '    return {"items": todos.order_by(Todo.due, Todo.id).all()}',
    ],
  ],
  [
    "T12",
    () => [
      '@router.get("/todos/stats")',
      "def count_todos(on: Optional[date] = None, db: Session = Depends(get_db)):",
      "    todos = db.query(Todo)",
      "    return {",
      '        "total": todos.count(),',
      '        "done": todos.filter(Todo.done.is_(True)).count(),',
      '        "open": todos.filter(Todo.done.is_(False)).count(),',
      '        "overdue": overdue_todos(db, on or today()).count(),',
      '        "by_priority": {',
      "            priority: todos.filter(Todo.priority == priority).count()",
      '            for priority in ("low", "normal", "high")',
      "        },",
      "    }",
    ],
  ],
  [
    "T3",
    () => [
      '@router.get("/todos/{todo_id}", response_model=TodoOut)',
      "def read_todo(todo_id: int, db: Session = Depends(get_db)):",
      "    return find_todo(db, todo_id)",
    ],
  ],
  [
    "T11",
    () => [
      '@router.put("/todos/complete")',
      "def complete_todos(body: CompleteIn, db: Session = Depends(get_db)):",
      "    todos = {todo_id: find_todo(db, todo_id) for todo_id in body.ids}",
      "    still_open = [todo for todo in todos.values() if not todo.done]",
      "    for todo in still_open:",
      "        todo.done = True",
      "    db.commit()",
      '    return {"completed": len(still_open)}',
    ],
  ],
  [
    "T5",
    () => [
      '@router.put("/todos/{todo_id}", response_model=TodoOut)',
      "def replace_todo(todo_id: int, body: TodoIn, db: Session = Depends(get_db)):",
      "    todo = find_todo(db, todo_id)",
      "    for name, value in body.dict().items():",
      "        setattr(todo, name, value)",
      "    db.commit()",
      "    db.refresh(todo)",
      "    return todo",
    ],
  ],
  [
    "T6",
    () => [
      '@router.delete("/todos/{todo_id}", status_code=204)',
      "def delete_todo(todo_id: int, db: Session = Depends(get_db)):",
      "    db.delete(find_todo(db, todo_id))",
      "    db.commit()",
      "    return Response(status_code=204)",
    ],
  ],
];

function listRoute(done) {
  const parameters = [
    ...when(done.has("T7"), "    done: Optional[bool] = None,", "    priority: Optional[Priority] = None,"),
    ...when(done.has("T8"), '    q: str = "",'),
    ...when(done.has("T9"), "    limit: int = Query(20, ge=1, le=100),", "    offset: int = Query(0, ge=0),"),
  ];
  const head =
    parameters.length === 0
      ? ["def list_todos(db: Session = Depends(get_db)):"]
      : ["def list_todos(", ...parameters, "    db: Session = Depends(get_db),", "):"];
  return [
    '@router.get("/todos", response_model=TodoList)',
    ...head,
    "    todos = db.query(Todo)",
    ...when(
      done.has("T7"),
      "    if done is not None:",
      "        todos = todos.filter(Todo.done == done)",
      "    if priority is not None:",
      "        todos = todos.filter(Todo.priority == priority)",
    ),
    ...when(
      done.has("T8"),
      "    if q:",
      "        in_title = Todo.title.contains(q, autoescape=True)",
      "        in_description = Todo.description.contains(q, autoescape=True)",
      "        todos = todos.filter(or_(in_title, in_description))",
    ),
    ...(done.has("T9")
      ? [
          "    page = todos.order_by(Todo.id).limit(limit).offset(offset)",
          '    return {"items": page.all(), "total": todos.count(), "limit": limit, "offset": offset}',
        ]
      : ['    return {"items": todos.order_by(Todo.id).all(), "total": todos.count()}']),
  ];
}

const FUNCTIONS = [
  [
    "T3",
    [
      "def find_todo(db, todo_id):",
      "    todo = db.get(Todo, todo_id)",
      "    if todo is None:",
      '        raise HTTPException(status_code=404, detail=f"Todo {todo_id} not found")',
      "    return todo",
    ],
  ],
  ["T10", ["def today():", "    return datetime.now(timezone.utc).date()"]],
  ["T10", ["def overdue_todos(db, day):", "    return db.query(Todo).filter(Todo.done.is_(False), Todo.due < day)"]],
];

/** The route file with the routes of `shown` (a maker that overwrites shows fewer than are done). */
function routes(done, shown = done) {
  const blocks = [
    ...FUNCTIONS.filter(([task]) => shown.has(task)).map(([, block]) => block),
    ...ROUTES.filter(([task]) => shown.has(task)).map(([, block]) => block(done)),
  ];
  const body = blocks.flatMap((block) => ["", "", ...block]);
  const uses = (name) => new RegExp(`\\b${name}\\b`).test(body.join("\n"));
  const named = (...names) => names.filter(uses).join(", ");
  const dates = named("date", "datetime", "timezone");
  const standard = [
    ...when(dates !== "", `from datetime import ${dates}`),
    ...when(uses("Optional"), "from typing import Optional"),
  ];
  return lines(
    ...when(standard.length > 0, ...standard, ""),
    `from fastapi import ${["APIRouter", named("Depends", "HTTPException", "Query", "Response")].filter(Boolean).join(", ")}`,
    ...when(uses("or_"), "from sqlalchemy import or_"),
    "from sqlalchemy.orm import Session",
    "",
    "from app.database import get_db",
    "from app.models import Todo",
    `from app.schemas import ${named("CompleteIn", "OverdueList", "Priority", "TodoIn", "TodoList", "TodoOut")}`,
    "",
    "router = APIRouter()",
    ...body,
  );
}

const ROUTE_FILE = "app/routers/todos.py";

/** What each task writes. */
const WRITES = {
  T1: { "app/models.py": () => models, "app/schemas.py": schemas, [ROUTE_FILE]: routes, "app/main.py": () => main },
  T2: { "app/schemas.py": schemas },
  T3: { [ROUTE_FILE]: routes },
  T4: { "app/schemas.py": schemas, [ROUTE_FILE]: routes },
  T5: { [ROUTE_FILE]: routes },
  T6: { [ROUTE_FILE]: routes },
  T7: { "app/schemas.py": schemas, [ROUTE_FILE]: routes },
  T8: { [ROUTE_FILE]: routes },
  T9: { "app/schemas.py": schemas, [ROUTE_FILE]: routes },
  T10: { "app/schemas.py": schemas, [ROUTE_FILE]: routes },
  T11: { "app/schemas.py": schemas, [ROUTE_FILE]: routes },
  T12: { [ROUTE_FILE]: routes },
};

/** Which tasks' parts a task needs beside its own to be a file of its own at all. */
const PART_OF = { T7: ["T4"], T8: ["T4"], T9: ["T4"], T12: [] };

/** The files of a task, whole, where `landed` (a Set of ids) are done already. */
export function codeOf(task, landed) {
  const done = new Set([...landed, task]);
  return Object.fromEntries(Object.entries(WRITES[task]).map(([path, text]) => [path, text(done)]));
}

/** The route file as somebody writes it who has only this task in mind. */
export function onlyOwnRoutes(task, landed) {
  const done = new Set([...landed, task]);
  return { [ROUTE_FILE]: routes(done, new Set([task, ...(PART_OF[task] ?? [])])) };
}

/** Paths that a task writes. */
export const pathsOf = (task) => Object.keys(WRITES[task]);
