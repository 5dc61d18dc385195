"""What axe says of a page about WCAG 2.2 AA: in each light, each kind of element is asked about once."""

from pathlib import Path

from playwright.sync_api import Page

PROGRAM = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
KIND = """
  const silent = /^(data-htmx-powered|style)$/;
  const worded = /^aria-(label|labelledby|describedby|controls|owns)$/;
  const telling = /^(class|type|role|aria-\\w+)$/;
  const tells = (name) => telling.test(name) && !worded.test(name);
  const told = ({ name, value }) => (tells(name) ? `${name}=${value.trim()}` : name);
  const part = (e) => e
    ? [e.localName, ...[...e.attributes].filter((a) => !silent.test(a.name)).map(told)].join(" ") : "";
  const kind = (e) => `${part(e.parentElement)} > ${part(e)}`;
  const all = [...document.querySelectorAll("*")];
"""  # what an element is, whatever it says, in what kind of parent
KINDS = f"() => {{ {KIND} return [...new Set(all.map(kind))]; }}"
ASK = f"""async ([kinds, rules]) => {{ {KIND}
  const asked = new Set(all.filter((e) => kinds.includes(kind(e))));
  const within = (e) => e && (asked.has(e) || within(e.parentElement));
  const include = [...asked].filter((e) => !within(e.parentElement));
  const asking = {{ runOnly: rules, resultTypes: ["violations"], preload: false }};
  return include.length ? (await axe.run({{ include }}, asking)).violations : [];
}}"""  # an element with all that stands inside it; what htmx took away meanwhile is gone
_known: set[tuple[object, str]] = set()


def faults_of(page: Page, light: object) -> list[str]:
    """What is wrong with whatever was not seen in this light before."""
    new = [kind for kind in page.evaluate(KINDS) if (light, kind) not in _known]
    if not new:
        return []
    page.evaluate(PROGRAM)
    found = page.evaluate(ASK, [new, RULES])
    _known.update((light, kind) for kind in new)
    return [
        f"{page.url}: {fault['id']}: {node['html']}\n{node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
    ]
