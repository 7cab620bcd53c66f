"""One service per agency. They never import or call each other: they meet in `shared.contract` only."""
