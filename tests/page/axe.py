"""What axe-core finds wrong with a page."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Half faded in, anything is too pale; what has no end is the breathing of what is waited for.
_VIOLATIONS = """async () => {
  for (const each of document.getAnimations()) {
    if (each.effect.getComputedTiming().endTime < Infinity) each.finish();
  }
  const {violations} = await axe.run({resultTypes: ['violations']});
  return {violations};
}"""


def violations(page: Page) -> str:
    """Say what is wrong, or nothing; the rest of what it found is not sent here, for it is much."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(_VIOLATIONS))
    report: str = found.generate_report()
    return report if found.violations_count else ""
