// Challenges below an explorer: each state says which ones its figures reach; what is met stays met.
class Challenges {
  constructor(explorer, place, { inputs, asked }) {
    Object.assign(this, { explorer, asked, name: `challenges.${explorer.study}` });
    this.controls = explorer.controls.filter(({ name }) => inputs.includes(name));
    this.done = this.recalled();
    this.list = element("ul", { class: "crm-challenges" });
    this.said = spoken();
    place.append(element("div", { class: "crm-guess" }, element("h3", {}, site.challenges.title), this.list, this.said.box));
    explorer.seen = (state) => this.look(state);
    this.show([]);
  }

  // The day on which each was met, as far as it can be read.
  recalled() {
    try {
      const found = Object.entries(JSON.parse(kept.get(this.name) ?? "{}"));
      return Object.fromEntries(found.filter(([, day]) => /^\d{4}-\d\d-\d\d$/.test(day)));
    } catch {
      return {};
    }
  }

  // The inputs that stand elsewhere than where the explorer began.
  moved() {
    const [[, , first]] = this.explorer.told.bases;
    return this.controls.filter((control) => this.explorer.stop(control) !== first[this.explorer.controls.indexOf(control)]);
  }

  look([, , , reached = []]) {
    const moved = this.moved().map(({ name }) => name);
    const allowed = ({ moves, among }) => moved.length <= moves && (!among.length || moved.every((name) => among.includes(name)));
    const met = reached.map((place) => this.asked[place]).filter((one) => !this.done[one.id] && allowed(one));
    if (met.length) {
      const now = new Date();
      const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
      this.done = { ...this.recalled(), ...this.done, ...Object.fromEntries(met.map(({ id }) => [id, day])) };
      kept.set(this.name, JSON.stringify(this.done));
    }
    this.said.say(met.map(({ why }) => paragraph(escaped(inWords(site.challenges.done, { why })), "right")).join(""));
    this.show(reached);
  }

  show(reached) {
    const { list, asked } = this;
    list.replaceChildren(
      ...asked.map((one, place) => {
        const state = element("span", this.done[one.id] ? { class: "crm-right" } : {}, this.state(one, reached.includes(place)));
        return element("li", {}, one.asked, element("br"), state);
      }),
    );
  }

  state({ id, why, moves }, reached) {
    const { met, much, alone, open, comma } = site.challenges;
    if (this.done[id]) return inWords(met, { day: this.done[id], why });
    if (reached) return inWords(much, { names: this.moved().map(({ label }) => label).join(comma) });
    return moves > 1 && !this.explorer.told.free ? inWords(alone, { n: moves }) : open;
  }
}
