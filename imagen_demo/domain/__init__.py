"""What is asked for and what came back: no HTTP, no Gradio, no disk.

Everybody imports from here, and it imports nothing of ours.
"""
