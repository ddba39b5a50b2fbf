// The fields of the notebook (fields.js), without a kernel: what is chosen or typed stands in `value`.
let fieldsSoFar = 0;

// Return a field of a kind; `entered` is called when Enter is pressed in it, `changed` after each change.
function fieldOf(kind, state, { entered = () => {}, changed = () => {} } = {}) {
  fieldsSoFar += 1;
  const box = element("div");
  const given = { id: `field-${fieldsSoFar}`, disabled: false, label: "", unit: "", placeholder: "", ...state };
  const field = { box, id: given.id, value: given.value };
  const heard = (what) => {
    const name = ["index", "places", "values", "order", "value"].find((one) => one in what);
    if (name) field.value = what[name];
    if (name) changed(field.value);
    if (what.enter) entered();
  };
  const piece = globalThis.crmFields[kind](box, heard, given);
  piece.show(given);
  field.focus = piece.focus;
  field.close = () => box.querySelectorAll("input, select, textarea, button").forEach((one) => (one.disabled = true));
  return field;
}

// Return a region that a screen reader speaks; what is said of an answer is hidden while another one stands in its field.
function spoken() {
  const box = element("div");
  const piece = globalThis.crmFields.said(box);
  const say = (html, field = null) => {
    const standing = field && (Array.isArray(field.value) ? field.value.map((one) => one ?? "").join(",") : String(field.value));
    piece.show({ value: html, judged: field ? { piece: field.id, value: standing } : {} });
  };
  return { box, say, focus: piece.focus };
}

const escaped = (text) => element("span", {}, text).innerHTML;
const paragraph = (html, verdict = "") => (html ? `<p${verdict && ` class="crm-${verdict === "right" ? "right" : "wrong"}"`}>${html}</p>` : "");
const inWords = (text, facts) => text.replace(/\{(\w+)(?::g)?\}/g, (whole, name) => facts[name] ?? whole);
