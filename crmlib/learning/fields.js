// Draws the fields of practice where those of ipywidgets fall short: options with formulas that are one group for keyboard
// and screen reader, a region that is there before it says something, a clock that runs by itself.
//
// A piece's state comes in a hidden line of plain HTML, each change as a new node. What is chosen or typed goes out as a
// message of its own, in order with the presses of buttons: changes of state are held back while the kernel is busy, and
// “Check” would overtake them.

function make(tag, className, html) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (html !== undefined) node.innerHTML = html; // escaped by the kernel
  return node;
}

// Keep a key from the notebook: arrows choose an option here and not a cell, letters are typed. Saving still works.
function keep(event) {
  if (!((event.ctrlKey || event.metaKey) && event.key === "s")) event.stopPropagation();
}

// What stands in each field now. A verdict is hidden as soon as another answer stands there than the one it judges, also
// where no kernel hears of it.
const typed = new Map();
const verdicts = new Set();

function stands(piece, value) {
  typed.set(piece, String(value));
  verdicts.forEach((look) => look());
}

function options(box, tell, { id }) {
  const group = `crm-${Math.random().toString(36).slice(2)}`;
  box.className = "crm-options";
  box.setAttribute("role", "radiogroup");
  const radios = () => [...box.querySelectorAll("input")];
  let drawn = "";

  function draw(shown) {
    drawn = JSON.stringify(shown);
    box.replaceChildren(
      ...shown.map((html, place) => {
        const radio = Object.assign(make("input"), { type: "radio", name: group, value: place });
        const row = make("label", "crm-option");
        row.append(radio, make("span", "", html));
        return row;
      }),
    );
  }
  box.addEventListener("change", (event) => {
    stands(id, event.target.value);
    tell({ index: Number(event.target.value) });
  });
  box.addEventListener("keydown", (event) => {
    keep(event);
    if (event.key === "Enter") tell({ enter: true });
  });
  return {
    show(state, behind) {
      box.setAttribute("aria-labelledby", state.question);
      if (drawn !== JSON.stringify(state.shown)) {
        const place = radios().indexOf(document.activeElement);
        draw(state.shown);
        if (place >= 0) radios()[place]?.focus();
      }
      radios().forEach((radio, place) => {
        if (!behind) radio.checked = state.value === place;
        radio.disabled = state.disabled;
      });
      stands(id, radios().findIndex((radio) => radio.checked));
    },
    focus: () => (radios().find((radio) => radio.checked) ?? radios()[0])?.focus(),
  };
}

// Several of the options: a group of boxes to tick.
function checks(box, tell, { id }) {
  box.className = "crm-options";
  box.setAttribute("role", "group");
  const boxes = () => [...box.querySelectorAll("input")];
  const ticked = () => boxes().flatMap((one, place) => (one.checked ? [place] : []));
  let drawn = "";

  function draw(shown) {
    drawn = JSON.stringify(shown);
    box.replaceChildren(
      ...shown.map((html) => {
        const row = make("label", "crm-option");
        row.append(Object.assign(make("input"), { type: "checkbox" }), make("span", "", html));
        return row;
      }),
    );
  }
  box.addEventListener("change", () => {
    stands(id, ticked());
    tell({ places: ticked() });
  });
  box.addEventListener("keydown", (event) => {
    keep(event);
    if (event.key === "Enter") tell({ enter: true });
  });
  return {
    show(state, behind) {
      box.setAttribute("aria-labelledby", state.question);
      if (drawn !== JSON.stringify(state.shown)) {
        const place = boxes().indexOf(document.activeElement);
        const before = ticked();
        draw(state.shown);
        boxes().forEach((one, n) => (one.checked = before.includes(n)));
        if (place >= 0) boxes()[place]?.focus();
      }
      if (!behind) boxes().forEach((one, n) => (one.checked = state.value.includes(n)));
      boxes().forEach((one) => (one.disabled = state.disabled));
      stands(id, ticked());
    },
    focus: () => boxes()[0]?.focus(),
  };
}

