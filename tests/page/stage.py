"""What a stage must show, in whatever browser: pictures of all ratios, long words, and no less."""

SIZES = {
    "16:9": (1408, 768),
    "4:3": (1280, 896),
    "1:1": (1024, 1024),
    "3:4": (896, 1280),
    "9:16": (768, 1408),
}
SHORT = "A fox in the snow, drawn in ink and a little watercolour."
LONG = " ".join(["A fox that goes through the snow while the wind blows harder"] * 65)

SMALLEST_LETTERS = """() => {
  const texts = document.createTreeWalker(document.querySelector('.stage'), NodeFilter.SHOW_TEXT);
  const sizes = [];
  while (texts.nextNode()) {
    const {data, parentElement: around} = texts.currentNode;
    const isSeen = data.trim() && !around.closest('.unseen') && around.checkVisibility();
    if (isSeen) sizes.push(parseFloat(getComputedStyle(around).fontSize));
  }
  return Math.min(...sizes) / innerHeight;
}"""
"""As a part of the screen's height."""

CUT_OFF = """() => {
  const wrong = [], of = (each) => each.getBoundingClientRect();
  for (const each of document.querySelectorAll('.stage .ground :is(img, p, h2, bdi)')) {
    const box = of(each), words = each.closest('.scrolls.goes-on') ?? each.closest('.scrolls');
    const isWide = box.left < -1 || box.right > innerWidth + 1;
    const isHigh = !words && (box.top < -1 || box.bottom > innerHeight + 1);
    const goesOn = words && box.bottom > of(words).bottom + 2;
    if (isWide || isHigh) wrong.push(`outside: ${each.outerHTML.slice(0, 60)}`);
    if (goesOn && !words.classList.contains('goes-on')) wrong.push(`no sign: ${each.className}`);
  }
  for (const box of [...document.querySelectorAll('.stage .ground img')].map(of)) {
    if (box.width * box.height < 0.02 * innerWidth * innerHeight) wrong.push('a tiny picture');
    for (const words of [...document.querySelectorAll('.stage .words')].map(of)) {
      const isBeside = words.left >= box.right - 1 || words.right <= box.left + 1;
      const isAway = isBeside || words.top >= box.bottom - 1 || words.bottom <= box.top + 1;
      if (!isAway) wrong.push('words over a picture');
    }
  }
  return wrong;
}"""
