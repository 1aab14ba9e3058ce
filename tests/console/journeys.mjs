// What operators do, one function each. They run in this order on one gateway: later ones find what earlier ones left.
import { as, assert, barriers, close, fillSignIn, firstSignIn, fitsIn, open, person, plan, run, same, shot } from "./browser.mjs";

const heading = (page) => page.locator("h1").first().innerText();
const requestOf = (index) => plan.callers[index].reference;

// By the box in the top of every page.
async function find(page, reference) {
  await page.goto("/queue");
  await page.fill("#search", reference);
  await page.press("#search", "Enter");
  await page.waitForURL(/\/requests\/\d+/);
  return new URL(page.url()).pathname;
}
async function claim(page) {
  const button = page.locator("#claim button");
  if (await button.count()) await Promise.all([page.waitForNavigation(), button.click()]);
}

// Every page that a supervisor, an administrator and an auditor have, by the names of their screenshots.
async function allPages(name) {
  const page = await as("rina");
  const request = await find(page, requestOf(0));
  const session = await page.locator("#answers a").first().getAttribute("href").catch(() => null);
  const person = await page.locator("a[href^='/people/']").first().getAttribute("href");
  await close(page);
  return [
    ["rina", "queue", "/queue?tab=all"], ["rina", "request", request], ["rina", "transcript", session], ["rina", "person", person],
    ["rina", "request-new", "/requests/new"], ["rina", "search", "/search"], ["rina", "sessions", "/sessions"],
    ["rina", "outbox", "/outbox?show=all"], ["rina", "settings", "/settings"], ["rina", "not-there", "/requests/1"],
    ["nodi", "users", "/users"], ["nodi", "user-new", "/users/new"], ["tuli", "audit", "/audit"],
  ].filter(([, , path]) => path);
}

// Each page is opened once and looked at in both themes and on a small screen.
let surveyed = null;
async function survey() {
  if (surveyed) return surveyed;
  surveyed = { light: [], dark: [], narrow: [] };
  for (const [name, shown, path] of await allPages()) {
    const page = await as(name);
    await page.goto(path);
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      for (const each of await barriers(page)) surveyed[theme].push(`${shown}: ${each}`);
      await shot(page, `${shown}-${theme}`);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    if (!(await fitsIn(page, 320))) surveyed.narrow.push(shown);
    await shot(page, `${shown}-320`);
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
    same(await barriers(page), [], "barriers");
    await shot(page, "sign-in");
  },

  "the first sign-in: password of the program, second factor, password of one's own": async () => {
    const page = await open();
    const who = person("karim");
    await firstSignIn(page, who);
    await page.goto("/queue");
    assert(!page.url().includes("/sign-in"), `at ${page.url()}`);
    same(who.recovery.length, 10, "recovery codes");
    who.state = await page.context().storageState();
  },

  "a code counts once, and a recovery code in place of one": async () => {
    const page = await open();
    const who = person("karim");
    await fillSignIn(page, who);
    await page.fill("[name=code]", "000000");
    await page.click("main form button.main");
    assert(await page.locator("[role=alert]").count(), "a wrong code is told");
    await page.fill("[name=code]", who.recovery.pop());
    await page.click("main form button.main");
    await page.goto("/queue");
    assert(!page.url().includes("/sign-in"), `at ${page.url()}`);
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
    await page.click("#note .actions button >> nth=0");
    assert((await page.textContent("#notes")).includes("asked about the papers"), "the note is not shown");
    await page.selectOption("#close-outcome", { index: 1 });
    await page.click("#close button");
    await page.goto(path);
    assert(await page.locator("#reopen").count(), "it is not closed");
    same(await barriers(page), [], "barriers");
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
    await first.click("#note .actions button >> nth=0");
    await first.evaluate(() => document.querySelector("#urgency")?.setAttribute("open", ""));
    await first.selectOption("#urgency-code", { index: 1 });
    await first.click("#urgency button");
    await second.click("#close button");
    assert(await second.locator("#conflict").count(), `no conflict: ${await heading(second)}`);
    same(await second.inputValue("#close-text"), "She said she is helped.", "what was typed");
    same(await barriers(second), [], "barriers");
    await shot(second, "conflict");
  },

  "only the keyboard: skip link, shortcuts, focus": async () => {
    const page = await as("rina");
    await page.goto("/queue?tab=all");
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.className), "skip", "first focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("?");
    assert(await page.locator("#shortcuts[open]").count(), "? shows no list");
    same(await barriers(page), [], "barriers of the list");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/requests\/\d+/);
    await page.keyboard.press("n");
    same(await page.evaluate(() => document.activeElement.id), "note-text", "n leads to");
    await page.keyboard.type("ju?c");
    same(await page.inputValue("#note-text"), "ju?c", "keys while typing");
    await page.fill("#note-text", "");
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForTimeout(1800);
    await page.keyboard.press("u");
    await page.waitForURL(/\/queue/);
    await page.keyboard.press("/");
    same(await page.evaluate(() => document.activeElement.id), "search", "/ leads to");
  },

  "what is typed is kept before it is saved": async () => {
    const page = await as("rina");
    const path = await find(page, requestOf(3));
    await claim(page);
    await page.goto(path);
    await page.fill("#note-text", "half a sentence");
    await page.waitForSelector("#note .draft-said:not(:empty)");
    await page.goto(path);
    same(await page.inputValue("#note-text"), "half a sentence", "the draft");
  },

  "without JavaScript": async () => {
    const page = await as("rina", { javaScriptEnabled: false });
    await page.goto("/queue");
    await page.fill("#search", requestOf(4));
    await page.press("#search", "Enter");
    assert(/\/requests\/\d+/.test(page.url()), `at ${page.url()}`);
    await page.click("#claim button");
    await page.fill("#note-text", "Without any script.");
    await page.click("#note .actions button >> nth=0");
    assert((await page.textContent("#notes")).includes("Without any script."), "the note is not shown");
  },

  "200 % zoom": async () => {
    const page = await as("rina", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
    for (const path of ["/queue?tab=all", "/sessions", "/settings"]) {
      await page.goto(path);
      assert(await fitsIn(page, 640), `${path} is wider`);
    }
    await shot(page, "zoom-200");
  },

  "in Bangla": async () => {
    const page = await as("salma");
    await page.goto("/settings");
    await page.selectOption("#lang", "bn");
    await page.click("form[action='/settings'] button.main");
    await page.goto("/queue?tab=all");
    same(await page.getAttribute("html", "lang"), "bn", "language");
    const text = await page.innerText("main table");
    assert(/[০-৯]/.test(text), "no local digits");
    same(await barriers(page), [], "barriers");
    await shot(page, "queue-bangla");
  },

  "live: a new request is told and moves nothing": async () => {
    const page = await as("rina");
    await page.goto("/queue?tab=all");
    await page.waitForSelector("#light.on", { timeout: 20000 });
    const before = await page.innerText("main table tbody");
    await callIn();
    await page.waitForSelector("[data-fresh]:not([hidden])", { timeout: 40000 });
    same(await page.innerText("main table tbody"), before, "the rows");
    await page.click("[data-fresh]");
    assert((await page.innerText("main table tbody")) !== before, "it is not shown");
  },

  "signing out ends it": async () => {
    const page = await as("nodi");
    await page.goto("/settings");
    const cookies = await page.context().cookies();
    await page.click("form[action='/sign-out'] button");
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