// Rows of a name and a field each, which hand over all their values together.
function rows(box, tell, { id }, kind) {
  box.className = "crm-rows";
  box.setAttribute("role", "group");
  const fields = () => [...box.querySelectorAll("input, select")];
  const values = () => fields().map(kind.read);
  let drawn = "";

  function draw(state, look) {
    drawn = look;
    box.replaceChildren(
      ...state.names.map((name) => {
        const row = make("label", "crm-row");
        row.append(make("span", "", name), kind.field(state));
        return row;
      }),
    );
  }
  box.addEventListener("input", () => {
    stands(id, values());
    tell({ values: values() });
  });
  box.addEventListener("keydown", (event) => {
    keep(event);
    if (event.key === "Enter" && event.target.tagName === "INPUT" && !event.isComposing) {
      tell({ values: values(), enter: true });
    }
  });
  return {
    show(state, behind) {
      box.setAttribute("aria-labelledby", state.question);
      const look = JSON.stringify([state.names, state.shown]);
      if (drawn !== look) {
        const [place, before] = [fields().indexOf(document.activeElement), values()];
        draw(state, look);
        fields().forEach((field, n) => kind.write(field, before[n]));
        if (place >= 0) fields()[place]?.focus();
      }
      if (!behind && JSON.stringify(values()) !== JSON.stringify(state.value)) {
        fields().forEach((field, n) => kind.write(field, state.value[n]));
      }
      stands(id, values());
    },
    focus: () => fields()[0]?.focus(),
  };
}

const BLANK = {
  field: () => Object.assign(make("input"), { type: "text", autocomplete: "off", size: 24 }),
  read: (field) => field.value,
  write: (field, value) => (field.value = value ?? ""),
};
const CHOICE = {
  field(state) {
    const select = make("select");
    for (const [place, text] of [state.none, ...state.shown].entries()) {
      const option = make("option");
      Object.assign(option, { value: place ? place - 1 : "", textContent: text });
      select.append(option);
    }
    return select;
  },
  read: (field) => (field.value === "" ? null : Number(field.value)),
  write: (field, value) => (field.value = value ?? ""),
};
const blanks = (box, tell, state) => rows(box, tell, state, BLANK);
const pairs = (box, tell, state) => rows(box, tell, state, CHOICE);

function line(box, tell, { id, rows }) {
  const label = make("label", "crm-line");
  const [name, input, unit] = [make("span"), make(rows ? "textarea" : "input"), make("span")];
  Object.assign(input, rows ? { rows } : { type: "text", autocomplete: "off", size: 16 });
  label.append(name, input, unit);
  box.append(label);
  input.addEventListener("input", () => {
    stands(id, input.value);
    tell({ value: input.value });
  });
  input.addEventListener("keydown", (event) => {
    keep(event);
    if (event.key === "Enter" && !rows && !event.isComposing) tell({ value: input.value, enter: true });
  });
  return {
    show(state, behind) {
      name.textContent = state.label;
      unit.textContent = state.unit;
      input.placeholder = state.placeholder;
      input.setAttribute("aria-describedby", state.question);
      if (!behind && input.value !== state.value) input.value = state.value;
      stands(id, input.value);
    },
    focus: () => input.focus(),
  };
}

// A line for a number with a slider below it, which has no handle until it is touched: it suggests no number.
function scale(box, tell, state) {
  const typed = line(box, tell, state);
  const [field, slider] = [box.querySelector("input"), make("input", "crm-scale")];
  field.inputMode = "decimal";
  Object.assign(slider, { type: "range", min: state.low, max: state.high, step: state.step });
  box.append(slider);

  function follow() {
    const value = Number(field.value.replaceAll(",", "") || NaN);
    const nowhere = Number.isNaN(value);
    slider.classList.toggle("crm-nowhere", nowhere);
    if (!nowhere) slider.value = value;
    slider.setAttribute("aria-valuetext", nowhere ? state.nowhere : `${field.value} ${state.unit}`);
  }
  field.addEventListener("input", follow);
  slider.addEventListener("keydown", (event) => {
    keep(event);
    if (event.key === "Enter") tell({ enter: true });
  });
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.dispatchEvent(new Event("input"));
  });
  return {
    show(next, behind) {
      typed.show(next, behind);
      slider.setAttribute("aria-label", next.label);
      slider.setAttribute("aria-describedby", next.question);
      follow();
    },
    focus: typed.focus,
  };
}

