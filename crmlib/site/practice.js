// Practice: the items of a chapter one after another; answers in words are compared with the model and marked by the rubric.
let cardsSoFar = 0;

// What a card of either kind has: what is asked, a field, help, and what is said.
class Asked {
  constructor(item, q, done) {
    Object.assign(this, { item, q: { ...q, kind: item.kind }, done, hints: 0, answered: false, known: false });
    cardsSoFar += 1;
    this.id = `question-${cardsSoFar}`;
    const question = element("div", { class: "crm-question", id: this.id });
    const rule = q.rule ? paragraph(escaped(q.rule)) : "";
    question.innerHTML = `<span class="crm-kind">${escaped(item.head)}</span>${q.question}${rule}`;
    this.field = answerField(this.q, this.id, null, { entered: () => this.judge() });
    this.said = spoken();
    this.hint = pressed(said.hintAt, () => this.giveHint());
    this.hint.hidden = !q.hints.length;
    this.tools = element("div", { class: "crm-toolbar" });
    this.box = element("div", { class: "crm-ask" }, question, this.field.box, this.tools, this.said.box);
  }

  focus() {
    this.field.focus();
  }

  get hinted() {
    return this.q.hints.slice(0, this.hints).map((hint) => paragraph(hint)).join("");
  }

  giveHint() {
    this.hints += 1;
    this.say("");
  }

  // The first answer counts; each hint before it costs a share.
  count(verdict, share, misconception = "") {
    if (this.answered) return;
    this.answered = true;
    this.earned = earnedOf(this.item.points * shareLeft(this.hints), share);
    const { earned, hints } = this;
    this.done(attempted(this.item, { seed: this.q.seed ?? 0, verdict, earned, misconception, hints }));
  }
}

// A question that the page marks: the first answer counts, what comes after it is for learning.
class Marked extends Asked {
  constructor(...given) {
    super(...given);
    this.solve = pressed(said.solve, () => this.giveSolution());
    this.tools.append(pressed(said.check, () => this.judge()), this.hint, this.solve);
  }

  say(html, verdict = "", field = null) {
    const fed = field ? `<div class="crm-verdict">${paragraph(html, verdict)}</div>` : paragraph(html);
    this.said.say(this.hinted + fed, field);
    this.hint.textContent = this.answered ? said.hint : said.hintAt;
    this.hint.disabled = this.known || this.hints >= this.q.hints.length;
    this.solve.disabled = this.known;
  }

  judge() {
    const given = this.field.value;
    if (isEmpty(given)) {
      this.say(escaped(said.first));
      return;
    }
    const [verdict, html, misconception, share] = judgedAnswer(this.q, given);
    this.known ||= verdict === "right";
    if (!["near", "unreadable"].includes(verdict)) this.count(verdict, share, misconception);
    this.say(html, verdict, this.field);
  }

  giveSolution() {
    this.count("wrong", 0);
    this.known = true;
    this.say(this.q.solution);
  }
}

// The levels of each criterion, to mark oneself by.
class Rubric {
  constructor(rubric, id, chosen = []) {
    this.rubric = rubric;
    this.box = element("div", {}, element("h3", {}, asking.rubric));
    this.fields = rubric.map(({ text, levels }, n) => {
      const question = element("div", { class: "crm-question", id: `${id}-mark-${n}` });
      question.innerHTML = text;
      const shown = levels.map(([, words]) => words);
      const field = fieldOf("options", { question: question.id, shown, value: chosen[n] ?? null });
      this.box.append(question, field.box);
      return field;
    });
  }

  // The points given; null while a criterion has none.
  get earned() {
    const chosen = this.chosen;
    if (chosen.includes(null)) return null;
    return chosen.reduce((sum, place, n) => sum + this.rubric[n].levels[place][0], 0);
  }

  get chosen() {
    return this.fields.map(({ value }) => value);
  }

  close() {
    this.fields.forEach((field) => field.close());
  }
}

// What a verdict on a statement earns at once; null where a correction or an answer in words is still to be marked.
function earnedAtOnce(q, points, given) {
  if (q.kind !== "tfc") return isEmpty(given) ? 0 : null;
  const [verdict, text] = given ?? [null, ""];
  if (verdict !== q.key) return 0;
  if (!q.rubric.length) return points;
  return text.trim() ? null : q.known;
}

