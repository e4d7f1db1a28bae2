"""The page in a real browser: nothing leaves it, links lead both ways, it sorts, it can be read by everyone, nothing overlaps."""

from dataclasses import replace

import pytest

from bplint.config import Settings
from bplint.report import html
from bplint.run import lint_text
from bplint.testing.formats import finished
from html_pages import GUESS, HOSTILE, PRODUCT
from repair_texts import hardware_efficient

KINDS = ("bad", "deep", "family", "many", "hostile", "empty")


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """A small bad circuit, a deep one, a family, several circuits, hostile texts, nothing at all; each as a file."""
    quiet = Settings(suggest=False)
    bad = lint_text(hardware_efficient(6, 1, "projector(0..n-1)", head="// bplint: shots = 100\n"), Settings())
    deep = lint_text(hardware_efficient(10, 30, "Z0"), quiet, name="deep.qasm")
    names = ("folder/b.qasm", "folder/a.qasm", "folder/c.qasm")
    texts = (GUESS, hardware_efficient(5, 1, "Z0"), hardware_efficient(4, 3, "Z0 Z1"))
    several = [lint_text(text, quiet, name=name) for text, name in zip(texts, names, strict=True)]
    entries = tuple(report.entries[0] for report in several)
    reports = {
        "bad": bad,
        "deep": deep,
        "family": lint_text(PRODUCT, quiet, sizes=(3, 4, 5, 6, 7)),
        "many": replace(several[0], entries=(*finished().entries, *entries, deep.entries[0])),
        "hostile": lint_text(
            GUESS.replace("rz(t[4+i]) q[i];", f"rz(t[4+i]) q[i]; // {HOSTILE.splitlines()[0]}"),
            quiet,
            name=f"{HOSTILE}.qasm",
        ),
        "empty": replace(bad, entries=()),
    }
    folder, found = tmp_path_factory.mktemp("pages"), {}
    for kind, report in reports.items():
        found[kind] = folder / f"{kind}.html"
        found[kind].write_text(html.write(report, report.exit_code()), encoding="utf-8")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_the_page_and_nothing_goes_wrong(browser, pages, kind):
    browser.open(pages[kind])
    for details in browser.all("details"):
        browser.run("arguments[0].open = true", details)
    assert browser.said == []
    assert {address.partition(":")[0] for address in browser.asked} == {"file"}
    assert len(browser.asked) <= 1


def test_the_policy_stops_what_would_leave(browser, pages):
    browser.open(pages["bad"])
    image = (
        "const i = new Image(); i.onerror = arguments[0]; i.src = 'https://example.org/x.png'; document.body.append(i)"
    )
    browser.driver.execute_async_script(image)
    assert any("Content Security Policy" in message for message in browser.said)


IN_VIEW = (
    "const b = document.querySelector(':target').getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight"
)
CLICK = "document.querySelector(':target').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"


@pytest.mark.parametrize("kind", ["bad", "deep"])
def test_findings_lead_to_their_gates_and_back(browser, pages, kind):
    browser.open(pages[kind])
    links = browser.all(".place a")
    assert links
    for link in links:
        finding = link.find_element("xpath", "ancestor::li").get_attribute("id")
        link.click()
        assert browser.one(":target").get_attribute("id") == finding.replace("-f", "-m")
        assert browser.run(IN_VIEW)
        browser.run(CLICK)
        assert browser.one(":target").get_attribute("id") == finding


def column(browser, number):
    return [row.text for row in browser.all(f"table.circuits tbody tr > :nth-child({number})")]


def test_the_table_sorts_by_numbers_and_by_names(browser, pages):
    browser.open(pages["many"])
    names = column(browser, 1)
    heads = browser.all("table.circuits thead button")
    assert heads[0].text.startswith("circuit")
    heads[0].click()
    assert column(browser, 1) == sorted(names)
    qubits = next(k for k, head in enumerate(heads, start=1) if head.text.startswith("qubits"))
    heads[qubits - 1].click()
    found = column(browser, qubits)
    assert found[-1] == "–", "what is not known is last"
    numbers = [int(text) for text in found[:-1]]
    assert numbers == sorted(numbers, reverse=True)
    assert max(numbers) == 10, "as numbers: 10 is more than 5"
    assert browser.one("th[aria-sort]").get_attribute("aria-sort") == "descending"
    heads[qubits - 1].click()
    assert column(browser, qubits) == found[::-1]
    assert sorted(column(browser, 1)) == sorted(names)


