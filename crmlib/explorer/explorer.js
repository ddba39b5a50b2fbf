// Explorers that move by looking up: what they show after each move of one input was worked out when the page was made;
// where there are few states, all of them, and the inputs move together.
class Explorer {
  constructor(place) {
    this.study = place.dataset.study;
    this.told = JSON.parse(place.querySelector(".crm-declared").textContent);
    this.shown = this.told; // what the figures' places count in
    this.base = 0;
    this.moved = null;
    this.asked = 0;
    this.seen = () => {}; // what else looks at a state that is shown
    const side = element("div", { class: "crm-controls" });
    this.pictures = element("div");
    this.note = element("p", { class: "crm-unseen", role: "status" });
    this.controls = this.told.controls.map((control) => this.control(control));
    const ends = this.controls.flatMap((control) => (control.count ? [0, control.count - 1].map((stop) => this.text(control, stop)) : []));
    side.style.setProperty("--crm-room", `max(4.2rem, ${Math.max(0, ...ends.map(({ length }) => length))}ch)`);
    const rest = this.controls.filter(({ more }) => more);
    side.append(...this.grouped(this.controls.filter(({ more }) => !more)));
    if (rest.length) {
      const title = element("summary", {}, site.words.more.replace("{n}", rest.length));
      side.append(element("details", { class: "crm-more" }, title, ...this.grouped(rest)));
    }
    const panes = element("div", { class: "crm-panes" }, side, this.pictures);
    const hint = this.told.free ? site.words.together : site.words.alone;
    place.replaceChildren(this.toolbar(), element("p", { class: "crm-hint" }, hint), this.note, panes);
    const facts = this.facts(this.told.first);
    this.values = facts.map(([, value]) => value);
    const { values } = site.words;
    this.board = board(this.pictures, { figures: this.figures(this.told.first), facts, remarks: this.told.first[2] }, { values });
    setTimeout(() => (this.pictures.querySelector(".crm-facts").tabIndex = 0)); // on a phone they are a row to be swiped
    this.open = [];
    this.places = this.told.first[0];
    this.remarks = this.told.first[2];
    this.board.opened = (open) => {
      this.open = open;
      this.board.show({ tables: this.tables() });
    };
    this.stand();
  }

  toolbar() {
    const reset = pressed(site.words.reset, () => this.begin(0));
    const choice = element("select", {}, ...this.told.bases.map(([, label], place) => element("option", { value: place }, label)));
    choice.addEventListener("change", () => this.begin(Number(choice.value)));
    this.choice = choice;
    const label = element("label", {}, `${site.words.begin} `, choice);
    return element("div", { class: "crm-toolbar" }, ...(this.told.bases.length > 1 ? [label] : []), reset);
  }

  // One control, with its name and where it stands.
  control(told) {
    const id = `${this.study}-${told.name}`;
    const control = { ...told, box: element("div", { class: "crm-control" }) };
    if (told.kind === "choice") {
      control.input = element("select", { id }, ...told.choices.map((label, place) => element("option", { value: place }, label)));
    } else if (told.kind === "switch") control.input = element("input", { id, type: "checkbox" });
    else control.input = element("input", { id, type: "range", min: 0, max: told.count - 1, step: 1 });
    const label = element("label", { for: id }, told.label);
    if (told.help) control.input.title = told.help;
    control.output = element("output", { for: id });
    control.box.append(...(told.kind === "switch" ? [control.input, label] : [label, control.input]));
    if (told.kind === "number") control.box.append(control.output);
    control.input.addEventListener("input", () => this.move(control));
    const fetch = () => this.fetch(control).catch(() => {}); // before she moves it; what fails is said then
    for (const event of ["pointerdown", "focusin"]) control.box.addEventListener(event, fetch);
    return control;
  }

  grouped(controls) {
    const names = [...new Set(controls.map(({ group }) => group))];
    return names.flatMap((name) => [
      element("p", { class: "crm-group" }, name),
      ...controls.filter(({ group }) => group === name).map(({ box }) => box),
    ]);
  }

