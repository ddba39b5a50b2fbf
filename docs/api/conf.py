"""The reference of crmlib, made from its docstrings: ``sphinx-build -W docs/api out/api``."""

project = "crmlib"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.apidoc"]
apidoc_modules = [
    {
        "path": "../../crmlib",
        "destination": "modules",
        "separate_modules": True,
        "module_first": True,
        "exclude_patterns": ["**/locale", "**/labextensions"],
    }
]
exclude_patterns = ["modules/modules.rst"]
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "signature"
suppress_warnings = ["ref.python"]  # many classes have an attribute called type
autodoc_class_signature = "separated"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
html_theme = "alabaster"
html_copy_source = False
