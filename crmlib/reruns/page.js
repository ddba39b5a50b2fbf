"use strict";
// The figures of a page: plotly.js lies packed at its end or beside it, each figure beside its place, and both are drawn when they
// are there; light or dark as the reader's system is, on paper always light and as wide as the paper.
const given = JSON.parse(document.getElementById("crm-theme").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const figures = [...document.querySelectorAll(".crm-figure")].map(root => ({
  plot: root.querySelector(".crm-plot"),
  spec: JSON.parse(root.querySelector("script").textContent),
}));
let onPaper = false;

async function brought() {
  const script = document.createElement("script");
  script.textContent = await unpacked(globalThis.crmPlotly ?? document.getElementById("plotly").textContent);
  document.head.append(script);
  return globalThis.Plotly;
}
const library = brought();
const plotly = () => library;

async function draw({plot, spec}) {
  const template = dark.matches && !onPaper ? given.dark : given.light;
  const {layout, data} = structuredClone(spec);
  const margin = {...template.layout.margin, ...layout.margin, t: given.top};
  const size = onPaper ? {...given.paper, autosize: false} : {autosize: true};
  await Plotly.react(plot, data, {showlegend: data.length > 1, ...layout, margin, template, ...size}, given.config);
  for (const part of plot.querySelectorAll(".main-svg")) part.setAttribute("aria-hidden", "true");
}

const drawAll = () => Promise.all(figures.map(draw));

// A place that has become another size, as where letters of another font came later, gets its picture anew.
const resized = new ResizeObserver(places => {
  if (!globalThis.Plotly || onPaper) return;
  for (const {target} of places) {
    const drawing = target.querySelector(".main-svg");
    if (drawing && Math.abs(drawing.clientHeight - target.clientHeight) > 1) draw(figures.find(({plot}) => plot === target));
  }
});
for (const {plot} of figures) resized.observe(plot);

const folded = () => [...document.querySelectorAll(".crm-values")];
addEventListener("beforeprint", () => {
  onPaper = true;
  for (const values of folded()) [values.dataset.open, values.open] = [values.open ? "yes" : "", true];
  if (globalThis.Plotly) drawAll();
});
addEventListener("afterprint", () => {
  onPaper = false;
  for (const values of folded()) values.open = Boolean(values.dataset.open);
  if (globalThis.Plotly) drawAll();
});
dark.addEventListener("change", () => globalThis.Plotly && drawAll());
library.then(drawAll).catch(problem => {
  for (const {plot} of figures) plot.textContent = `${given.sorry} (${problem})`;
});