  // Have a control stand at a stop.
  set(control, stop) {
    const { input, kind } = control;
    if (kind === "switch") input.checked = Boolean(stop);
    else input.value = stop;
    this.say(control);
  }

  // What stands beside a slider at a stop.
  text({ low, step, digits, texts }, stop) {
    return texts ? texts[stop] : thousands((low + step * stop).toFixed(digits).replace("-", "−"));
  }

  say(control) {
    const { kind, input, output } = control;
    if (kind !== "number") return;
    output.textContent = this.text(control, Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  }

  // Have all controls stand where the base has them.
  stand() {
    const [, , stops] = this.told.bases[this.base];
    this.controls.forEach((control, place) => this.set(control, stops[place]));
    this.choice.value = this.base;
  }

  // The base that a file tells of; where inputs move together one file has it all.
  file(base) {
    return this.told.bases[this.told.free ? 0 : base][0];
  }

  // A page that was kept may be of another edition than the file.
  async moves() {
    const { base } = this;
    const known = await storedMoves(this.study, this.file(base));
    const whole = this.controls.reduce((all, control) => all * this.count(control), 1);
    const alike = ([, values, remarks]) => JSON.stringify([values, remarks]);
    const fits = this.told.free
      ? known.every.length === whole
      : this.controls.every((control) => known.moved[control.name]?.length === this.count(control)) &&
        (base || alike(known.first) === alike(this.told.first));
    if (!fits) throw new Error(`${this.study}: another edition`);
    return known;
  }

  count({ count, choices }) {
    return count ?? choices.length;
  }

  // Bring what the moves of a control show, the nearest first, then the rest of the base.
  async fetch(control) {
    const { base } = this;
    const known = await this.moves();
    const [states, here] = this.told.free ? [known.every, this.place()] : [known.moved[control.name], this.stop(control)];
    const near = [...states.entries()].sort(([one], [other]) => Math.abs(one - here) - Math.abs(other - here));
    await this.bring(known, base, near.flatMap(([, [places]]) => places || []));
    for (const start of known.starts ?? []) await this.bring(known, base, [start]);
  }

  // Which parts the figures at some places lie in that are not here yet.
  lacking({ starts, figures = [] }, places) {
    const away = starts ? places.filter((place) => !figures[place]) : [];
    return [...new Set(away.map((place) => starts.findLastIndex((start) => start <= place)))];
  }

  // A part of another edition than what is known would be other figures.
  bring(known, base, places) {
    const name = this.file(base);
    const laid = async (part) => {
      const { of, figures, tables } = await storedMoves(this.study, name, part);
      if (of !== known.of) throw new Error(`${name}.${part}: another edition`);
      figures.forEach((figure, n) => {
        (known.figures ??= [])[known.starts[part] + n] = figure;
        (known.tables ??= [])[known.starts[part] + n] = tables[n];
      });
    };
    return Promise.all(this.lacking(known, places).map(laid));
  }

  stop({ kind, input }) {
    return kind === "switch" ? Number(input.checked) : Number(input.value);
  }

  // Where the stops of all controls stand among all combinations, the last control's first.
  place() {
    return this.controls.reduce((all, control) => all * this.count(control) + this.stop(control), 0);
  }

  // What is known of where all controls stand, one of them having been moved: a state for each combination of stops, or
  // one for each stop of each control from where moves begin.
  state({ every, first, moved }, mover) {
    if (!mover && first) return first;
    return this.told.free ? every[this.place()] : moved[mover.name][this.stop(mover)];
  }

  async begin(base) {
    this.base = base;
    this.moved = null;
    this.stand();
    await this.show(null);
  }

  async move(control) {
    const before = this.moved;
    this.say(control);
    this.moved = control;
    if (!this.told.free && before && before !== control) {
      const place = this.controls.indexOf(before);
      this.set(before, this.told.bases[this.base][2][place]);
      this.note.textContent = site.words.back.replace("{label}", before.label);
    }
    await this.show(control);
  }

  // Show a state once what it stands in is here; of several asked for meanwhile only the last. What is shown at first is
  // on the page.
  async show(mover) {
    this.asked += 1;
    const { asked, base } = this;
    let known = this.told;
    try {
      if (mover || base) known = await this.moves();
    } catch {
      if (asked === this.asked) this.board.show({ remarks: [site.words.late] });
      return;
    }
    if (asked !== this.asked) return;
    const state = this.state(known, mover);
    this.refuse(Array.isArray(state[2]) ? {} : state[2]);
    if (Array.isArray(state[2])) this.remarks = state[2];
    if (!state[0]) {
      if (this.remarks === state[2]) this.board.show({ remarks: this.remarks });
      return;
    }
    this.wanted = state;
    const said = this.said(state, mover);
    const away = this.lacking(known, state[0]).length > 0;
    this.pictures.classList.toggle("crm-late", away);
    if (away) {
      this.board.show(said);
      this.follow(known, base, state);
    } else this.draw(known, state, said);
  }

  // Have the figures of a state follow what it says, unless another state's are wanted when they come.
  async follow(known, base, state) {
    try {
      await this.bring(known, base, state[0]);
    } catch {
      if (this.wanted === state) this.board.show({ remarks: [...this.remarks, site.words.late] });
      return;
    }
    if (this.wanted !== state) return;
    this.pictures.classList.remove("crm-late");
    this.draw(known, state, {});
  }

  draw(known, state, said) {
    this.shown = known;
    this.places = state[0];
    this.board.show({ ...said, figures: this.figures(state), tables: this.tables() });
  }

  // What a state says, and how far it is from where the control now moved was touched.
  said(state, mover) {
    if (mover === null || mover !== this.mover) {
      this.mover = mover;
      this.before = this.values;
      this.turn = (this.turn ?? 0) + 1;
    }
    this.values = state[1];
    const changes = this.values.map((value, place) => changed(this.before[place], value));
    this.seen(state);
    return { facts: this.facts(state), changes, remarks: state[2], turn: this.turn };
  }

  figures([places]) {
    return places.map((place) => this.shown.figures[place]);
  }

  facts([, values]) {
    return values.map((value, place) => [this.told.measures[place], value]);
  }

  tables() {
    return Object.fromEntries(this.open.map((place) => [place, this.shown.tables[this.places[place]]]));
  }

  // Put a sentence under each control that is refused, unfolded if need be; what was shown stays.
  refuse(sentences) {
    for (const { name, box } of this.controls) {
      box.querySelector(".crm-problem")?.remove();
      if (!sentences[name]) continue;
      const fold = box.closest("details");
      if (fold) fold.open = true;
      box.append(element("p", { class: "crm-problem", role: "alert" }, sentences[name]));
    }
  }
}

// What a figure was and how much it moved, both as shown: whole numbers of its last digit, so that nothing is lost.
function changed(before, now) {
  if (before === now) return "";
  const was = site.words.was.replace("{before}", before);
  if (![before, now].every((text) => /^−?[\d,]+(\.\d+)?$/.test(text))) return was;
  const digits = now.split(".")[1]?.length ?? 0;
  const [one, two] = [before, now].map((text) => BigInt(text.replace("−", "-").replace(/[,.]/g, "")));
  const size = (two > one ? two - one : one - two).toString().padStart(digits + 1, "0");
  const whole = thousands(size.slice(0, size.length - digits));
  const moved = `${two < one ? "−" : "+"}${whole}${digits ? `.${size.slice(-digits)}` : ""}`;
  if (before.length + moved.length + now.length > site.words.room) return site.words.change.replace("{moved}", moved);
  return site.words.moved.replace("{before}", before).replace("{moved}", moved);
}
