// Small comforts on top of pages that all work without them.
(() => {
  "use strict";
  const on = (type, fn, options) => document.addEventListener(type, fn, options);
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const say = (text) => { const line = one("#say"); if (line) line.textContent = text; };

  // A form is sent once at a time; its button says so and keeps the focus.
  const busy = (form, yes, button) => {
    form.toggleAttribute("data-busy", yes);
    document.documentElement.classList.toggle("is-loading", yes);
    for (const b of form.elements) {
      if (b.type !== "submit") continue;
      for (const name of ["aria-disabled", "aria-busy"]) b.removeAttribute(name);
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
  on("htmx:before:request", (e) => e.target.matches("form") && busy(e.target, true, e.detail.ctx?.request?.submitter));
  on("htmx:finally:request", (e) => {
    if (e.target.matches?.("form")) busy(e.target, false);
    else document.documentElement.classList.remove("is-loading");
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted && document.body.hasAttribute("data-private")) {
      document.body.hidden = true;
      location.reload();
    } else all("form[data-busy]").forEach((form) => busy(form, false));
  });

  // What went wrong, or what has just been done, is read first.
  const focusNews = () => (one(".errors[data-focus]") ?? one("[data-focus]"))?.focus();
  focusNews();
  on("htmx:after:swap", () => { one(".errors[data-focus]")?.focus(); mark(); });

  // Connection lost: say it, lose nothing.
  const offline = (yes) => { const note = one("#offline"); if (note) note.hidden = !yes; };
  addEventListener("offline", () => offline(true));
  addEventListener("online", () => offline(false));
  on("htmx:error", () => offline(true));
  on("htmx:after:request", () => offline(false));

  on("click", async (e) => {
    if (e.target.closest("[data-print]")) return print();
    const button = e.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.dataset.state = "done";
    say(button.dataset.done ?? "");
    setTimeout(() => delete button.dataset.state, 2000);
  });

  // Codes: digits only; when the last one is in, go on.
  on("input", (e) => {
    const { digits, auto } = e.target.dataset;
    if (!digits) return;
    e.target.value = e.target.value.replace(/\D/g, "").slice(0, digits);
    if (e.target.value.length < +digits || !auto) return;
    if (auto === "submit") return e.target.form.requestSubmit();
    const fields = [...e.target.form.elements].filter((f) => f.type !== "hidden" && !f.disabled);
    fields[fields.indexOf(e.target) + 1]?.focus();
  });

  // Photos: several takes add up, each can be taken back, large ones are made smaller before they travel.
  const shrink = async (file, image) => {
    const scale = 2400 / Math.max(image.width, image.height);
    if (scale >= 1 || file.size < 1.5e6) return file;
    const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.86 });
    return blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  };
  const thumb = (image) => {
    const canvas = document.createElement("canvas");
    const side = Math.min(image.width, image.height);
    canvas.width = canvas.height = 208;
    canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 208, 208);
    return canvas;
  };
  const size = (bytes) => (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) + " MB";
  const show = (box, input) => {
    const list = one("[data-chosen]", box);
    const chosen = [...input.chosen.values()];
    const parcel = new DataTransfer();
    chosen.forEach(({ file }) => parcel.items.add(file));
    input.files = parcel.files;
    list.hidden = !chosen.length;
    list.replaceChildren(...[...input.chosen].map(([key, { file, picture }]) => {
      const item = document.createElement("li");
      const away = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: box.dataset.remove });
      away.setAttribute("aria-label", `${box.dataset.remove} ${file.name}`);
      away.onclick = () => { input.chosen.delete(key); show(box, input); input.focus(); };
      const blank = Object.assign(document.createElement("div"), { className: "blank" });
      item.append(picture ?? blank, `${file.name} · ${size(file.size)}`, away);
      return item;
    }));
    const big = chosen.some(({ file }) => file.size > box.dataset.limit * 1e6);
    const warning = one("[data-warning]", box);
    warning.hidden = !big;
    warning.textContent = big ? box.dataset.tooBig : "";
  };
  on("change", async (e) => {
    const box = e.target.type === "file" && e.target.closest("[data-photos]");
    if (!box) return;
    const input = e.target;
    input.chosen ??= new Map();
    for (const file of [...input.files]) {
      const key = file.name + file.size + file.lastModified;
      if (input.chosen.has(key)) continue;
      input.chosen.set(key, { file });
      createImageBitmap(file).then(async (image) => {
        input.chosen.set(key, { file, picture: thumb(image) });
        input.chosen.set(key, { file: await shrink(file, image), picture: thumb(image) });
      }).catch(() => {}).finally(() => input.form?.hasAttribute("data-busy") || show(box, input));
    }
    show(box, input);
  });

  // The desk by keyboard; never while somebody types, and it can be switched off.
  let current = null;
  const mark = () => all("[data-row]").forEach((row) => row.classList.toggle("is-selected", row.dataset.row === current));
  const keysOff = () => localStorage.getItem("keys") === "off";
  all("[data-keys-switch]").forEach((box) => {
    box.checked = !keysOff();
    box.onchange = () => localStorage.setItem("keys", box.checked ? "on" : "off");
  });
  on("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") || keysOff()) return;
    const rows = all("[data-row]");
    const at = rows.findIndex((row) => row.dataset.row === current);
    const focus = (selector) => { const field = one(selector); if (field) { e.preventDefault(); field.focus(); } };
    if ((e.key === "j" || e.key === "k") && rows.length) {
      const row = rows[Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), rows.length - 1)];
      current = row.dataset.row;
      mark();
      one("a", row)?.focus();
    } else if (e.key === "Enter" && at >= 0 && e.target === document.body) one("a", rows[at])?.click();
    else if (e.key === "r") focus("[data-reply]");
    else if (e.key === "/") focus("[data-search]");
    else if (e.key === "?") {
      const hints = one("[data-keys]");
      if (hints) { hints.open = !hints.open; one("summary", hints).focus(); }
    }
  });
})();
