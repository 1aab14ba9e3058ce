// A browser with an operator before it. Whatever the page complains of, by its policy, its console or an error, is a failure.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const plan = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(plan.modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  timeout: 120000,
  args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
});

// ---- assertions ----

export function assert(holds, what) {
  if (!holds) throw new Error(what);
}
export function same(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

// ---- the second factor: RFC 6238 ----

function base32(text) {
  let bits = "";
  for (const c of text.replace(/[^A-Z2-7]/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
export function code(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}
const stepAt = (at) => Math.floor(at / 30000);
const TAKES = 15000; // until a code that was asked for is looked at
// The next that counts: each does once, the one after this half minute's too, and the one before where it is good for a while.
export async function nextCode(who) {
  const step = Math.max(stepAt(Date.now() + TAKES) - 1, (who.step || 0) + 1);
  while (step > stepAt(Date.now()) + 1) await new Promise((resolve) => setTimeout(resolve, 500));
  who.step = step;
  return code(who.secret, step * 30000);
}
// One that is none of theirs for minutes.
export function wrongCode(who) {
  const right = [-2, -1, 0, 1, 2, 3, 4].map((steps) => code(who.secret, Date.now() + steps * 30000));
  return [..."01234567"].map((digit) => `00000${digit}`).find((each) => !right.includes(each));
}

// ---- pages ----

const complaints = []; // { where, what, isGrave }
let granted = []; // patterns of what the test that runs brings about itself
// That a page was refused is told on the console, too, and so is a stream whose page was left.
const refused = /^Failed to load resource: the server responded with a status of (403|404|409|422) /;
const left = /^htmx: htmx:error: Failed to fetch/;
const plainly = (address) => address.split("#")[0];

// All pages of a context, also those that a page opens.
function watch(context) {
  const pages = new Set(); // addresses that were asked for as pages
  const hear = (page, what, isGrave) => complaints.push({ where: page ? new URL(page.url()).pathname : "", what, isGrave });
  context.on("request", (request) => request.isNavigationRequest() && pages.add(plainly(request.url())));
  context.on("console", (message) => {
    const text = message.text();
    if (!["error", "warning"].includes(message.type()) || left.test(text)) return;
    if (refused.test(text) && pages.has(plainly(message.location().url))) return;
    const what = text.startsWith("Failed to load") ? `${text} (${new URL(message.location().url).pathname})` : text;
    hear(message.page(), `${message.type()}: ${what}`, /^policy:|Content Security Policy/.test(text));
  });
  context.on("weberror", (error) => hear(error.page(), String(error.error()), true));
}
// What this test brings about itself: it may be told on the console. What breaks the policy and what a script fails at never may.
export function expects(...patterns) {
  granted.push(...patterns);
}
// A page that hears nothing of the desk by itself: what a test does to the desk is told to it by its next click alone.
// Gives what ends that.
export async function hearsNothing(page) {
  const news = /\/live[/?]/;
  expects(/Failed to load resource: net::ERR_FAILED \(\/live/);
  await page.route(news, (route) => route.abort());
  return () => page.unroute(news);
}
// Since it was last asked, but for what was expected.
function complained() {
  const heard = complaints.splice(0).filter(({ what, isGrave }) => isGrave || !granted.some((pattern) => pattern.test(what)));
  granted = [];
  return heard.map(({ where, what }) => `${where}: ${what}`);
}

export async function open(options = {}) {
  const context = await browser.newContext({ baseURL: plan.console, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(30000);
  watch(context);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return context.newPage();
}
export const close = (page) => page.context().close();

// Presses what sends a form or leads elsewhere; over when the page after it is there.
export async function go(page, selector) {
  await Promise.all([page.waitForNavigation(), page.locator(selector).first().click()]);
}
export async function goByKey(page, key) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}
// By g and the key of a page. They count as one for a second and a half: where the browser had no time in between, once more.
export async function goByG(page, key) {
  for (let tries = 0; tries < 5; tries++) {
    const gone = page.waitForNavigation({ timeout: 20000 }).then(() => true, () => false);
    await page.keyboard.type(`g${key}`);
    if (await gone) return;
  }
  throw new Error(`g ${key} leads nowhere`);
}

export async function shot(page, name) {
  await page.screenshot({ path: join(plan.shots, `${name}.png`), fullPage: true });
}

// ---- operators ----

const kept = {}; // of each operator: secret, password and the cookies of a browser that has signed in

export function person(name) {
  return (kept[name] ||= { ...plan.people.find((each) => each.name === name) });
}

export async function fillSignIn(page, who) {
  await page.goto("/sign-in");
  await page.fill("[name=name]", who.name);
  await page.fill("[name=password]", who.password);
  await go(page, "main form button.main");
}

// For the first time: the password that the program made up, the second factor, a password of one's own. `looked`: at each page, once.
export async function firstSignIn(page, who, looked) {
  await fillSignIn(page, who);
  if (page.url().includes("/sign-in/setup")) {
    who.secret = (await page.textContent("main ol code")).trim();
    await looked?.(page, "setup");
    await page.fill("[name=code]", await nextCode(who));
    await go(page, "main form button.main");
    who.recovery = await page.locator("main ul code").allTextContents();
    await looked?.(page, "recovery-codes");
    await go(page, "main a.button.main");
  }
  if (await page.locator("[name=new_password]").count()) {
    await looked?.(page, "first-settings");
    await changePassword(page, who);
  }
}

export async function changePassword(page, who) {
  const next = `${who.password}-of-my-own`;
  await page.fill("[name=password]", who.password);
  await page.fill("[name=new_password]", next);
  await page.fill("[name=new_password_again]", next);
  await go(page, "form[action='/settings/password'] button");
  who.password = next;
}

// A page of somebody who has signed in. Once for each; later pages share the cookies.
export async function as(name, options = {}) {
  const who = person(name);
  if (!who.state) {
    const page = await open();
    await firstSignIn(page, who);
    who.state = await page.context().storageState();
    await close(page);
  }
  return open({ ...options, storageState: who.state });
}

// ---- barriers ----

const rules = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };

// The theme changes colours and nothing else: a second look at the same page is for them.
const ofColour = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

export async function barriers(page, options = rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate((chosen) => window.axe.run(document, chosen), options);
  return found.violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
}

export async function fitsIn(page, width) {
  return page.evaluate((wide) => document.documentElement.scrollWidth <= wide, width);
}

// A page as it stands, in both themes and on a small screen; gives what is wrong with it, by where.
export async function lookAt(page, shown) {
  const found = { light: [], dark: [], narrow: [] };
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    for (const each of await barriers(page, theme === "light" ? rules : ofColour)) found[theme].push(`${shown}: ${each}`);
    await shot(page, `${shown}-${theme}`);
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  if (!(await fitsIn(page, 320))) found.narrow.push(shown);
  await shot(page, `${shown}-320`);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
  return found;
}
export async function isWell(page, shown) {
  same(await lookAt(page, shown), { light: [], dark: [], narrow: [] }, shown);
}

// ---- running ----

// Where the browser was when a test failed; a picture of it lies beside the others.
async function seen(name) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  const last = pages.at(-1);
  if (!last) return "";
  await shot(last, `failed-${name.replace(/\W+/g, "-").slice(0, 40)}`);
  return `(at ${new URL(last.url()).pathname}: ${await last.title()})`;
}

export async function run(tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    if (plan.only.length && !plan.only.some((word) => name.includes(word))) continue;
    let why = "";
    try {
      await test();
    } catch (error) {
      why = `${String(error.message).split("\n")[0]} ${await seen(name)}`;
      if (process.env.VERBOSE) why += `\n${error.stack}`;
    }
    for (const context of browser.contexts()) await context.close(); // what it says later would be held against the next
    const said = complained();
    if (!why && said.length) why = `the page complains: ${said.slice(0, 3).join(" | ")}`;
    failed += why ? 1 : 0;
    console.log(why ? `not ok ${name}: ${why}` : `ok ${name}`);
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}
