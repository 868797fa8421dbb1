/** Wrong code: `apply` takes the text of a developer's reply. */

const swap = (from, to) => (text) => text.replaceAll(from, to);
const has = (text, pattern) => pattern.test(text);
/** Replaces only in replies that hold `pattern`. */
const where = (pattern, apply) => (text) => (has(text, pattern) ? apply(text) : text);

const GET_DB = "from app.database import get_db\n";

const session = (name, apply) => ({ name, family: "wrong session import", kind: "environment", apply });
const wrongHome = [
  session("session from app.db.session", swap(GET_DB, "from app.db.session import get_db\n")),
  session("session from app.db", swap(GET_DB, "from app.db import get_db\n")),
  session("session from app.dependencies", swap(GET_DB, "from app.dependencies import get_db\n")),
  session("session from app.core.database", swap(GET_DB, "from app.core.database import get_db\n")),
  session("session from database without its package", swap(GET_DB, "from database import get_db\n")),
  session("session from ..db, relative", swap(GET_DB, "from ..db.session import get_db\n")),
  session("get_session instead of get_db", (text) =>
    text
      .replaceAll(GET_DB, "from app.database import get_session\n")
      .replaceAll("Depends(get_db)", "Depends(get_session)"),
  ),
  session("get_session of app.db, renamed", swap(GET_DB, "from app.db.session import get_session as get_db\n")),
  session("the database module under another name", (text) =>
    text
      .replaceAll("from app import database\n", "from app.db import session as database\n")
      .replaceAll("import app.database as database\n", "import app.db.session as database\n"),
  ),
];

const environment = [
  { name: "Base from app.db.base", apply: swap("from app.database import Base", "from app.db.base import Base") },
  {
    name: "Base from app.db.base_class",
    apply: swap("from app.database import Base", "from app.db.base_class import Base"),
  },
  {
    name: "Base from app.models.base",
    apply: swap("from app.database import Base", "from app.models.base import Base"),
  },
  {
    name: "tables from the package",
    apply: (text) => text.replaceAll(/^from app\.models\.\w+ import (\w+)$/gm, "from app.models import $1"),
  },
  {
    name: "schemas of a plural module",
    apply: (text) => text.replaceAll(/^from app\.schemas\.(\w+) import/gm, "from app.schemas.$1s import"),
  },
  {
    name: "another router of a singular module",
    apply: (text) => text.replaceAll(/^from app\.routers\.(\w+)s import/gm, "from app.routers.$1 import"),
  },
  {
    name: "routers from app.routes",
    apply: (text) => text.replaceAll(/^from app\.routers\./gm, "from app.routes."),
  },
  {
    name: "mapped_column of SQLAlchemy 2",
    apply: where(/Column\(Integer, primary_key=True\)/, (text) =>
      text
        .replaceAll("id = Column(Integer, primary_key=True)", "id: Mapped[int] = mapped_column(primary_key=True)")
        .replaceAll(
          "\n\nfrom app.database import Base",
          "\nfrom sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.database import Base",
        ),
    ),
  },
  {
    name: "ConfigDict of pydantic 2",
    apply: where(/orm_mode = True/, (text) =>
      text
        .replaceAll(/ {4}class Config:\n {8}orm_mode = True/g, "    model_config = ConfigDict(from_attributes=True)")
        .replaceAll(/from pydantic import BaseModel/g, "from pydantic import ConfigDict, BaseModel"),
    ),
  },
  {
    name: "field_validator of pydantic 2",
    apply: where(/@validator/, (text) =>
      text.replaceAll("@validator(", "@field_validator(").replaceAll(", validator", ", field_validator"),
    ),
  },
  {
    name: "EmailStr without its package",
    apply: where(/email: str/, (text) =>
      text.replaceAll("email: str", "email: EmailStr").replaceAll("import BaseModel", "import BaseModel, EmailStr"),
    ),
  },
  {
    name: "dateutil that is not installed",
    apply: where(/from datetime import date, timedelta/, (text) =>
      text
        .replaceAll(
          "from datetime import date, timedelta",
          "from datetime import date\n\nfrom dateutil.relativedelta import relativedelta",
        )
        .replaceAll("timedelta(", "relativedelta("),
    ),
  },
  {
    name: "fines from python-money",
    apply: where(/def fine_cents/, swap("CENTS_A_DAY = 20", "from money import Money\n\nCENTS_A_DAY = 20")),
  },
  {
    name: "isbnlib that is not installed",
    apply: where(/def is_isbn/, (text) => text.replaceAll("def bare_isbn", "import isbnlib\n\n\ndef bare_isbn")),
  },
  {
    name: "HTTPException from starlette.responses",
    apply: where(/HTTPException/, (text) =>
      text.replaceAll(
        /^from fastapi import APIRouter, Depends, HTTPException/gm,
        "from starlette.responses import HTTPException\nfrom fastapi import APIRouter, Depends",
      ),
    ),
  },
].map((one) => ({ ...one, kind: "environment" }));