function modelAnswer(q) {
  const box = element("div", {}, element("h3", {}, asking.model));
  box.insertAdjacentHTML("beforeend", `<p>${q.model}</p>`);
  return box;
}

// A question answered in words: write, compare with the model answer, mark yourself. Nothing is shown before.
class InWords extends Asked {
  constructor(...given) {
    super(...given);
    this.compare = pressed(asking.compare, () => this.judge());
    this.tools.append(this.compare, this.hint);
    this.below = element("div");
    this.said.box.before(this.below);
  }

  say(html, verdict = "") {
    this.said.say(this.hinted + paragraph(html, verdict));
    this.hint.disabled = this.known || this.hints >= this.q.hints.length;
  }

  judge() {
    const { q, field } = this;
    if (this.known) return;
    if (q.kind === "tfc" ? field.value[0] === null : isEmpty(field.value)) {
      this.say(escaped(q.kind === "tfc" ? asking.verdictFirst : asking.writeFirst));
      return;
    }
    this.known = this.compare.disabled = true;
    if (q.kind === "tfc") field.close();
    this.below.append(modelAnswer(q));
    const points = earnedAtOnce(q, this.item.points, field.value);
    if (points === null) this.mark();
    else this.keep(points);
  }

  mark() {
    const rubric = new Rubric(this.q.rubric, this.id);
    const keep = pressed(asking.keep, () => {
      if (rubric.earned === null) {
        this.say(escaped(asking.markFirst));
        return;
      }
      rubric.close();
      keep.disabled = true;
      this.keep(this.q.known + rubric.earned);
    });
    this.below.append(rubric.box, keep);
    this.say("");
    rubric.fields[0].focus();
  }

  keep(points) {
    this.count("marked", points / this.item.points);
    this.say(escaped(inWords(asking.kept, { earned: brief(this.earned), points: brief(this.item.points) })));
    this.said.focus();
  }
}

const cardFor = (item, q, done) => new (JUDGED.includes(item.kind) ? Marked : InWords)(item, q, done);

// Those never answered first, the easy ones before the others; then what was not right; then what was answered longest ago.
function inTurn(items) {
  const last = new Map();
  for (const one of recorded()) last.set(one.item, one);
  const rank = ({ id }) => {
    const before = last.get(id);
    return before ? (before.earned < before.points ? 1 : 2) : 0;
  };
  const when = ({ id }) => last.get(id)?.at ?? "";
  return [...items].sort((one, two) => rank(one) - rank(two) || when(one).localeCompare(when(two)));
}

class Practice {
  constructor(place) {
    Object.assign(this, { place, tried: 0, earned: 0, points: 0 });
    this.head = element("p");
    this.card = element("div");
    this.next = pressed(asking.next, () => this.show(true));
    this.next.hidden = true;
    place.replaceChildren(this.head, this.card, element("div", { class: "crm-toolbar" }, this.next));
    if (place.dataset.topics) place.prepend(this.choice(JSON.parse(place.dataset.topics)));
    this.begin(place.dataset.topic);
  }

  choice(topics) {
    const select = element("select", {}, ...topics.map(([topic, title]) => element("option", { value: topic }, title)));
    select.addEventListener("change", () => this.begin(select.value));
    return element("label", {}, `${asking.chapter} `, select);
  }

  async begin(topic) {
    this.topic = topic;
    try {
      const items = await storedIn(`practice/${site.lang}/${topic}.js`, "crmPractice", topic);
      if (topic !== this.topic) return;
      this.items = items;
      this.queue = inTurn(items);
      this.show();
    } catch {
      this.head.textContent = asking.late;
    }
  }

  show(focused = false) {
    if (!this.queue.length) this.queue = inTurn(this.items);
    const item = this.queue.shift();
    const times = recorded().filter((one) => one.item === item.id).length;
    const card = cardFor(item, item.drawn[times % item.drawn.length], (attempt) => {
      this.tried += 1;
      this.earned += attempt.earned;
      this.points += attempt.points;
      this.tell();
    });
    this.card.replaceChildren(card.box);
    this.next.hidden = false;
    this.tell();
    if (focused) card.focus();
  }

  tell() {
    const facts = { tried: this.tried, earned: brief(this.earned), points: brief(this.points), left: this.queue.length };
    this.head.textContent = inWords(asking.so_far, facts);
  }
}

whenNear(document.querySelectorAll(".crm-practice"), (place) => new Practice(place));
