// What JupyterLab's settings cannot say: run a notebook and stay in place, change language in the same place, and
// leave the window to the page. JupyterLab loads this file as it stands; there is nothing to build.
(() => {
  const PLACE = "crm-place";
  const LOCALES = { zh: "zh_CN", en: "en" };
  const TRANSLATION = "@jupyterlab/translation-extension:plugin";

  const cellOf = (notebook, tag) =>
    notebook.widgets.findIndex((cell) => (cell.model.getMetadata("tags") ?? []).includes(tag));

  // Go to a cell and stay there while what is above it grows, until the reader moves herself.
  async function stay(notebook, index, until) {
    let moved = false;
    const leave = new AbortController();
    const outer = notebook.outerNode ?? notebook.node;
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"])
      notebook.node.addEventListener(kind, () => (moved = true), { capture: true, signal: leave.signal });
    const go = () => {
      if (moved) return;
      notebook.activeCellIndex = index;
      const top = index > 0 ? notebook.widgets[index].node.getBoundingClientRect().top : -Infinity;
      outer.scrollTop = Math.max(outer.scrollTop + top - outer.getBoundingClientRect().top, 0);
    };
    const grown = new ResizeObserver(go);
    notebook.widgets.forEach((cell) => grown.observe(cell.node));
    outer.addEventListener("scroll", go, { signal: leave.signal });
    go();
    await until;
    await new Promise((settled) => setTimeout(settled, 3000)); // widgets are drawn after the cells have run
    grown.disconnect();
    leave.abort();
  }

  async function start(app, tag) {
    const panel = app.shell.currentWidget;
    const notebook = panel?.content;
    if (!notebook?.widgets) return;
    const first = tag ? Math.max(cellOf(notebook, tag) - 1, 0) : 0;
    const run = app.commands.execute("notebook:run-all-cells");
    stay(notebook, first, run);
    await run;
  }

  // The cells of both languages are the same in number: a place is a cell.
  async function change(app, path, lang) {
    const panel = app.shell.currentWidget;
    const top = panel.content.node.getBoundingClientRect().top;
    const index = panel.content.widgets.findIndex((cell) => cell.node.getBoundingClientRect().bottom > top + 40);
    sessionStorage.setItem(PLACE, JSON.stringify({ path, index }));
    if (panel.context.model.dirty) await panel.context.save();
    await app.serviceManager.settings.save(TRANSLATION, JSON.stringify({ locale: LOCALES[lang] }));
    const base = document.baseURI.replace(/\/lab\/.*|\/doc\/.*/, "");
    location.assign(`${base}/lab/tree/${path.split("/").map(encodeURIComponent).join("/")}?reset`);
  }

  async function comeBack(panel) {
    const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    if (!place || panel?.context?.path !== place.path) return;
    sessionStorage.removeItem(PLACE);
    await panel.revealed;
    stay(panel.content, Math.min(place.index, panel.content.widgets.length - 1), panel.context.ready);
  }

  const plugin = {
    id: "crm-start:plugin",
    autoStart: true,
    activate: (app) => {
      app.commands.addCommand("crm:start", {
        label: (args) => args.label ?? "▶ Start",
        caption: (args) => args.caption ?? "",
        execute: (args) => start(app, args.to),
      });
      // JupyterLab would open the other language in a second tab.
      document.addEventListener(
        "click",
        (event) => {
          const link = event.target.closest?.(".jp-RenderedMarkdown a[hreflang]");
          const path = app.shell.currentWidget?.context?.path;
          if (!link || !path) return;
          event.preventDefault();
          event.stopPropagation();
          const lang = link.hreflang.slice(0, 2);
          change(app, path.replace(/(^|\/)(zh|en)(?=\/[^/]*$)/, `$1${lang}`), lang);
        },
        { capture: true },
      );
      app.shell.currentChanged?.connect((_, { newValue }) => comeBack(newValue));
      app.restored.then(() => {
        app.shell.collapseLeft?.();
        comeBack(app.shell.currentWidget);
      });
    },
  };

  (window._JUPYTERLAB ??= {})["crm-start"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
