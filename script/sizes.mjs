// Prints what a first visit loads, and fails when that outgrows its budget. Run by script/build.

import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** What the page may load, in kB (1,000 bytes) of brotli: then one can type, draw and paste. */
const PAGE = 351;

/** With the engine, which its worker loads beside the page: then there is a verdict. What Hopwise learns to read and to tell apart
 * weighs; lower this with every saving. */
const VERDICT = 1300;

const index = readFileSync("dist/index.html", "utf8");
const loaded = readdirSync("dist").filter((file) => file === "index.html" || (index.includes(`"./${file}"`) && file !== "sw.js"));
const page = [
  ["wasm", /^page.*\.wasm$/, ""],
  ["JavaScript", /^(page|boot).*\.js$/, ""],
  ["CSS", /\.css$/, ""],
  ["HTML", /\.html$/, ""],
  ["icons, manifest", /\.(svg|png|webmanifest)$/, ""],
];
const engine = [
  ["engine wasm", /^engine.*\.wasm$/, "with every runbook inside; in its worker, beside the page"],
  ["engine JavaScript", /^engine.*\.js$/, ""],
];
const unknown = loaded.filter((file) => ![...page, ...engine].some(([, pattern]) => pattern.test(file)));
if (unknown.length > 0) throw new Error(`no row in script/sizes.mjs counts ${unknown.join(", ")}`);

const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
const row = (name, sizes, note = "") => console.log(`${name.padEnd(20)}${sizes.map(kB).join("")}  ${note}`.trimEnd());
const measure = (contents) => [contents.length, gzipSync(contents, { level: 9 }).length, brotliCompressSync(contents).length];
const add = (one, other) => one.map((size, column) => size + other[column]);

/** Prints a row for each kind of file, and returns their sum on top of `before`. */
function sum(kinds, before) {
  let total = before;
  for (const [name, pattern, note] of kinds) {
    const files = loaded.filter((file) => pattern.test(file));
    const sizes = files.map((file) => measure(readFileSync(`dist/${file}`))).reduce(add, [0, 0, 0]);
    row(name, sizes, note);
    total = add(total, sizes);
  }
  return total;
}

console.log(`${"first load, kB".padEnd(20)}${["raw", "gzip", "brotli"].map((head) => head.padStart(9)).join("")}`);
const first = sum(page, [0, 0, 0]);
row("the page", first, `then one can type, draw and paste; at most ${PAGE} kB brotli`);
const all = sum(engine, first);
row("to a first verdict", all, `page and engine; at most ${VERDICT} kB brotli`);

const runbooks = readdirSync("runbooks", { recursive: true }).filter((file) => file.endsWith(".json"));
row("runbooks alone", measure(Buffer.concat(runbooks.map((file) => readFileSync(`runbooks/${file}`)))), `${runbooks.length} files, counted in the engine`);
row("hopwise.html", measure(readFileSync("dist/hopwise.html")), "the single file; not part of a first load");

for (const [what, size, most] of [["page alone", first[2], PAGE], ["page with its engine", all[2], VERDICT]]) {
  if (size <= most * 1000) continue;
  console.error(`\nThe ${what} is ${(size / 1000 - most).toFixed(1)} kB brotli above its budget of ${most} kB. Find what grew before raising that.`);
  process.exitCode = 1;
}
