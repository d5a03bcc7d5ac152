"""Compare, the tab that draws one prompt in several ways."""
