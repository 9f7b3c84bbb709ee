"""Resources, references and module calls; source and plan JSON meet here, and only here."""
