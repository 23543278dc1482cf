// Holds every runbook, and the example of overrides, against public/runbook.schema.json with a validator that knows nothing of Hopwise, and shows that the schema
// refuses what the loader refuses for its words: editors and the program must agree.
import Ajv from "ajv/dist/2020.js";
import { readFileSync, readdirSync } from "node:fs";

const json = (file) => JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv({ allErrors: true, validateFormats: false });
const valid = ajv.compile(json("public/runbook.schema.json"));
const problems = [];
const shipped = readdirSync("runbooks", { recursive: true }).filter((name) => name.endsWith(".json"));
for (const name of shipped) {
  if (!valid(json(`runbooks/${name}`))) {
    problems.push(`runbooks/${name}: ${ajv.errorsText(valid.errors)}`);
  }
}
const overrides = /^runbooks\/here\.json +(\{.*\})$/m.exec(readFileSync("docs/hosting.md", "utf8"))?.[1];
if (!overrides || !valid(JSON.parse(overrides))) {
  problems.push(`the overrides in docs/hosting.md: ${overrides ? ajv.errorsText(valid.errors) : "there are none"}`);
}
const broken = readdirSync("tests/broken-runbooks").filter((name) => /^(field-(unknown|missing)|type|word)-.*\.json$/.test(name));
for (const name of broken) {
  if (valid(json(`tests/broken-runbooks/${name}`))) {
    problems.push(`tests/broken-runbooks/${name} is valid by the schema, but the program refuses it`);
  }
}
console.log(`${shipped.length} runbooks and the overrides in docs/hosting.md valid, ${broken.length} broken ones refused by the schema, ${problems.length} problems`);
if (problems.length > 0 || shipped.length === 0 || broken.length === 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
