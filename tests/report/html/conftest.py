"""One browser for all tests of pages: Chromium with its driver, where they are installed."""

import json
import os
import shutil
from pathlib import Path

import pytest


class Tab:
    """What is seen of a page: ``said`` is what the console said, ``asked`` the addresses that were asked for."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, *, width=1180, scheme="light", scripts=True, fragment=""):
        """A file, in a window of this width and a colour scheme, with what earlier pages said forgotten."""
        self.command("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.command(
            "Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(Path(path).as_uri() + fragment)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    @property
    def said(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    @property
    def asked(self):
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A tab of a headless Chromium; tests that need it are skipped where there is none."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no chromium and chromedriver: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    profile = tmp_path_factory.mktemp("profile")
    switches = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
    )
    for switch in switches:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield Tab(found)
    found.quit()


@pytest.fixture(scope="session")
def axe():
    """The script of axe-core, which BPLINT_AXE names."""
    path = os.environ.get("BPLINT_AXE", "")
    if not os.path.isfile(path):
        pytest.skip("no axe-core: npm install axe-core, and BPLINT_AXE=…/node_modules/axe-core/axe.min.js")
    return Path(path).read_text(encoding="utf-8")
