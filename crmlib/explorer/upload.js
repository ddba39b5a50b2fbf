// Choosing a file: handed to the kernel piece by piece, since a page's connection carries no message above 10 MB.

const PIECE = 4_000_000;

async function render({ model, el }) {
  const taken = await model.widget_manager.get_model(model.get("taken").slice("IPY_MODEL_".length));
  const label = document.createElement("label");
  label.className = "crm-chooser";
  label.textContent = model.get("label");
  const input = document.createElement("input");
  input.type = "file";
  input.accept = model.get("accept");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  label.prepend(input);
  el.replaceChildren(label, said);

  async function hand() {
    const [file] = input.files;
    if (!file) return;
    const fits = file.size <= model.get("most");
    said.textContent = model.get(fits ? "busy" : "too_large");
    for (let at = 0; fits && (at === 0 || at < file.size); at += PIECE) {
      const piece = await file.slice(at, at + PIECE).arrayBuffer();
      model.send({ name: file.name, size: file.size, at }, undefined, [piece]);
    }
    input.value = ""; // the same file can be chosen again once it is mended
  }
  const done = () => (said.textContent = "");
  input.addEventListener("change", hand);
  taken.on("change", done);
  return () => taken.off("change", done);
}

export default { render };
