// Exercises: numbers as people type them are read and marked as crmlib/core/numbers.py and exercise.py do it.
const said = site.answers;

function plainly(text) {
  return text.normalize("NFKC").trim().toLowerCase().replace(/(\d)[。｡](?=\d)/g, "$1.").replace(/[−–]/g, "-").replace(/\s/g, " ");
}

const FIGURES = /^[=≈]?\s*([-+]?)\s*[¥$]?\s*(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?)((?:[^\d.,][^]*)?|\s*10,000 yuan)$/;

// What a number is multiplied with for what stands behind it; null if that is another unit.
function factor(behind, unit) {
  behind = behind.replace(/^[ ×*()]+|[ ×*()]+$/g, "");
  unit = unit.replace(/^[ ×]+|[ ×]+$/g, "");
  if (behind === "" || behind === unit) return 1;
  if (behind in said.money && (unit in said.money || !unit)) return said.money[behind] / said.money[unit || behind];
  if (said.percents.includes(behind) && (!unit || said.percents.includes(unit))) return unit ? 1 : 0.01;
  return said.sames.some((words) => words.includes(behind) && words.includes(unit)) ? 1 : null;
}

function read(text, unit) {
  const match = FIGURES.exec(plainly(text));
  const times = match ? factor(match[3], plainly(unit)) : null;
  if (times === null) return null;
  const value = Number(match[2].replace(/[, ]/g, "")) * times;
  return Number.isFinite(value) ? (match[1] === "-" ? -value : value) : null;
}

function refused(text, unit) {
  const plain = plainly(text);
  const line = text.replace(/\s+/g, " ").trim();
  const given = line.length > 40 ? `${line.slice(0, 39)}…` : line;
  if (/^[-+]?\d+,\d{1,2}$/.test(plain)) return said.comma.replace("{given}", given).replace("{better}", plain.replace(",", "."));
  const match = FIGURES.exec(plain);
  if (!match || !unit) return said.noNumber.replace("{given}", given);
  return said.otherUnit.replace("{given}", given).replace("{other}", match[3].trim()).replace("{unit}", unit);
}

// Numbers of 22 digits and more are whole; toFixed writes these with an exponent.
const decimals = (value) => (value.toFixed(10).replace(/0+$/, "").split(".")[1] ?? "").length;

function nearMiss(value, { key, unit, tolerance }) {
  const within = tolerance * Math.max(Math.abs(key), 1);
  const typed = decimals(value);
  if (value && Math.abs(value - key) <= 0.1 * Math.abs(key) && Math.abs(value - key) <= 0.5 * 10 ** -typed + 1e-9) {
    let needed = 0;
    while (needed < decimals(key) && 0.5 * 10 ** -needed > within + 1e-9) needed += 1;
    if (needed > typed) return said.both.replace("{so_far}", said.soFar[typed]).replace("{more}", said.give[needed]);
  }
  const fits = (candidate) => key !== 0 && Math.abs(candidate - key) <= within + 1e-9;
  const plain = plainly(unit).replace(/^[ ×]+|[ ×]+$/g, "");
  if (plain in said.money && (fits(value / 1e4) || fits(value * 1e4))) return said.factor.replace("{unit}", unit);
  if (said.percents.includes(plain) && fits(value * 100)) return said.percent;
  if (!plain && Math.abs(key) <= 1 && fits(value / 100)) return said.decimal;
  return "";
}

// Return the verdict on an answer, what is said to it as HTML, and the misconception it shows.
function marked(drawn, given) {
  const value = typeof given === "string" ? read(given, drawn.unit) : given;
  if (value === null) return ["unreadable", escaped(refused(given, drawn.unit)), ""];
  const near = (target) => Math.abs(value - target) <= drawn.tolerance * Math.max(Math.abs(target), 1) + 1e-9;
  if (near(drawn.key)) return ["right", drawn.right, ""];
  const known = drawn.replies.find(([answer]) => near(answer));
  if (known) return ["mistake", known[1] + (known[3] && `<br>${escaped(known[3])}`), known[2]];
  const close = drawn.options.length ? "" : nearMiss(value, drawn);
  if (close) return ["near", escaped(close), ""];
  const within = drawn.tolerance * Math.max(Math.abs(drawn.key), 1);
  const turned = drawn.key !== 0 && Math.abs(value + drawn.key) <= within + 1e-9;
  return ["wrong", escaped(turned ? said.sign : said.wrong), ""];
}

// The share of the points that is left after so many hints.
const shareLeft = (hints) => Math.max(1 - said.cost * hints, 0);

class Ask {
  constructor(place, { points, drawn }) {
    Object.assign(this, { place, points, drawn, id: place.dataset.item });
    const last = Number(kept.get(`seed.${this.id}`) ?? NaN);
    this.begin(Number.isInteger(last) && drawn[last] ? last : Math.floor(Math.random() * drawn.length));
  }

