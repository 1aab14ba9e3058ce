// Pages that stand open while the world goes on: news, a gateway that is gone for a while, a lock, two tabs, signing out.
import { as, assert, barriers, close, expects, fillSignIn, go, hearsNothing, isWell, nextCode, person, plan, run, same } from "./browser.mjs";

// ---- what happens outside ----

// What chromium and htmx say where the gateway is not there for a moment.
const noGateway = /Failed to load resource: net::ERR_\w+ \(\/live|htmx:sse:error/;
const hand = async (what) => {
  if (/^(stop|idle)/.test(what)) expects(noGateway);
  const answer = await fetch(plan.hand + what);
  assert(answer.ok, `${what}: ${answer.status}`);
  return answer.text();
};
// Attached and not visible: what another tab covers is painted by nobody, and visible to no driver.
const isLive = (page, seconds = 30) => page.waitForSelector("#light.on", { state: "attached", timeout: seconds * 1000 });
const isNotLive = (page) => page.waitForSelector("#light.off", { state: "attached", timeout: 30000 });
const told = (page, words, seconds = 30) => page.locator(`.fresh:visible:has-text('${words}')`).waitFor({ timeout: seconds * 1000 });
// Where each row and link stands, to the pixel. "5 min ago" goes on by itself, and is all the same to this.
const places = (page) => page.$$eval("main tbody tr, main h1, .tabs a", (all) => {
  for (const time of document.querySelectorAll("time[data-ago]")) time.textContent = "5 min ago";
  return all.map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect();
    return [each.id || each.textContent.trim().replace(/\d+$/, ""), x, y, width, height].join(" ");
  });
});
const focus = (page) => page.evaluate(() => document.activeElement.getAttribute("href") || document.activeElement.tagName);
const at = (page, path) => page.waitForURL((url) => url.pathname === path, { timeout: 30000 });

