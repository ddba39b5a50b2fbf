// What stands between live.js, which draws, and a page without a kernel. The page's own script has `site`, its themes and words;
// `plotly()`, which brings the library; and for explorers `storedMoves(study, base, part)`, which brings their moves.
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function pressed(words, act) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

// A number as it is written, its whole part with a comma before each three digits.
function thousands(number) {
  const [whole, ...rest] = number.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

// What is made for a name, once; what failed is tried again when it is next asked for.
function once(made, name, make) {
  made[name] ??= make().catch((problem) => {
    delete made[name];
    throw problem;
  });
  return made[name];
}

// Do something with each place once it comes near the window.
function whenNear(places, act) {
  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        act(target);
      }
    },
    { rootMargin: "800px" },
  );
  for (const place of places) near.observe(place);
}

// What live.js takes for a model of the kernel's: values, and who is told when they change.
class Part {
  constructor(values) {
    this.values = values;
    this.heard = [];
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    this.values[name] = value;
    this.told?.(value);
  }
  save_changes() {}
  on(event, told) {
    if (event === "change") this.heard.push(told);
  }
  off() {}
  show(values) {
    Object.assign(this.values, values);
    for (const told of this.heard) told();
  }
}

// Draw figures into a place, as an explorer in a notebook does.
function board(place, values, words = {}) {
  const drawing = (globalThis[Symbol.for("crm-workbook.plotly")] ??= {});
  once(drawing, "page", plotly);
  const { light, dark, config } = site;
  const empty = { turn: 0, facts: [], changes: [], remarks: [], tables: {} };
  const model = new Part({ light, dark, config, ...empty, library: "IPY_MODEL_library", ...values });
  model.values.words = { ...site.words, values: "", ...words };
  const frame = new Part({ board: "IPY_MODEL_board" });
  const parts = { board: model, library: new Part({ version: "page" }) };
  for (const part of [frame, model]) part.widget_manager = { get_model: async (name) => parts[name] };
  frame.told = (open) => model.opened?.(open);
  crmLive.render({ model: frame, el: place });
  return model;
}
