// The pictures of the README: the queue, a request and its transcript, light and dark, as a supervisor of the demonstration sees them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { as, assert, close, plan, run } from "./browser.mjs";
import { reduced } from "./palette.mjs";

// A request whose caller answered a whole form: one that was tried, else one that somebody has, else the first.
async function chosen(page) {
  await page.goto("/queue?tab=all");
  const rows = page.locator("main tbody tr:not(.danger)");
  const tried = rows.filter({ has: page.locator("td.number", { hasText: /[1-9]/ }) });
  const taken = rows.filter({ hasText: "Assigned" });
  for (const some of [tried, taken, rows])
    if (await some.count()) return some.first().locator("a.row").getAttribute("href");
  throw new Error("the demonstration's queue is empty");
}

await run({
  "pictures of the demonstration": async () => {
    const page = await as("nasrin", { viewport: { width: 1280, height: 860 } });
    const request = await chosen(page);
    // The light says that the page is live: it is the same in every picture.
    for (const [name, path] of [["queue", "/queue?tab=all"], ["request", request], ["transcript", `${request}/session`]]) {
      await page.goto(path);
      assert(await page.locator("main h1").count(), `${path} has no heading`);
      await page.waitForSelector("#light.on");
      for (const theme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: theme });
        writeFileSync(join(plan.shots, `${name}-${theme}.png`), reduced(await page.screenshot()));
      }
    }
    await close(page);
  },
});
