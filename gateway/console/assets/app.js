// What the console's pages do besides htmx. Everything works without it. No eval, no inline script: the strict policy forbids both.
"use strict";
(() => {
  const body = document.body;
  const words = body.dataset;
  const language = document.documentElement.lang || "en";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const digits = new Intl.NumberFormat(language, { useGrouping: false });
  const fill = (text, values) => text.replace(/\{(\w)\}/g, (hole, name) => values[name] ?? hole);
  const number = (value) => digits.format(value);

  // ---- what is said to who listens instead of looks; danger alone interrupts ----
  const tell = (place, text) => { if (one(place)) one(place).textContent = text; };
  const say = (text) => tell("#said", text);

  // ---- times: "5 min ago" goes on while the page stands ----
  function ago(ms) {
    const past = ms >= 0;
    const minutes = Math.floor(Math.abs(ms) / 60000);
    if (minutes < 1) return words.now;
    const [unit, n] = minutes < 60 ? ["Minutes", minutes]
      : minutes < 2880 ? ["Hours", Math.floor(minutes / 60)] : ["Days", Math.floor(minutes / 1440)];
    return fill(words[(past ? "ago" : "in") + unit], { n: number(n) });
  }
  function tellTimes() {
    for (const time of all("time[data-ago]")) {
      const said = ago(Date.now() - Date.parse(time.dateTime));
      if (time.textContent !== said) time.textContent = said;
    }
  }
  setInterval(tellTimes, 20000);

  // ---- drafts: what was typed is kept before it can be lost ----
  const dirty = new Map(); // a form: the timer that will keep it
  function tellDraft(field, said) {
    let told = one(".draft-said", field.form);
    if (!told) {
      told = document.createElement("output");
      told.className = "draft-said hint";
      field.after(told);
    }
    told.textContent = said;
  }
  function keep(form) {
    clearTimeout(dirty.get(form));
    dirty.delete(form);
    const text = one("textarea[name=text], input[name=text]", form);
    const token = one("input[name=token]", form);
    if (!text || !token) return Promise.resolve(true);
    const fields = new URLSearchParams({ token: token.value, place: form.dataset.place || "note", text: text.value });
    return fetch(form.dataset.draft, { method: "POST", body: fields, keepalive: true, headers: { "HX-Request": "true" } })
      .then((answer) => answer.ok && !answer.redirected, () => false)
      .then((kept) => {
        tellDraft(text, kept ? words.draftSaved : words.draftFailed);
        if (!kept) {
          say(words.draftFailed);
          if (!dirty.has(form)) dirty.set(form, 0);
        }
        return kept;
      });
  }
  const keepAll = () => Promise.all([...dirty.keys()].map(keep));
  const hasDraft = (form) => "draft" in form.dataset;
  const isSecret = (form) => one("[type=password]", form) !== null;
  // Forms without drafts, the one that was typed in last at the end. The answer to a form shows it with what was typed.
  const unsent = new Set("above" in words ? all("main form[method=post]").filter((form) => !hasDraft(form) && !isSecret(form) &&
    all("textarea, input:not([type]), [type=tel]", form).some((field) => field.value)) : []);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("main form[method=post]");
    if (!form || isSecret(form)) return;
    if (!hasDraft(form)) {
      unsent.delete(form);
      unsent.add(form);
    } else if (event.target.name === "text") {
      clearTimeout(dirty.get(form));
      dirty.set(form, setTimeout(keep, 1500, form));
    }
  });
  document.addEventListener("submit", (event) => {
    clearTimeout(dirty.get(event.target));
    dirty.delete(event.target);
    unsent.delete(event.target);
  });
  // The page must not stay: it is seen by nobody from now on. What stands in no draft goes with the page that asks who is there ("later":
  // it is not carried out). What answers a form is not loaded anew, which would be to send the form again; the page above it is.
  const AGAIN = 30000; // a second one before would cut off what the first one sends
  let left = 0;
  async function leave() {
    if (Date.now() - left < AGAIN) return;
    left = Date.now();
    body.hidden = true;
    await Promise.race([keepAll(), new Promise((over) => setTimeout(over, AGAIN / 3))]);
    const form = [...unsent, ...dirty.keys()].filter((each) => each.isConnected).pop();
    if (!form) return "above" in words ? location.replace(words.above) : location.reload();
    if (!one("[name=later]", form)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "later", value: "1" }));
    form.submit();
  }
  document.addEventListener("visibilitychange", () => document.hidden && keepAll());
  addEventListener("beforeunload", (event) => {
    if (dirty.size === 0 || left) return;
    keepAll();
    event.preventDefault();
  });

  // ---- live: counters, what is new, who else looks, and a light that says whether all this is so ----
  const light = one("#light");
  const counters = one("#counters");
  let danger = Number(counters && one("[data-count-of=danger]", counters)?.dataset.value || 0);
  let polling = 0;
  function shine(is) {
    if (!light || light.className === is) return;
    light.className = is;
    light.textContent = is === "on" ? light.dataset.on : light.dataset.off;
  }
  function show(counts) {
    for (const count of all("[data-count-of]")) {
      const value = counts[count.dataset.countOf];
      if (value !== undefined) count.textContent = number(value);
      const badge = count.closest(".badge");
      if (badge && count.dataset.marks) badge.classList.toggle(count.dataset.marks, value > 0);
    }
    // One's own doing is no news, also where these come before its answer.
    const news = counts.new - all("[data-claimed], [data-rows] .htmx-request").length;
    for (const fresh of all("[data-fresh]")) {
      fresh.hidden = news <= 0;
      if (news > 0) {
        const said = fill(fresh.dataset.words, { n: number(news) });
        if (fresh.textContent !== said) {
          fresh.textContent = said;
          say(said);
        }
      }
    }
    for (const viewing of all("[data-viewing]")) {
      const names = counts.viewing || [];
      viewing.hidden = names.length === 0;
      if (names.length) viewing.textContent = fill(viewing.dataset.words, { 1: names.join(", ") });
    }
    if (counts.danger > danger && light) tell("#alarm", light.dataset.danger);
    danger = counts.danger;
  }
  function poll() {
    fetch(counters.getAttribute("hx-sse:connect").replace("/live?", "/live/counts?"), { headers: { Accept: "application/json" } })
      .then((answer) => {
        if (answer.status === 401) leave(); // signed out or locked, here or in another tab: for nobody any more
        return answer.ok ? answer.json() : Promise.reject();
      })
      .then((counts) => { show(counts); shine("on"); })
      .catch(() => shine("off"));
  }
  function listen() {
    counters.addEventListener("counts", (event) => show(JSON.parse(event.detail.data)));
    counters.addEventListener("over", leave);
    counters.addEventListener("htmx:sse:after:connection", () => {
      clearInterval(polling);
      polling = 0;
      shine("on");
    });
    for (const name of ["htmx:sse:error", "htmx:sse:close", "htmx:error", "htmx:response:error"])
      counters.addEventListener(name, () => {
        shine("off");
        if (polling) return;
        polling = setInterval(poll, 20000);
        poll();
      });
  }
  if (counters) listen();

  // ---- a part of the page was exchanged: whoever does not look is taken to where it goes on ----
  document.addEventListener("htmx:after:swap", (event) => {
    const old = event.detail?.ctx?.target;
    if (!(old instanceof Element) || old === counters) return;
    tellTimes();
    const target = old.isConnected ? old : document.getElementById(old.id);
    const begin = target && one("h1, .next a", target);
    if (!begin || target.contains(document.activeElement)) return;
    if (old.matches(".here")) target.classList.add("here");
    if (begin.matches("h1")) begin.tabIndex = -1;
    begin.focus();
    say(one("[role=status]", target)?.textContent || "");
  });

  // ---- the desk locks when nobody is there; two minutes before it says so ----
  const lock = one("#lock");
  let seen = Date.now();
  let told = seen; // when the desk last heard of us
  const lockAfter = Number(words.lock || 0);
  const here = () => fetch("/settings", { redirect: "manual" }).then((answer) => { if (answer.ok) told = Date.now(); }, () => {});
  function watch() {
    const now = Date.now();
    if (now - told > lockAfter) leave();
    else if (now - told > lockAfter / 2 && seen > told) here(); // typing is being there, too
    else if (now - told > lockAfter - 120000 && !lock.open) lock.showModal();
  }
  if (lock && lockAfter) {
    for (const name of ["keydown", "pointerdown", "input"])
      addEventListener(name, () => { if (!lock.open) seen = Date.now(); }, { passive: true });
    lock.addEventListener("close", () => { seen = Date.now(); here(); });
    setInterval(watch, 5000);
  }

  // ---- rows ----
  const rows = () => all("table[data-rows] tbody tr, ol[data-rows] > li").filter((row) => one("a[href]", row));
  function move(by) {
    const list = rows();
    const at = list.indexOf(one(".here"));
    const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (!next) return;
    list[at]?.classList.remove("here");
    next.classList.add("here");
    one("a.row, a[href]", next).focus();
    next.scrollIntoView({ block: "nearest" });
  }
  const copy = (text, done) => navigator.clipboard?.writeText(text).then(done, () => {});
  function copyReference(text) {
    copy(text, () => say(text));
  }
  // It leads there as well: whoever cannot be given the address has it in the address bar.
  const copied = Object.assign(document.createElement("span"), { className: "hint", textContent: words.linkCopied });
  function copyLink(link) {
    copy(new URL(link.getAttribute("href"), location.href).href, () => {
      link.after(" ", copied);
      say(words.linkCopied);
    });
  }

  // ---- shortcuts: one key, never while typing, and off when the operator wants them off ----
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const places = { q: "/queue", s: "/sessions", o: "/outbox", u: "/users", a: "/audit" };
  let going = 0; // until when "g" waits for its second key
  function go(to) {
    if (one(`.top nav a[href="${to}"]`)) location.assign(to);
  }
  function press(key) {
    // What stands in a list is pressed only in the row that j and k chose.
    const inRow = one(`.here [data-key="${CSS.escape(key)}"]`);
    const element = inRow || all(`[data-key="${CSS.escape(key)}"]`).find((each) => !each.closest("[data-rows]"));
    if (!element || element.disabled) return false;
    const details = element.closest("details");
    if (details) details.open = true;
    if (element.matches("summary")) one("input:not([type=hidden]), select, textarea", details)?.focus();
    else if (element.matches("input, textarea, select")) element.focus();
    else element.click();
    return true;
  }
  function shortcut(key) {
    if (key === "?") one("#shortcuts")?.showModal();
    else if (key === "/") one("#search")?.focus();
    else if (key === "g") going = Date.now() + 1500;
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "u" && one("[data-up]")) one("[data-up]").click();
    else if (key === "." && one("[data-copy]")) copyReference(one("[data-copy]").dataset.copy);
    else return press(key);
    return true;
  }
  document.addEventListener("keydown", (event) => {
    const element = event.target;
    if (event.key === "Enter" && event.ctrlKey && element.form) {
      event.preventDefault();
      element.form.requestSubmit();
      return;
    }
    if (!("shortcuts" in words) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(element) || one("dialog[open]")) return;
    const isSecond = Date.now() < going && places[event.key];
    going = 0;
    if (isSecond) {
      event.preventDefault();
      go(places[event.key]);
    } else if (event.key.length === 1 && shortcut(event.key)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy-link]");
    if (link) copyLink(link);
  });

  // ---- the way back leads to the part of the queue that one came from ----
  if (location.pathname === "/queue") sessionStorage.setItem("queue", location.search);
  else for (const up of all('a[data-up][href="/queue"]')) up.search = sessionStorage.getItem("queue") || "";
})();
