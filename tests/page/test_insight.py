"""What the rewrite did, and how to ask for the same: panels, code, response, receipt."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from imagen_demo.pictures.examples import examples
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import sandbox_demo
from tests.page.visit import Asking, Held, Visit

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SENTENCE = "A red fox sits in deep snow, and the low sun draws long blue shadows behind it. "


def panel(page: Page, name: str, tab: str = "") -> Locator:
    """Open "Code" or "Response", and there the tab of a language."""
    button = page.get_by_role("button", name=re.compile(f"^{name}"))
    if "open" not in (button.get_attribute("class") or ""):
        button.click()
    if tab:
        page.get_by_role("tab", name=tab).click()
    box = page.locator(f"#{name.lower()}").get_by_role("region").filter(visible=True)
    expect(box).to_have_count(1)
    return box


def listing(page: Page, name: str, tab: str = "") -> str:
    """The text of a listing."""
    return panel(page, name, tab).text_content() or ""


def test_the_visitors_own_words_are_marked_in_the_rewrite(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    expect(visit.rewritten).to_contain_text("of an example")
    visit.draw("A quiet lake")
    expect(visit.rewritten).not_to_contain_text("example")
    expect(visit.rewritten).to_contain_text("You wrote")
    expect(visit.rewritten).to_contain_text("The sandbox used")
    expect(visit.used.locator("mark")).to_have_text("A quiet lake")
    expect(visit.used.get_by_role("insertion").first).to_contain_text("imagined by the sandbox")
    expect(visit.picture()).to_have_attribute("alt", visit.used.inner_text())


def test_a_rewrite_becomes_the_prompt_and_goes_again(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("A quiet lake")
    rewritten = visit.used.inner_text()
    visit.prompt.fill("An hour's work")
    page.get_by_role("button", name="Use this prompt").click()
    expect(visit.prompt).to_have_value(rewritten)
    expect(visit.prompt).to_be_focused()
    page.get_by_role("button", name="Use this prompt").click()
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("An hour's work")


def test_a_locked_rewrite_gives_the_same_picture_again(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("A quiet lake")
    rewritten = visit.used.inner_text()
    page.get_by_role("button", name="Lock this rewrite").click()
    expect(visit.prompt).to_have_value(rewritten)
    expect(visit.notice).to_contain_text("rewriting is off")

    pictures = []
    for _ in range(2):
        visit.generate.click()
        expect(visit.rewritten).to_contain_text("Rewriting was off")
        expect(visit.notice).to_contain_text("Drawn")
        pictures.append(visit.pixels())
    assert pictures[0] == pictures[1]

    visit.options()
    expect(page.get_by_label("Rewrite my prompt")).not_to_be_checked()
    seed = page.get_by_label("Seed").input_value()
    expect(visit.usage).to_contain_text(f"seed {seed}")
    # A small edit is another picture, by the same seed.
    visit.prompt.fill(f"{rewritten} At night.")
    visit.generate.click()
    expect(visit.notice).to_contain_text("At night.")
    expect(visit.usage).to_contain_text(f"seed {seed}")
    assert visit.pixels() != pictures[0]


def test_a_lock_keeps_the_seed_that_was_typed_and_gives_everything_back(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.draw("A quiet lake")
    seed = page.get_by_label("Seed")
    visit.options()
    seed.fill("4711")
    page.get_by_role("button", name="Random").click()
    page.get_by_label("Rewrite my prompt").check()
    page.get_by_role("button", name="Lock this rewrite").click()
    expect(page.get_by_label("Rewrite my prompt")).not_to_be_checked()
    expect(seed).not_to_have_value("")
    visit.options()
    expect(page.get_by_text("A seed only works without rewriting")).to_be_visible()
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("A quiet lake")
    expect(page.get_by_label("Rewrite my prompt")).to_be_checked()
    expect(seed).to_have_value("")

    visit.options()
    seed.fill("4294967296")  # one too many
    page.get_by_role("button", name="Lock this rewrite").click()
    expect(seed).not_to_have_value("4294967296")
    visit.options()
    seed.fill("4711")
    page.get_by_role("button", name="Lock this rewrite").click()
    expect(visit.notice).to_contain_text("the seed is 4711")
    expect(seed).to_have_value("4711")


def test_while_the_page_waits_no_rewrite_takes_the_prompts_place(
    page: Page, asking: Asking
) -> None:
    service = Held(at_first=True)
    url = asking(service)
    visit = Visit(page, url)
    visit.draw("A quiet lake")
    service.arrives.clear()
    visit.prompt.fill("A loud lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    page.get_by_role("button", name="Use this prompt").click()
    page.wait_for_timeout(300)  # for what must not happen
    expect(visit.prompt).to_have_value("A loud lake")
    expect(visit.notice).to_contain_text("Drawing")
    service.arrives.set()


def test_whoever_came_by_a_link_can_use_a_rewrite_and_open_pictures(page: Page, demo: str) -> None:
    visit = Visit(page, f"{demo}?prompt=A+linked+lake")
    expect(visit.prompt).to_have_value("A linked lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawn")
    rewritten = visit.used.inner_text()
    page.get_by_role("button", name="Use this prompt").click()
    expect(visit.prompt).to_have_value(rewritten)
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("A linked lake")
    expect(visit.prompt).to_be_focused()
    visit.examples.get_by_role("button").first.click()
    expect(visit.notice).to_contain_text("recorded")


def test_a_rewrite_that_the_model_does_not_read_whole_is_offered_trimmed(
    page: Page, service: Service
) -> None:
    rewritten = SENTENCE * 6
    service.script = lambda asked: drawing(service, asked, rewritten)
    settings = Settings(host_key=KEY, base_url=service.url)
    with sandbox_demo(settings) as url:
        visit = Visit(page, url)
        visit.draw("A red fox")
        expect(visit.rewritten).to_contain_text("Imagen 4 reads 400 characters")
        page.get_by_role("button", name="Use this prompt").click()
        expect(visit.prompt).to_have_value(SENTENCE * 4 + SENTENCE.strip())
        visit.generate.click()
        expect(visit.notice).to_contain_text("Drawn by Imagen 4")
    assert json.loads(asked_for(service)[-1].body)["prompt"] == (SENTENCE * 5).strip()


def test_each_of_several_pictures_shows_its_own_rewrite(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name="3", exact=True).check()
    visit.draw("A quiet lake")
    expect(visit.rewritten).to_contain_text("picture 1 of 3")
    shown = page.locator("#picture").get_by_role("img")
    expect(shown).to_have_count(3)
    texts = [each.get_attribute("alt") for each in shown.all()]
    for place in (2, 1, 3):
        shown.nth(place - 1).click()
        expect(visit.rewritten).to_contain_text(f"picture {place} of 3")
        expect(visit.used).to_have_text(texts[place - 1] or "")
    expect(visit.usage).to_contain_text("For 3 pictures together.")


def test_the_code_on_the_page_asks_for_what_the_page_asked_for(
    page: Page, service: Service, tmp_path: Path
) -> None:
    service.script = lambda asked: drawing(service, asked, 'A "red" fox\'s tail')
    with sandbox_demo(Settings(host_key=KEY, base_url=service.url)) as url:
        visit = Visit(page, url)
        visit.options()
        page.get_by_role("radio", name="Strict").check()
        visit.ratio("3:4").check()
        visit.draw('A fox\'s "tail" & <b> \\ $HOME `x` 狐狸 🦊')
        program = listing(page, "Code", "Python")
        request = listing(page, "Code", "cURL")
    assert program.count("<YOUR_AIMLAPI_KEY>") == 1
    python = tmp_path / "ask.py"
    python.write_text(mine(program, service), encoding="utf-8")
    shell = tmp_path / "ask.sh"
    shell.write_text(mine(request, service), encoding="utf-8")
    for command in ([sys.executable, str(python)], ["/bin/sh", "-eu", str(shell)]):
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 - the page's
    by_page, *by_programs = asked_for(service)
    assert len(by_programs) == 2
    for each in by_programs:
        assert json.loads(each.body) == json.loads(by_page.body)
        assert each.headers["authorization"] == f"Bearer {KEY}"


def test_code_and_response_follow_the_picture_that_is_shown(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    example = examples()[0].recipe
    assert json.loads(listing(page, "Response")) == json.loads(example.response)
    visit.draw("A first lake")
    first = visit.used.inner_text()
    visit.ratio("1:1").check()
    visit.draw("A second lake")
    answer = json.loads(listing(page, "Response"))
    assert answer["data"][0]["prompt"] == visit.used.inner_text()
    assert answer["meta"] == {"usage": {"tokens_used": 84_000}}
    assert "second lake" in listing(page, "Code", "JavaScript")

    visit.tile("A first lake").click()
    expect(visit.used).to_have_text(first)
    expect(panel(page, "Code", "JavaScript")).to_contain_text("A first lake")
    assert json.loads(listing(page, "Response"))["data"][0]["prompt"] == first

    visit.examples.get_by_role("button", name=example.request.prompt).click()
    expect(panel(page, "Code", "cURL")).to_contain_text(example.request.prompt)
    assert json.loads(listing(page, "Response")) == json.loads(example.response)

    visit.tile("A first lake").click()
    expect(panel(page, "Code", "cURL")).to_contain_text("A first lake")
    page.reload()
    expect(visit.notice).to_contain_text("Drawn")
    expect(panel(page, "Code", "cURL")).to_contain_text("A first lake")
    visit.strip.get_by_role("button", name="Remove A first lake").click()
    visit.strip.get_by_role("button", name="Really? Remove A first lake").click()
    expect(panel(page, "Code", "cURL")).to_contain_text("appears here")
    assert "appears here" in listing(page, "Response")


def test_code_is_that_of_the_first_of_several_pictures_from_its_arrival_on(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name="3", exact=True).check()
    visit.draw("Three lakes")
    expect(panel(page, "Code", "Python")).to_contain_text('"num_images": 3')
    before = listing(page, "Code", "Python")
    visit.draw("Three lakes")
    expect(visit.tile("Three lakes")).to_have_count(6)
    assert listing(page, "Code", "Python") == before


def test_a_receipt_is_copied_as_text(page: Page, demo: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(page, demo)
    visit.draw("A first lake")
    visit.draw("A second lake")
    expect(visit.usage).to_contain_text("Reported this visit: 2 pictures, 168,000 tokens ($0.084)")
    page.get_by_role("button", name="Copy receipt").click()
    expect(visit.usage.get_by_role("status")).to_have_text("Copied.")
    receipt = page.evaluate("navigator.clipboard.readText()")
    assert receipt.startswith("Model: Imagen 4, played by the sandbox\n")
    assert "\nPrompt: A second lake\n" in receipt
    assert "\nCost: none; the model's price is 84,000 tokens / $0.042\n" in receipt
    assert "\nReported this visit: 2 pictures, 168,000 tokens" in receipt
    request = receipt.split("\nRequest: ")[1].split("\n")[0]
    expect(visit.usage).to_contain_text(f"Request {request}")


def test_where_the_clipboard_is_closed_the_receipt_is_there_to_be_copied_by_hand(
    fresh_page: Page, demo: str
) -> None:
    fresh_page.add_init_script("delete Navigator.prototype.clipboard")
    visit = Visit(fresh_page, demo)
    visit.draw("A quiet lake")
    fresh_page.get_by_role("button", name="Copy receipt").click()
    expect(fresh_page.get_by_label("Text to copy")).to_have_value(
        re.compile("Prompt: A quiet lake")
    )


def drawing(service: Service, asked: Received, rewritten: str) -> Answer:
    """One picture, with the rewritten prompt given."""
    if asked.method == "GET":
        return Answer(200, png())
    entry = {"url": f"{service.url}/1.png", "prompt": rewritten}
    return Answer(200, json.dumps({"data": [entry], "meta": None}).encode())


def asked_for(service: Service) -> list[Received]:
    return [each for each in service.received if each.method == "POST"]


def mine(program: str, service: Service) -> str:
    """A program as a visitor would change it: their key; and our host."""
    changed = program.replace("https://api.aimlapi.com", service.url)
    return changed.replace("<YOUR_AIMLAPI_KEY>", KEY)
