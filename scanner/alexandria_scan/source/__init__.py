"""Files, folders, plan JSON and stdin: named bytes, and which folder is a root, a module, an example."""
