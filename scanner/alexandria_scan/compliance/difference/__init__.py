"""Two versions of a module compared: what changed for its callers, and which version bump that calls for."""