// Lines to put in order: two buttons move each; the focus goes with the line, and its new place is said.
function order(box, tell, { id }) {
  const [list, told] = [make("ol", "crm-order"), make("span")];
  told.setAttribute("role", "status");
  box.append(list, told);
  const places = () => [...list.children].map((row) => Number(row.dataset.place));
  let drawn = "";
  let words = {};

  function mark() {
    for (const row of list.children) {
      const [up, down] = row.querySelectorAll("button");
      up.setAttribute("aria-disabled", !row.previousElementSibling);
      down.setAttribute("aria-disabled", !row.nextElementSibling);
    }
    stands(id, places());
  }
  function move(row, button, other, way) {
    if (!other) return;
    other[way](row);
    button.focus();
    mark();
    const n = places().indexOf(Number(row.dataset.place)) + 1;
    told.textContent = words.placed.replace("{n}", n).replace("{all}", list.children.length);
    tell({ order: places() });
  }
  function draw(state) {
    const rows = state.value.map((place) => {
      const row = make("li");
      row.dataset.place = place;
      const text = make("span", "", state.shown[place]);
      const [up, down] = [make("button", "", "↑"), make("button", "", "↓")];
      for (const [button, name] of [[up, state.up], [down, state.down]]) {
        button.type = "button";
        button.setAttribute("aria-label", `${name}: ${text.textContent}`);
      }
      up.addEventListener("click", () => move(row, up, row.previousElementSibling, "before"));
      down.addEventListener("click", () => move(row, down, row.nextElementSibling, "after"));
      row.append(up, down, text);
      return row;
    });
    list.replaceChildren(...rows);
  }
  box.addEventListener("keydown", keep);
  return {
    show(state, behind) {
      words = state;
      list.setAttribute("aria-labelledby", state.question);
      if (drawn !== JSON.stringify(state.shown) || (!behind && String(places()) !== String(state.value))) draw(state);
      drawn = JSON.stringify(state.shown);
      mark();
    },
    focus: () => list.querySelector("button")?.focus(),
  };
}

// Go to the section of the notebook that a link names, and offer there the way back.
function follow(event) {
  const link = event.target.closest?.(".crm-to");
  if (!link) return;
  event.preventDefault();
  const named = (heading) => heading.textContent.replace("¶", "").trim() === link.dataset.section;
  const heading = [...document.querySelectorAll(":is(h1, h2, h3, h4)")].find(named);
  if (!heading) return;
  document.querySelector(".crm-back")?.remove();
  const back = make("button", "crm-back");
  back.textContent = link.dataset.back;
  back.addEventListener("click", () => {
    back.remove();
    link.scrollIntoView({ block: "center" });
    link.focus();
  });
  heading.after(back);
  heading.scrollIntoView();
  back.focus({ preventScroll: true });
}

function said(box) {
  box.className = "crm-said";
  box.setAttribute("role", "status");
  box.setAttribute("aria-atomic", "false"); // what was said before is not said again
  box.tabIndex = -1;
  let of = {};
  const look = () => box.classList.toggle("crm-stale", typed.has(of.piece) && typed.get(of.piece) !== of.value);
  verdicts.add(look);
  return {
    show({ value, judged }) {
      of = judged;
      const fresh = [...make("div", "", value).childNodes];
      const kept = [...box.childNodes];
      const same = fresh.findIndex((node, place) => !kept[place]?.isEqualNode(node));
      const upTo = same < 0 ? fresh.length : same;
      kept.slice(upTo).forEach((node) => node.remove());
      box.append(...fresh.slice(upTo));
      look();
    },
    focus: () => box.focus(),
    end: () => verdicts.delete(look),
  };
}

