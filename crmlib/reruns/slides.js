
const slides = [...document.querySelectorAll(".slide")], said = document.querySelector("nav [role=status]");
const SMALLEST = 0.6; // letters smaller than that are not read from a distance; a table scrolls then
// The deck in the other language opens at the same slide.
const elsewhere = [...document.querySelectorAll("nav a")].filter(({lang}) => lang !== document.documentElement.lang);
let here = 0;

// Whether all that a slide has is within it; a table scrolls, which is for when nothing else helps.
function holds(slide) {
  const frame = slide.getBoundingClientRect();
  const open = part => !part.closest("details:not([open])");
  const parts = [...slide.querySelectorAll("h1, h2, p, figcaption, table, footer, .crm-plot")].filter(open);
  const tables = [...slide.querySelectorAll(".crm-scroll")].filter(open);
  const fits = part => part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1;
  return fits(slide) && tables.every(fits) && parts.every(part => {
    const box = part.getBoundingClientRect();
    return part.matches(".crm-unseen") || (box.bottom <= frame.bottom + 1 && box.right <= frame.right + 1);
  });
}

// Fit each slide's letters to it, whatever fonts the reader has: as large as all can be seen, by halving the range.
function fit() {
  const frozen = matchMedia("(max-width: 800px), (max-height: 480px)").matches;
  for (const slide of slides) {
    slide.style.setProperty("--fit", 1);
    if (frozen || holds(slide)) continue;
    let [low, high] = [SMALLEST, 1];
    for (let step = 0; step < 6; step++) {
      const middle = (low + high) / 2;
      slide.style.setProperty("--fit", middle);
      holds(slide) ? (low = middle) : (high = middle);
    }
    slide.style.setProperty("--fit", low);
  }
  reachable();
}

// What is announced and stands in the address is the slide that fills the window, however one came there.
function arrive(number) {
  here = number;
  said.textContent = `${here + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${here + 1}`);
  for (const link of elsewhere) link.hash = here + 1;
}

function go(number) {
  const next = Math.min(Math.max(number, 0), slides.length - 1);
  slides[next].scrollIntoView({behavior: "instant"});
  arrive(next);
}

const KEYS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -1e6, End: 1e6,
};
addEventListener("keydown", event => {
  const held = event.ctrlKey || event.altKey || event.metaKey;
  const scrolling = event.key !== "ArrowLeft" && event.key !== "ArrowRight" && Boolean(event.target.closest?.(".crm-scroll"));
  if (held || scrolling || !(event.key in KEYS) || (event.key === " " && event.target.closest?.("button"))) return;
  event.preventDefault();
  go(here + KEYS[event.key] * (event.key === " " && event.shiftKey ? -1 : 1));
});
document.querySelectorAll("nav button").forEach(button =>
  button.addEventListener("click", () => go(here + Number(button.dataset.by))));
addEventListener("hashchange", () => go((parseInt(location.hash.slice(1)) || 1) - 1));

const seen = new IntersectionObserver(entries => {
  const found = entries.find(entry => entry.isIntersecting);
  if (found && slides.indexOf(found.target) !== here) arrive(slides.indexOf(found.target));
}, {rootMargin: "-50% 0px -49% 0px"});
slides.forEach(slide => seen.observe(slide));

addEventListener("resize", () => { fit(); slides[here].scrollIntoView({behavior: "instant"}); });
for (const beside of document.querySelectorAll(".beside .crm-values")) beside.open = true;
fit();
// Letters of another font, come later, are of another size: a line of text out of sight tells.
const probe = document.createElement("span");
probe.textContent = "Fit 合适";
probe.ariaHidden = "true";
probe.style = "position: absolute; visibility: hidden; font-size: 100px; white-space: nowrap";
document.querySelector("nav").append(probe);
new ResizeObserver(fit).observe(probe);
if (innerWidth < 800) for (const theme of [given.light, given.dark]) theme.layout.font.size = 13;
go((parseInt(location.hash.slice(1)) || 1) - 1);
