// Measures in WebAssembly how the time for an answer grows with the drawing, on the engine as it is compiled for the page, in the
// JavaScript engine that Chromium has too: node script/scale-in-wasm.mjs [SHAPE], about 4 minutes from scratch.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const built = "target/wasm32-unknown-unknown/page/examples/scale.wasm";
const folder = "target/scale";
const run = (program, ...args) => execFileSync(program, args, { stdio: "inherit" });
run("cargo", "build", "--locked", "--profile", "page", "--target", "wasm32-unknown-unknown", "--features", "rehearse", "--example", "scale");
run("wasm-bindgen", "--target", "nodejs", "--out-dir", folder, built);
const [, level, passes] = /data-bin="engine".*data-wasm-opt="(.)" data-wasm-opt-params="([^"]*)"/.exec(readFileSync("index.html", "utf8"));
run("node_modules/.bin/wasm-opt", `-O${level}`, ...passes.split(" "), `${folder}/scale_bg.wasm`, "-o", `${folder}/scale_bg.wasm`);
// What wasm-bindgen writes for Node.js is CommonJS, and the package around it is not.
writeFileSync(`${folder}/package.json`, JSON.stringify({ type: "commonjs" }));
globalThis.shape = process.argv[2];
createRequire(import.meta.url)(`../${folder}/scale.js`);
console.log(globalThis.measured);
