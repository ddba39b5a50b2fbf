// The mock exam: one of the papers drawn when the site was built, against a clock that goes on while the page is away.
const sat = site.mock;
const DOUBLE_CLICK = 1000; // milliseconds within which a second press of “Submit” answers nothing

function freshSitting() {
  const turn = Number(kept.get("mock.turn") ?? NaN);
  const n = Number.isInteger(turn) ? turn : Math.floor(Math.random() * sat.papers);
  return { n: n % sat.papers, begun: 0, handed: 0, given: {}, units: {}, flags: {}, marks: {}, levels: {} };
}

// The paper begun last; a new one where there is none or it cannot be read.
function lastSitting() {
  try {
    const found = JSON.parse(kept.get("mock"));
    if (Number.isInteger(found.n) && found.n < sat.papers && found.begun > 0) return { ...freshSitting(), ...found };
  } catch {
    // damaged, or of nobody
  }
  return freshSitting();
}

// What a question earned by itself; null where words are still to be marked by the student.
function earnedBy(q, given) {
  if (!JUDGED.includes(q.kind)) return earnedAtOnce(q, q.points, given);
  return isEmpty(given) ? 0 : earnedOf(q.points, judgedAnswer(q, given)[3]);
}

// The misconception that an answer shows; of one in words its verdict alone tells.
function shownBy(q, given) {
  if (isEmpty(given)) return "";
  return JUDGED.includes(q.kind) ? judgedAnswer(q, given)[2] : ((q.kind === "tfc" && q.names[given[0]]) || "");
}

// How a question stands, in words and as a sign.
function standingOf(q, n, { handed, given, marks }) {
  if (!handed && isAnswered(q, given[n])) return [sat.answered, " •"];
  if (!handed) return [isEmpty(given[n]) ? sat.open : sat.unread[Number(q.kind === "num")], ""];
  if (!(n in marks)) return [sat.toRate, " ?"];
  return marks[n] === q.points ? [sat.full, " ✓"] : [sat.lost, " ✗"];
}

// The marks so far: in all, and by section.
function resultOf({ parts, points: all }, questions, marks) {
  const sum = (places, of) => places.reduce((total, n) => total + of(n), 0);
  const [earned, points] = [(n) => marks[n], (n) => questions[n].points];
  const done = questions.flatMap((_q, n) => (n in marks ? [n] : []));
  const waiting = questions.flatMap((_q, n) => (n in marks ? [] : [n]));
  const facts = { points: brief(sum(done, earned)), most: brief(sum(done, points)), all: brief(all) };
  const lines = [inWords(sat.marked, facts)];
  const left = { n: waiting.length, points: brief(sum(waiting, points)) };
  if (waiting.length) lines.push(inWords(sat.waiting[waiting.length === 1 ? 0 : 1], left));
  const rows = parts.map(({ title }) => {
    const places = done.filter((n) => questions[n].title === title);
    const got = inWords(sat.earned, { earned: brief(sum(places, earned)), points: brief(sum(places, points)) });
    return element("tr", {}, element("th", { scope: "row" }, title), element("td", {}, places.length ? got : "–"));
  });
  const heads = [sat.section, sat.pointsEarned].map((head) => element("th", { scope: "col" }, head));
  const table = element("table", { class: "crm-progress-table" }, element("tr", {}, ...heads), ...rows);
  return [...lines.map((line) => element("p", {}, element("b", {}, line))), table];
}

class Mock {
  constructor(place) {
    this.place = place;
    [this.head, this.sheet, this.body, this.tools] = ["div", "div", "div", "div"].map((tag) => element(tag));
    this.sheet.className = "crm-sheet";
    this.tools.className = "crm-toolbar";
    this.clock = element("div");
    this.ticking = globalThis.crmFields.clock(this.clock);
    this.said = spoken();
    place.replaceChildren(this.head, this.clock, this.sheet, this.body, this.tools, this.said.box);
    this.at = 0;
    this.begin(lastSitting());
    setInterval(() => this.tick(), 500);
    addEventListener("storage", ({ key }) => key === "crm.mock" && this.begin(lastSitting())); // sat in another window
  }

