"""Policies written as code, and the engine that runs them on a graph."""