  begin(seed) {
    kept.set(`seed.${this.id}`, seed);
    Object.assign(this, { seed, hints: 0, answered: false, known: false });
    const now = this.drawn[seed];
    const id = `ask-${this.id}`;
    const question = element("p", { id });
    question.innerHTML = now.question;
    this.field = now.options.length ? this.choice(now, id) : element("input", { type: "text", "aria-labelledby": id, autocomplete: "off" });
    const behind = now.unit ? element("span", {}, ` ${now.unit}`) : "";
    this.feedback = element("div", { class: "crm-said", role: "status" });
    const form = element("form", {}, this.field, behind);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge();
    });
    this.hint = pressed(said.hintAt, () => this.giveHint());
    this.solve = pressed(said.solve, () => this.giveSolution());
    const check = element("button", { type: "submit" }, said.check);
    const again = pressed(said.another, () => {
      this.begin((seed + 1) % this.drawn.length);
      (this.field.querySelector?.("input") ?? this.field).focus();
    });
    form.append(element("div", { class: "crm-toolbar" }, check, again, this.hint, this.solve));
    this.place.replaceChildren(question, form, this.feedback);
  }

  choice({ options }, id) {
    const labels = options.map((html, place) => {
      const words = element("span");
      words.innerHTML = html;
      return element("label", { class: "crm-option" }, element("input", { type: "radio", name: id, value: place }), " ", words);
    });
    return element("div", { role: "radiogroup", "aria-labelledby": id }, ...labels);
  }

  given() {
    if (this.field.value !== undefined) return this.field.value.trim() ? this.field.value : null;
    const chosen = this.field.querySelector(":checked");
    return chosen && Number(chosen.value);
  }

  say(html, verdict = "") {
    const hints = this.drawn[this.seed].hints.slice(0, this.hints).map((hint) => `<p>${hint}</p>`).join("");
    this.feedback.innerHTML = `${hints}<p class="${verdict}">${html}</p>`;
    this.hint.textContent = this.answered ? said.hint : said.hintAt;
    this.hint.disabled = this.known || this.hints >= this.drawn[this.seed].hints.length;
    this.solve.disabled = this.known;
  }

  judge() {
    const given = this.given();
    if (given === null) {
      this.say(said.first);
      return;
    }
    const [verdict, html, misconception] = marked(this.drawn[this.seed], given);
    this.known ||= verdict === "right";
    if (!["near", "unreadable"].includes(verdict)) this.count(verdict, misconception);
    this.say(html, verdict);
  }

  // The first answer counts.
  count(verdict, misconception = "") {
    if (this.answered) return;
    this.answered = true;
    const { seed, hints } = this;
    const earned = verdict === "right" ? this.points * shareLeft(hints) : 0;
    attempted(this, { seed, verdict, earned, misconception, hints });
  }

  giveHint() {
    this.hints += 1;
    this.say("");
  }

  giveSolution() {
    this.count("wrong");
    this.known = true;
    this.say(this.drawn[this.seed].solution);
  }
}

// Progress: lines as in the notebook's progress.jsonl ------------------------------------------------------------------

// What came from a file stands together; each answer given here is kept by itself, so that a page which does not know yet
// what another one has just kept writes over nothing.
function lines() {
  const each = kept.names("answer.").map((name) => kept.get(name));
  return [...new Set([...(kept.get("progress") ?? "").split("\n"), ...each].filter(Boolean))];
}
const recorded = () => lines().map((line) => JSON.parse(line));
let sofar = 0;
function record(attempt) {
  sofar += 1;
  const name = `answer.${Date.now()}.${String(sofar).padStart(4, "0")}.${Math.random()}`;
  for (const store of [kept, inTab]) store.set(name, JSON.stringify(attempt));
  dispatchEvent(new Event("crm-answered"));
}

function attempted({ id, points }, { seed, verdict, earned, misconception, hints }, mode = "practice") {
  const at = new Date().toISOString().replace(/\.\d+Z$/, "+00:00");
  const attempt = { at, item: id, seed, verdict, earned, points, misconception, hints, mode };
  record(attempt);
  return attempt;
}

// Return the attempts of a file, or null if a line of it is none.
function attempts(text) {
  try {
    const found = text.split(/\r?\n/).filter(Boolean);
    const whole = found.map((line) => JSON.parse(line)).every(
      (one) => typeof one?.item === "string" && typeof one.verdict === "string" && !Number.isNaN(Date.parse(one.at)) && one.points > 0,
    );
    return whole ? found : null;
  } catch {
    return null;
  }
}

function showProgress(place) {
  const status = element("p", { role: "status" });
  const count = element("p");
  const tell = () => {
    const all = recorded();
    const right = all.filter(({ verdict }) => verdict === "right").length;
    count.textContent = site.words.progress.replace("{n}", all.length).replace("{right}", right);
  };
  const save = pressed(site.words.save, () => {
    const link = element("a", { download: "progress.jsonl", href: URL.createObjectURL(new Blob([lines().join("\n"), "\n"])) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  const file = element("input", { type: "file", accept: ".jsonl" });
  file.addEventListener("change", async () => {
    const found = attempts(await file.files[0].text());
    if (found) {
      const when = (line) => JSON.parse(line).at;
      const all = [...new Set([...lines(), ...found])].sort((one, two) => when(one).localeCompare(when(two)));
      kept.set("progress", all.join("\n"));
    }
    status.textContent = found ? site.words.taken : site.words.noProgress;
    file.value = "";
    tell();
  });
  tell();
  for (const kind of ["crm-answered", "storage"]) addEventListener(kind, tell); // here, and in another window
  place.append(count, element("div", { class: "crm-toolbar" }, save, element("label", {}, `${site.words.load} `, file)), status);
}

for (const place of document.querySelectorAll("#progress")) showProgress(place);

async function ask(place) {
  const [topic, name] = place.dataset.item.split(".");
  const asked = await storedIn(`exercises/${site.lang}/${topic}.js`, "crmExercises", topic);
  new Ask(place, asked[name]);
}
whenNear(document.querySelectorAll(".crm-ask"), ask);
