// The built pages, from a folder, on the loopback of the sandbox.
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";

const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".htm": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** Serves the folder until the process ends; answers with the origin. `fallback` answers for paths that name no file. */
export async function serve(folder, fallback) {
  const root = await realpath(folder);
  const server = createServer((request, response) => {
    answer(root, fallback, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://localhost:${server.address().port}`;
}

async function answer(root, fallback, request, response) {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const wanted = await fileFor(root, pathname);
  const file = wanted ?? (fallback === undefined ? undefined : await fileFor(root, `/${fallback}`));
  // Every browser asks for it, and no page is at fault when it is missing.
  if (wanted === undefined && pathname === "/favicon.ico") return response.writeHead(204).end();
  if (file === undefined) return response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
  const kind = KINDS[extname(file).toLowerCase()] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": kind, "cache-control": "no-store" }).end(await readFile(file));
}

/** The file of a path inside the folder, following links only within it; a folder stands for its index.html. */
async function fileFor(root, pathname) {
  const path = decoded(pathname);
  if (path === undefined) return undefined;
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined || (real !== root && !real.startsWith(root + sep))) return undefined;
  const seen = await stat(real);
  if (seen.isFile()) return real;
  const index = await realpath(join(real, "index.html")).catch(() => undefined);
  return index?.startsWith(root + sep) ? index : undefined;
}

function decoded(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
