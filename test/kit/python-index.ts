import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PythonIndex {
  /** For PIP_INDEX_URL. */
  readonly url: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** `name==version`; with ` broken` its wheel is no archive, and there is a source distribution that builds. */
export type Published = `${string}==${string}`;

/** A loopback index of tiny packages, each a module whose `version` says it, from which the real pip installs. */
export async function startPythonIndex(packages: readonly Published[]): Promise<PythonIndex> {
  const dir = mkdtempSync(join(tmpdir(), "python-index-"));
  const made = spawnSync("/usr/bin/python3", ["-c", MAKE, dir, ...packages], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/");
    requests.push(path);
    const [, kind, name = ""] = path.split("/");
    const files = readdirSync(dir);
    if (kind === "files" && files.includes(name)) return response.end(readFileSync(join(dir, name)));
    const own = files.filter((file) => file.startsWith(`${name}-`));
    if (kind !== "simple" || own.length === 0) response.statusCode = 404;
    response.setHeader("content-type", "text/html");
    return response.end(own.map((file) => `<a href="/files/${file}">${file}</a>`).join("\n"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    requests,
    close: () =>
      new Promise((done) => {
        rmSync(dir, { recursive: true, force: true });
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const MAKE = `
import io, sys, tarfile, zipfile
BACKEND = '''
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        archive.writestr("{name}.py", "version = '{version}'\\\\nbuilt = 'from source'\\\\n")
        archive.writestr("{name}-{version}.dist-info/METADATA", "Metadata-Version: 2.1\\\\nName: {name}\\\\nVersion: {version}\\\\n")
        archive.writestr("{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\\\\nGenerator: x\\\\nRoot-Is-Purelib: true\\\\nTag: py3-none-any\\\\n")
        archive.writestr("{name}-{version}.dist-info/RECORD", "")
    return name
'''
for wanted in sys.argv[2:]:
    published, _, broken = wanted.partition(" ")
    name, version = published.split("==")
    path = "%s/%s-%s" % (sys.argv[1], name, version)
    scope = {}
    exec(BACKEND.format(name=name, version=version), scope)
    if not broken:
        scope["build_wheel"](sys.argv[1])
        continue
    open(path + "-py3-none-any.whl", "w").write("no archive")
    with tarfile.open(path + ".tar.gz", "w:gz") as archive:
        texts = {
            "backend.py": BACKEND.format(name=name, version=version),
            "pyproject.toml": "[build-system]\\nrequires = []\\nbuild-backend = 'backend'\\nbackend-path = ['.']\\n",
            "PKG-INFO": "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n" % (name, version),
        }
        for file, text in texts.items():
            entry = tarfile.TarInfo("%s-%s/%s" % (name, version, file))
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
`;
