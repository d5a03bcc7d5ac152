"""What can be asked for beside prompt and shape, and what it costs."""