// What chromium and htmx say of a stream that a test cuts off itself.
const noStream = /Failed to load resource: net::ERR_FAILED \(\/live|status of 503 .*\(\/live/;
const noSignIn = /status of 401 .*\(\/live|SSE reconnect failed with status 401/;

// Over when what was answered before is known to the page.
const isKnown = (page) => page.evaluate(() => fetch("/healthz").then(() => {}));

async function request(page, index) {
  await page.goto("/queue");
  await page.fill("#search", plan.references[index]);
  await Promise.all([page.waitForNavigation(), page.press("#search", "Enter")]);
  return new URL(page.url()).pathname;
}
// Signs in once more where somebody signed out.
async function again(page, name) {
  const who = person(name);
  await fillSignIn(page, who);
  await page.fill("[name=code]", await nextCode(who));
  await go(page, "main form button.main");
  who.state = await page.context().storageState();
}

await run({
  "news move nothing: three new requests, one of them in danger": async () => {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 320, height: 640 }]) {
      const page = await as("rina", { viewport });
      await page.goto("/queue?tab=all");
      await isLive(page);
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      const before = await places(page), focused = await focus(page);
      const scrolled = await page.evaluate(() => scrollY);
      const danger = await page.innerText("#counters [data-count-of=danger]");
      await hand("call");
      await hand("danger");
      await hand("call");
      await told(page, "3 new");
      same(await places(page), before, `where everything stands at ${viewport.width} px`);
      same([await focus(page), await page.evaluate(() => scrollY)], [focused, scrolled], "focus and scrolling");
      assert(Number(await page.innerText("#counters [data-count-of=danger]")) > Number(danger), "the counter of danger");
      assert((await page.textContent("#alarm")).trim(), "danger is not said to who listens");
      assert((await page.textContent("#said")).includes("3 new"), "news are not said to who listens");
      same(await barriers(page), [], "barriers");
      await go(page, ".fresh");
      same(await page.locator("main tbody tr").count(), before.filter((each) => each.startsWith("row-")).length + 3, "rows");
      same(await focus(page), "BODY", "focus after");
      same(await page.locator(".fresh:visible").count(), 0, "news after");
      await close(page);
    }
  },

  "a script that comes late misses no stream": async () => {
    const page = await as("rina");
    await page.route("**/assets/app.*.js", (route) => setTimeout(() => route.continue(), 3000));
    await page.goto("/queue?tab=all");
    await isLive(page);
  },

  "the gateway is gone and comes back: the light says so, and news come again": async () => {
    const page = await as("rina");
    await page.goto("/queue?tab=all");
    await isLive(page);
    await hand("stop");
    await isNotLive(page);
    same(await page.innerText("#light"), "Reconnecting", "the light");
    await hand("start");
    await isLive(page, 60);
    same(await page.innerText("#light"), "Live", "the light");
    await hand("call");
    await told(page, "1 new", 40);
  },

  "no stream at all: the page asks now and then, and tells the same": async () => {
    expects(noStream);
    for (const refuse of [(route) => route.abort(), (route) => route.fulfill({ status: 503, body: "too many listen already" })]) {
      const page = await as("rina");
      await page.route("**/live?*", refuse);
      await page.goto("/queue?tab=all");
      await isLive(page);
      await hand("call");
      await told(page, "1 new", 40);
      await close(page);
    }
  },

  "somebody who is disabled: the stream ends, the page leads to the sign-in, and so does every click": async () => {
    expects(noStream, noSignIn);
    const page = await as("mina"), still = await as("mina");
    await hearsNothing(still);
    await still.goto("/settings");
    await page.goto("/queue?tab=all");
    await isLive(page);
    await hand("disable/mina");
    await at(page, "/sign-in");
    await still.click("header nav a");
    await at(still, "/sign-in");
  },

  "two tabs: signing out in one closes the other, also one that was not looked at": async () => {
    expects(noSignIn);
    const page = await as("salma");
    const path = await request(page, 0);
    const other = await page.context().newPage();
    await other.goto(path);
    await isLive(other);
    const hidden = await page.context().newPage();
    await hidden.goto(path);
    await isLive(hidden);
    await look(hidden, false);
    await go(page, "form[action='/sign-out'] button");
    await at(other, "/sign-in");
    await look(hidden, true);
    await at(hidden, "/sign-in");
    await again(page, "salma");
  },

  "who else looks at a request is told to both, and no longer when they are gone": async () => {
    expects(noStream);
    const rina = await as("rina"), salma = await as("salma");
    const path = await request(rina, 3);
    const others = rina.locator("[data-viewing]");
    await isLive(rina);
    same([await others.isVisible(), await others.textContent()], [false, ""], "nobody else");
    await salma.route("**/live*", (route) => route.abort()); // what is told to her stands on the page itself
    await salma.goto(path);
    same((await salma.innerText("[data-viewing]")).trim(), "Also looking at this: Rina", "to who came later");
    await rina.locator("[data-viewing]:visible:has-text('Also looking at this: Salma')").waitFor();
    same(await barriers(rina), [], "barriers");
    const isHidden = await rina.evaluate(() => { // as the desk says it two minutes later
      const counts = { new: 0, danger: 0, viewing: [] };
      document.querySelector("#counters").dispatchEvent(new CustomEvent("counts", { detail: { data: JSON.stringify(counts) } }));
      return document.querySelector("[data-viewing]").hidden;
    });
    assert(isHidden, "who went is told on");
  },

  "after signing out the way back shows nothing": async () => {
    const page = await as("salma");
    const path = await request(page, 1);
    await page.goto("/queue?tab=all");
    await page.goto(path);
    await go(page, "form[action='/sign-out'] button");
    for (let i = 0; i < 2; i++) {
      await page.goBack();
      same(new URL(page.url()).pathname, "/sign-in", "the way back");
      assert(!(await page.content()).includes(plan.references[1]), "the request is shown");
    }
    await again(page, "salma");
  },

  "two minutes before it locks the desk says so; who is there stays, who is not loses nothing": async () => {
    const page = await as("salma");
    const path = await request(page, 2);
    await page.clock.install();
    await page.goto(path);
    await isLive(page); // a stream that is not open yet would wait too long by this clock
    await page.clock.fastForward("12:20"); // what the machine took until here has gone by, too
    same(await page.locator("#lock[open]").count(), 0, "warnings before their time");
    await page.clock.fastForward("00:50");
    await page.waitForSelector("#lock[open]");
    same(await barriers(page), [], "barriers");
    await Promise.all([page.waitForResponse("**/settings"), page.keyboard.press("Enter")]);
    same(await page.locator("#lock[open]").count(), 0, "warnings after the answer");
    await isKnown(page);
    await page.clock.fastForward("12:00");
    same(await page.locator("#lock[open]").count(), 0, "warnings after who was there");
    await page.fill("#note-text", "half a thought");
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("16:00")]);
    same(await page.inputValue("#note-text"), "half a thought", "what was typed");
    const isKept = async () => { // a browser keeps what stood in a page that is loaded anew: asked for afresh, the desk tells what it has
      await page.goto(path);
      return await page.inputValue("#note-text") === "half a thought";
    };
    for (let tries = 0; !(await isKept()); tries++) assert(tries < 50, "the draft is not kept");
  },

  "what stands in a form without a draft goes through the lock, and is shown only after it": async () => {
    expects(noStream, noSignIn);
    const page = await as("salma");
    await hearsNothing(page);
    await page.clock.install();
    await page.goto("/requests/new");
    await page.fill("#new-note", "half a request");
    await Promise.all([page.waitForResponse("**/settings"), page.clock.fastForward("08:00")]); // typing was being there
    await isKnown(page);
    await page.clock.fastForward("13:10");
    await page.waitForSelector("#lock[open]");
    await hand("idle/salma");
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("05:00")]);
    same(await page.innerText("h1"), "Locked", "the page");
    assert(!(await page.content()).includes("half a request"), "it can be read while the desk is locked");
    await page.fill("[name=password]", person("salma").password);
    await go(page, "main form button.main");
    same(await page.inputValue("[name=note]"), "half a request", "what was typed");
    same(await barriers(page), [], "barriers");
    await page.fill("[name=note]", "half a request and more");
    await go(page, "main form button.main");
    same(await page.inputValue("#new-note"), "half a request and more", "the form, for what it lacks");
    person("salma").state = await page.context().storageState();
    same(await page.evaluate(() => Object.values(sessionStorage).concat(Object.values(localStorage)).join("").includes("half")), false, "storage");

    // Somebody was here in another tab meanwhile: the page leaves all the same, and nothing is carried out. So does what a form shows again.
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("16:00")]);
    same(await page.inputValue("[name=note]"), "half a request and more", "what was typed, again");
  },

  "a number on the page goes by the lock, is not asked for once more, and does not stay where the desk does not answer": async () => {
    expects(noStream, noSignIn);
    const page = await as("rina");
    await hearsNothing(page);
    await page.clock.install();
    const path = await request(page, 4);
    const digits = plan.number.slice(-10); // of fewer, some may stand in an id
    const reveal = async () => {
      await page.goto(path);
      await go(page, "#reveal button");
      assert((await page.content()).includes(digits), "the number is not shown");
    };
    await reveal();
    const seen = await hand("revealed");
    await hand("idle/rina");
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("16:00")]);
    same(await page.innerText("h1"), "Locked", "the page");
    assert(!(await page.content()).includes(digits), "it can be read while the desk is locked");
    await page.fill("[name=password]", person("rina").password);
    await go(page, "main form button.main");
    same(new URL(page.url()).pathname, path, "where it goes on");
    assert(!(await page.content()).includes(digits), "the number is shown by itself");
    same(await hand("revealed"), seen, "how often it was shown");
    person("rina").state = await page.context().storageState();

    // Somebody was here in another tab meanwhile, and the desk gives no page.
    await reveal();
    const again = await hand("revealed");
    await page.route(`**${path}`, (route) => route.fulfill({ status: 204 }));
    await Promise.all([page.waitForResponse(`**${path}`), page.clock.fastForward("16:00")]);
    same(await page.locator(".private").isVisible(), false, "the number can be read");
    await page.unroute(`**${path}`);
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("01:00")]);
    same([new URL(page.url()).pathname, (await page.content()).includes(digits)], [path, false], "the page");
    same(await hand("revealed"), again, "how often it was shown");
  },

  "a first password on the page goes by the lock": async () => {
    const page = await as("nodi");
    await page.clock.install();
    await page.goto("/users/new");
    await page.fill("[name=name]", "bela");
    await page.fill("[name=shown]", "Bela");
    await page.check("[name=role][value=analyst]");
    await go(page, "main form button.main");
    const password = await page.locator("main dd code").nth(1).textContent();
    await hand("idle/nodi");
    await Promise.all([page.waitForNavigation(), page.clock.fastForward("16:00")]);
    same(await page.innerText("h1"), "Locked", "the page");
    assert(!(await page.content()).includes(password), "it can be read while the desk is locked");
    await page.fill("[name=password]", person("nodi").password);
    await go(page, "main form button.main");
    same(new URL(page.url()).pathname, "/users/new", "where it goes on");
    assert(!(await page.content()).includes(password), "it is shown once more");
    await page.goto("/users");
    same(await page.locator("main a.row:has-text('Bela')").count(), 1, "how many were made");
    person("nodi").state = await page.context().storageState();
  },

  "unlocked in another tab, signed out in another tab: what was typed is shown again, to nobody else": async () => {
    expects(noStream, noSignIn);
    const page = await as("salma");
    const hearsAgain = await hearsNothing(page);
    await page.goto("/requests/new");
    await page.fill("#new-note", "from before the lock");
    await page.selectOption("#new-kind", { index: 1 });
    await page.selectOption("#new-language", { index: 1 });
    await hand("idle/salma");
    const other = await page.context().newPage();
    await other.goto("/settings");
    await other.fill("[name=password]", person("salma").password);
    await go(other, "main form button.main");
    await hearsAgain();
    await go(page, "main form button.main");
    same(await page.inputValue("[name=note]"), "from before the lock", "after another tab unlocked");
    await isWell(page, "old-page");
    await go(other, "form[action='/sign-out'] button");
    await page.waitForSelector("[name=kept]", { state: "attached" });
    assert(!(await page.content()).includes("from before the lock"), "it can be read by whoever comes");
    await isWell(page, "signed-out");
    const [beside] = await Promise.all([page.context().waitForEvent("page"), page.click("main a.button")]);
    await beside.close();
    await again(other, "salma");
    await go(page, "main form button:not(.main)");
    await go(page, "main form button.main");
    assert((await page.content()).includes("from before the lock"), "it was not sent");
  },

  "what cannot be saved is handed back with what was typed, and is sent again": async () => {
    expects(/status of 503 .*\(\/requests\/\d+\/(note|draft)\)/); // where typing takes its time, a draft is tried, too
    const page = await as("rina");
    await request(page, 2);
    await hand("hold");
    await page.fill("#note-text", "typed while nothing could be saved");
    await go(page, "#note .actions button >> nth=0");
    same(await page.inputValue("main form textarea"), "typed while nothing could be saved", "what was typed");
    await isWell(page, "send-again");
    await hand("release");
    await go(page, "main form button.main");
    assert((await page.textContent("#notes")).includes("typed while nothing could be saved"), "it is not kept");
  },

  "what is typed in two tabs: the later one is told, and neither is lost": async () => {
    const first = await as("salma");
    const path = await request(first, 3);
    await first.goto(path);
    const second = await first.context().newPage();
    await second.goto(path);
    await first.fill("#note-text", "from the first tab");
    await go(first, "#note .actions button >> nth=0");
    await second.fill("#note-text", "from the second tab");
    await go(second, "#note .actions button >> nth=0");
    const page = await second.content();
    assert(page.includes("from the first tab") && page.includes("from the second tab"), "one of them is lost");
  },
});

// As the browser tells a tab that another one covers it, or does no more.
async function look(page, isShown) {
  await page.evaluate((shown) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => !shown });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isShown);
}
