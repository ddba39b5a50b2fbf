// What is seen on a page, read from its geometry. A check returns sentences, one a violation; none means all is well.
// Sizes are CSS pixels. What nobody sees is not looked at: folded details, hidden tabs, text for screen readers.
globalThis.sight ??= (() => {
  const SLACK = 1.5; // browsers round
  const TOUCH = 4; // half a letter: so far words may come upon one another
  const INK = 0.18; // of a line's box there is this much above and below its letters
  const FIGURE = ".crm-figure, .figure";
  const SPOKEN = "script, style, title, desc, option, mjx-assistive-mml, math, mjx-container, .hoverlayer, .jp-mod-hidden";

  // JupyterLab lays out only the cells that are in its window; here all are looked at.
  const style = document.createElement("style");
  style.textContent = ".jp-Notebook-cell { content-visibility: visible !important; }";
  document.head.append(style);

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

  function shared(a, b, most = SLACK) {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > most && height > most ? `${round(width)} × ${round(height)} px` : "";
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
      let around = figure.parentElement;
      while (getComputedStyle(around).display === "contents") around = around.parentElement;
      const swiped = /auto|scroll/.test(getComputedStyle(around).overflowX);
      const sides = swiped ? ["top", "bottom"] : undefined;
      const out = outside(room, box(around), sides) || (!swiped && outside(room, box(root), ["left", "right"]));
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

  // A page may let a wide table be scrolled sideways, never an explorer: its controls and pictures would be apart.
  function widths(root, say) {
    const places = ".crm-explorer, .crm-own-table, .crm-ask, .crm-mock, .crm-practice";
    for (const node of [...(root.matches(places) ? [root] : []), ...root.querySelectorAll(places)]) {
      const room = node.closest(".jp-Cell-outputWrapper") ?? document.documentElement;
      const out = node.checkVisibility() && outside(box(node), box(room), ["left", "right"]);
      if (out) say("wide", `${name(node)} is wider than its cell by ${out}`);
    }
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
    // What has been scrolled out of sight covers nothing, nor does the part of a word that a scrolling box hides.
    const inSight = line => {
      const at = { ...bounds(line.ink) };
      for (let around = line.text && line.node; around && around !== root; around = around.parentElement) {
        if (getComputedStyle(around).overflowX === "visible") continue;
        const frame = box(around);
        if (!shared(at, frame, 0)) return [];
        at.left = Math.max(at.left, frame.left);
        at.right = Math.min(at.right, frame.right);
      }
      return [{ ...line, at }];
    };
    const ordered = all.flatMap(inSight).sort((a, b) => a.at.left - b.at.left);
    ordered.forEach((one, i) => {
      for (let j = i + 1; j < ordered.length && ordered[j].at.left < one.at.right; j++) {
        const other = ordered[j];
        if (one.node === other.node || (one.text && one.text === other.text)) continue;
        if (other.at.top >= one.at.bottom || one.at.top >= other.at.bottom) continue;
        const common = shared(one.at, other.at, TOUCH);
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

  const REACHED = "button, select, input, textarea, summary, a[href], [tabindex]";
  const TARGET = 24; // px, WCAG 2.5.8

  const reached = root => [...root.querySelectorAll(REACHED)].filter(
    node => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true }) && node.type !== "file",
  );

  // What a finger meets: the label of a box to tick belongs to it.
  const target = node => (node.matches("input[type=radio], input[type=checkbox]") && node.closest("label")) || node;

  // A target may be small where a circle of 24 px around its middle meets no other, and in a line of text.
  function targets(nodes, say) {
    const boxes = [...new Set(nodes.map(target))].map(node => ({ node, at: box(node) }));
    for (const { node, at } of boxes) {
      if (at.width >= TARGET - 0.5 && at.height >= TARGET - 0.5) continue;
      if (node.matches("p a, li a, td a, dd a")) continue;
      const [x, y] = [(at.left + at.right) / 2, (at.top + at.bottom) / 2];
      const near = boxes.find(({ node: other, at: its }) => {
        if (other === node || other.contains(node) || node.contains(other)) return false;
        const [dx, dy] = [Math.max(its.left - x, 0, x - its.right), Math.max(its.top - y, 0, y - its.bottom)];
        return Math.hypot(dx, dy) < TARGET / 2;
      });
      if (near) say("target", `${name(node)} is ${size(at)} px, and ${name(near.node)} is within ${TARGET / 2} px of its middle`);
    }
  }

  function sliders(root, say) {
    for (const slider of root.querySelectorAll("[role=slider], input[type=range]")) {
      if (!slider.checkVisibility()) continue;
      const told = slider.getAttribute("aria-label") || slider.labels?.[0]?.textContent || document.getElementById(slider.getAttribute("aria-labelledby"))?.textContent;
      if (!told?.trim()) say("name", `${name(slider.parentElement)}: a slider without a name`);
      const value = slider.getAttribute("aria-valuetext") ?? slider.value ?? "";
      if (/\.\d{5}/.test(value)) say("value", `${told}: its value is read as “${value}”`);
      const whole = slider.closest(".crm-control, .widget-slider") ?? slider;
      const stops = whole === slider ? 1 : reached(whole).length;
      if (stops !== 1) say("stops", `${told}: ${stops} stops of the Tab key instead of one`);
    }
  }

  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  function luminance([r, g, b]) {
    const [x, y, z] = [r, g, b].map(v => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function contrast(one, other) {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  }
  function ground(node) {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if ((colour[3] ?? 1) > 0.9) return colour;
    }
    return [255, 255, 255];
  }

  // The ring that shows where the keyboard is: one element of each kind is tried.
  function rings(nodes, say) {
    const tried = new Set();
    for (const node of nodes) {
      const kind = [node.localName, node.type ?? "", ...node.classList].join(" ");
      if (tried.has(kind)) continue;
      tried.add(kind);
      const places = [node, node.closest("label")].filter(Boolean);
      const edges = places.map(place => getComputedStyle(place).borderColor);
      node.focus({ focusVisible: true, preventScroll: true });
      const contrasts = places.map((place, i) => {
        const shown = getComputedStyle(place);
        const ring = shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 1;
        const colour = ring ? shown.outlineColor : shown.borderColor === edges[i] ? "" : shown.borderColor;
        const around = place.closest(".slider-container") ?? place.parentElement;
        return colour ? contrast(channels(colour), ground(around)) : 0;
      });
      const against = Math.max(...contrasts);
      if (against < 3) say("focus", `${name(node)}: its ring has a contrast of ${round(against)} : 1, 3 are needed`);
      node.blur();
    }
  }

  // Everything that keeps hands and the keyboard from the controls of these places.
  function unreachable(selector) {
    const found = [];
    const say = (kind, sentence) => found.push(`${kind}: ${sentence}`);
    for (const root of document.querySelectorAll(selector)) {
      const nodes = reached(root);
      targets(nodes, say);
      sliders(root, say);
      rings(nodes, say);
    }
    const moving = document.getAnimations().filter(({ effect }) => effect.target?.closest(selector));
    for (const { effect } of moving) say("moves", `${name(effect.target)} moves by itself`);
    return [...new Set(found)];
  }

  // Everything that is wrong with what is seen in these places.
  function violations(selector) {
    const found = [];
    const say = (kind, sentence) => found.push(`${kind}: ${sentence}`);
    const roots = [...document.querySelectorAll(selector)];
    if (!roots.length) say("size", `nothing on this page is ${selector}`);
    // What is sticky lies on nothing while the page, or the only place looked at, is at its top.
    document.querySelector(".jp-WindowedPanel-outer")?.scrollTo({ top: 0, behavior: "instant" });
    if (roots.length === 1) roots[0].scrollIntoView({ behavior: "instant", block: "start" });
    for (const root of roots) {
      figuresOf(root, say);
      words(root, say);
      fields(root, say);
      scrollers(root, say);
      widths(root, say);
    }
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 1) say("leaves", `the page is ${wide} px wider than its window`);
    return [...new Set(found)];
  }

  // A pixel more or less in a drawing is not seen: a layout that is computed anew comes out so.
  // A label inside a bar is there where it just fits: less than a pixel decides.
  // What is drawn, whatever the order of its attributes: kind, place, colours, words of each visible part.
  function strokes(svg, place) {
    const parts = [...svg.querySelectorAll("path, rect, text, image, circle")].filter(part => !part.closest("defs, .hoverlayer, .bartext-inside"));
    const told = parts.flatMap(part => {
      const at = box(part);
      if (!at.width && !at.height) return [];
      const layer = part.parentElement.getAttribute("class") ?? "";
      const where = [at.left - place.left, at.top - place.top, at.width, at.height].map(round).join(" ");
      const [fill, stroke] = [part.style.fill, part.style.stroke].map(paint => paint.replace(/#[^"')]+/, "#")); // named anew
      return [{ layer, text: `${layer} ${part.localName} ${where} ${fill} ${stroke} ${part.localName === "text" ? part.textContent : ""}` }];
    });
    return told.sort((a, b) => (a.layer < b.layer ? -1 : a.layer > b.layer ? 1 : 0)).map(({ text }) => text).join("\n");
  }

  const PARTS = /(-?\d+(?:\.\d+)?(?:e-?\d+)?)/;
  function differences(one, other, pixels) {
    const [these, those] = [one.split(PARTS), other.split(PARTS)];
    const alike = (part, i) => part === those[i] || (i % 2 && pixels && Math.abs(part - those[i]) <= 1);
    const here = these.length === those.length ? these.findIndex((part, i) => !alike(part, i)) : 0;
    const near = parts => parts.slice(Math.max(here - 6, 0), here + 8).join("");
    return here < 0 ? [] : [`“…${near(these).slice(-120)}…” is now “…${near(those).slice(-120)}…”`];
  }

  // What is seen, as text: two pages with the same are the same to the eye. It stays here; its number is returned.
  const kept = [];
  function picture(selector) {
    const all = [...document.querySelectorAll(selector)].map(root => {
      const at = box(root);
      const figures = [...root.querySelectorAll(FIGURE)].map(figure => {
        const place = box(figure);
        const svgs = [...figure.querySelectorAll(".main-svg")].map(svg => strokes(svg, place));
        const caption = figure.querySelector("figcaption")?.textContent ?? "";
        return { place: [place.left - at.left, place.width, place.height].map(round).join(" "), caption, svgs };
      });
      const leaves = found => [found, ...found.querySelectorAll("*")].filter(part => !part.children.length);
      const said = node => [...root.querySelectorAll(node)].map(found => leaves(found).map(part => part.textContent).join(" "));
      return { size: size(at), facts: said(".crm-facts"), remarks: said(".crm-remarks"), problems: said(".crm-problem"), figures };
    });
    return kept.push(all) - 1;
  }

  // Return where two pictures differ, a line each.
  function changed(before, after) {
    const differ = (one, other, at) => {
      if (typeof one !== "object") return differences(one, other, at.includes("svgs")).map(line => `${at}: ${line}`);
      const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
      return names.flatMap(name => differ(one[name] ?? "", other[name] ?? "", `${at} ${name}`.trim()));
    };
    return differ(kept[before], kept[after], "");
  }

  // Resolve when nothing in the page has changed for some frames, however long a frame takes, and the browser has nothing
  // left to do: that a place has another size is told at the end of a frame.
  function still(selector, quiet = 60, frames = 4) {
    return new Promise(resolve => {
      let [last, left] = [performance.now(), frames];
      const touched = () => ([last, left] = [performance.now(), frames]);
      const changes = new MutationObserver(touched);
      const sizes = new ResizeObserver(touched);
      for (const root of document.querySelectorAll(selector)) {
        changes.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
        sizes.observe(root);
      }
      const look = () => {
        left -= 1;
        if (document.querySelector("[data-drawing], .crm-late") || left > 0 || performance.now() - last < quiet) {
          return void requestAnimationFrame(look);
        }
        changes.disconnect();
        sizes.disconnect();
        resolve();
      };
      requestAnimationFrame(look);
    });
  }

  return { violations, unreachable, picture, changed, still };
})();
