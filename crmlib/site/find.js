// Search: Chinese has no blanks between its words, so that words are looked for as they stand, wherever they stand.
{
  const field = document.getElementById("find");
  const place = document.getElementById("found");
  const status = place.querySelector("p");
  const list = place.querySelector("ol");
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const MOST = 30;
  let folded = null;

  function counts(text, part) {
    return text.split(part).length - 1;
  }

  // Pairs of neighbouring characters of what has no blanks, else the words themselves.
  function pieces(term) {
    return /[\u2e80-\uffff]{3}/.test(term) ? [...term].slice(1).map((sign, place) => term[place] + sign) : [term];
  }

  function ranked(terms, share) {
    const scored = folded.map((section, place) => {
      const found = terms.filter((term) => section.all.includes(term));
      const score = found.reduce((sum, term) => sum + counts(section.all, term) + 20 * counts(section.head, term), 0);
      return { place, share: found.length / terms.length, score };
    });
    const good = scored.filter((one) => one.share && one.share >= share);
    return good.sort((one, two) => two.share - one.share || two.score - one.score || one.place - two.place);
  }

  function shown({ place }, terms) {
    const [name, title, id, heading, words] = globalThis.crmFind[place];
    const link = element("a", { href: `${name}.html${id && `#${id}`}` }, heading === title ? title : `${title} › ${heading}`);
    const at = Math.max(...terms.map((term) => fold(words).indexOf(term)));
    const start = Math.max(at - 30, 0);
    return element("li", {}, link, element("span", {}, `${start ? "…" : ""}${words.slice(start, start + 110)}…`));
  }

  async function find() {
    const terms = fold(field.value).split(/\s+/).filter(Boolean);
    place.hidden = !terms.length;
    if (!terms.length) return;
    await run(`search.${site.lang}.js`);
    folded ??= globalThis.crmFind.map(([, , , heading, words]) => ({ head: fold(heading), all: fold(`${heading} ${words}`) }));
    let hits = ranked(terms, 1);
    let said = site.words.hits.replace("{n}", hits.length);
    let parts = terms;
    if (!hits.length) {
      parts = terms.flatMap(pieces);
      hits = ranked(parts, 0.5);
      said = hits.length ? site.words.near : site.words.none;
    }
    status.textContent = said;
    list.replaceChildren(...hits.slice(0, MOST).map((hit) => shown(hit, parts)));
  }

  let waiting = 0;
  field.addEventListener("focus", () => run(`search.${site.lang}.js`), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 150);
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || place.hidden) return;
    field.value = "";
    find();
    field.focus();
  });
}