function clock(box) {
  const face = make("span", "crm-clock");
  face.setAttribute("role", "timer"); // not spoken by itself
  box.append(face);
  let end = 0;
  let label = "";

  function tick() {
    const left = Math.max(Math.round((end - performance.now()) / 1000), 0);
    const [minutes, seconds] = [Math.floor(left / 60), left % 60].map((n) => String(n).padStart(2, "0"));
    const text = `${label} ${minutes}:${seconds}`;
    if (face.textContent !== text) face.textContent = text;
  }
  const running = setInterval(() => (box.isConnected ? tick() : undefined), 250); // also while the kernel is busy
  return {
    show(state) {
      end = performance.now() + 1000 * state.left;
      label = state.label;
      tick();
    },
    focus: () => {},
    end: () => clearInterval(running),
  };
}

const KINDS = { options, checks, line, blanks, pairs, scale, order, said, clock };
const HOSTS = ".crm-practice, .crm-mock, .crm-progress, .crm-ask:not(.crm-practice *, .crm-progress *), .crm-guess";
const PATIENCE = 8000; // milliseconds after which a student is told that the kernel has not answered

// Say in the exercise, practice or exam around a piece that its kernel does not hear, or take that back.
function complain(el, said) {
  const host = el.closest(HOSTS) ?? el;
  const before = host.querySelector(":scope > .crm-gone");
  if (before?.textContent === said) return;
  before?.remove();
  if (!said) return;
  const line = make("p", "crm-gone");
  line.setAttribute("role", "alert");
  line.textContent = said;
  host.append(line);
}

// A piece on the page: `show` is given each state, with word whether the page is ahead of it.
function place(el, state, send) {
  const box = el.appendChild(make("div"));
  let [turn, number, told] = [state.turn, state.heard, state.told];
  let [gone, waiting] = [false, 0];

  function lose() {
    gone = true;
    clearTimeout(waiting);
    complain(el, state.gone);
  }
  function pass(what) {
    try {
      send({ piece: state.id, ...what });
    } catch {
      lose(); // there is no kernel to send to
    }
  }
  function tell(what) {
    pass({ turn, number: ++number, ...what });
    if (!gone && !waiting) waiting = setTimeout(() => complain(el, state.unheard), PATIENCE);
  }
  const piece = KINDS[state.kind](box, tell, state);
  pass({ ready: true, told });
  return {
    ...piece,
    lose,
    pressed: () => tell({}),
    turn(next) {
      if (waiting && next.heard >= number) {
        clearTimeout(waiting);
        waiting = 0;
        if (!gone) complain(el, "");
      }
      piece.show(next, next.turn === turn && next.heard < number);
      turn = next.turn;
      number = Math.max(number, next.heard);
      if (next.told > told) {
        piece.focus();
        pass({ focused: true });
      }
      told = next.told;
    },
  };
}

function initialize({ model }) {
  const wires = `.crm-wire[data-desk="${model.get("name")}"]`;
  const seen = new WeakSet();
  const pieces = new Map();
  let gone = false;

  function look() {
    for (const wire of document.querySelectorAll(wires)) {
      if (seen.has(wire)) continue;
      seen.add(wire);
      const el = wire.closest(".widget-html");
      const state = JSON.parse(wire.dataset.state);
      if (!pieces.has(el)) pieces.set(el, place(el, state, (what) => model.send(what)));
      pieces.get(el).turn(state);
      if (gone) pieces.get(el).lose();
    }
  }
  // A button's press goes past the pieces; one of those beside it asks whether anybody hears.
  function pressed({ target }) {
    const host = target.closest(".jupyter-button")?.closest(HOSTS);
    for (const [el, piece] of host ? pieces : []) {
      if (host.contains(el)) return piece.pressed();
    }
  }
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", pressed);
  document.addEventListener("click", follow);
  // JupyterLab says so of every model once its kernel restarts; it never takes it back.
  model.on("comm_live_update", () => {
    gone = true;
    pieces.forEach((piece, el) => el.isConnected && piece.lose());
  });
  look();
  return () => {
    observer.disconnect();
    document.removeEventListener("click", pressed);
    document.removeEventListener("click", follow);
    pieces.forEach((piece) => piece.end?.());
  };
}

export default { initialize };
