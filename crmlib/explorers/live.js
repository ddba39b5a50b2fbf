// The picture side of an explorer: several plotly figures, a list of headline figures and a line of remarks.
// The kernel sends whole traces and layouts (a few kB); Plotly.react finds out what moved and moves it in place.

const KEY = Symbol.for("crm-workbook.plotly");

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

function make(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

async function render({ model: frame, el }) {
  const model = await named(frame, "board");
  const facts = make("table", "crm-facts");
  const remarks = make("div", "crm-remarks", { role: "status", "aria-live": "polite" });
  const figures = make("div", "crm-figures");
  el.classList.add("crm-board");
  el.replaceChildren(facts, remarks, figures);

  function say() {
    facts.replaceChildren(
      ...model.get("facts").map(([label, value]) => {
        const row = document.createElement("tr");
        const head = make("th", "", { scope: "row" });
        head.textContent = label;
        const cell = document.createElement("td");
        cell.textContent = value;
        row.append(head, cell);
        return row;
      }),
    );
    remarks.replaceChildren(
      ...model.get("remarks").map((text) => {
        const line = document.createElement("div");
        line.textContent = text;
        return line;
      }),
    );
  }

  // ipywidgets gives a slider's handle no name of its own; a screen reader should say what is being moved.
  function nameControls() {
    for (const control of el.closest(".crm-explorer")?.querySelectorAll(".crm-control") ?? []) {
      const name = control.querySelector(".widget-label")?.textContent ?? "";
      for (const handle of control.querySelectorAll(".noUi-handle")) handle.setAttribute("aria-label", name);
    }
  }

  let Plotly = null;
  let queued = false;
  let drawing = false;
  let waiting = false;
  async function draw() {
    queued = false;
    waiting = !el.isConnected; // a reloaded page may put the board in place only later
    if (!Plotly || waiting) return;
    drawing = true;
    nameControls();
    const wanted = model.get("figures");
    while (figures.children.length > wanted.length) {
      Plotly.purge(figures.lastChild);
      figures.lastChild.remove();
    }
    while (figures.children.length < wanted.length) figures.append(make("div", "crm-figure", { role: "img" }));
    try {
      await Promise.all(
        wanted.map((figure, i) => {
          const place = figures.children[i];
          place.setAttribute("aria-label", `${figure.title}. ${figure.alt}`);
          const layout = { ...structuredClone(figure.layout), template: model.get("template"), autosize: true };
          return Plotly.react(place, structuredClone(figure.data), layout, model.get("config"));
        }),
      );
    } finally {
      drawing = false;
      if (queued) requestAnimationFrame(draw);
    }
  }
  // While a picture is being drawn, later moves wait for it and only the last of them is drawn.
  function ask() {
    if (queued) return;
    queued = true;
    if (!drawing) requestAnimationFrame(draw);
  }

  function follow() {
    say();
    ask();
  }
  model.on("change", follow); // once for all that one message changes
  const resized = new ResizeObserver(() => {
    if (waiting) ask();
    else if (Plotly) for (const place of figures.children) if (place._fullLayout) Plotly.Plots.resize(place);
  });
  resized.observe(el);
  say();
  try {
    Plotly = await plotly(await named(model, "library"));
    ask();
  } catch (problem) {
    remarks.textContent = `${model.get("sorry")} (${problem})`;
  }
  return () => {
    model.off("change", follow);
    resized.disconnect();
    if (Plotly) for (const place of figures.children) Plotly.purge(place);
  };
}

export default { render };
