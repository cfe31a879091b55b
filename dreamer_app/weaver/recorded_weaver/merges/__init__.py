"""Dreams merged from two documentation programs that the graph relates, and joined by one wire of our own."""
