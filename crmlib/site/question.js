// Questions of the bank: a field for each kind, and what an answer earns, as crmlib/items/credit.py and laying.py have it.
const asking = site.questions;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MACHINE = ["multi", "fill", "order", "match"];
const JUDGED = ["mcq", "tf", "num", ...MACHINE];

// A verdict on a statement, and a line for the statement as it should be.
function judgedField(q, question, given, { changed = () => {} }) {
  const [place, text] = given ?? [null, ""];
  const field = { box: element("div"), value: [place, text] };
  const take = () => changed((field.value = [verdict.value, line.value]));
  const shown = q.options.map(escaped);
  const verdict = fieldOf("options", { question, shown, value: place }, { changed: take });
  const line = fieldOf("line", { question, label: asking.corrected, rows: 2, value: text }, { changed: take });
  field.box.append(verdict.box, line.box);
  field.focus = verdict.focus;
  field.close = () => [verdict, line].forEach((part) => part.close());
  return field;
}

// The field that a question is answered in; `question` is the id of what is asked.
function answerField(q, question, given, hooks) {
  const { kind, options, unit } = q;
  const [shown, label] = [options, asking.answer];
  if (kind === "multi") return fieldOf("checks", { question, shown, value: given ?? [] }, hooks);
  if (kind === "order") {
    const value = given ?? options.map((_line, place) => place);
    return fieldOf("order", { question, shown, value, up: asking.up, down: asking.down, placed: asking.placed }, hooks);
  }
  if (kind === "match") {
    const value = given ?? q.lefts.map(() => null);
    return fieldOf("pairs", { question, names: q.lefts, shown, none: asking.none, value }, hooks);
  }
  if (kind === "fill") {
    const names = q.accept.map((_known, place) => escaped(inWords(asking.blank, { n: place + 1 })));
    return fieldOf("blanks", { question, names, value: given ?? names.map(() => "") }, hooks);
  }
  if (kind === "tfc") return judgedField(q, question, given, hooks);
  if (options?.length) return fieldOf("options", { question, shown, value: given ?? null }, hooks);
  const rows = kind === "num" ? 0 : 8;
  const placeholder = rows ? asking.write : "";
  return fieldOf("line", { question, label, rows, placeholder, unit: unit ?? "", value: given ?? "" }, hooks);
}

const nothing = (one) => one === null || one === undefined || String(one).trim() === "";
const isEmpty = (given) => (Array.isArray(given) ? given.every(nothing) : nothing(given));

// Whether a question has an answer that can be read, to each of its parts, as crmlib/learning/answers.py has it.
function isAnswered({ kind, unit }, given) {
  if (kind === "tfc") return !nothing(given?.[0]);
  if (MACHINE.includes(kind)) return Array.isArray(given) && given.length > 0 && !given.some(nothing);
  if (kind === "num") return !isEmpty(given) && read(given, unit) !== null;
  return !isEmpty(given);
}

// A bare number keeps the unit that it was typed under: the other language may ask for another one.
function withUnit(given, then = "", now = "") {
  const times = factor(plainly(then), plainly(now));
  const bare = typeof given === "string" && FIGURES.exec(plainly(given))?.[3].trim() === "";
  return bare && times !== null && times !== 1 ? `${given.trim()} ${then}` : given;
}

function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "").replace(/[.。,;]+$/, "");
}

// Width, capitals, spaces and closing marks make no difference; numbers are compared as numbers, money in yuan.
function accepted(given, known) {
  const number = (text) => read(text, "yuan") ?? read(text, "");
  return known.some((one) => {
    const [wanted, value] = [number(one), number(given)];
    if (wanted !== null) return value !== null && Math.abs(value - wanted) <= 1e-9 * Math.max(Math.abs(wanted), 1);
    return folded(given) !== "" && folded(given) === folded(one);
  });
}

// For each blank, place or left side, whether it is answered right.
function partsRight({ kind, keys, accept }, given) {
  if (kind === "fill") return accept.map((known, place) => accepted(given?.[place] ?? "", known));
  return keys.map((key, place) => given?.[place] === key);
}

function shareOf(q, given) {
  if (q.kind === "multi") {
    if (!given?.length || given.some((place) => !q.keys.includes(place))) return 0;
    return given.length === q.keys.length ? 1 : 0.5;
  }
  const right = partsRight(q, given);
  return right.filter(Boolean).length / right.length;
}

const earnedOf = (points, share) => (share === 1 ? points : Number(fixed(points * share, 2).replace(/,/g, "")));
const brief = (value) => String(Number(value.toFixed(2)));

// Return the verdict on an answer, what is said to it as HTML, the misconception it shows, and the share it earns.
function judgedAnswer(q, given) {
  if (!MACHINE.includes(q.kind)) {
    const found = marked(q, given);
    return [...found, Number(found[0] === "right")];
  }
  const share = shareOf(q, given);
  if (share === 1) return ["right", q.right, "", 1];
  if (q.kind === "multi") {
    const wrong = given.filter((place) => !q.keys.includes(place));
    const [name, called] = q.names[wrong[0]] ?? ["", ""];
    const lines = [escaped(asking.several[Number(share > 0)]), ...wrong.map((place) => q.faults[place]), escaped(called)];
    return [name ? "mistake" : "wrong", lines.filter(Boolean).join("<br>"), name, share];
  }
  const right = partsRight(q, given);
  const places = right.flatMap((one, place) => (one ? [] : [`(${place + 1})`])).join(asking.comma);
  const soFar = inWords(asking.parts, { right: right.filter(Boolean).length, n: right.length });
  return ["wrong", `${escaped(soFar)}<br>${escaped(inWords(asking.mend[q.kind], { places }))}`, "", share];
}