  async begin(state) {
    try {
      const paper = await storedIn(`mock/${site.lang}/${state.n}.js`, "crmMock", state.n);
      this.questions = paper.parts.flatMap(({ title, questions }) => questions.map((q) => ({ ...q, title })));
      this.ids = this.questions.map(({ id }) => id).join(" ");
      const same = !state.begun || state.ids === this.ids; // the site may have been built anew since
      this.questions.forEach(({ unit }, n) => {
        if (n in state.given) state.given[n] = withUnit(state.given[n], state.units[n], unit);
      });
      Object.assign(this, { paper, state: same ? state : { ...freshSitting(), n: state.n } });
    } catch {
      this.said.say(paragraph(escaped(sat.late)));
      return;
    }
    this.tick();
    this.show();
  }

  keep() {
    kept.set("mock", JSON.stringify(this.state));
  }

  get stage() {
    if (!this.state.begun) return "ready";
    return this.state.handed ? "done" : "running";
  }

  // Seconds left; the clock of the device may have been turned.
  get left() {
    const whole = 60 * this.paper.minutes;
    return Math.min(Math.max(this.state.begun / 1000 + whole - Date.now() / 1000, 0), whole);
  }

  tick() {
    if (!this.state || this.stage !== "running") return;
    const { left } = this;
    this.ticking.show({ left, label: sat.left });
    const passed = sat.announced.filter((minutes) => left <= 60 * minutes);
    if (!left) {
      this.handIn();
      this.said.say(paragraph(escaped(sat.timeUp)));
    } else if (this.passed !== undefined && passed.length > this.passed) {
      this.said.say(paragraph(escaped(sat.minutesLeft[String(Math.min(...passed))])));
    }
    this.passed = passed.length;
  }

  show() {
    const { stage, paper, questions } = this;
    const facts = inWords(sat.facts, { n: questions.length, points: brief(paper.points), minutes: brief(paper.minutes) });
    this.head.replaceChildren(element("h3", {}, paper.title), element("p", {}, facts));
    this.clock.hidden = stage !== "running";
    this.sheet.hidden = stage === "ready";
    if (stage === "ready") {
      this.head.append(element("p", {}, sat.rules));
      this.body.replaceChildren();
      this.tools.replaceChildren(pressed(sat.start, () => this.start()));
      return;
    }
    if (stage === "done") this.head.append(...resultOf(paper, questions, this.state.marks));
    this.showSheet();
    this.showQuestion();
    this.showTools();
  }

  start() {
    this.state.begun = Date.now();
    this.state.ids = this.ids;
    this.at = 0;
    this.passed = undefined;
    kept.set("mock.turn", this.state.n + 1);
    this.keep();
    this.tick();
    this.show();
    this.field.focus();
  }

  showSheet() {
    const buttons = this.questions.map((q, n) => {
      const [state, sign] = standingOf(q, n, this.state);
      const flagged = this.state.flags[n];
      const named = inWords(sat.question, { n: n + 1, state });
      const one = pressed(`${n + 1}${sign}${flagged ? "⚑" : ""}`, () => this.go(n));
      one.setAttribute("aria-label", flagged ? inWords(sat.flagged, { state: named }) : named);
      if (n === this.at) one.setAttribute("aria-current", "true");
      return one;
    });
    this.sheet.replaceChildren(...buttons);
  }

  go(n) {
    this.at = Math.min(Math.max(n, 0), this.questions.length - 1);
    this.warned = 0;
    this.said.say("");
    this.show();
    if (this.stage === "running") this.field.focus();
    else this.said.focus();
  }

