/** Wrong tests: `apply` takes the text of a tester's reply. */

const swap = (from, to) => (text) => text.replaceAll(from, to);
const FENCE = "```\n";
/** Puts lines at the beginning of the test file. */
const ahead = (text, lines) => text.replace(FENCE, () => `${FENCE}${lines}\n`);
const usesClient = (text) => /\bclient\b/.test(text);
/** The tests get their client from elsewhere: no case and no fixture asks for `client` any more. */
const withoutFixture = (text) =>
  text.replaceAll(/^(def \w+\()client((?:, \w+)*\):)/gm, (_all, head, tail) => `${head}${tail.replace(/^, /, "")}`);
const own = (lines) => (text) => (usesClient(text) ? ahead(withoutFixture(text), `${lines}\n\n`) : text);

const ownClients = [
  {
    name: "a TestClient of its own",
    outlivesRed: true,
    kind: "patch",
    apply: own("from fastapi.testclient import TestClient\n\nfrom app.main import api\n\nclient = TestClient(api)"),
  },
  {
    name: "a client fixture of its own",
    outlivesRed: true,
    kind: "patch",
    apply: (text) =>
      usesClient(text)
        ? ahead(
            text.replace(/^import pytest\n/m, ""),
            'import pytest\nfrom fastapi.testclient import TestClient\n\nfrom app.main import api\n\n\n@pytest.fixture(name="client")\ndef own_client():\n    return TestClient(api)\n\n',
          )
        : text,
  },
  {
    name: "an empty app of its own",
    outlivesRed: true,
    kind: "patch",
    apply: own(
      "from fastapi import FastAPI\nfrom fastapi.testclient import TestClient\n\nclient = TestClient(FastAPI())",
    ),
  },
  {
    name: "a TestClient of create_app",
    kind: "environment",
    apply: own(
      "from fastapi.testclient import TestClient\n\nfrom app.main import create_app\n\nclient = TestClient(create_app())",
    ),
  },
  {
    name: "a TestClient of main without its package",
    kind: "environment",
    apply: own("from fastapi.testclient import TestClient\nfrom main import app\n\nclient = TestClient(app)"),
  },
  {
    name: "a TestClient of the package app",
    outlivesRed: true,
    kind: "environment",
    apply: own("from fastapi.testclient import TestClient\n\nfrom app.main import app\n\nclient = TestClient(app)"),
  },
  {
    name: "client imported from conftest of app",
    kind: "environment",
    apply: (text) => (usesClient(text) ? ahead(text, "from app.tests.conftest import client  # noqa: F401\n\n") : text),
  },
].map((one) => ({ ...one, family: "own TestClient" }));

const environment = [
  {
    name: "fixture test_client",
    apply: (text) =>
      text
        .replaceAll(/^(def \w+\()client\b/gm, "$1test_client")
        .replaceAll(/\bclient\.(?=post|put|get|delete)/g, "test_client.")
        .replaceAll("return client", "return test_client"),
  },
  {
    name: "fixture db_session",
    apply: (text) => text.replaceAll(/^(def test_\w+\((?:client|desk|queue|shelf))\)/gm, "$1, db_session)"),
  },
  {
    name: "fixture async_client",
    apply: (text) =>
      text
        .replaceAll(/^(def \w+\()client\b/gm, "$1async_client")
        .replaceAll(/\bclient\.(?=post|put|get|delete)/g, "async_client.")
        .replaceAll("return client", "return async_client"),
  },
  {
    name: "requests that is not installed",
    apply: (text) => (usesClient(text) ? ahead(text, "import requests  # noqa: F401\n\n") : text),
  },
  {
    name: "pytest_asyncio that is not installed",
    apply: (text) => (usesClient(text) ? ahead(text, "import pytest_asyncio  # noqa: F401\n\n") : text),
  },
  {
    name: "SessionLocal from app.db.session",
    family: "wrong session import",
    apply: (text) =>
      usesClient(text) ? ahead(text, "from app.db.session import SessionLocal  # noqa: F401\n\n") : text,
  },
  {
    name: "get_db from app.db",
    family: "wrong session import",
    apply: (text) => (usesClient(text) ? ahead(text, "from app.db import get_db  # noqa: F401\n\n") : text),
  },
  { name: "rules without their package", apply: swap("from app.rules.", "from rules.") },
  { name: "rules from app.utils", apply: swap("from app.rules.", "from app.utils.") },
  {
    name: "a freezegun that is not installed",
    apply: (text) =>
      /2026-03|date\(2026/.test(text) ? ahead(text, "from freezegun import freeze_time  # noqa: F401\n\n") : text,
  },
].map((one) => ({ ...one, kind: "environment" }));

const STATUS = /assert (\w+(?:\(.*\))?)\.status_code == \d+/g;
/** Each case loses its body's assertions for one line. */
const emptied = (line) => (text) =>
  text.replaceAll(/^(def test_\w+\(.*\):\n)((?: {4}.*\n|\n(?= ))+)/gm, (_all, head, body) => {
    const kept = [...body.matchAll(/^ {4}\S.*(?:\n(?: {5,}.*| {4}[\])}].*))*/gm)]
      .map(([one]) => one)
      .filter((one) => !/^ {4}(?:assert|for|with)\b/.test(one));
    return `${head}${[...kept, `    ${line}`].join("\n")}\n`;
  });
