// What operators do, one function each. They run in this order on one gateway: later ones find what earlier ones left.
import {
  as, assert, barriers, close, fillSignIn, firstSignIn, fitsIn, go, goByG, goByKey, hearsNothing, isWell, lookAt, nextCode, open, person, plan, run, same,
  shot, wrongCode,
} from "./browser.mjs";

const heading = (page) => page.locator("h1").first().innerText();
const requestOf = (index) => plan.callers[index].reference;

// By the box in the top of every page.
async function find(page, reference) {
  await page.goto("/queue");
  await page.fill("#search", reference);
  await Promise.all([page.waitForNavigation(), page.press("#search", "Enter")]);
  assert(/\/requests\/\d+/.test(page.url()), `at ${page.url()}, not a request`);
  return new URL(page.url()).pathname;
}
async function claim(page) {
  if (await page.locator("#claim button").count()) await go(page, "#claim button");
}
const noteButton = "#note .actions button >> nth=0";
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.className);
// With the Tab key alone.
async function tabTo(page, id) {
  for (let i = 0; i < 90 && (await focused(page)) !== id; i++) await page.keyboard.press("Tab");
  same(await focused(page), id, "what Tab leads to");
}
// Kept while typing: over when the desk has said so for this very text.
const kept = (page, text) => page.waitForResponse((answer) => answer.url().endsWith("/draft")
  && new URLSearchParams(answer.request().postData()).get("text") === text);

// Every page that a supervisor, an administrator and an auditor have, by the names of their screenshots.
async function allPages() {
  const page = await as("rina");
  const request = await find(page, requestOf(0));
  const person = await page.locator("a[href^='/people/']").first().getAttribute("href");
  await page.goto("/sessions?request=1"); // opened from a part of the list, it leads on in it
  const session = await page.locator("main a[href^='/sessions/']").first().getAttribute("href");
  await page.goto(`${await find(page, plan.complaints[0].reference)}/session`);
  const redact = await page.locator(".typed a").getAttribute("href");
  await page.goto("/queue?tab=all");
  await page.click("main details summary");
  await page.fill("#filter-name", "All of it");
  await go(page, "form[action='/filters'] button");
  await close(page);
  const office = await as("nodi");
  await office.goto("/users");
  const user = await office.locator("main a[href^='/users/']:not([href$=new])").first().getAttribute("href");
  await close(office);
  return [
    ["rina", "queue", "/queue?tab=all"], ["rina", "queue-empty", "/queue?tab=mine&topic=health"], ["rina", "request", request],
    ["rina", "transcript", `${request}/session`], ["rina", "session", session], ["rina", "redact", redact], ["rina", "person", person],
    ["rina", "forget", `${person}/forget`],
    ["rina", "request-new", "/requests/new"], ["rina", "search", "/search"], ["rina", "sessions", "/sessions"],
    ["rina", "outbox", "/outbox?show=all"], ["rina", "settings", "/settings"], ["rina", "setup-again", "/sign-in/setup?back=/settings"],
    ["rina", "not-there", "/requests/1"], ["karim", "refusal", "/users"],
    ["nodi", "users", "/users"], ["nodi", "user", user], ["nodi", "user-new", "/users/new"], ["tuli", "audit", "/audit"],
  ];
}

// Each page is opened once and looked at in both themes and on a small screen.
let surveyed = null;
async function survey() {
  if (surveyed) return surveyed;
  surveyed = { light: [], dark: [], narrow: [] };
  for (const [name, shown, path] of await allPages()) {
    const page = await as(name);
    await page.goto(path);
    const found = await lookAt(page, shown);
    for (const where of Object.keys(surveyed)) surveyed[where].push(...found[where]);
    await close(page);
  }
  return surveyed;
}

