// Prints what a first visit loads, and fails when that outgrows its budget. Run by script/build.

import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** What a first visit may load in the end, in kB (1,000 bytes) of brotli. We are not there: the readers alone are a third. */
const GOAL = 350;

/** Until then it may only shrink: above this the build fails. Lower it with every saving. */
const CEILING = 640;

const index = readFileSync("dist/index.html", "utf8");
const loaded = readdirSync("dist").filter((file) => file === "index.html" || index.includes(`"./${file}"`));
const kinds = [
  ["wasm", /\.wasm$/, "with the engine and every runbook inside"],
  ["JavaScript", /\.js$/, ""],
  ["CSS", /\.css$/, ""],
  ["HTML", /\.html$/, ""],
  ["icons, manifest", /\.(svg|png|webmanifest)$/, ""],
];
const unknown = loaded.filter((file) => !kinds.some(([, pattern]) => pattern.test(file)) && file !== "sw.js");
if (unknown.length > 0) throw new Error(`no row in script/sizes.mjs counts ${unknown.join(", ")}`);

const kB = (bytes) => (bytes / 1000).toFixed(1).padStart(9);
const row = (name, sizes, note = "") => console.log(`${name.padEnd(18)}${sizes.map(kB).join("")}  ${note}`.trimEnd());
const measure = (contents) => [contents.length, gzipSync(contents, { level: 9 }).length, brotliCompressSync(contents).length];
const add = (one, other) => one.map((size, column) => size + other[column]);

console.log(`${"first load, kB".padEnd(18)}${["raw", "gzip", "brotli"].map((head) => head.padStart(9)).join("")}`);
let total = [0, 0, 0];
for (const [name, pattern, note] of kinds) {
  const sizes = loaded
    .filter((file) => pattern.test(file) && file !== "sw.js")
    .map((file) => measure(readFileSync(`dist/${file}`)))
    .reduce(add, [0, 0, 0]);
  row(name, sizes, note);
  total = add(total, sizes);
}
row("total", total, `goal ${GOAL} kB brotli`);

const runbooks = readdirSync("runbooks", { recursive: true }).filter((file) => file.endsWith(".json"));
row("runbooks alone", measure(Buffer.concat(runbooks.map((file) => readFileSync(`runbooks/${file}`)))), `${runbooks.length} files, counted in the wasm`);
row("hopwise.html", measure(readFileSync("dist/hopwise.html")), "the single file; not part of a first load");

const over = (total[2] / 1000 - GOAL).toFixed(1);
if (total[2] > GOAL * 1000) console.log(`\nThe first load is ${over} kB brotli above its goal of ${GOAL} kB.`);
if (total[2] > CEILING * 1000) {
  console.error(`It is also above its ceiling of ${CEILING} kB. Find what grew before raising that.`);
  process.exit(1);
}