const made = (name, apply) => ({ name, family: "missing 201", kind: "patch", apply });
const CREATED = /(?:, )?status_code=(?:201|status\.HTTP_201_CREATED)/g;
const missing201 = [
  made("POST without a status", (text) => text.replaceAll(/^ {4}status_code=201,\n/gm, "").replaceAll(CREATED, "")),
  made("POST with 200", swap(/status_code=201/g, "status_code=200")),
  made("POST with HTTP_200_OK", swap("status.HTTP_201_CREATED", "status.HTTP_200_OK")),
  made("POST returns a pair", (text) =>
    text
      .replaceAll(/^ {4}status_code=201,\n/gm, "")
      .replaceAll(CREATED, "")
      .replaceAll(/^( {4}return (?:book|author|copy|member|loan|shown\(db, reservation\)|\{"created".*))$/gm, (line) =>
        has(text, CREATED) ? `${line}, 201` : line,
      ),
  ),
];

const PUT = /^(@\w+\.put\("[^"]*")(.*)\)$/gm;
const put201 = [
  { name: "PUT with 201", apply: (text) => text.replaceAll(PUT, "$1$2, status_code=201)") },
  { name: "PUT with 201 first", apply: (text) => text.replaceAll(PUT, "$1, status_code=201$2)") },
  { name: "PUT with 204", apply: (text) => text.replaceAll(PUT, "$1, status_code=204)") },
  { name: "PUT as PATCH", family: "other", apply: (text) => text.replaceAll(/^(@\w+)\.put\(/gm, "$1.patch(") },
  { name: "PUT as POST", family: "other", apply: (text) => text.replaceAll(/^(@\w+)\.put\(/gm, "$1.post(") },
].map((one) => ({ family: "PUT 201", kind: "patch", ...one }));

/** The edits of one file become the whole file: what was added, without what stood. */
function overwritten(text, head) {
  return text.replaceAll(
    /^### EDIT (app\/routers\/\w+\.py)\n((?:<{7} SEARCH\n[\s\S]*?\n>{7} REPLACE\n)+)/gm,
    (_all, path, pairs) => {
      const added = [...pairs.matchAll(/<{7} SEARCH\n([\s\S]*?)\n={7}\n([\s\S]*?)\n>{7} REPLACE/g)].map(
        ([, old, fresh]) => {
          const stood = new Set(old.split("\n"));
          return fresh
            .split("\n")
            .filter((line) => line === "" || !stood.has(line))
            .join("\n");
        },
      );
      return `### FILE ${path}\n\`\`\`\n${head(text)}\n\n${added.join("\n").trim()}\n\`\`\`\n`;
    },
  );
}
const IMPORTS =
  "from fastapi import APIRouter, Depends, HTTPException\nfrom sqlalchemy.orm import Session\n\nfrom app.database import get_db\n";
const routerName = (text) => /^@(\w+)\./m.exec(text)?.[1] ?? "router";
const overwrites = [
  {
    name: "router file with the new route alone",
    apply: (text) => overwritten(text, (all) => `${IMPORTS}\n${routerName(all)} = APIRouter()\n`),
  },
  {
    name: "router file with a router of its own",
    apply: (text) =>
      overwritten(text, () => `${IMPORTS}\nrouter = APIRouter(prefix="/api")\n`).replaceAll(
        /^@\w+\.(get|put|delete)\(/gm,
        has(text, /^### EDIT app\/routers/m) ? "@router.$1(" : "$&",
      ),
  },
].map((one) => ({ ...one, family: "overwritten route file", kind: "patch" }));

const outside = [
  {
    name: "includes its router in app/main.py",
    apply: where(/^### FILE app\/routers\/(\w+)\.py/m, (text) => {
      const [, name] = /^### FILE app\/routers\/(\w+)\.py/m.exec(text);
      const router = routerName(text);
      return `${text}### EDIT app/main.py\n<<<<<<< SEARCH\nfor found in found_routers():\n=======\nfrom app.routers import ${name}\n\napi.include_router(${name}.${router})\n\nfor found in found_routers():\n>>>>>>> REPLACE\n`;
    }),
  },
  {
    name: "brings its test along",
    apply: (text) =>
      `${text}### FILE tests/test_more.py\n\`\`\`\ndef test_more(client):\n    assert client.get("/health").status_code == 200\n\`\`\`\n`,
  },
].map((one) => ({ ...one, family: "file outside the task", kind: "patch" }));

const patch = [
  {
    name: "404 as 400",
    apply: (text) =>
      text.replaceAll("status_code=404", "status_code=400").replaceAll("HTTPException(404,", "HTTPException(400,"),
  },
  {
    name: "409 as 400",
    apply: (text) =>
      text.replaceAll("status_code=409", "status_code=400").replaceAll("HTTPException(409,", "HTTPException(400,"),
  },
  {
    name: "404 without the number",
    apply: (text) => text.replaceAll(/f"(\w+) \{[\w.]+\} not found"/g, '"$1 not found"'),
  },
  { name: "nothing is committed", apply: where(/db\.add\(/, (text) => text.replaceAll("    db.commit()\n", "")) },
  { name: "model_dump of pydantic 2", apply: swap(".dict()", ".model_dump()") },
  { name: "no orm_mode", apply: (text) => text.replaceAll(/\n {4}class Config:\n {8}orm_mode = True\n/g, "") },
  { name: "from_attributes in pydantic 1", apply: swap("orm_mode = True", "from_attributes = True") },
  {
    name: "a helper that nobody awaits",
    apply: (text) => text.replaceAll(/^def ((?:\w+_or_404|open_loan|waiting)\()/gm, "async def $1"),
  },
  { name: "a body that nobody awaits", apply: swap("await request.body()", "request.body()") },
  {
    name: "await without async",
    apply: where(/async def import_books/, swap("async def import_books", "def import_books")),
  },
  { name: "DELETE without 204", apply: swap(", status_code=204)", ")") },
  {
    name: "DELETE answers a message",
    apply: where(/status_code=204/, (text) =>
      text
        .replaceAll(", status_code=204)", ")")
        .replaceAll(/(\n {4}db\.commit\(\))(?=\n>{7})/g, '$1\n    return {"ok": True}'),
    ),
  },
  {
    name: "the prefix twice",
    apply: (text) => {
      const prefix = /APIRouter\(prefix="([^"]+)"/.exec(text)?.[1];
      return prefix ? text.replaceAll(/^(@\w+\.\w+\()"/gm, `$1"${prefix}`) : text;
    },
  },
  {
    name: "no HTTPException imported",
    apply: swap("import APIRouter, Depends, HTTPException", "import APIRouter, Depends"),
  },
  { name: "Session without import", apply: swap("from sqlalchemy.orm import Session\n", "") },
  {
    name: "the limit off by one",
    apply: (text) =>
      text
        .replaceAll("renewals >= ", "renewals > ")
        .replaceAll("Loan.due < on", "Loan.due <= on")
        .replaceAll("MOST_CENTS = 500", "MOST_CENTS = 520")
        .replaceAll('"book": 21', '"book": 20'),
  },
  { name: "a colon forgotten", apply: (text) => text.replace(/^((?:async )?def .*\)(?: -> \w+)?):$/m, "$1") },
  { name: "a bracket forgotten", apply: (text) => text.replace(/^( {4}return .*)\)$/m, "$1") },
  { name: "nothing is sorted", apply: (text) => text.replaceAll(/\.order_by\((?:Book\.title|Copy\.barcode)\)/g, "") },
].map((one) => ({ ...one, kind: "patch" }));

export const developerMistakes = [
  ...wrongHome,
  ...environment,
  ...missing201,
  ...put201,
  ...overwrites,
  ...outside,
  ...patch,
];
