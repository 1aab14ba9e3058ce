// What callers and operators write: on every page that shows it nothing scrolls sideways, and it is read in its own direction.
import { as, assert, go, isWell, plan, run, same, fitsIn } from "./browser.mjs";

async function search(page, what) {
  await page.goto("/queue");
  await page.fill("#search", what);
  await Promise.all([page.waitForNavigation(), page.press("#search", "Enter")]);
}
async function path(page) {
  await search(page, plan.reference);
  return new URL(page.url()).pathname;
}
// What holds these words, from within: where their direction is decided by themselves.
const isRead = (page, text) => page.evaluate((words) => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.includes(words)) return Boolean(node.parentElement.closest("[dir=auto], textarea[dir=auto]"));
  return null;
}, text.slice(0, 40));

await run({
  "texts of callers: the transcript at 320 px and wide, in both themes": async () => {
    const page = await as("rina");
    const request = await path(page);
    await page.goto("/sessions");
    const links = await page.$$eval("main a[href^='/sessions/']", (all) => [...new Set(all.map((each) => each.getAttribute("href")))]);
    const unseen = new Set(Object.keys(plan.texts));
    for (const link of [`${request}/session`, ...links.slice(0, 8)]) {
      await page.goto(link);
      const shown = await page.innerText("main");
      for (const [name, text] of Object.entries(plan.texts)) {
        if (!shown.includes(text.slice(0, 30))) continue;
        unseen.delete(name);
        same(await isRead(page, text), true, `${name} has a direction of its own`);
        assert(await page.locator("main [lang]").count(), "no language is said");
      }
      await isWell(page, `texts-${link.replace(/\W+\d*/g, "")}`);
    }
    same([...unseen], [], "texts that no transcript shows");
  },

  "notes of operators: the page of a request, its history, and the queue": async () => {
    const page = await as("rina");
    const request = await path(page);
    for (const text of Object.values(plan.texts)) {
      await page.goto(request);
      await page.fill("#note-text", text.slice(0, Number(await page.getAttribute("#note-text", "maxlength"))));
      await go(page, "#note .actions button >> nth=0");
      same(await isRead(page, text), true, "the note has a direction of its own");
    }
    await isWell(page, "texts-request");
    await page.goto(await page.locator("a[href^='/people/']").first().getAttribute("href"));
    await page.click("main details summary");
    await page.fill("#flag-text", plan.texts["one word"].slice(0, 200));
    await page.fill("#flag-until", new Date(Date.now() + 7 * 86400000).toISOString().slice(0, 10));
    await go(page, "form[action$='/flag'] button");
    await isWell(page, "texts-person");
    await page.goto("/queue?tab=all");
    await isWell(page, "texts-queue");
    await page.goto(request);
    await isWell(page, "texts-request-flagged");
  },

  "a box takes as many signs as it says, and all of them are kept: as a draft, and as a note": async () => {
    const page = await as("rina");
    const request = await path(page);
    for (const sign of ["\u0995", "\u{1f600}", "\u0995\n"]) {
      await page.goto(request);
      const most = Number(await page.getAttribute("#note-text", "maxlength"));
      await page.focus("#note-text");
      await page.keyboard.insertText(sign.repeat(most / sign.length + 1));
      same(await page.inputValue("#note-text"), sign.repeat(most / sign.length), "the box takes another number of signs");
      await page.waitForFunction((words) => document.querySelector("#note .draft-said").textContent.includes(words), "Draft saved");
      await go(page, "#note .actions button >> nth=0");
      same(await page.inputValue("#note-text"), "", "the note was refused");
    }
  },

  "a search with rows": async () => {
    const page = await as("rina");
    await search(page, plan.number);
    assert(await page.locator("main tbody tr").count() >= 2, "no rows");
    await isWell(page, "search-rows");
    await page.setViewportSize({ width: 640, height: 450 });
    assert(await fitsIn(page, 640), "it is wider at 200 %");
  },
});
