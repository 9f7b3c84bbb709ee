"""The real Checkov beside our own policies: its results in our reports, our policies as its custom checks."""
