// An explorer on the page of a rerun: what it shows after each move lies packed on the page, and is unpacked when it is touched.
const site = { ...given, words: JSON.parse(document.getElementById("crm-words").textContent) };
let moved;
function storedMoves() {
  moved ??= unpacked(document.getElementById("crm-moves").textContent).then(JSON.parse);
  return moved;
}
for (const part of document.querySelectorAll("[data-moves]")) part.hidden = false;
whenNear(document.querySelectorAll(".crm-explorer"), (place) => new Explorer(place));
