// JupyterLab loads even an extension that is switched off; this one does nothing and complains of nothing.
(globalThis._JUPYTERLAB ??= {})["@jupyterlite/pyodide-kernel-extension"] = { init() {}, get() {} };
