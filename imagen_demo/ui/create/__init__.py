"""Create, the tab where a visitor draws: its widgets, what they do, what is shown."""
