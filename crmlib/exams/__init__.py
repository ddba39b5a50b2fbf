"""Papers: blueprints, assembly, printing, manifests, exports. No widget."""
