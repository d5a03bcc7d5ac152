"""What a visitor can see and touch, found by label and role."""

from playwright.sync_api import Locator, Page, expect


class Visit:
    """What a visitor can see and touch."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.prompt = page.get_by_label("Prompt", exact=True)
        self.key = page.get_by_label("API key")
        self.generate = page.get_by_role("button", name="Generate")
        self.rewritten = page.get_by_label("Rewritten prompt")
        self.usage = page.get_by_label("Token usage")
        self.examples = page.get_by_label("Examples")
        self.notice = page.get_by_label("Message")
        expect(self.prompt).to_be_visible()

    def ratio(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name, exact=True)

    def picture(self) -> Locator:
        return self.page.locator("#picture img")

    def picture_bytes(self) -> bytes:
        source = self.picture().get_attribute("src")
        assert source
        return self.page.request.get(source).body()

    def draw(self, prompt: str) -> None:
        self.prompt.fill(prompt)
        self.generate.click()
        expect(self.notice).to_contain_text("Drawn")

    def options(self) -> Locator:
        """Open the accordion."""
        self.page.get_by_role("button", name="Options").click()
        successor = self.page.get_by_role("radio", name="Nano Banana 2.1", exact=True)
        expect(successor).to_be_visible()
        return self.page.locator("#options")
