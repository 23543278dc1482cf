// Runs the tests inside runbooks in WebAssembly, on the engine as it is compiled for the page.
//   node script/rehearse.mjs     after `cargo build --target wasm32-unknown-unknown --features rehearse --bin rehearse`
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const files = readdirSync("runbooks", { recursive: true }).filter((name) => name.endsWith(".json")).sort();
const tests = files.map((name) => JSON.parse(readFileSync(`runbooks/${name}`, "utf8")).tests?.length ?? 0);
const expected = `${tests.reduce((sum, count) => sum + count, 0)} passed`;
const folder = "target/rehearse";
execFileSync("wasm-bindgen", ["--target", "nodejs", "--out-dir", folder, "target/wasm32-unknown-unknown/debug/rehearse.wasm"]);
// What wasm-bindgen writes for Node.js is CommonJS, and the package around it is not.
writeFileSync(`${folder}/package.json`, JSON.stringify({ type: "commonjs" }));
globalThis.runbooks = JSON.stringify(files.map((name) => readFileSync(`runbooks/${name}`, "utf8")));
createRequire(import.meta.url)(`../${folder}/rehearse.js`);
console.log(`in WebAssembly: ${globalThis.rehearsed ?? "nothing was told"}`);
if (globalThis.rehearsed !== expected) {
  console.error(`expected: ${expected}`);
  process.exit(1);
}
