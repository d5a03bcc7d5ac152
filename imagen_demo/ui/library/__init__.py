"""The pictures that are there already: the examples, and the visitor's own."""
