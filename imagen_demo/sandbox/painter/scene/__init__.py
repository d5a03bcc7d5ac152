"""What a prompt asks for.

    word_tables   which words ask for what
    prompt_words  a prompt's words, and what it has in quotes
    palettes      the colours of each mood
    reading       a prompt in, a scene out
    scene         the scene itself, and the dice

Its neighbours: `canvas`, `subjects` and `views` draw what is read here.
"""
