
"use strict";
const slides = [...document.querySelectorAll(".slide")], said = document.querySelector("nav [role=status]");
const scrolls = slides.flatMap(slide => [...slide.querySelectorAll(".shown div:has(> table), footer")]);
let here = 0;

// What is announced and stands in the address is the slide that fills the window, however one came there.
function arrive(number) {
  here = number;
  said.textContent = `${here + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${here + 1}`);
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
  const scrolling = event.key !== "ArrowLeft" && event.key !== "ArrowRight" && scrolls.includes(event.target);
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

// A table that is longer than its slide scrolls, by the keyboard too.
const reachable = () => scrolls.forEach(part => {
  part.tabIndex = part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1 ? 0 : -1;
});
addEventListener("resize", () => { reachable(); slides[here].scrollIntoView({behavior: "instant"}); });

if (innerWidth < 800) fill({"title.font.size": 14, "font.size": 13});
reachable();
go((parseInt(location.hash.slice(1)) || 1) - 1);
