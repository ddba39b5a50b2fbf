// Flash-cards: a term is turned by its reader, who says whether she knew it; what was not known comes once more.
const turning = site.cards;

class Cards {
  constructor(place) {
    this.topics = JSON.parse(place.dataset.topics);
    const options = [["", turning.all], ...this.topics].map(([topic, title]) => element("option", { value: topic }, title));
    this.choice = element("select", {}, ...options);
    this.choice.addEventListener("change", () => this.deal());
    this.head = element("p");
    this.front = element("h3", { tabindex: -1 });
    this.said = spoken();
    this.turn = pressed(turning.turn, () => this.showBack());
    this.answers = Object.entries(turning.answers).map(([verdict, [label, earned]]) =>
      pressed(label, () => this.answer(verdict, earned)),
    );
    const tools = element("div", { class: "crm-toolbar" }, this.turn, ...this.answers);
    place.replaceChildren(element("label", {}, `${asking.chapter} `, this.choice), this.head, this.front, this.said.box, tools);
    this.show(false);
    this.deal();
  }

  // Lay out the cards of the chapter chosen: those never turned first, then what was not known, then the oldest.
  async deal() {
    const chosen = this.choice.value;
    try {
      await run(`cards/${site.lang}.js`);
    } catch {
      this.head.textContent = asking.late;
      return;
    }
    const topics = chosen ? [chosen] : this.topics.map(([topic]) => topic);
    const cards = topics.flatMap((topic) => globalThis.crmCards[topic]);
    this.queue = inTurn(cards.map(([id, asks, back]) => ({ id, asks, back, points: 1 })));
    this.go();
  }

  go() {
    this.card = this.queue.shift();
    this.head.textContent = inWords(turning.left, { n: this.queue.length + Number(Boolean(this.card)) });
    this.front.textContent = this.card?.asks ?? "";
    this.said.say(this.card ? "" : paragraph(escaped(turning.none), "right"));
    this.show(false);
  }

  show(turned) {
    this.front.hidden = !this.card;
    this.turn.hidden = !this.card || turned;
    for (const one of this.answers) one.hidden = !this.card || !turned;
  }

  showBack() {
    this.said.say(paragraph(escaped(this.card.back)));
    this.show(true);
    this.said.focus();
  }

  answer(verdict, earned) {
    attempted(this.card, { seed: 0, verdict, earned, misconception: "", hints: 0 }, "card");
    if (verdict === "wrong") this.queue.push(this.card);
    this.go();
    (this.card ? this.front : this.said).focus();
  }
}

whenNear(document.querySelectorAll(".crm-cards"), (place) => new Cards(place));
