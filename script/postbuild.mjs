// Finishes dist/ after trunk: short scripts, one style sheet, content security policy, service worker, the single file hopwise.html, and checksums.
// Run by script/build; reads and writes dist/ only.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";

import { transformSync } from "esbuild";

const dist = "dist";
const read = (file) => readFileSync(`${dist}/${file}`, "utf8");
const write = (file, text) => writeFileSync(`${dist}/${file}`, text);
const hash = (text, encoding) => createHash("sha256").update(text).digest(encoding);

const engine = nameEngine();
const index = oneSheet(shortScripts(read("index.html"))).replace("</head>", `${engine.links}</head>`);
const only = (pattern, what) => {
  const found = [...index.matchAll(pattern)].map((match) => match[1]);
  if (found.length !== 1) throw new Error(`index.html should name one ${what}, but names ${found.length}`);
  return found[0];
};
const files = {
  glue: only(/<link rel="modulepreload" href="\.\/([^"]+)"/g, "program glue (modulepreload)"),
  wasm: only(/<link rel="preload" href="\.\/(page-[^"]+\.wasm)"/g, "wasm file (preload)"),
  boot: only(/<script src="\.\/(boot-[^"]+)"/g, "boot script"),
};

servedPage();
notFound();
serviceWorker();
singleFile();
checksums();

/** Writes `text` as a file whose name tells its contents, and gives back that name and its checksum. */
function named(name, extension, text) {
  const file = `${name}-${hash(text, "hex").slice(0, 16)}.${extension}`;
  write(file, text);
  return { file, integrity: `sha384-${createHash("sha384").update(text).digest("base64")}` };
}

/** A script without comments and long names: 5 kB less of a first load. trunk's own minifier breaks what wasm-bindgen writes. */
function short(script) {
  return transformSync(script, { minify: true, target: "es2022" }).code;
}

function shortScripts(html) {
  for (const [tag, was] of html.matchAll(/<(?:script src|link rel="modulepreload" href)="\.\/([^"]+\.js)"[^>]*>/g)) {
    const { file, integrity } = named(was.split("-")[0], "js", short(read(was)));
    unlinkSync(`${dist}/${was}`);
    html = html.replace(tag, tag.replace(was, file).replace(/ integrity="[^"]*"/, ` integrity="${integrity}"`));
  }
  return html;
}

