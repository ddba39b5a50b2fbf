// What JupyterLab's settings cannot say: run a notebook and stay in place, change language in the same place, and
// leave the window to the page. JupyterLab loads this file as it stands; there is nothing to build.
(() => {
  const PLACE = "crm-place";
  const LOCALES = { zh: "zh_CN", en: "en" };
  const LITE = /\/lab-(zh|en)\//; // on the site, where each language has a page of its own
  const TRANSLATION = "@jupyterlab/translation-extension:plugin";

  const STYLE = `
    .jp-RenderedMarkdown button[value^="crm:"] {
      background: var(--jp-layout-color2); color: var(--jp-ui-font-color0); border: 1px solid var(--jp-ui-font-color2);
      border-radius: 4px; padding: 6px 14px; font: inherit; cursor: pointer;
    }
    .jp-RenderedMarkdown button[value="crm:start"] { font-weight: bold; }
    :is(.jp-RenderedMarkdown, .jp-OutputArea-output) :is(a, summary, button, [tabindex="0"]):focus-visible {
      outline: 2px solid var(--jp-brand-color1) !important; outline-offset: 1px;
    }
    .jp-InputPlaceholder .jp-PlaceholderText { display: none; }
    .jp-InputPlaceholder .jp-Placeholder-contentContainer { background: none; border-color: transparent; }
  `; // of code that is folded away only the dots are left

  // A button or link of another file must not do what the workbook's own do.
  const OURS = /(^|\/)notebooks\/(zh|en)\/[^/]+\.ipynb$/;
  const ofTheBook = (panel) => OURS.test(panel?.context?.path ?? "") && Boolean(panel.content?.widgets);

  const cellOf = (notebook, tag) =>
    notebook.widgets.findIndex((cell) => (cell.model.getMetadata("tags") ?? []).includes(tag));

  // Go to a cell and stay there while what is above it grows, until the reader does something herself.
  function stay(notebook, index) {
    const leave = new AbortController();
    const outer = notebook.outerNode ?? notebook.node;
    const go = () => {
      notebook.activeCellIndex = index;
      const top = index > 0 ? notebook.widgets[index].node.getBoundingClientRect().top : -Infinity;
      outer.scrollTop = Math.max(outer.scrollTop + top - outer.getBoundingClientRect().top, 0);
    };
    const grown = new ResizeObserver(go);
    notebook.widgets.forEach((cell) => grown.observe(cell.node));
    outer.addEventListener("scroll", go, { signal: leave.signal });
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"])
      document.addEventListener(kind, () => { grown.disconnect(); leave.abort(); }, { capture: true, signal: leave.signal });
    go();
  }

  async function start(app, tag) {
    const panel = app.shell.currentWidget;
    const notebook = panel?.content;
    if (!notebook?.widgets) return;
    await panel.context.sessionContext.ready;
    const first = tag ? Math.max(cellOf(notebook, tag) - 1, 0) : 0;
    app.commands.execute("notebook:run-all-cells");
    stay(notebook, first);
  }

  // The language of the notebook that was opened: whoever changes it opens the other notebook anew.
  const spoken = () =>
    decodeURIComponent(location.pathname).match(/(?:notebooks\/|lab-)(zh|en)\//)?.[1] ??
    (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

  // The cells of both languages are the same in number: a place is a cell.
  async function change(app) {
    const panel = app.shell.currentWidget;
    const [, , now] = panel?.context?.path.match(/(^|\/)(zh|en)\/[^/]*$/) ?? [];
    if (!now) return;
    const lang = now === "zh" ? "en" : "zh";
    const path = panel.context.path.replace(/(zh|en)(?=\/[^/]*$)/, lang);
    const top = panel.content.node.getBoundingClientRect().top;
    const index = panel.content.widgets.findIndex((cell) => cell.node.getBoundingClientRect().bottom > top + 40);
    sessionStorage.setItem(PLACE, JSON.stringify({ path, index }));
    if (panel.context.model.dirty) await panel.context.save();
    if (LITE.test(location.pathname)) {
      location.assign(`../lab-${lang}/index.html?path=${encodeURIComponent(path)}`);
      return;
    }
    await app.serviceManager.settings.save(TRANSLATION, JSON.stringify({ locale: LOCALES[lang] }));
    const base = document.baseURI.replace(/\/lab\/.*|\/doc\/.*/, "");
    location.assign(`${base}/lab/tree/${path.split("/").map(encodeURIComponent).join("/")}?reset`);
  }

  // A widget's link leads to a page beside its own; a notebook's link does so by itself.
  function openBeside(app, file) {
    const path = app.shell.currentWidget.context.path.replace(/[^/]*$/, file);
    app.commands.execute("docmanager:open", { path });
  }

  // JupyterLab would look for the heading before the notebook that it opens has its cells, and stay at the top.
  async function openAt(app, link) {
    const { pathname, hash } = new URL(link.href);
    const path = decodeURIComponent(pathname).split("/files/")[1];
    const panel = await app.commands.execute("docmanager:open", { path });
    await panel.revealed;
    const place = decodeURIComponent(hash.slice(1));
    const isIt = (line) => /^#+ /.test(line) && line.replace(/^#+ /, "").replaceAll(" ", "-") === place;
    const index = panel.content.widgets.findIndex(({ model }) => model.sharedModel.getSource().split("\n").some(isIt));
    if (index >= 0) stay(panel.content, index);
  }

  // JupyterLite opens what its address names while it puts back the notebooks of last time, and where these come later
  // they take its place. The address is changed by then: it is read when the page begins.
  const named = LITE.test(location.pathname) ? new URLSearchParams(location.search).getAll("path") : [];
  const openNamed = (app) => Promise.allSettled(named.map((path) => app.commands.execute("docmanager:open", { path })));

  async function comeBack(panel) {
    const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    if (!place || panel?.context?.path !== place.path) return;
    sessionStorage.removeItem(PLACE);
    await panel.revealed;
    stay(panel.content, Math.min(place.index, panel.content.widgets.length - 1));
  }

  // JupyterLab waits two seconds for a widget of a reloaded page. On a busy computer they end while the widgets are put
  // in place, and it says that there is none, and looks no more, although the widget is there by then.
  const UNKNOWN = "Error displaying widget: model not found";
  function lookAgain(panel) {
    for (const { outputArea: area } of panel?.content?.widgets ?? []) {
      area?.widgets.forEach(({ widgets: parts = [] }, place) => {
        const missed = parts.find((part) => part.renderModel && !part.node.firstElementChild && part.node.textContent === UNKNOWN);
        missed?._manager?.promise.then((manager) => {
          const output = area.model.get(place);
          if (!manager.has_model(output.data[missed.mimeType].model_id)) return;
          missed.removeClass("jupyter-widgets");
          missed.renderModel(output);
        });
      });
    }
  }

  // The renderer of stored figures would write a picture of each into the notebook: unsaved before anybody touched it.
  async function keepNoPictures() {
    const load = await window._JUPYTERLAB["jupyterlab-plotly"]?.get("./mimeExtension");
    for (const { rendererFactory: factory } of [load?.().default ?? []].flat()) {
      const { createRenderer } = factory;
      factory.createRenderer = (options) => {
        const renderer = createRenderer(options);
        const { renderModel } = renderer;
        const unwritten = { setData: { value: () => {} } };
        renderer.renderModel = (model) => renderModel.call(renderer, Object.create(model, unwritten));
        return renderer;
      };
    }
  }

  const plugin = {
    id: "crm-start:plugin",
    autoStart: true,
    activate: async (app) => {
      await keepNoPictures();
      document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
      app.commands.addCommand("crm:start", {
        label: ({ labels }) => labels?.[spoken()] ?? "▶ Start",
        caption: (args) => args.caption ?? "",
        execute: (args) => start(app, args.to),
      });
      app.commands.addCommand("crm:language", {
        label: (args) => args.label ?? "中文 / English",
        execute: () => change(app),
      });
      // JupyterLab would open the other language in a second tab, and runs no command that an unsigned notebook names.
      document.addEventListener(
        "click",
        (event) => {
          const links = "a[hreflang], a[href*='.ipynb'][href*='#']";
          const own = `.jp-RenderedMarkdown :is(${links}, button[value^='crm:start']), .crm-progress a.crm-page`;
          const asked = event.target.closest?.(own);
          if (!asked || !ofTheBook(app.shell.currentWidget)) return;
          event.preventDefault();
          event.stopPropagation();
          if (asked.matches(".crm-page")) openBeside(app, asked.getAttribute("href"));
          else if (asked.matches("[hreflang]")) change(app);
          else if (asked.matches("a")) openAt(app, asked);
          else start(app, asked.value.split(" ")[1]);
        },
        { capture: true },
      );
      app.shell.currentChanged?.connect((_, { newValue }) => comeBack(newValue));
      app.restored.then(async () => {
        app.shell.collapseLeft?.();
        app.shell.collapseRight?.();
        setInterval(() => ofTheBook(app.shell.currentWidget) && lookAgain(app.shell.currentWidget), 3000);
        await openNamed(app);
        comeBack(app.shell.currentWidget);
      });
    },
  };

  (window._JUPYTERLAB ??= {})["crm-start"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