def test_the_table_sorts_by_the_keyboard(browser, pages):
    browser.open(pages["many"])
    before = column(browser, 1)
    browser.run("document.querySelector('table.circuits thead button').focus()")
    browser.driver.switch_to.active_element.send_keys("\ue007")
    assert column(browser, 1) == sorted(before)


def test_the_table_can_be_filtered(browser, pages):
    browser.open(pages["many"])
    sections = browser.all("section.entry")
    field = browser.one(".filter input")
    field.send_keys("BP203 folder")
    rows = [row for row in browser.all("table.circuits tbody tr") if row.is_displayed()]
    assert 0 < len(rows) < len(sections)
    assert browser.one(".filter [role=status]").text == f"{len(rows)} of {len(sections)}"
    shown = {section.get_attribute("id") for section in sections if section.is_displayed()}
    assert shown == {row.get_attribute("data-section") for row in rows}
    field.clear()
    field.send_keys(" ")
    assert all(section.is_displayed() for section in sections)


def test_all_is_there_without_a_script(browser, pages):
    browser.open(pages["many"], scripts=False)
    text = browser.one("main").text
    browser.open(pages["many"])
    assert not [
        word for word in browser.one("main").text.split() if word not in (*text.split(), "↕", "only", "circuits")
    ]
    browser.open(pages["many"], scripts=False)
    assert not browser.all("button, input")


@pytest.mark.parametrize(
    ("kind", "scheme"), [*((kind, "light") for kind in KINDS), ("bad", "dark"), ("family", "dark"), ("many", "dark")]
)
def test_everyone_can_read_it(browser, axe, pages, kind, scheme):
    """axe-core finds nothing at all, notes of its best practices aside."""
    browser.open(pages[kind], scheme=scheme)
    for details in browser.all("details"):
        browser.run("arguments[0].open = true", details)
    browser.run(axe)
    run = "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(r => done(r.violations))"
    faults = browser.driver.execute_async_script(run)
    assert [(f["id"], f["impact"], [n["html"][:200] for n in f["nodes"][:3]]) for f in faults] == []


OVERLAPS = """
const found = [];
for (const svg of document.querySelectorAll("svg")) {
  const own = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
  boxes.forEach(([text, a], i) => {
    const out = [own.left - a.left, a.right - own.right, own.top - a.top, a.bottom - own.bottom];
    if (Math.max(...out) > 1) found.push([text, "cut"]);
    for (const [other, b] of boxes.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) found.push([text, other]);
    }
  });
}
return found;
"""


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_texts_of_a_picture_overlap_and_none_is_cut(browser, pages, kind):
    browser.open(pages[kind])
    assert browser.run(OVERLAPS) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_window_does_not_scroll_sideways(browser, pages, kind):
    """Tables and pictures scroll by themselves."""
    browser.open(pages[kind], width=360)
    assert browser.run("return document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("kind", ["bad", "deep", "many"])
def test_it_prints_black_on_white_and_nothing_is_cut(browser, pages, kind):
    """On A4, which is 718 px wide within its margins."""
    browser.open(pages[kind], width=718, scheme="dark")
    browser.command("Emulation.setEmulatedMedia", media="print")
    assert not [field for field in browser.all(".filter") if field.is_displayed()]
    assert browser.run("return getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert browser.run("return document.documentElement.scrollWidth") <= 718


WITHIN = "return [...document.querySelectorAll('.bplint')].findIndex(part => part.contains(arguments[0]))"


def test_a_report_fits_into_another_page(browser, pages, tmp_path):
    """As in a notebook: two reports, links that stay in their own, and colours that follow the notebook's theme."""
    reports = [lint_text(GUESS, Settings(suggest=False), name=f"{k}.qasm")._repr_html_() for k in "ab"]
    page = tmp_path / "notebook.html"
    head = '<!DOCTYPE html><html lang="en"><title>notebook</title><body data-jp-theme-light="false"><p>out</p>'
    page.write_text(head + "".join(reports))
    browser.open(page)
    assert browser.said == []
    ground = "return getComputedStyle(document.querySelector('.bplint')).backgroundColor"
    assert browser.run(ground) == "rgb(15, 19, 24)"
    assert browser.run("return getComputedStyle(document.querySelector('p')).color") == "rgb(0, 0, 0)"
    first, second = (part.find_elements("css selector", "a") for part in browser.all(".bplint"))
    for part, links in enumerate((first, second)):
        assert links
        for link in links:
            target = browser.run("return document.querySelector(arguments[0].getAttribute('href'))", link)
            assert browser.run(WITHIN, target) == part
