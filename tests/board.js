// A board of figures as JupyterLab holds it, without JupyterLab: the page's own code draws, this stands in for the models.
globalThis.board = (() => {
  class Model {
    constructor(state, models) {
      this.state = state;
      this.widget_manager = { get_model: async id => models[id] };
      this.heard = new Map();
    }
    get(name) {
      return this.state[name];
    }
    set(name, value) {
      this.state[name] = value;
    }
    save_changes() {}
    on(event, listener) {
      this.heard.set(listener, event);
    }
    off(_event, listener) {
      this.heard.delete(listener);
    }
    take(changes) {
      Object.assign(this.state, changes);
      for (const [listener, event] of this.heard) if (event === "change") listener();
    }
  }

  const models = {};
  let widget, end;

  async function begin(source, packed) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    widget = (await import(url)).default;
    const bytes = Uint8Array.from(atob(packed), sign => sign.charCodeAt(0));
    models.library = new Model({ packed: bytes, version: "here" }, models);
  }

  async function show(state) {
    end?.();
    document.querySelector("main").innerHTML =
      '<div class="crm-explorer"><div class="crm-panes"><div class="crm-controls"></div><div></div></div></div>';
    models.board = new Model({ ...state, library: "IPY_MODEL_library" }, models);
    models.frame = new Model({ board: "IPY_MODEL_board", opened: [] }, models);
    end = await widget.render({ model: models.frame, el: document.querySelector(".crm-panes").lastChild });
  }

  return { begin, show, take: changes => models.board.take(changes) };
})();
