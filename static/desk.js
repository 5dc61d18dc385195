// While staff write: "/" brings replies that are ready, "@" colleagues. Without this they are a page and a name.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const on = (type, fn) => document.addEventListener(type, fn);
  const TYPED = /(?:^|\s)([/@])([^\s/@]*)$/;
  const typed = (field) => TYPED.exec(field.value.slice(0, field.selectionStart));
  const choices = () => [...document.querySelectorAll("#ready [data-insert]")].filter((choice) => choice.offsetParent);

  const load = async (box) => {
    if (box.childElementCount) return;
    const answer = await fetch(box.dataset.from, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 200) box.innerHTML = await answer.text();
  };
  const show = async (sign, word) => {
    const box = one("#ready");
    if (!box) return;
    await load(box);
    for (const list of box.children) list.hidden = (sign === "@") !== "colleagues" in list.dataset;
    for (const item of box.querySelectorAll("[data-word]")) {
      item.hidden = !` ${item.dataset.word}`.includes(` ${word}`);
    }
    box.hidden = false;
    one("#say").textContent = box.dataset.found.replace("#", choices().length);
  };
  const close = () => one("#ready")?.setAttribute("hidden", "");

  on("input", ({ target: field }) => {
    if (!field.matches("[data-reply]")) return;
    const found = typed(field);
    if (found) show(found[1], found[2].toLowerCase());
    else close();
  });
  on("click", (e) => {
    const opener = e.target.closest("[data-ready-open]");
    const choice = e.target.closest("#ready [data-insert]");
    if (!opener && !choice) return;
    e.preventDefault();
    if (opener) {
      if (one("#ready").hidden) show("/", "").then(() => choices()[0]?.focus());
      else close();
      return;
    }
    const field = one("[data-reply]");
    const found = typed(field);
    const from = found ? found.index + found[0].indexOf(found[1]) : field.selectionStart;
    field.setRangeText(choice.dataset.insert, from, field.selectionEnd, "end");
    field.rows = Math.min(Math.max(field.value.split("\n").length + 2, field.rows), 12);
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  on("keydown", (e) => {
    const box = one("#ready");
    if (!box || box.hidden || !e.target.closest("[data-reply], #ready")) return;
    const list = choices();
    const at = list.indexOf(document.activeElement);
    if (e.key === "Escape") {
      close();
      one("[data-reply]").focus();
    } else if (e.key === "ArrowDown") list[Math.min(at + 1, list.length - 1)]?.focus();
    else if (e.key === "ArrowUp" && at > -1) (list[at - 1] ?? one("[data-reply]")).focus();
    else if (e.key === "Enter" && at < 0 && list.length && typed(e.target)?.[2]) list[0].click();
    else return;
    e.preventDefault();
  });
})();
