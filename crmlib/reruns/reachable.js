// A table wider than its place scrolls, by the keyboard too, and is then called by what it belongs to.
function reachable() {
  const names = {};
  for (const place of document.querySelectorAll(".crm-scroll")) {
    const cut = place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1;
    const named = [...document.querySelectorAll("h1, h2, h3, figcaption, caption")].findLast(
      head => place.contains(head) || head.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING);
    const name = named?.textContent ?? "";
    names[name] = (names[name] ?? 0) + 1;
    const label = names[name] > 1 ? `${name} (${names[name]})` : name;
    for (const [part, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", label]])
      cut ? place.setAttribute(part, value) : place.removeAttribute(part);
  }
}

addEventListener("resize", reachable);
addEventListener("toggle", reachable, true); // of anything that opens
document.fonts.ready.then(reachable);
reachable();
