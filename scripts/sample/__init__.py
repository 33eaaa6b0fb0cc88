"""Sample: riskmap's bundled tables of facts, each made from the shared folder."""
