"""How anything is drawn.

    sheet      the picture in the making
    outlines   figures written as short strings
    stencil    shapes of one colour with smooth edges
    cutout     figures in colours of their own
    gradients, noise
               what grounds and clouds are filled with
    lettering  text, in a real font

Its neighbours: `scene`, whose colours it takes; `subjects` and `views` draw with it.
"""
