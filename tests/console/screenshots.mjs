// The pictures of the README: the queue, a request and its transcript, light and dark, as a supervisor of the demonstration sees them.
import { as, assert, close, plan, run, shot } from "./browser.mjs";

// A request whose caller answered a whole form, with something done about it.
async function chosen(page) {
  await page.goto("/queue?tab=all");
  return page.locator("main tbody tr", { has: page.locator("td.number", { hasText: /[1-9]/ }) }).first()
    .locator("a.row").getAttribute("href");
}

await run({
  "pictures of the demonstration": async () => {
    const page = await as("nasrin");
    const request = await chosen(page);
    for (const [name, path] of [["queue", "/queue?tab=all"], ["request", request], ["transcript", `${request}/session`]]) {
      await page.goto(path);
      assert(await page.locator("main h1").count(), `${path} has no heading`);
      for (const theme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: theme });
        await shot(page, `${name}-${theme}`, { fullPage: Boolean(plan.whole) });
      }
    }
    await close(page);
  },
});
