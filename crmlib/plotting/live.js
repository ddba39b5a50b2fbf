// Figures that follow in place: an explorer's board of several, with headline figures and remarks, or a chart alone.
// The kernel sends whole traces and layouts (a few kB); what changed and is in the window is drawn at once, the rest
// when the browser has nothing else to do.

const KEY = Symbol.for("crm-workbook.plotly");
const HEIGHT = 280; // px of a picture whose chart names none
const ROOM = 40; // px that a chart's own height allows for the title, which stands above the picture here
const LEAST = 60; // px of width below which nothing can be drawn
const PATIENCE = 20; // times that a figure without room is asked for again
const REST = 600; // ms without a move before a screen reader is told what the moves did

// plotly.js comes once per kernel, gzipped, in a model of its own; a page that has it already does not unpack it again.
async function unpack(library) {
  const zipped = new Blob([library.get("packed")]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(zipped).text();
  const wrapped = [
    "const module = {exports: {}};\n(function (module, exports, define) {\n",
    source,
    "\n}).call(globalThis, module, module.exports, undefined);\nexport default module.exports;",
  ];
  const url = URL.createObjectURL(new Blob(wrapped, { type: "text/javascript" }));
  try {
    return (await import(/* webpackIgnore: true */ url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

// Return the model that another one names.
function named(model, name) {
  return model.widget_manager.get_model(model.get(name).slice("IPY_MODEL_".length));
}

async function plotly(library) {
  const version = library.get("version");
  const page = (globalThis[KEY] ??= {});
  page[version] ??= unpack(library).catch((problem) => {
    delete page[version];
    throw problem;
  });
  return page[version];
}

function make(tag, className, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const PATIENT = 200; // ms after which a figure out of sight is drawn although the browser is never idle
const whenIdle = (job) =>
  globalThis.requestIdleCallback ? requestIdleCallback(job, { timeout: PATIENT }) : setTimeout(job, 50);
const nextFrame = () => new Promise(requestAnimationFrame);
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

// JupyterLab says of its theme whether it is light; elsewhere the reader's system does.
function isDark() {
  const light = document.body.dataset.jpThemeLight;
  return light ? light === "false" : darkScheme.matches;
}

// One figure of the page: its title in words, its picture, and a table of its values that opens.
class Figure {
  constructor(words, opened) {
    const name = `crm-figure-${Math.random().toString(36).slice(2)}`; // randomUUID is for https and localhost alone
    this.caption = make("figcaption", "crm-caption", { id: name });
    this.plot = make("div", "crm-plot", { role: "group", "aria-labelledby": name, "aria-describedby": `${name}-alt` });
    this.alt = make("div", "crm-unseen", { id: `${name}-alt` });
    this.values = make("div", "crm-table", { role: "group", tabindex: "0", "aria-labelledby": name });
    this.table = make("details", "crm-values", {}, make("summary", "", {}, words.values), this.values);
    this.table.addEventListener("toggle", opened);
    const parts = words.values ? [this.table] : [];
    this.root = make("figure", "crm-figure", {}, this.caption, this.plot, this.alt, ...parts);
    this.drawn = "";
    this.worn = false;
  }

  inWindow() {
    const { top, bottom } = this.root.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  // A page that is still being put together gives a figure no room yet; it is asked again when it does.
  hasRoom() {
    return this.plot.clientWidth > LEAST;
  }

  // Take what is to be drawn; tell whether it is not what is drawn.
  want(spec, ghosts, template, config) {
    const height = spec.layout.height ? spec.layout.height - ROOM : HEIGHT;
    const { title, height: _height, ...layout } = spec.layout;
    const margin = { ...template.layout.margin, ...layout.margin, t: 14 };
    const whole = { showlegend: spec.data.length > 1, ...layout, margin, template, autosize: true };
    this.wanted = JSON.stringify([[...spec.data, ...ghosts], whole, config]);
    if (this.wanted === this.drawn) return false;
    if (this.caption.textContent !== spec.title) this.caption.textContent = spec.title;
    if (this.alt.textContent !== spec.alt) this.alt.textContent = spec.alt;
    // The height stands in the style, never in the layout: plotly would set its own container between two of them.
    this.plot.style.setProperty("--crm-height", `${height}px`);
    return true;
  }

  async draw(Plotly) {
    const asked = this.wanted;
    // At another width plotly would keep the turned labels and the margins of the former one.
    const anew = !this.fits() || (this.worn && !this.drawn);
    if (anew) Plotly.purge(this.plot);
    const margins = this.margins();
    this.drawn = asked;
    await Plotly.react(this.plot, ...JSON.parse(asked));
    this.worn = !anew && this.margins() !== margins;
    for (const drawing of this.plot.querySelectorAll("svg.main-svg")) drawing.setAttribute("aria-hidden", "true");
  }

  // Plotly fits its margins to the labels, beginning with those of the picture before: where they have changed, the same
  // figure would stand elsewhere after another one. It is drawn anew when there is time, and so looks the same always.
  margins() {
    const { l, r, t, b } = this.plot._fullLayout?._size ?? {};
    return [l, r, t, b].map((side) => side?.toFixed(1)).join();
  }

  fits() {
    return Math.abs((this.plot._fullLayout?.width ?? 0) - this.plot.clientWidth) <= 1;
  }

  // What is drawn for another width has to be drawn anew.
  resize() {
    if (!this.fits()) this.drawn = "";
  }

  remove(Plotly) {
    Plotly?.purge(this.plot);
    this.root.remove();
  }
}

// Bars beside one another get places by name, so that an outline stands where its bar does and no other bar gives way.
function placeBars({ data, layout }) {
  if ((layout.barmode ?? "group") !== "group") return;
  data.forEach((trace, place) => {
    if (trace.type === "bar") trace.offsetgroup ??= `${place}`;
  });
}

// Return the outlines of the former bars and lines of a figure, where they stand elsewhere now.
function ghostsOf(former, spec, ink) {
  if (!former || ["stack", "relative"].includes(spec.layout.barmode)) return [];
  return former.data.flatMap((was, place) => {
    const now = spec.data[place];
    if (now?.type !== was.type || !["bar", "scatter"].includes(was.type)) return [];
    if (JSON.stringify([was.x, was.y]) === JSON.stringify([now.x, now.y])) return [];
    const ghost = { ...was, showlegend: false, hoverinfo: "skip", hovertemplate: null, text: null, texttemplate: null };
    if (was.type === "bar") {
      const length = was.orientation === "h" ? "x" : "y";
      const moved = was[length].map((value, n) => (value === now[length][n] && was.x[n] === now.x[n] ? null : value));
      const marker = { color: "rgba(0,0,0,0)", line: { color: ink, width: 1.5 } };
      return [{ ...ghost, [length]: moved, offsetgroup: now.offsetgroup, marker }];
    }
    if (!(was.mode ?? "lines").includes("lines")) return [];
    return [{ ...ghost, mode: "lines", fill: "none", line: { ...was.line, color: ink, width: 1, dash: "dot" } }];
  });
}

// Set what differs only: what watches these nodes would otherwise be called by its own work.
function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// ipywidgets gives the handle of a slider no name, and its number is a second stop of the keyboard without one.
function nameControls(explorer) {
  for (const control of explorer.querySelectorAll(".crm-control")) {
    const name = control.querySelector(".widget-label")?.textContent ?? "";
    const readout = control.querySelector(".widget-readout");
    for (const handle of control.querySelectorAll(".noUi-handle")) {
      set(handle, "aria-label", name);
      if (readout) set(handle, "aria-valuetext", readout.textContent);
    }
    if (!readout) continue;
    set(readout, "tabindex", "-1");
    set(readout, "role", "textbox");
    set(readout, "aria-label", name);
  }
  for (const opener of explorer.querySelectorAll(".crm-fold > button")) {
    set(opener, "aria-expanded", String(opener.classList.contains("mod-active")));
  }
}

// All that one board shows, and when it is drawn.
class View {
  constructor(frame, model, el) {
    Object.assign(this, { frame, model, el });
    this.words = model.get("words");
    this.facts = make("tbody", "");
    this.remarks = make("div", "crm-remarks", { role: "status" });
    this.spoken = make("div", "crm-unseen", { role: "status" });
    this.figures = make("div", "crm-figures");
    const table = make("table", "crm-facts", { "aria-label": this.words.facts }, this.facts);
    el.classList.add("crm-board");
    el.replaceChildren(table, this.remarks, this.spoken, this.figures);
    this.Plotly = null;
    this.shown = []; // the figures on the page
    this.specs = []; // what they show
    this.former = []; // what they showed before the control now being moved was touched
    this.turn = model.get("turn");
    this.asked = this.drawing = this.said = false;
    this.patience = PATIENCE;
  }

  // Headline figures: name, value, and what it was before the control now being moved was touched.
  say() {
    const changes = this.model.get("changes");
    const wanted = this.model.get("facts").map((fact, row) => [...fact, changes[row] ?? ""]);
    const rows = this.facts.children;
    while (rows.length > wanted.length) this.facts.lastChild.remove();
    while (rows.length < wanted.length) {
      const head = make("th", "", { scope: "row" });
      this.facts.append(make("tr", "", {}, head, make("td", "crm-value"), make("td", "crm-change")));
    }
    wanted.forEach((fact, row) =>
      fact.forEach((text, place) => {
        if (rows[row].children[place].textContent !== text) rows[row].children[place].textContent = text;
      }),
    );
    const lines = this.model.get("remarks");
    if (String(lines) === this.remarked) return;
    this.remarked = String(lines);
    this.remarks.replaceChildren(...lines.map((text) => make("div", "", {}, text)));
  }

  // A screen reader is told what the moves did once they have come to rest.
  speakAtRest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const changed = [...this.facts.children].filter((row) => row.lastChild.textContent);
      const told = changed.map((row) => [...row.children].map((cell) => cell.textContent).join(" ")).join("; ");
      if (this.spoken.textContent !== told) this.spoken.textContent = told; // its picture may come later than its words
    }, REST);
  }

  // Make room for the figures wanted, and return those that show something else yet.
  arrange() {
    this.specs = this.model.get("figures");
    while (this.shown.length > this.specs.length) this.shown.pop().remove(this.Plotly);
    while (this.shown.length < this.specs.length) {
      this.shown.push(new Figure(this.words, () => this.openTables()));
      this.figures.append(this.shown.at(-1).root);
    }
    const template = this.model.get(isDark() ? "dark" : "light");
    return this.shown.filter((figure, place) => {
      const spec = structuredClone(this.specs[place]);
      placeBars(spec);
      const ghosts = ghostsOf(this.former[place], spec, template.layout.font.color);
      return figure.want(spec, ghosts, template, this.model.get("config"));
    });
  }

  // Draw what is in the window now, a figure a frame, so that the first is seen at once, and one of the others when there
  // is time; what is said in words is on the screen before. A later move waits for the drawing, and of several only the
  // last is drawn.
  async draw() {
    if (this.said) {
      this.said = false;
      return void setTimeout(() => this.draw()); // after this frame
    }
    this.asked = false;
    if (!this.Plotly || !this.el.isConnected) return; // a reloaded page may put the board in place only later
    this.drawing = true;
    try {
      const all = this.arrange();
      const stale = all.filter((figure) => figure.hasRoom());
      const near = stale.filter((figure) => figure.inWindow());
      const now = near.length ? near : stale.slice(0, 1);
      for (const [place, figure] of now.entries()) {
        if (place) await nextFrame();
        await figure.draw(this.Plotly);
      }
      for (const figure of now) figure.resize(); // a page may have put it aside while it was being drawn
      const unseen = stale.length < all.length || now.some((figure) => !figure.drawn);
      const worn = this.shown.filter((figure) => figure.worn && figure.hasRoom());
      if (stale.length > now.length) whenIdle(() => this.ask());
      else if (unseen && this.patience > 0) this.askLater();
      else if (worn.length && !this.asked) {
        for (const figure of worn) figure.drawn = "";
        whenIdle(() => this.ask());
      } else if (!this.asked) delete this.el.dataset.drawing;
    } finally {
      this.drawing = false;
      if (this.asked) requestAnimationFrame(() => this.draw());
    }
  }

  ask() {
    this.el.dataset.drawing = ""; // until all figures show what they are to show
    if (this.asked) return;
    this.asked = true;
    if (!this.drawing) requestAnimationFrame(() => this.draw());
  }

  // A page has no room for a figure while it changes its theme or puts itself together: a resize says when it has, but
  // not where the room was gone for less than a frame.
  askLater() {
    this.patience -= 1;
    setTimeout(() => this.ask(), 250);
  }

  // The kernel works out the tables that are open, no others.
  openTables() {
    this.frame.set("opened", this.shown.flatMap((figure, place) => (figure.table.open ? [place] : [])));
    this.frame.save_changes();
  }

  fillTables() {
    for (const [place, html] of Object.entries(this.model.get("tables"))) {
      if (this.shown[place]) this.shown[place].values.innerHTML = html;
    }
  }

  follow() {
    this.patience = PATIENCE;
    if (this.turn !== this.model.get("turn")) {
      this.turn = this.model.get("turn");
      this.former = this.specs;
    }
    this.say();
    this.said = true; // and not yet on the screen
    this.speakAtRest();
    this.fillTables();
    this.ask();
  }

  resized() {
    for (const figure of this.shown) figure.resize();
    this.patience = PATIENCE;
    this.ask();
    const explorer = this.el.closest(".crm-explorer");
    if (explorer && !this.naming) {
      this.naming = new MutationObserver(() => nameControls(explorer));
      for (const part of explorer.querySelectorAll(".crm-toolbar, .crm-controls")) this.naming.observe(part, WATCHED);
      nameControls(explorer);
    }
  }

  // The kernel has ended or begun anew: what is shown stays, and moves nothing any more.
  lose() {
    const explorer = this.el.closest(".crm-explorer");
    if (!explorer || explorer.querySelector(":scope > .crm-gone")) return;
    explorer.prepend(make("p", "crm-gone", { role: "alert" }, this.words.gone));
    for (const part of explorer.querySelectorAll(".crm-toolbar, .crm-controls")) part.inert = true;
  }

  async begin() {
    this.say();
    try {
      this.Plotly = await plotly(await named(this.model, "library"));
      this.ask();
    } catch (problem) {
      this.remarks.textContent = `${this.words.sorry} (${problem})`;
    }
  }

  end() {
    this.naming?.disconnect();
    clearTimeout(this.resting);
    for (const figure of this.shown) figure.remove(this.Plotly);
  }
}

const WATCHED = { subtree: true, childList: true, attributeFilter: ["aria-valuenow", "aria-valuetext", "class"] };

async function render({ model: frame, el }) {
  const model = await named(frame, "board");
  const view = new View(frame, model, el);
  const follow = () => view.follow();
  const restyle = () => {
    view.patience = PATIENCE;
    view.ask();
  };
  const lose = () => view.lose();
  const resized = new ResizeObserver(() => view.resized());
  const themed = new MutationObserver(restyle);
  model.on("change", follow); // once for all that one message changes
  model.on("comm_live_update", lose);
  resized.observe(view.figures);
  themed.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  darkScheme.addEventListener("change", restyle);
  await view.begin();
  return () => {
    model.off("change", follow);
    model.off("comm_live_update", lose);
    resized.disconnect();
    themed.disconnect();
    darkScheme.removeEventListener("change", restyle);
    view.end();
  };
}

// The library is unpacked as soon as it is here, while the kernel still works on what is drawn with it.
async function initialize({ model }) {
  const owner = model.get("library") ? model : await named(model, "board");
  named(owner, "library").then(plotly);
}

export default { initialize, render };
