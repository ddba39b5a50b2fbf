// What is seen on a page, read from its geometry. A check returns sentences, one a violation; none means all is well.
// Sizes are CSS pixels. What nobody sees is not looked at: folded details, hidden tabs, text for screen readers.
globalThis.sight ??= (() => {
  const SLACK = 1.5; // browsers round
  const INK = 0.18; // of a line's box there is this much above and below its letters
  const FIGURE = ".crm-figure, .figure";
  const SPOKEN = "script, style, title, desc, option, mjx-assistive-mml, math, mjx-container, .hoverlayer, .jp-mod-hidden";

  const box = node => node.getBoundingClientRect();
  const round = number => Math.round(number * 10) / 10;
  const size = ({ width, height }) => `${round(width)} × ${round(height)}`;
  const short = text => {
    const plain = (text ?? "").replace(/\s+/g, " ").trim();
    return plain.length > 40 ? `${plain.slice(0, 38)}…` : plain;
  };

  function seen(node) {
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    for (let at = node; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      const clipped = style.clip !== "auto" || style.clipPath.startsWith("inset(");
      if (clipped && style.position === "absolute") return false;
    }
    return true;
  }

  // A selector that leads a reader to the node, and what stands in it.
  function name(node) {
    const path = [];
    for (let at = node; at && at !== document.body && path.length < 3; at = at.parentElement) {
      const kinds = (at.getAttribute("class") ?? "").split(/\s+/).filter(Boolean).slice(0, 2);
      path.unshift(at.localName + kinds.map(kind => `.${kind}`).join(""));
      if (at.id) {
        path[0] = `#${at.id}`;
        break;
      }
    }
    const figure = node.closest(FIGURE);
    const place = figure && figure !== node ? `in figure ${[...document.querySelectorAll(FIGURE)].indexOf(figure) + 1} ` : "";
    const said = node.matches(FIGURE) && (node.querySelector("figcaption")?.textContent || node.getAttribute("aria-label"));
    const text = short(said || node.textContent);
    return `${place}${path.join(" > ")}${text ? ` “${text}”` : ""}`;
  }

  const corners = r => [[r.left, r.top], [r.right, r.top], [r.right, r.bottom], [r.left, r.bottom]];

  function bounds(quad) {
    const [xs, ys] = [quad.map(p => p[0]), quad.map(p => p[1])];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const [right, bottom] = [Math.max(...xs), Math.max(...ys)];
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  // The four corners of a box of an SVG, turned as it is drawn.
  function turned({ x, y, width, height }, matrix) {
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]].map(([a, b]) => {
      const point = new DOMPoint(a, b).matrixTransform(matrix);
      return [point.x, point.y];
    });
  }

  // Lines of text: {node, quad, ink}: the element, its box, the part of the box that letters fill.
  function lines(root) {
    const found = [];
    const drawn = new Set();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const hidden = new Map();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || parent.closest(SPOKEN)) continue;
      if (!hidden.has(parent)) hidden.set(parent, !seen(parent));
      if (hidden.get(parent)) continue;
      const text = parent.closest("text");
      if (text) {
        if (drawn.has(text)) continue;
        drawn.add(text);
        const b = text.getBBox();
        if (!b.width || !b.height) continue;
        const single = b.height / Math.max(1, text.querySelectorAll("tspan.line").length);
        const ink = { x: b.x + 1, y: b.y + INK * single, width: b.width - 2, height: b.height - 2 * INK * single };
        const matrix = text.getScreenCTM();
        found.push({ node: text, quad: turned(b, matrix), ink: turned(ink, matrix) });
      } else {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const r of range.getClientRects()) {
          if (r.width < 1 || r.height < 1) continue;
          const ink = { left: r.left + 1, right: r.right - 1, top: r.top + INK * r.height, bottom: r.bottom - INK * r.height };
          found.push({ node: parent, text: walker.currentNode, quad: corners(r), ink: corners(ink) });
        }
      }
    }
    return found;
  }

  // Two convex figures overlap unless a side of one of them parts them.
  function overlap(one, other) {
    for (const quad of [one, other]) {
      for (let i = 0; i < 4; i++) {
        const [a, b] = [quad[i], quad[(i + 1) % 4]];
        const normal = [b[1] - a[1], a[0] - b[0]];
        const along = points => points.map(p => p[0] * normal[0] + p[1] * normal[1]);
        const [p, q] = [along(one), along(other)];
        if (Math.max(...p) <= Math.min(...q) || Math.max(...q) <= Math.min(...p)) return false;
      }
    }
    return true;
  }

  function outside(inner, outer, sides = ["left", "right", "top", "bottom"]) {
    const over = { left: outer.left - inner.left, top: outer.top - inner.top };
    over.right = inner.right - outer.right;
    over.bottom = inner.bottom - outer.bottom;
    const worst = Math.max(...sides.map(side => over[side]));
    return worst > SLACK ? `${round(worst)} px at the ${sides.find(side => over[side] === worst)}` : "";
  }

  function shared(a, b) {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > SLACK && height > SLACK ? `${round(width)} × ${round(height)} px` : "";
  }

  const plot = figure => (figure.matches(".js-plotly-plot") ? figure : figure.querySelector(".js-plotly-plot"));

  function figuresOf(root, say) {
    const figures = [...root.querySelectorAll(FIGURE)].filter(figure => figure.checkVisibility());
    for (const figure of figures) {
      const room = box(figure);
      const drawing = plot(figure);
      if (room.width < 40 || room.height < 40) {
        say("size", `${name(figure)} is ${size(room)} px: nobody sees it`);
        continue;
      }
      const svg = drawing?.querySelector(".main-svg");
      if (!svg) {
        say("size", `${name(figure)} is not drawn`);
        continue;
      }
      const [paper, place] = [box(svg), box(drawing)];
      const same = Math.abs(paper.width - place.width) <= 2 && Math.abs(paper.height - place.height) <= 2;
      if (!same) say("svg", `the picture of ${name(figure)} is ${size(paper)} px, its place ${size(place)} px`);
      const swiped = /auto|scroll/.test(getComputedStyle(figure.parentElement).overflowX);
      const sides = swiped ? ["top", "bottom"] : undefined;
      const out = outside(room, box(figure.parentElement), sides) || (!swiped && outside(room, box(root), ["left", "right"]));
      if (out) say("leaves", `${name(figure)} leaves its container by ${out}`);
      for (const part of figure.children) {
        const left = part.checkVisibility() && outside(box(part), room);
        if (left) say("leaves", `${name(part)} leaves its figure by ${left}`);
      }
    }
    figures.forEach((one, i) => {
      for (const other of figures.slice(i + 1)) {
        const common = !one.contains(other) && shared(box(one), box(other));
        if (common) say("overlap", `${name(one)} and ${name(other)} lie on each other: ${common}`);
      }
    });
  }

  // Say of a line of HTML where it is cut: by the nearest ancestors that hide what spills; what scrolls can be reached.
  function cutOf({ node, quad }, root, say) {
    const line = bounds(quad);
    for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      const frame = box(at);
      const inner = {
        left: frame.left + at.clientLeft,
        top: frame.top + at.clientTop,
        right: frame.left + at.clientLeft + at.clientWidth,
        bottom: frame.top + at.clientTop + at.clientHeight,
      };
      const sides = [];
      const hides = overflow => overflow === "hidden" || overflow === "clip";
      if (style.display !== "inline" && hides(style.overflowX)) sides.push("left", "right");
      const spill = INK * line.height;
      const letters = { ...line, top: line.top + spill, bottom: line.bottom - spill };
      if (style.display !== "inline" && hides(style.overflowY)) sides.push("top", "bottom");
      const out = sides.length && outside(letters, inner, sides);
      if (out) {
        say("cut", `${name(node)} is cut by ${at.localName}.${[...at.classList].join(".")}: ${out}`);
        return;
      }
      const scrolls = overflow => overflow === "auto" || overflow === "scroll";
      if (style.display !== "inline" && scrolls(style.overflowX)) return;
      if (at === root) {
        const left = outside(line, frame, ["left", "right"]);
        if (left) say("cut", `${name(node)} leaves its container by ${left}`);
        return;
      }
    }
  }

  function cutOfDrawn({ node, quad }, say) {
    const text = bounds(quad);
    const letters = { ...text, top: text.top + INK * 12, bottom: text.bottom - INK * 12 };
    const out = outside(letters, box(node.closest(".main-svg") ?? node.ownerSVGElement));
    if (out) say("cut", `${name(node)} is outside its picture: ${out}`);
    for (let at = node; at && at.localName !== "svg"; at = at.parentElement) {
      const id = at.getAttribute("clip-path")?.match(/#([^"')]+)/)?.[1];
      const window_ = id && document.getElementById(id)?.querySelector("rect");
      if (!window_) continue;
      const numbers = Object.fromEntries(["x", "y", "width", "height"].map(side => [side, window_[side].baseVal.value]));
      const shown = bounds(turned(numbers, at.getScreenCTM()));
      const left = outside(letters, shown);
      if (left) say("cut", `${name(node)} is cut by the frame of its axes: ${left}`);
    }
  }

  function words(root, say) {
    const all = lines(root);
    for (const line of all) {
      if (line.text) cutOf(line, root, say);
      else cutOfDrawn(line, say);
    }
    const ordered = all.map(line => ({ ...line, at: bounds(line.ink) })).sort((a, b) => a.at.left - b.at.left);
    ordered.forEach((one, i) => {
      for (let j = i + 1; j < ordered.length && ordered[j].at.left < one.at.right; j++) {
        const other = ordered[j];
        if (one.node === other.node || (one.text && one.text === other.text)) continue;
        if (other.at.top >= one.at.bottom || one.at.top >= other.at.bottom) continue;
        const common = shared(one.at, other.at);
        if (common && overlap(one.ink, other.ink)) say("covers", `${name(one.node)} and ${name(other.node)} cover each other: ${common}`);
      }
    });
  }

  function fields(root, say) {
    const pen = document.createElement("canvas").getContext("2d");
    for (const field of root.querySelectorAll("select, input[type=text], input[type=number], input:not([type])")) {
      if (!seen(field)) continue;
      const style = getComputedStyle(field);
      pen.font = style.font;
      const text = field.localName === "select" ? field.selectedOptions[0]?.text ?? "" : field.value || field.placeholder;
      const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const wide = pen.measureText(text).width;
      if (wide > room + SLACK) say("cut", `${name(field.parentElement)}: “${short(text)}” needs ${round(wide)} px, its field has ${round(room)} px`);
    }
  }

  function scrollers(root, say) {
    for (const node of root.querySelectorAll(".crm-explorer, .crm-explorer *")) {
      if (node.matches("textarea, select, .crm-list, .crm-list *, svg *") || node.clientHeight < 1) continue;
      const more = node.scrollHeight - node.clientHeight;
      const scrolls = /auto|scroll/.test(getComputedStyle(node).overflowY);
      if (scrolls && more > 2 && node.checkVisibility()) say("scrolls", `${name(node)} scrolls inside the page: ${round(more)} px more than are shown`);
    }
  }

  // Everything that is wrong with what is seen in these places.
  function violations(selector) {
    const found = [];
    const say = (kind, sentence) => found.push(`${kind}: ${sentence}`);
    const roots = [...document.querySelectorAll(selector)];
    if (!roots.length) say("size", `nothing on this page is ${selector}`);
    for (const root of roots) {
      if (roots.length === 1) root.scrollIntoView({ behavior: "instant", block: "start" }); // nothing sticky lies on it then
      figuresOf(root, say);
      words(root, say);
      fields(root, say);
      scrollers(root, say);
    }
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 1) say("leaves", `the page is ${wide} px wider than its window`);
    return [...new Set(found)];
  }

  // A tenth of a pixel is not seen, and a layout computed twice differs in the dust.
  const plain = markup => markup.replace(/-?\d+\.\d+/g, number => String(round(Number(number))));

  // What is seen, as text: two pages with the same are the same to the eye.
  function picture(selector) {
    return [...document.querySelectorAll(selector)].map(root => {
      const at = box(root);
      const figures = [...root.querySelectorAll(FIGURE)].map(figure => {
        const place = box(figure);
        const svgs = [...figure.querySelectorAll(".main-svg")].map(svg => plain(svg.outerHTML));
        const caption = figure.querySelector("figcaption")?.textContent ?? "";
        return { place: [place.left - at.left, place.width, place.height].map(round), caption, svgs };
      });
      const said = node => [...root.querySelectorAll(node)].map(found => [found, ...found.querySelectorAll("*")].filter(part => !part.children.length).map(part => part.textContent).join(" "));
      return { size: size(at), facts: said(".crm-facts"), remarks: said(".crm-remarks"), problems: said(".crm-problem"), figures };
    });
  }

  // Resolve when nothing in the page has changed for some frames and the browser has nothing left to do.
  function still(selector, quiet = 100) {
    return new Promise(resolve => {
      let last = performance.now();
      const touched = () => (last = performance.now());
      const changes = new MutationObserver(touched);
      const sizes = new ResizeObserver(touched);
      for (const root of document.querySelectorAll(selector)) {
        changes.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
        sizes.observe(root);
      }
      const look = () => {
        if (performance.now() - last < quiet) return void requestIdleCallback(look, { timeout: 500 });
        changes.disconnect();
        sizes.disconnect();
        resolve();
      };
      requestAnimationFrame(() => requestIdleCallback(look, { timeout: 500 }));
    });
  }

  return { violations, picture, still };
})();