const redThatPasses = [
  {
    name: "any status will do",
    apply: (text) =>
      emptied("assert True")(text).replaceAll("    assert True\n", "") === text
        ? text
        : text
            .replaceAll(STATUS, "assert $1.status_code in (200, 201, 202, 204, 400, 404, 405, 409, 422)")
            .replaceAll(/^ {4,8}assert (?!\w+(?:\(.*\))?\.status_code in).*(?:\n(?: {8}.*| {4}[\])}].*))*\n/gm, ""),
  },
  { name: "it asserts nothing but True", apply: emptied("assert True") },
  {
    name: "it asserts a status that everything has",
    apply: (text) =>
      usesClient(text)
        ? emptied("assert client is not None")(text).replaceAll(
            /^(def test_\w+\()(desk|queue|shelf)(\):)((?:\n .*|\n(?=\n ))*)/gm,
            (all) => all.replace("assert client", `assert ${/\((desk|queue|shelf)\)/.exec(all)[1]}`),
          )
        : text,
  },
  {
    name: "it is a test of health",
    apply: (text) =>
      /def test_\w+\(client\)/.test(text) ? emptied('assert client.get("/health").status_code == 200')(text) : text,
  },
  {
    name: "it expects what is not there yet",
    apply: (text) =>
      /def test_\w+\(client\)/.test(text) && /client\.(get|put|delete)/.test(text)
        ? emptied('assert client.get("/not/yet").status_code == 404')(text)
        : text,
  },
].map((one) => ({ ...one, family: "RED that passes", kind: "patch" }));

/** The status that is asserted after a PUT. */
const afterPut = (status) => (text) => {
  let isPut = false;
  return text
    .split("\n")
    .map((line) => {
      if (/\.(?:get|post|put|delete)\(/.test(line))
        isPut = /\.put\(/.test(line) && !/\.(?:get|post|delete)\(/.test(line);
      return isPut ? line.replace("status_code == 200", `status_code == ${status}`) : line;
    })
    .join("\n");
};
const wrong = [
  { name: "PUT expected to answer 201", family: "PUT 201", outlivesRed: true, apply: afterPut(201) },
  { name: "PUT expected to answer 204", family: "PUT 201", outlivesRed: true, apply: afterPut(204) },
  {
    name: "POST expected to answer 200",
    family: "missing 201",
    outlivesRed: true,
    apply: swap("status_code == 201", "status_code == 200"),
  },
  { name: "404 expected as 400", outlivesRed: true, apply: swap("status_code == 404", "status_code == 400") },
  { name: "409 expected as 400", outlivesRed: true, apply: swap("status_code == 409", "status_code == 400") },
  { name: "an id counted from zero", outlivesRed: true, apply: swap('"id": 1,', '"id": 0,') },
  { name: "details under message", outlivesRed: true, apply: swap('{"detail": ', '{"message": ') },
].map((one) => ({ ...one, kind: "patch" }));

const patch = [
  { name: "no criterion in the names", apply: (text) => text.replaceAll(/\bdef test_ac\d+_/g, "def test_") },
  {
    name: "all cases are skipped",
    apply: (text) =>
      ahead(
        text
          .replace(/^import pytest\n/m, "")
          .replaceAll(/^def test_/gm, '@pytest.mark.skip(reason="not implemented yet")\ndef test_'),
        "import pytest\n",
      ),
  },
  {
    name: "async cases that nothing awaits",
    apply: (text) =>
      usesClient(text)
        ? ahead(
            text.replace(/^import pytest\n/m, "").replaceAll(/^def test_/gm, "@pytest.mark.asyncio\nasync def test_"),
            "import pytest\n",
          )
        : text,
  },
  {
    name: "everything is caught",
    apply: (text) =>
      text.replaceAll(/^(def test_\w+\(.*\):\n)((?: {4}.*\n|\n(?= ))+)/gm, (_all, head, body) =>
        `${head}    try:\n${body.replaceAll(/^ {4}/gm, "        ")}    except Exception:\n        pass\n`.replace(
          "except Exception:",
          "except (Exception, AssertionError):",
        ),
      ),
  },
  { name: "a colon forgotten", apply: (text) => text.replace(/^(def test_\w+\(.*\)):$/m, "$1") },
  {
    name: "a bracket forgotten",
    apply: (text) => text.replace(/^( {4}(?:response|again|missing|found) = .*)\)$/m, "$1"),
  },
  {
    name: "a conftest of its own",
    family: "own TestClient",
    apply: (text) =>
      usesClient(text)
        ? `${text}### FILE tests/conftest.py\n\`\`\`\nimport pytest\nfrom fastapi.testclient import TestClient\n\nfrom app.main import api\n\n\n@pytest.fixture\ndef client():\n    return TestClient(api)\n\`\`\`\n`
        : text,
  },
  {
    name: "the code comes along",
    apply: (text) => `${text}### FILE app/main.py\n\`\`\`\nfrom fastapi import FastAPI\n\napi = FastAPI()\n\`\`\`\n`,
  },
].map((one) => ({ ...one, kind: "patch" }));

export const testerMistakes = [...ownClients, ...environment, ...redThatPasses, ...wrong, ...patch];