await run({
  "nobody is let in without a name, and a wrong one is told like a wrong password": async () => {
    const page = await open();
    await page.goto("/queue");
    assert(page.url().includes("/sign-in"), `at ${page.url()}`);
    await fillSignIn(page, { name: "rina", password: "not this one" });
    const wrong = await page.textContent("[role=alert]");
    await fillSignIn(page, { name: "nobody-here", password: "not this one" });
    same(await page.textContent("[role=alert]"), wrong, "what is said");
    await isWell(page, "sign-in");
  },

  "the first sign-in: password of the program, second factor, password of one's own": async () => {
    const page = await open();
    const who = person("karim");
    await firstSignIn(page, who, isWell);
    await page.goto("/queue");
    assert(!page.url().includes("/sign-in"), `at ${page.url()}`);
    same(who.recovery.length, 10, "recovery codes");
    who.state = await page.context().storageState();
  },

  "a code counts once, and a recovery code in place of one": async () => {
    const page = await open();
    const who = person("karim");
    await fillSignIn(page, who);
    await page.fill("[name=code]", wrongCode(who));
    await go(page, "main form button.main");
    assert(await page.locator("#problem[role=alert]").count(), "a wrong code is not told");
    await isWell(page, "code-wrong");
    await page.fill("[name=code]", who.recovery.pop());
    await go(page, "main form button.main");
    await page.goto("/queue");
    assert(!page.url().includes("/sign-in"), `at ${page.url()}`);
  },

  "sign-in with password and TOTP; the same code opens nothing else": async () => {
    const who = person("karim");
    const code = await nextCode(who);
    for (const isNew of [true, false]) {
      const page = await open();
      await fillSignIn(page, who);
      await page.fill("[name=code]", code);
      await go(page, "main form button.main");
      await page.goto("/queue");
      same(!page.url().includes("/sign-in"), isNew, "in");
      await close(page);
    }
  },

  "axe finds nothing on any page, light": async () => same((await survey()).light, [], "barriers"),
  "axe finds nothing on any page, dark": async () => same((await survey()).dark, [], "barriers"),
  "320 px: no page scrolls sideways": async () => same((await survey()).narrow, [], "wider"),

  "claim to close": async () => {
    const page = await as("karim");
    const path = await find(page, requestOf(1));
    await claim(page);
    await page.goto(path);
    await page.fill("#note-text", "Called, asked about the papers.");
    await go(page, noteButton);
    assert((await page.textContent("#notes")).includes("asked about the papers"), "the note is not shown");
    await page.selectOption("#close-outcome", { index: 1 });
    await go(page, "#close button");
    await page.goto(path);
    assert(await page.locator("#reopen").count(), "it is not closed");
    same(await barriers(page), [], "barriers");
  },

  "reveal: within the safe time the number is shown once, and that is kept": async () => {
    const page = await as("karim");
    const path = await find(page, plan.always.reference);
    const digits = plan.always.number.slice(-10); // of fewer, some may stand in an id
    assert(!(await page.content()).includes(digits), "the number stands on the page");
    await claim(page);
    await page.goto(path);
    await go(page, "#reveal button");
    same(await page.locator(".private a").getAttribute("href"), `tel:${plan.always.number}`, "the number");
    assert(!page.url().includes(digits), "the number stands in the address");
    await isWell(page, "reveal");
    await page.check("#attempt-result label:has-text('We spoke') input");
    await go(page, "#attempt button");
    assert((await page.textContent("#past")).includes("We spoke"), "the call is not kept");
    await page.goto(path);
    assert(!(await page.content()).includes(digits), "it is shown a second time");
    await page.click("#past details summary");
    assert((await page.textContent("#past details")).includes("saw the number"), "nothing tells who saw it");
  },

  "not safe to call: refused, what was typed stays; overridden with a reason, and that is kept": async () => {
    const page = await as("karim");
    const path = await find(page, plan.never.reference);
    same(await page.locator("#reveal button").count(), 0, "buttons that show the number");
    await page.check("#attempt-result label:has-text('No answer') input");
    await page.fill("#attempt-text", "I tried all the same.");
    await go(page, "#attempt .actions button");
    assert((await page.textContent(".notice.danger[role=alert]")).includes("No time is safe to call them"), "it is not refused");
    same(await page.inputValue("#attempt-text"), "I tried all the same.", "what was typed");
    await isWell(page, "not-safe");
    const boss = await as("rina");
    await boss.goto(path);
    await boss.selectOption("#reveal-reason", { index: 1 });
    await boss.check("#reveal input[name=override]");
    await go(boss, "#reveal button");
    same(await boss.locator(".private a").getAttribute("href"), `tel:${plan.never.number}`, "the number");
    await isWell(boss, "reveal-not-safe");
    await boss.goto(path);
    await boss.click("#past details summary");
    assert((await boss.textContent("#past details")).includes("although it was not safe"), "nothing tells of it");
  },

  "two operators change one request: nothing that was typed is lost": async () => {
    const first = await as("rina"), second = await as("salma");
    const path = await find(first, requestOf(2));
    await claim(first);
    await first.goto(path);
    await second.goto(path);
    await second.fill("#close-text", "She said she is helped.");
    await second.selectOption("#close-outcome", { index: 1 });
    await first.fill("#note-text", "Spoke with her.");
    await go(first, noteButton);
    await first.evaluate(() => document.querySelector("#urgency")?.setAttribute("open", ""));
    await first.selectOption("#urgency-code", { index: 1 });
    await go(first, "#urgency button");
    await go(second, "#close button");
    assert(await second.locator("#conflict").count(), `no conflict: ${await heading(second)}`);
    same(await second.inputValue("#close-text"), "She said she is helped.", "what was typed");
    await isWell(second, "conflict");
  },

  "two change one account: what is there now beside what was typed, and then it is theirs to decide": async () => {
    const first = await as("nodi"), second = await as("nodi");
    await first.goto("/users");
    const path = await first.locator("main a.row", { hasText: "Olga" }).getAttribute("href");
    await Promise.all([first, second].map((page) => page.goto(path)));
    await first.fill("#shown", "Olga of the complaints");
    await go(first, "form[action$='/change'] button.main");
    await go(second, "form[action$='/change'] button.main");
    const said = await second.$$eval("#conflict section", (parts) => parts.map((part) => part.querySelector("dd").textContent));
    same(said, ["Olga of the complaints", "Olga"], "what is there now, and what was wanted");
    await isWell(second, "user-conflict");
    await go(second, "form[action$='/change'] button.main");
    assert(second.url().endsWith("/users"), `at ${second.url()}`);
  },

  "only the keyboard: skip link, shortcuts, focus": async () => {
    const page = await as("rina");
    await page.goto("/queue?tab=all");
    await page.keyboard.press("Tab");
    same(await focused(page), "skip", "first focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("?");
    assert(await page.locator("#shortcuts[open]").count(), "? shows no list");
    same(await barriers(page), [], "barriers of the list");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await goByKey(page, "Enter");
    assert(/\/requests\/\d+/.test(page.url()), `at ${page.url()}`);
    await page.keyboard.press("n");
    same(await focused(page), "note-text", "n leads to");
    await page.keyboard.type("ju?c");
    same(await page.inputValue("#note-text"), "ju?c", "keys while typing");
    const empty = kept(page, "");
    await page.fill("#note-text", "");
    await empty;
    await page.evaluate(() => document.activeElement.blur());
    await goByKey(page, "u");
    assert(page.url().includes("/queue"), `at ${page.url()}`);
    await page.keyboard.press("/");
    same(await focused(page), "search", "/ leads to");
  },

  "only the keyboard: a row up, the reply, waiting, the reference, and every page by g": async () => {
    const page = await as("rina");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/requests/new");
    await page.fill("[name=number]", `+88018${String(Date.now()).slice(-8)}`);
    await page.selectOption("[name=kind]", "call");
    await page.selectOption("[name=language]", "en");
    await page.check("[name=may_be_texted]");
    await go(page, "main form button.main");
    for (const [key, wanted] of [["r", "reply-text"], ["w", "wait-until"]]) {
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press(key);
      same(await focused(page), wanted, `${key} leads to`);
    }
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press(".");
    const reference = await page.getAttribute("[data-copy]", "data-copy");
    await page.waitForFunction((copied) => document.querySelector("#said").textContent === copied, reference);
    same(await page.evaluate(() => navigator.clipboard.readText()), reference, "what . copied");
    await page.goto("/queue?tab=all");
    for (const [key, at] of [["j", 0], ["j", 1], ["k", 0], ["k", 0]]) {
      await page.keyboard.press(key);
      same(await page.$$eval("#queue tbody tr", (rows) => rows.flatMap((row, i) => (row.matches(".here") ? [i] : []))), [at], `the row after ${key}`);
    }
    for (const [name, keys] of [["rina", { q: "/queue", s: "/sessions", o: "/outbox", a: "/audit" }], ["nodi", { u: "/users", a: "/audit" }]]) {
      const theirs = await as(name);
      await theirs.goto("/settings");
      for (const [key, path] of Object.entries(keys)) {
        await goByG(theirs, key);
        same(new URL(theirs.url()).pathname, path, `g ${key}`);
      }
    }
  },

  "the link of a step: it leads there, it is copied, and that is said and seen": async () => {
    const page = await as("rina");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${await find(page, requestOf(0))}/session`);
    for (const step of ["1", "2"]) {
      await page.click(`.step-link[href='#step-${step}']`);
      await page.waitForFunction((step) => document.querySelector(`#step-${step} .step-head .hint`)?.textContent === "Link copied", step);
      assert(new URL(page.url()).hash === `#step-${step}`, `at ${page.url()}`);
      same(await page.evaluate(() => navigator.clipboard.readText()), page.url(), "what was copied");
      same(await page.locator("#said").textContent(), "Link copied", "what is said");
      same(await page.locator(".step-head .hint").count(), 1, "said in one place");
    }
    await close(page);
  },

  "only the keyboard, the whole way: sign in, find, claim, note, close": async () => {
    const who = person("salma");
    await close(await as("salma"));
    const page = await open();
    await page.goto("/sign-in");
    await tabTo(page, "name");
    await page.keyboard.type(who.name);
    await tabTo(page, "password");
    await page.keyboard.type(who.password);
    await goByKey(page, "Enter");
    await tabTo(page, "code");
    await page.keyboard.type(await nextCode(who));
    await goByKey(page, "Enter");
    await goByG(page, "q");
    await page.keyboard.press("/");
    await page.keyboard.type(requestOf(5));
    await goByKey(page, "Enter");
    assert(/\/requests\/\d+/.test(page.url()), `at ${page.url()}`);
    await goByKey(page, "c");
    same(await page.locator("#release").count(), 1, "it is hers");
    await page.keyboard.press("n");
    await page.keyboard.type("Spoke with him, all is said.");
    await goByKey(page, "Control+Enter");
    assert((await page.textContent("#notes")).includes("all is said"), "the note is not shown");
    await page.keyboard.press("e");
    same(await focused(page), "close-outcome", "e leads to");
    await page.keyboard.press("ArrowDown");
    await goByKey(page, "Control+Enter");
    same(await page.locator("#close").count(), 0, "it is open");
  },

  "shortcuts can be switched off": async () => {
    const page = await as("karim");
    await page.goto("/settings");
    await page.uncheck("[name=shortcuts]");
    await go(page, "form[action='/settings'] button.main");
    await page.goto("/queue?tab=all");
    await page.keyboard.press("?");
    await page.keyboard.press("/");
    same(await page.locator("#shortcuts").count(), 0, "lists of shortcuts");
    same(await page.evaluate(() => document.activeElement.tagName), "BODY", "focus");
  },

  "a theme that is chosen holds against the system's, and is the one that the system would have": async () => {
    const page = await as("tuli");
    const choose = async (theme, system) => {
      await page.emulateMedia({ colorScheme: system });
      await page.goto("/settings");
      await page.selectOption("#theme", theme);
      await go(page, "form[action='/settings'] button.main");
      return page.evaluate(() => {
        const drawn = getComputedStyle(document.documentElement);
        const names = [...document.styleSheets[0].cssRules[0].style].filter((name) => name.startsWith("--"));
        return Object.fromEntries(["background-color", "color", ...names].map((name) => [name, drawn.getPropertyValue(name)]));
      });
    };
    const own = { light: await choose("auto", "light"), dark: await choose("auto", "dark") };
    assert(Object.keys(own.dark).length > 15 && own.dark["background-color"] !== own.light["background-color"], JSON.stringify(own));
    for (const [theme, system] of [["dark", "light"], ["light", "dark"]]) {
      same(await choose(theme, system), own[theme], `${theme}, chosen in a system that is ${system}`);
      same(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), theme, "of what the browser draws itself");
      same(await barriers(page), [], `barriers, ${theme}`);
    }
  },

  "what is typed is kept before it is saved, and the idle lock keeps it": async () => {
    const page = await as("rina");
    const path = await find(page, requestOf(3));
    await claim(page);
    await page.goto(path);
    const draft = kept(page, "half a sentence");
    await page.fill("#note-text", "half a sentence");
    await draft;
    await page.goto(path);
    same(await page.inputValue("#note-text"), "half a sentence", "the draft");
    await page.goto("about:blank");
    await fetch(`${plan.clock}/rina`);
    await page.goto(path);
    same(new URL(page.url()).pathname, "/unlock", "after a quarter of an hour");
    assert(!(await page.content()).includes("half a sentence"), "the draft stands on the locked page");
    await isWell(page, "unlock");
    await page.fill("[name=password]", person("rina").password);
    await go(page, "main form button.main");
    same(new URL(page.url()).pathname, path, "after the password");
    same(await page.inputValue("#note-text"), "half a sentence", "the draft");
    person("rina").state = await page.context().storageState();
  },

  "a form that was sent while it was locked: asked for again, and what it made is shown once": async () => {
    const page = await as("nodi");
    await hearsNothing(page); // nor would it send the form by itself
    await page.goto("/users/new");
    await page.fill("[name=name]", "bela");
    await page.fill("[name=shown]", "Bela");
    await page.check("[name=role][value=counsellor]");
    await fetch(`${plan.clock}/nodi`);
    await go(page, "main form button.main");
    assert(await page.locator("main form[action='/unlock']").count(), `at ${page.url()}: ${await heading(page)}`);
    await isWell(page, "unlock-form");
    await page.fill("[name=password]", person("nodi").password);
    await go(page, "main form button.main");
    assert(await page.locator("main form[action='/users/new'] input[type=hidden][value=Bela]").count(), "the form is gone");
    await isWell(page, "resume");
    await go(page, "main form button.main");
    same(await page.locator("main dd code").first().textContent(), "bela", "who was made");
    await isWell(page, "first-password");
    person("nodi").state = await page.context().storageState();
  },

  "without JavaScript": async () => {
    const page = await as("rina", { javaScriptEnabled: false });
    await page.goto("/queue");
    await page.fill("#search", requestOf(4));
    await Promise.all([page.waitForNavigation(), page.press("#search", "Enter")]);
    assert(/\/requests\/\d+/.test(page.url()), `at ${page.url()}`);
    await go(page, "#claim button");
    await page.fill("#note-text", "Without any script.");
    await go(page, noteButton);
    assert((await page.textContent("#notes")).includes("Without any script."), "the note is not shown");
    await page.selectOption("#close-outcome", { index: 1 });
    await go(page, "#close button");
    same(await page.locator("#close").count(), 0, "it is open");
  },

  "words that should not be there: asked once more, then gone, without JavaScript": async () => {
    const { words, reference } = plan.complaints[1];
    const page = await as("olga", { javaScriptEnabled: false });
    await page.goto("/queue");
    await page.fill("#search", reference);
    await Promise.all([page.waitForNavigation(), page.press("#search", "Enter")]);
    const transcript = `${new URL(page.url()).pathname}/session`;
    await page.goto(transcript);
    const step = await page.locator(`.step:has(kbd:text-is("${words}"))`).getAttribute("id");
    await go(page, `#${step} .typed a`);
    assert((await page.innerText("main")).includes(words), "what goes is not shown");
    await go(page, "main .actions a");
    same(new URL(page.url()).hash, `#${step}`, "where leaving it leads to");
    await go(page, `#${step} .typed a`);
    await go(page, "main button.danger");
    same(new URL(page.url()).hash, `#${step}`, "where it goes on");
    assert((await page.textContent(".flash")).includes("It was taken out."), "nothing is said");
    assert((await page.innerText(`#${step}`)).includes(`${words.length} characters taken out by Olga`), await page.innerText(`#${step}`));
    same(await page.locator(".typed a").count(), 0, "buttons that are left");
    assert(!(await page.content()).includes(words), "the words stand there");
    const boss = await as("rina");
    await boss.goto(transcript);
    await isWell(boss, "transcript-redacted");
    await boss.goto(transcript.replace("/session", ""));
    assert(/taken out/.test(await boss.innerText("#answers")), "the answer does not say so");
    await isWell(boss, "request-redacted");
  },

  "1280 by 800: rules and the button that shows a number stand on the first screen": async () => {
    const page = await as("rina", { viewport: { width: 1280, height: 800 } });
    await page.goto("/queue?tab=all");
    const links = await page.locator("main a.row").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    let seen = 0;
    for (const link of links) {
      await page.goto(link);
      const button = page.locator("#reveal button");
      if (!(await button.count())) continue;
      const box = await button.boundingBox();
      seen++;
      assert(box.y + box.height <= 800, `the button ends at ${Math.round(box.y + box.height)}`);
    }
    assert(seen, "no request has a number to show");
    await close(page);
  },

  "Shift+E closes what has an outcome, and nothing else": async () => {
    const page = await as("rina");
    const path = await find(page, requestOf(7));
    await claim(page);
    await page.keyboard.press("Shift+E");
    same(new URL(page.url()).pathname, path, "without an outcome");
    await page.selectOption("#close-outcome", "1");
    await page.evaluate(() => document.activeElement.blur());
    await goByKey(page, "Shift+E");
    assert(new URL(page.url()).pathname !== path, "it stayed there");
    assert((await page.textContent(".flash")).includes("The request is closed."), "nothing is said");
    await close(page);
  },

  "200 % zoom": async () => {
    const page = await as("rina", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
    for (const [name, , path] of await allPages()) {
      if (name !== "rina") continue;
      await page.goto(path);
      assert(await fitsIn(page, 640), `${path} is wider`);
    }
    await shot(page, "zoom-200");
  },

  "in Bangla": async () => {
    const page = await as("salma");
    await page.goto("/settings");
    await page.selectOption("#lang", "bn");
    await go(page, "form[action='/settings'] button.main");
    const request = await find(page, requestOf(6));
    for (const [shown, path] of [["queue", "/queue?tab=all"], ["request", request], ["transcript", `${request}/session`]]) {
      await page.goto(path);
      same(await page.getAttribute("html", "lang"), "bn", "language");
      assert(/[০-৯]/.test(await page.innerText("main")), `no local digits: ${shown}`);
      await isWell(page, `${shown}-bangla`);
    }
  },

  "live: a new request is told and moves nothing": async () => {
    const page = await as("rina");
    await page.goto("/queue?tab=all");
    await page.waitForSelector("#light.on");
    const rows = () => page.$$eval("main table tbody tr", (all) => all.map((row) => { // but for "5 min ago", which goes on
      const shown = row.cloneNode(true);
      for (const time of shown.querySelectorAll("time[data-ago]")) time.remove();
      return shown.textContent;
    }));
    const before = await rows();
    await callIn();
    await page.waitForSelector("[data-fresh]:not([hidden])", { timeout: 40000 });
    same(await rows(), before, "the rows");
    const aside = await page.$eval("[data-fresh]", (link) => parseFloat(getComputedStyle(link).paddingLeft));
    assert(aside >= 8, `its words are ${aside} px from the edge`);
    await go(page, "[data-fresh]");
    same((await rows()).length, before.length + 1, "rows");
  },

  "claimed by key in the queue: no row moves, the focus goes on to the next step, and one's own doing is no news": async () => {
    await callIn();
    const page = await as("rina");
    await page.goto("/queue?tab=unassigned&topic=work");
    await page.waitForSelector("#light.on");
    const stand = () => page.$$eval("#queue tbody tr", (rows) => {
      for (const time of document.querySelectorAll("time[data-ago]")) time.textContent = "5 min ago"; // which goes on by itself
      return rows.map((row) => [row.id, row.getBoundingClientRect().top].join(" "));
    });
    const before = await stand(), mine = Number(await page.innerText(".counters [data-count-of=mine]"));
    await page.keyboard.press("j");
    const row = await page.locator("tr.here").getAttribute("id");
    await page.route("**/claim?*", async (route) => { // the news of it are here before its answer
      const answer = await route.fetch();
      await page.waitForFunction((count) => Number(document.querySelector(".counters [data-count-of=mine]").textContent) === count, mine + 1);
      await route.fulfill({ response: answer });
    });
    await page.keyboard.press("c");
    await page.waitForFunction(() => document.querySelector("#said").textContent === "It is yours."); // said last
    same(await page.locator(`#${row}[data-claimed]`).count(), 1, "the row that they claimed");
    same(await stand(), before, "where the rows stand");
    same(await page.evaluate(() => document.activeElement.closest(".here .next") !== null), true, "the focus is on the row's next step");
    await page.waitForFunction((count) => Number(document.querySelector(".counters [data-count-of=mine]").textContent) === count, mine + 1);
    same(await page.locator(".fresh:visible").count(), 0, "one's own doing as news");
    // On the request's page the way back is to where they were.
    await goByKey(page, "Enter");
    assert(page.url().includes("/requests/"), `at ${page.url()}`);
    await goByKey(page, "u");
    same(new URL(page.url()).search, "?tab=unassigned&topic=work", "the part of the queue that they came from");
  },

  "what was done is said in sight, wherever the page goes on": async () => {
    for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 640 }]) {
      const page = await as("rina", { viewport });
      await find(page, requestOf(0));
      await page.fill("#note-text", "Said in sight.");
      await go(page, noteButton);
      await page.waitForFunction(() => scrollY > 0);
      const { y, height } = await page.locator(".flash").boundingBox();
      assert(y >= 0 && y + height < viewport.height, `"The note is saved." stands at ${y}`);
      await page.focus("#note-text");
      assert((await page.locator("#note-text").boundingBox()).y >= y + height, "it lies over what has the focus");
      await close(page);
    }
  },

  "signing out ends it": async () => {
    const page = await as("nodi");
    await page.goto("/settings");
    const cookies = await page.context().cookies();
    await go(page, "form[action='/sign-out'] button");
    await page.context().addCookies(cookies);
    await page.goto("/settings");
    assert(page.url().includes("/sign-in"), "the old cookie still opens");
  },
});

// Somebody calls and asks to be called: the keys that a phone would press.
async function callIn() {
  const number = `+88017${String(Date.now()).slice(-8)}`;
  const session = `ATUid_live${Date.now()}`;
  for (let length = 0; length <= plan.keys.length; length++) {
    const text = plan.keys.slice(0, length).join("*");
    await fetch(plan.webhook, {
      method: "POST",
      body: new URLSearchParams({ sessionId: session, phoneNumber: number, serviceCode: "*384*123#", networkCode: "47001", text }),
    });
  }
}