/** Style sheets are written one a subject and loaded as one: they compress together, 2.6 kB less. */
function oneSheet(html) {
  const sheets = [...html.matchAll(/[ \t]*<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>\n?/g)];
  const text = sheets.map(([, file]) => read(file)).join("\n");
  sheets.forEach(([, file]) => unlinkSync(`${dist}/${file}`));
  const sheet = named("style", "css", transformSync(text, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16.4"] }).code);
  const link = `    <link rel="stylesheet" href="./${sheet.file}" integrity="${sheet.integrity}">\n`;
  return sheets.reduce((html, [tag], at) => html.replace(tag, at === 0 ? link : ""), html);
}

/** trunk gives a worker's files neither a checksum in their names nor links: both are added, so that no build meets another's engine. */
function nameEngine() {
  const link = (id, was, contents, extension, type) => {
    const { file, integrity } = named("engine", extension, contents);
    unlinkSync(`${dist}/${was}`);
    return { file, link: `<link id="${id}" rel="preload" href="./${file}" as="fetch" type="${type}" crossorigin="anonymous" integrity="${integrity}">` };
  };
  const glue = link("engine-glue", "engine.js", short(read("engine.js")), "js", "text/javascript");
  const wasm = link("engine", "engine_bg.wasm", readFileSync(`${dist}/engine_bg.wasm`), "wasm", "application/wasm");
  return { glue: glue.file, wasm: wasm.file, links: `${glue.link}${wasm.link}` };
}

/** The policy is the privacy promise in code: the page can talk to its own origin and to nobody else. */
function policy({ scripts, styles, connections }) {
  return [
    "default-src 'none'",
    `script-src ${scripts} 'wasm-unsafe-eval'`,
    `style-src ${styles}`,
    "img-src 'self' data: blob:",
    `connect-src ${connections}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function withPolicy(html, content) {
  return html.replace('<meta charset="utf-8">', `$&\n    <meta http-equiv="Content-Security-Policy" content="${content}">`);
}

function servedPage() {
  const html = withPolicy(index, policy({ scripts: "'self'", styles: "'self'", connections: "'self'" }));
  // Only built pages have a service worker: under script/server it would hide every change.
  write("index.html", html.replace('<html lang="en"', '$& data-service-worker="./sw.js"'));
}

/** Mail filters turn "#" into "%23" or "%2523"; the host then looks for a file of that name. This page sets it right. */
function notFound() {
  const script = `
const repaired = location.href.replace(/%(?:25)*23(?=\\d+\\.|runbook=)/, "#");
if (repaired !== location.href) location.replace(repaired);
`;
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-${hash(script, "base64")}'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Not here · Hopwise</title>
    <script>${script}</script>
  </head>
  <body>
    <h1>Nothing is at this address</h1>
    <p>If you came by a link to a case, a program on its way may have changed it. <a href="./">Open Hopwise</a> and paste the link into its box.</p>
  </body>
</html>
`;
  write("404.html", html);
}

function serviceWorker() {
  const kept = readdirSync(dist, { recursive: true }).filter((file) => /\.(css|js|json|wasm|svg|png|webmanifest)$/.test(file) && file !== "sw.js").sort();
  const build = hash(read("index.html") + kept.map((file) => hash(readFileSync(`${dist}/${file}`), "hex")).join(), "hex").slice(0, 16);
  const head = `const BUILD = ${JSON.stringify(build)};\nconst FILES = ${JSON.stringify(kept)};\n`;
  write("sw.js", head + readFileSync("public/sw.js", "utf8"));
}

/** Everything in one file that also works from a disk, where browsers load no second file. */
function singleFile() {
  const glue = read(files.glue);
  const [exported] = glue.match(/([\w$]+) as default/)?.slice(1) ?? [];
  if (!exported) throw new Error(`${files.glue} has no default export; did wasm-bindgen change what it writes?`);

  const scripts = [`${glue}\nwindow.hopwiseProgram = ${exported};`, read(files.boot)].map((script) => {
    if (/<\/script/i.test(script)) throw new Error("a script that contains </script cannot stand inside hopwise.html");
    return `\n${script}\n`;
  });
  const sheets = [...index.matchAll(/<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>/g)];
  const style = `\n${sheets.map(([, file]) => read(file)).join("\n")}\n`;
  const icon = only(/<link rel="icon"[^>]* href="\.\/([^"]+)"/g, "icon");
  const base64 = (file) => readFileSync(`${dist}/${file}`).toString("base64");
  const worker = read(engine.glue);
  if (/<\/script/i.test(worker)) throw new Error(`${engine.glue} contains </script and cannot stand inside hopwise.html`);
  const data = [
    ["program", base64(files.wasm)],
    ["engine", base64(engine.wasm)],
    ["engine-glue", worker],
  ].map(([id, text]) => `<script id="${id}" type="text/plain">${text}</script>`);

  // As data, which no policy has to allow; no text in them can end the element.
  const examples = readdirSync(`${dist}/examples`).sort().map((file) => {
    const text = JSON.stringify(JSON.parse(read(`examples/${file}`))).replaceAll("<", "\\u003c");
    return `<script id="example-${file.replace(".json", "")}" type="text/plain">${text}</script>`;
  });

  const allowed = (text) => `'sha256-${hash(text, "base64")}'`;
  const html = index
    .replace(/[ \t]*<!--[\s\S]*?-->\n?/g, "")
    .replace(/[ \t]*<link (?:rel|href|id)[^>]*>\n?/g, "")
    .replace(/[ \t]*<script src="\.\/boot-[^>]*><\/script>\n?/, "")
    .replace("</head>", () => `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(read(icon)).toString("base64")}">\n<style>${style}</style>\n</head>`)
    .replace("</body>", () =>
      [...data, ...examples, ...scripts.map((script) => `<script type="module">${script}</script>`), "</body>"].join("\n"),
    );
  if (/ (?:src|href)="\.\//.test(html)) throw new Error("hopwise.html still refers to another file");
  write("hopwise.html", withPolicy(html, policy({ scripts: scripts.map(allowed).join(" "), styles: allowed(style), connections: "'none'" })));
}

function checksums() {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const listed = files.map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${dist}/`.length)).filter((file) => file !== "sha256sums").sort();
  write("sha256sums", listed.map((file) => `${hash(readFileSync(`${dist}/${file}`), "hex")}  ${file}\n`).join(""));
}
