"""Which words of a prompt ask for what: a table a theme.

Its neighbour: `reading`, which matches them. Singulars stand for their plurals too; two words
that belong together are joined by a hyphen, and are found with a space as well.
"""

from typing import TypeAlias

_Table: TypeAlias = dict[str, str]

HOURS: _Table = {
    "neon": "neon cyberpunk synthwave vaporwave",
    "night": "night midnight moon moonlight moonlit star starry starlit aurora northern-lights "
    "constellation firefly fireworks dark",
    "sunset": "sunset sundown dusk golden golden-hour twilight evening",
    "dawn": "dawn sunrise morning daybreak",
    "noon": "noon midday sunny daylight sunshine",
}

WEATHERS: _Table = {
    "aurora": "aurora northern-lights borealis",
    "storm": "storm stormy thunder thunderstorm lightning tempest hurricane",
    "rain": "rain rainy raining drizzle rainfall monsoon",
    "fog": "fog foggy mist misty haze hazy smoke",
    "snow": "snow snowy snowfall snowing blizzard",
}

SEASONS: _Table = {
    "winter": "winter ice icy frozen frost arctic antarctic christmas snow snowy snowfall snowing "
    "blizzard glacier polar",
    "autumn": "autumn autumnal fall october november harvest",
    "spring": "spring blossom blossoming cherry-blossom april",
}

LANDS: _Table = {
    "peaks": "mountain alp alpine peak summit himalaya snow-capped matterhorn glacier volcano",
    "dunes": "desert sand sandy dune sahara beach canyon cactus camel",
    "hills": "hill valley countryside field meadow farm vineyard path",
}

SETTINGS: _Table = {
    "space": "space planet galaxy nebula cosmos cosmic universe astronaut rocket spaceship orbit "
    "saturn mars jupiter asteroid comet spacecraft satellite interstellar milky-way",
    "underwater": "underwater undersea whale fish coral reef jellyfish octopus submarine diver "
    "shark turtle aquarium",
    "macro": "macro dewdrop close-up closeup droplet raindrop",
    "aerial": "aerial drone atoll lagoon satellite-view bird's-eye archipelago",
    "isometric": "isometric paper-city paper-cut papercut diorama miniature lego voxel",
    "street": "neon street ramen bar alley cafe shop storefront restaurant diner sign bakery "
    "cyberpunk bookshop",
    "table": "teapot still-life studio table vase cup coffee tea mug kitchen breakfast bowl fruit "
    "linen product interior bottle candle bouquet window food",
}

CITY = "city cityscape skyline town downtown skyscraper urban metropolis tokyo york paris london"
WATER = (
    "sea ocean lake water beach river harbor harbour lagoon coast coastal island bay boat ship "
    "wave fjord shore pond sailboat lighthouse port canal sail swim fishing pier cliff"
)

GROWTHS: _Table = {
    "flowers": "flower meadow poppy tulip rose daisy garden wildflower lavender sunflower",
    "trees": "forest wood tree pine jungle blossom woodland fir spruce park",
}

SUBJECTS: _Table = {
    "raccoon": "raccoon racoon",
    "fox": "fox vixen",
    "cat": "cat kitten kitty tabby",
    "dog": "dog puppy corgi terrier hound labrador",
    "bear": "bear grizzly teddy",
    "panda": "panda",
    "rabbit": "rabbit bunny hare",
    "wolf": "wolf husky",
    "tiger": "tiger lion leopard",
    "mouse": "mouse hamster squirrel",
    "owl": "owl",
    "penguin": "penguin",
    "robot": "robot android droid",
    "astronaut": "astronaut cosmonaut spaceman",
    "person": "person man woman girl boy child people portrait hiker traveller wanderer king queen "
    "monk knight samurai wizard dancer sailor farmer mother father friend",
    "rocket": "rocket spaceship spacecraft shuttle",
    "whale": "whale dolphin orca",
    "fish": "fish goldfish koi shark salmon",
    "jellyfish": "jellyfish octopus squid",
    "turtle": "turtle tortoise",
    "lighthouse": "lighthouse",
    "sailboat": "sail sailing sailboat boat yacht regatta ship",
    "trawler": "fishing trawler harbor harbour port ferry tugboat",
    "balloon": "hot-air-balloon balloon air-balloon zeppelin",
    "cabin": "cabin house hut cottage chalet barn home farm castle village temple",
    "birds": "bird gull seagull swallow crane goose raven crow eagle",
    "deer": "deer stag elk moose reindeer",
    "horse": "horse pony unicorn",
    "bigtree": "oak willow baobab bonsai lone-tree",
    "cactus": "cactus saguaro",
    "teapot": "teapot kettle",
    "cup": "cup mug coffee tea espresso cappuccino latte",
    "vase": "vase bouquet",
    "fruit": "fruit apple pear lemon peach",
    "bottle": "bottle perfume wine",
    "bicycle": "bicycle bike cyclist",
    "car": "car van truck",
    "train": "train tram locomotive railway",
    "mushroom": "mushroom toadstool",
    "kite": "kite",
    "umbrella": "umbrella parasol",
}

HELD: _Table = {
    "ice-cream": "ice-cream gelato sundae icecream",
    "cup": "cup mug coffee tea cocoa drinking",
    "flower": "flower poppy tulip rose daisy bouquet",
    "balloon": "balloon",
}

STYLES: _Table = {
    "polaroid": "polaroid instant-photo",
    "watercolor": "watercolor watercolour aquarelle wash",
    "poster": "poster postcard travel-poster advertisement",
    "faded": "faded vintage retro nostalgic old",
}

BLOOMS = {
    "poppy": "#dd4631", "rose": "#d9607f", "sunflower": "#f4bb38", "daisy": "#fffaf0",
    "tulip": "#e5586c", "lavender": "#a58ad8", "cherry-blossom": "#f4b6c4", "blossom": "#f2a9bb",
}  # fmt: skip
"""The colours of flowers that have one of their own."""

TINTS = {
    "red": "#c8362f", "crimson": "#b0203a", "orange": "#e8802a", "yellow": "#ecc434",
    "gold": "#d9a531", "green": "#3f9150", "emerald": "#1f8a63", "teal": "#1d8a8c",
    "turquoise": "#2fb8b5", "cyan": "#2fb4cf", "blue": "#2f68c0", "navy": "#1f3470",
    "indigo": "#46399c", "purple": "#7a3f9e", "violet": "#8450b8", "lavender": "#a892d6",
    "pink": "#e4799f", "magenta": "#c23590", "brown": "#80583a", "white": "#f2f2f0",
    "silver": "#b4b8bd", "gray": "#8a8d90", "grey": "#8a8d90", "black": "#1c1c1e",
    "celadon": "#a3c9ae", "mint": "#9ed8bf", "beige": "#dcc9a6", "scarlet": "#c9302c",
}  # fmt: skip
"""The colours a prompt can name."""
