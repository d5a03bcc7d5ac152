"""Who and what stands in a picture.

    placement  where each belongs, how tall it is, who draws it; all others only draw:
               `sitting_animals`, `standing_animals`, `sea_animals`, `people`, `plants`,
               `buildings`, `vehicles`, `boats`, `flying_objects`, `tableware`, `held_objects`

Its neighbours: `canvas`, which they draw with; `views`, which call `placement`.
"""
