"""What every HTTP request meets before the app: who it is, what it may ask, how large it is.

`launch` puts it around Gradio; it knows no widget and nothing of pictures.
"""
