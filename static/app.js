// Small comforts on top of pages that all work without them.
(() => {
  "use strict";
  const page = document.documentElement;
  const on = (type, fn, early) => document.addEventListener(type, fn, early);
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // A form is sent once at a time; its button says so and keeps the focus.
  const busy = (form, yes, button) => {
    form.toggleAttribute("data-busy", yes);
    page.classList.toggle("is-loading", yes);
    for (const b of form.elements) {
      if (b.type !== "submit") continue;
      b.removeAttribute("aria-busy");
      b.removeAttribute("aria-disabled");
      if (yes) b.setAttribute(b === (button ?? b) ? "aria-busy" : "aria-disabled", "true");
    }
  };
  on("submit", (e) => {
    if (!e.target.hasAttribute("data-busy")) return;
    e.preventDefault();
    e.stopImmediatePropagation();
  }, true);
  on("submit", (e) => {
    if (e.defaultPrevented) return;
    busy(e.target, true, e.submitter);
    if (e.target.hasAttribute("data-download")) setTimeout(busy, 3000, e.target, false);
  });
  on("htmx:before:request", (e) => {
    page.classList.add("is-loading");
    if (e.target.matches("form")) busy(e.target, true, e.detail.ctx.request.submitter);
  });
  on("htmx:finally:request", (e) => {
    page.classList.remove("is-loading");
    if (e.target.matches?.("form")) busy(e.target, false);
  });
  addEventListener("pageshow", (e) => {
    all("form[data-busy]").forEach((form) => busy(form, false));
    if (!e.persisted || !("private" in document.body.dataset)) return;
    document.body.hidden = true; // a private page never comes back from memory
    location.reload();
  });

  // What went wrong, or what has just been done, is read first.
  (one(".errors[data-focus]") ?? one("[data-focus]"))?.focus();
  on("htmx:after:swap", () => {
    one(".errors[data-focus]")?.focus();
    mark();
  });

  // Connection lost: say it, lose nothing.
  const offline = (yes) => () => { one("#offline").hidden = !yes; };
  addEventListener("offline", offline(true));
  addEventListener("online", offline(false));
  on("htmx:error", offline(true));
  on("htmx:after:request", offline(false));

  on("click", async (e) => {
    if (e.target.closest("[data-print]")) print();
    const copy = e.target.closest("[data-copy]")?.dataset;
    if (!copy) return;
    await navigator.clipboard.writeText(copy.copy);
    copy.state = one("#say").textContent = copy.done;
    setTimeout(() => delete copy.state, 2000);
  });

  // Codes: digits only; when the last one is in, go on.
  on("input", ({ target }) => {
    const { digits, auto } = target.dataset;
    if (!digits) return;
    target.value = target.value.replace(/\D/g, "").slice(0, digits);
    if (target.value.length < digits || !auto) return;
    if (auto === "submit") return target.form.requestSubmit();
    const fields = [...target.form.elements].filter((f) => f.type !== "hidden");
    fields[fields.indexOf(target) + 1]?.focus();
  });

  // Photos: several takes add up, each can be taken back, large ones shrink before they travel.
  const paint = (image, width, height, ...crop) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(image, ...crop, 0, 0, width, height);
    return canvas;
  };
  const prepare = async (file) => {
    const image = await createImageBitmap(file);
    const { width: w, height: h } = image;
    const side = Math.min(w, h);
    const picture = paint(image, 208, 208, (w - side) / 2, (h - side) / 2, side, side);
    const scale = 2400 / Math.max(w, h);
    if (scale >= 1 || file.size < 1.5e6) return { file, picture };
    const small = await new Promise((done) => paint(image, w * scale, h * scale, 0, 0, w, h).toBlob(done, "image/jpeg", 0.86));
    return { file: new File([small], file.name.replace(/\.\w+$/, ".jpg"), { type: small.type }), picture };
  };
  const show = (box, input) => {
    const parcel = new DataTransfer();
    const list = one("[data-chosen]", box);
    list.replaceChildren(...[...input.chosen].map(([key, { file, picture }]) => {
      parcel.items.add(file);
      const item = one("template", box).content.firstElementChild.cloneNode(true);
      item.prepend(picture ?? "");
      one("span", item).textContent = `${file.name}, ${Math.max(0.1, file.size / 1e6).toLocaleString(page.lang, { maximumFractionDigits: 1 })} MB`;
      one("button", item).onclick = () => {
        input.chosen.delete(key);
        show(box, input);
        input.focus();
      };
      return item;
    }));
    input.files = parcel.files;
    list.hidden = !input.chosen.size;
    one("[data-warning]", box).hidden = ![...input.files].some((file) => file.size > 1e7);
  };
  on("change", ({ target: input }) => {
    const box = input.type === "file" && input.closest("[data-photos]");
    if (!box) return;
    input.chosen ??= new Map();
    for (const file of input.files) {
      const key = file.name + file.size;
      if (input.chosen.has(key)) continue;
      input.chosen.set(key, { file });
      prepare(file).then((ready) => {
        if (!input.chosen.has(key) || "busy" in input.form.dataset) return;
        input.chosen.set(key, ready);
        show(box, input);
      }, () => {}); // not a picture this browser can draw: its name stands for it
    }
    show(box, input);
  });

  // The desk by keyboard; never while somebody types, and it can be switched off.
  let current;
  const mark = () => current && all("[data-row]").forEach((row) => row.classList.toggle("is-selected", row.dataset.row === current));
  const off = () => localStorage.keys === "off";
  all("[data-keys-switch]").forEach((box) => {
    box.checked = !off();
    box.onchange = () => { localStorage.keys = box.checked ? "on" : "off"; };
  });
  const places = { r: "[data-reply]", "/": "[data-search]", "?": "[data-keys] > summary" };
  on("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || off()) return;
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) return;
    const rows = all("[data-row]");
    const at = rows.findIndex((row) => row.dataset.row === current);
    const step = { j: 1, k: -1 }[e.key];
    const place = places[e.key] && one(places[e.key]);
    if (step && rows.length) {
      const row = rows[Math.max(0, Math.min(at + step, rows.length - 1))];
      current = row.dataset.row;
      mark();
      one("a", row).focus(); // so that Enter opens it
    }
    if (!place) return;
    e.preventDefault();
    place.focus();
    if (e.key === "?") place.click();
  });
})();
