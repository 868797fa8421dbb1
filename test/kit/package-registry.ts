import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface PackageRegistry {
  readonly url: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A loopback registry from which the real npm installs packages that a test makes. */
export async function startPackageRegistry(packages: readonly PublishedPackage[]): Promise<PackageRegistry> {
  const requests: string[] = [];
  const tarballs = packages.map((published) => ({ ...published, tarball: packed(published) }));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    requests.push(path);
    const file = tarballs.find(({ name, version }) => path === `${name}/-/${version}.tgz`);
    const found = tarballs.find(({ name }) => name === path);
    if (file) response.end(file.tarball);
    else if (found) {
      const origin = `http://${request.headers.host}`;
      const integrity = `sha512-${createHash("sha512").update(found.tarball).digest("base64")}`;
      const dist = { tarball: `${origin}/${found.name}/-/${found.version}.tgz`, integrity };
      const own = JSON.parse(found.files["package.json"] ?? "{}") as { readonly scripts?: object };
      const hasInstallScript = own.scripts !== undefined;
      const manifest = { ...own, name: found.name, version: found.version, hasInstallScript, dist };
      const versions = { [found.version]: manifest };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: found.name, "dist-tags": { latest: found.version }, versions }));
    } else {
      response.statusCode = 404;
      response.end("{}");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function packed({ name, version, files }: PublishedPackage): Buffer {
  const dir = mkdtempSync(join(tmpdir(), "package-"));
  try {
    const all = { "package.json": JSON.stringify({ name, version }), ...files };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(dir, "package", path)), { recursive: true });
      writeFileSync(join(dir, "package", path), text);
    }
    const tar = spawnSync("tar", ["-czf", "package.tgz", "package"], { cwd: dir });
    if (tar.status !== 0) throw new Error(String(tar.stderr));
    return readFileSync(join(dir, "package.tgz"));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