  showQuestion() {
    const { at } = this;
    const q = this.questions[at];
    const id = `mock-${at}`;
    const question = element("div", { class: "crm-question", id });
    const head = `${at + 1}. ${q.head}`;
    question.innerHTML = `<span class="crm-kind">${escaped(head)}</span>${q.question}${q.rule ? paragraph(escaped(q.rule)) : ""}`;
    const changed = (value) => this.answer(at, value);
    this.field = answerField(q, id, this.state.given[at] ?? null, { changed });
    this.body.replaceChildren(question, this.field.box);
    if (this.stage === "done") this.review(q, at);
  }

  answer(n, value) {
    if (this.stage !== "running") return;
    this.state.given[n] = value;
    this.state.units[n] = this.questions[n].unit;
    this.warned = 0;
    this.keep();
    this.showSheet();
  }

  showTools() {
    const { at, questions } = this;
    const [back, on] = [pressed(sat.back, () => this.go(at - 1)), pressed(sat.on, () => this.go(at + 1))];
    back.disabled = at === 0;
    on.disabled = at === questions.length - 1;
    if (this.stage === "done") {
      this.tools.replaceChildren(back, on, pressed(sat.another, () => this.another()));
      return;
    }
    const flag = pressed(this.state.flags[at] ? sat.unflag : sat.flag, () => {
      this.state.flags[at] = !this.state.flags[at];
      this.keep();
      flag.textContent = this.state.flags[at] ? sat.unflag : sat.flag;
      this.showSheet();
    });
    this.tools.replaceChildren(back, on, flag, pressed(sat.handIn, () => this.ask()));
  }

  // Hand in, or first say how many questions are without an answer.
  ask() {
    const open = this.questions.filter((q, n) => !isAnswered(q, this.state.given[n])).length;
    if (!open || (this.warned && Date.now() - this.warned >= DOUBLE_CLICK)) this.handIn();
    else if (!this.warned) {
      this.warned = Date.now();
      this.said.say(paragraph(escaped(inWords(sat.unanswered[open === 1 ? 0 : 1], { n: open }))));
    }
  }

  handIn() {
    if (this.stage !== "running" || lastSitting().handed) return; // handed in in another window
    this.state.handed = Date.now();
    this.questions.forEach((q, n) => {
      const points = earnedBy(q, this.state.given[n] ?? null);
      if (points !== null) this.mark(n, points, points === q.points ? "right" : "wrong");
    });
    this.keep();
    this.at = 0;
    this.said.say("");
    this.show();
    this.said.focus();
  }

  mark(n, earned, verdict) {
    const q = this.questions[n];
    const misconception = shownBy(q, this.state.given[n] ?? null);
    this.state.marks[n] = earned;
    attempted(q, { seed: q.seed ?? 0, verdict, earned, misconception, hints: 0 }, "exam");
  }

  // What was answered stands in its field; below it why it is right or wrong, or the model answer with its rubric.
  review(q, n) {
    this.field.close();
    const given = this.state.given[n] ?? null;
    if (JUDGED.includes(q.kind)) {
      const [verdict, html] = isEmpty(given) ? ["wrong", escaped(sat.open)] : judgedAnswer(q, given);
      const told = element("div", { class: "crm-said" });
      told.innerHTML = paragraph(html, verdict) + (verdict === "right" ? "" : paragraph(q.solution));
      this.body.append(told);
      return;
    }
    this.body.append(modelAnswer(q));
    if (n in this.state.marks && !this.state.levels[n]) return;
    const rubric = new Rubric(q.rubric, `mock-${n}`, this.state.levels[n]);
    this.body.append(rubric.box);
    if (this.state.levels[n]) rubric.close();
    else this.body.append(pressed(asking.keep, () => this.rate(rubric, q, n)));
  }

  rate(rubric, q, n) {
    if (rubric.earned === null) {
      this.said.say(paragraph(escaped(asking.markFirst)));
      return;
    }
    this.state.levels[n] = rubric.chosen;
    this.mark(n, q.known + rubric.earned, "marked");
    this.keep();
    this.go(n);
  }

  another() {
    this.at = 0;
    kept.set("mock", "");
    this.begin(freshSitting());
    this.said.say("");
  }
}

whenNear(document.querySelectorAll(".crm-mock"), (place) => new Mock(place));
