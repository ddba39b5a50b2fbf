"use strict";
// What every page of the site does: light and dark, contents, the other language, figures when they come near.
const site = globalThis.crmSite;
const root = document.documentElement;
const here = (path) => new URL(`../static/${path}`, document.baseURI).href;

// What is kept by name in one of the browser's stores; one that keeps nothing is no error.
const keptIn = (store) => ({
  get(name) {
    try {
      return store().getItem(`crm.${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      store().setItem(`crm.${name}`, value);
    } catch {
      // a browser that keeps nothing
    }
  },
  // The names that begin so, in order.
  names(begin) {
    try {
      const found = Object.keys(store()).filter((name) => name.startsWith(`crm.${begin}`));
      return found.map((name) => name.slice(4)).sort();
    } catch {
      return [];
    }
  },
});
const kept = keptIn(() => localStorage);
const inTab = keptIn(() => sessionStorage);
// A busy browser was seen to lose an answer of a page that was left at once: the tab has it too, and it is put back.
for (const name of inTab.names("answer.")) if (kept.get(name) === null) kept.set(name, inTab.get(name));

// A page opened from a folder may run a script beside it, and read nothing else.
const scripts = {};
function run(path) {
  const load = (done, failed) => {
    const script = element("script", { src: here(path) });
    script.onload = done;
    script.onerror = () => failed(new Error(path));
    document.head.append(script);
  };
  return once(scripts, path, () => new Promise(load));
}

// What the script of a path lays down, packed, in one of the site's globals under a key; each is unpacked once.
const stored = {};
function storedIn(path, all, key) {
  const read = async () => {
    await run(path);
    try {
      return JSON.parse(await unpacked(globalThis[all][key]));
    } catch (problem) {
      delete scripts[path];
      throw problem;
    }
  };
  return once(stored, path, read);
}

// What the explorer of a study shows after each move from one of its bases, or a part of the figures it shows there.
function storedMoves(...names) {
  const name = names.join(".");
  return storedIn(`moves/${site.lang}/${name}.js`, "crmMoves", name);
}

// Light and dark ------------------------------------------------------------------------------------------------------

const system = matchMedia("(prefers-color-scheme: dark)");
const themes = ["", "light", "dark"];
const button = document.getElementById("theme");
function wear() {
  const theme = kept.get("theme") ?? "";
  const dark = theme ? theme === "dark" : system.matches;
  root.dataset.theme = dark ? "dark" : "light";
  document.body.dataset.jpThemeLight = String(!dark);
  if (button) button.textContent = site.words.themes[Math.max(themes.indexOf(theme), 0)];
}
system.addEventListener("change", wear);
button.hidden = false;
button.addEventListener("click", () => {
  kept.set("theme", themes[(themes.indexOf(kept.get("theme") ?? "") + 1) % themes.length]);
  wear();
});
wear();

// Contents, and the same section in the other language ----------------------------------------------------------------

const wide = matchMedia("(min-width: 64rem)");
const contents = document.querySelector(".contents > details");
const unfold = () => (contents.open = wide.matches);
wide.addEventListener("change", unfold);
unfold();

const heads = [...document.querySelectorAll("main [id^=s]")].filter(({ id }) => /^s\d+$/.test(id));
const other = document.getElementById("other");
function aim() {
  const above = heads.filter((head) => head.getBoundingClientRect().top < 100).at(-1);
  other.hash = above?.id ?? "";
}
for (const event of ["pointerdown", "focus", "click"]) other.addEventListener(event, aim);

// Figures -------------------------------------------------------------------------------------------------------------

async function plotly() {
  await run("plotly.js");
  document.head.append(element("script", {}, await unpacked(globalThis.crmPlotly)));
  return globalThis.Plotly;
}

// Put the drawing of a stored figure in the place of its parts; its table stays below it.
function drawn(figure) {
  const plot = figure.querySelector(".crm-plot");
  const spec = JSON.parse(figure.querySelector("script").textContent);
  const height = parseFloat(plot.style.height) + 40; // live.js allows for the title, which stands above the picture
  const said = { title: figure.querySelector("figcaption").textContent, alt: figure.querySelector(".crm-unseen").textContent };
  const place = element("div");
  const table = figure.querySelector("details");
  figure.replaceWith(place);
  if (table) place.after(table);
  board(place, { figures: [{ ...spec, ...said, layout: { ...spec.layout, height } }] });
}

whenNear([...document.querySelectorAll("figure.crm-figure")].filter((figure) => !figure.closest(".crm-explorer")), drawn);
addEventListener("beforeprint", () => document.querySelectorAll("details.crm-values").forEach((table) => (table.open = true)));
