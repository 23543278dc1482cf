// A static file host and nothing more: serves dist/ below /tools/hopwise/, as a plain nginx would.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize } from "node:path";

const dist = new URL("../../dist/", import.meta.url).pathname;
const base = "/tools/hopwise/";
const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://host").pathname));
  if (!path.startsWith(base)) return response.writeHead(404).end("nothing here\n");
  const file = path.slice(base.length) || "index.html";
  try {
    let contents = await readFile(dist + file);
    // For whom a test says so, the host has a newer build: the same files under another name.
    if (file === "sw.js" && /build=newer/.test(request.headers.cookie)) contents = `${contents}`.replace(/BUILD = "[0-9a-f]+"/, 'BUILD = "newer"');
    response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain" }).end(contents);
  } catch {
    // As hosts do that know a page for this.
    const page = await readFile(`${dist}404.html`);
    response.writeHead(404, { "content-type": types[".html"] }).end(page);
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
