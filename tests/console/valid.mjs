// Pages as they were sent, held against html-validate's recommended rules.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const plan = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(plan.modules, "x.js"));
const { HtmlValidate, StaticConfigLoader } = require("html-validate");

const rules = {
  // The standard takes either case.
  "doctype-style": "off",
  // A field is of text and a button sends its form where nothing else is said: that is what is meant.
  "no-implicit-input-type": "off",
  "no-implicit-button-type": "off",
  // Space that a template's condition leaves at the end of a line is seen by nobody.
  "no-trailing-whitespace": "off",
  // Several boxes or several buttons of one name are a choice.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
};

const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ["html-validate:recommended"], rules }));
const found = new Map(); // a rule and what it says: where it was first, how often
for (const [name, text] of Object.entries(plan.pages)) {
  const report = await validator.validateString(text, name);
  for (const message of report.results.flatMap((result) => result.messages)) {
    const said = `${message.ruleId}: ${message.message}`;
    const line = text.split("\n")[message.line - 1].slice(0, 200);
    const known = found.get(said) || { where: `${name}, line ${message.line}: ${line}`, times: 0 };
    found.set(said, { ...known, times: known.times + 1 });
  }
}
for (const [said, { where, times }] of found) console.log(`not ok ${said} (${times} times, first in ${where})`);
if (!found.size) console.log(`ok ${Object.keys(plan.pages).length} pages are valid HTML`);
process.exit(found.size ? 1 : 0);
