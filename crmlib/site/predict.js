// Predictions: an explorer stays covered until one is made, moved as asked then, or until all are skipped.
const foretold = site.predictions;
const [RISES, STAYS] = [0, 1];

// A number to some decimals, a half to the even one, as Python writes it.
function fixed(value, digits) {
  const size = Math.abs(value);
  const [short, long] = [size.toFixed(digits), size.toFixed(Math.min(digits + 60, 100))];
  const point = long.indexOf(".");
  const kept = long.slice(0, digits ? point + 1 + digits : point);
  const half = /^5[0.]*$/.test(long.slice(kept.length + (digits ? 0 : 1))) && Number(kept.at(-1)) % 2 === 0;
  const text = thousands(half ? kept : short);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

class Predict {
  constructor(place) {
    this.place = place;
    this.name = `predict.${place.dataset.study}`;
    this.id = `${place.dataset.study}-predict`;
    const told = (name) => JSON.parse(place.querySelector(`.crm-${name}`).textContent);
    this.questions = told("predictions");
    this.challenges = told("challenges");
    this.card = element("div", { class: "crm-guess" });
    this.cover = element("div", { class: "crm-cover" }, foretold.covered);
    this.said = spoken();
    place.before(this.card, this.cover);
    this.card.addEventListener("keydown", (event) => event.key === "Escape" && this.asking && this.skip(), true);
    this.made = this.recalled();
    if (this.made.length) this.tell(this.made.at(-1));
    else if (kept.get(`${this.name}.skipped`)) this.uncover(foretold.first);
    else this.ask();
  }

  // What was predicted before, as far as it can be read.
  recalled() {
    try {
      const found = JSON.parse(kept.get(this.name) ?? "[]");
      return found.filter(({ n, way }) => n in this.questions && way in foretold.ways);
    } catch {
      return [];
    }
  }

  put(words, ...rest) {
    const question = element("div", { class: "crm-question", id: this.id });
    question.innerHTML = words;
    this.card.replaceChildren(question, ...rest, this.said.box);
  }

  ask() {
    const n = this.made.length % this.questions.length;
    const now = this.questions[n];
    const place = inWords(foretold.place, { n: (n % foretold.round) + 1, all: foretold.round });
    const entered = () => this.commit(n);
    this.asking = true;
    this.ways = fieldOf("options", { question: this.id, shown: foretold.ways, value: null }, { entered });
    this.size = fieldOf("line", { question: this.id, label: foretold.howMuch, unit: now.unit, value: "" }, { entered });
    const show = pressed(foretold.show, entered);
    const skip = pressed(`${foretold.skip} (Esc)`, () => this.skip());
    skip.setAttribute("aria-keyshortcuts", "Escape");
    this.said.say("");
    const tools = element("div", { class: "crm-toolbar" }, show, skip);
    this.put(`<span class="crm-kind">${escaped(place)}</span>${now.question}`, this.ways.box, this.size.box, tools);
    this.cover.hidden = false;
    this.place.classList.add("crm-covered");
  }

  commit(n) {
    const typed = this.size.value.trim();
    const { within } = this.questions[n];
    const size = typed ? read(typed, within) : null;
    if (this.ways.value === null) this.said.say(paragraph(escaped(foretold.wayFirst)));
    else if (typed && size === null) this.said.say(paragraph(escaped(refused(typed, within))));
    else {
      const made = { n, way: this.ways.value, size: size === null ? null : Math.abs(size) };
      const elsewhere = this.recalled(); // another window may have kept some since, and this question among them
      if (elsewhere.length >= this.made.length) this.made = elsewhere;
      const begun = this.made.length - (this.made.length % foretold.round);
      this.made = [...this.made.filter((one, place) => place < begun || one.n !== n), made];
      kept.set(this.name, JSON.stringify(this.made));
      this.tell(made);
      this.move(this.questions[n]);
      this.said.focus();
    }
  }

  skip() {
    kept.set(`${this.name}.skipped`, "true");
    this.uncover(foretold.first);
    this.said.say(paragraph(escaped(foretold.open)));
    this.said.focus();
  }

  tell(made) {
    const now = this.questions[made.n];
    const over = this.made.length % foretold.round === 0;
    this.uncover(over ? foretold.more : foretold.next);
    const way = paragraph(escaped(now.said[made.way]), made.way === now.way ? "right" : "wrong");
    const lines = [this.saidSize(made, now), now.cause].map((line) => paragraph(escaped(line)));
    this.put(now.question, this.tools);
    this.said.say(way + lines.join("") + this.beside(made, now) + (over ? paragraph(escaped(this.score())) : ""));
  }

  saidSize({ way, size }, now) {
    const shown = (value) => now.sized.replace("{number}", fixed(value, now.digits));
    const facts = { true: shown(now.size), guess: shown(size ?? 0) };
    const { sizes, near } = foretold;
    if (size === null || way === STAYS) return inWords(sizes.alone, facts);
    if (way !== now.way) return inWords(sizes.other_way, facts);
    if (Math.abs(size - now.size) <= near * now.size) return inWords(sizes.close, facts);
    return inWords(size < now.size ? sizes.larger : sizes.smaller, facts);
  }

  // A table of the figure before, as predicted and as it came, with bars that are drawn to one scale.
  beside({ way, size }, now) {
    const rows = [[foretold.before, now.before], [foretold.result, now.after]];
    const signed = way === STAYS ? 0 : way === RISES ? size : -size;
    if (size !== null || way === STAYS) rows.splice(1, 0, [foretold.yours, now.before + signed]);
    const values = rows.map(([, value]) => value);
    const largest = Math.max(...values);
    const drawn = Math.min(...values) >= 0 && largest > 0;
    const lines = rows.map(([name, value]) => {
      const width = drawn ? ((100 * value) / largest).toFixed(1) : 0;
      const bar = `<td aria-hidden="true"><span class="crm-bar" style="width: ${width}%"></span></td>`;
      return `<tr><th scope="row">${escaped(name)}</th><td>${fixed(value, now.digits)}</td>${drawn ? bar : ""}</tr>`;
    });
    return `<table class="crm-predicted"><caption>${escaped(now.title)}</caption>${lines.join("")}</table>`;
  }

  score() {
    const last = this.made.slice(-foretold.round);
    const right = last.filter(({ n, way }) => this.questions[n].way === way).length;
    return inWords(foretold.score, { right, all: last.length });
  }

  uncover(then) {
    this.asking = false;
    const next = pressed(then, () => {
      this.ask();
      this.ways.focus();
    });
    this.tools = element("div", { class: "crm-toolbar" }, next);
    this.card.replaceChildren(this.tools, this.said.box);
    this.cover.hidden = true;
    this.place.classList.remove("crm-covered");
    if (this.explorer) return;
    storedMoves(this.place.dataset.study, "base").catch(() => {}); // before the library for drawing, which takes long
    this.explorer = new Explorer(this.place);
    if (this.challenges.asked.length) new Challenges(this.explorer, this.place, this.challenges);
  }

  async move({ input, stop }) {
    await this.explorer.begin(0);
    const control = this.explorer.controls.find(({ name }) => name === input);
    this.explorer.set(control, stop);
    await this.explorer.move(control);
  }
}

whenNear(document.querySelectorAll(".crm-explorer"), (place) => new Predict(place));
