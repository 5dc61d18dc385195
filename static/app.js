// Small comforts on top of pages that all work without them.
(() => {
  "use strict";
  const page = document.documentElement;
  const on = (type, fn, early) => document.addEventListener(type, fn, early);
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const { prototype } = HTMLFormElement;
  if (!prototype.requestSubmit) prototype.requestSubmit = function (button) { // iPhones from before 2022
    (button ?? one("[type=submit]", this)).click();
  };

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

  // A link to a folded part of the page opens it.
  const unfold = () => {
    const part = one("details:target");
    if (!part) return;
    part.open = true;
    part.firstElementChild.focus();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // What went wrong, or what has just been done, is read first, and once.
  const first = (part) => {
    part?.focus();
    part?.removeAttribute("data-focus");
  };
  first(one(".errors[data-focus]") ?? one("[data-focus]"));
  on("htmx:after:swap", () => {
    first(one(".errors[data-focus]"));
    const told = one("[data-told]"); // what came in is said; where it can take the focus, reading goes on there
    if (told) {
      one("#say").textContent = told.dataset.told;
      told.removeAttribute("data-told");
      told.focus();
    }
    follow();
  });

  // Questions that only some answers lead to.
  const lead = () => all("[data-when]").forEach((part) => {
    const [name, ...answers] = part.dataset.when.split(" ");
    part.hidden = !answers.includes(one(`[name="${name}"]:checked`)?.value);
  });
  on("change", lead);
  lead();

  // One piece more or less.
  all("[data-by]").forEach((button) => { button.hidden = false; });
  on("click", (e) => {
    const button = e.target.closest("[data-by]");
    if (!button) return;
    const field = one("input", button.parentNode);
    field.value = Math.min(Math.max(+field.value + +button.dataset.by, field.min), field.max);
  });

  // Connection lost: say it, lose nothing.
  const offline = (yes) => () => one("#offline")?.toggleAttribute("hidden", !yes);
  addEventListener("offline", offline(true));
  addEventListener("online", offline(false));
  on("htmx:error", offline(true));
  on("htmx:after:request", offline(false));
  let heard = Date.now(); // when the shop last answered
  on("submit", async (e) => {
    const { target: form, submitter } = e;
    if (form.getAttribute("method") !== "post" || form.matches("[hx-post], [data-stay] form")) return;
    const fresh = Date.now() - heard < 5e3 || !one("textarea, [type=file]", form); // little would be lost
    if (navigator.onLine && fresh) return;
    e.preventDefault(); // the browser's own page would take the place of what was written
    e.stopImmediatePropagation();
    busy(form, true, submitter);
    const reached = navigator.onLine && await fetch("/health", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(2e4) })
      .then(() => true, () => false);
    busy(form, false);
    offline(!reached)();
    if (!reached) return;
    heard = Date.now();
    form.requestSubmit(submitter);
  }, true);

  // As an app: a worker shows a page of ours without a connection, and on it what was last seen of open cases.
  // Kept for that: codes, states and days, until the person signs out or another one signs in.
  if (one("link[rel=manifest]")) addEventListener("load", () => navigator.serviceWorker?.register(`/sw.js?lang=${page.lang}`));
  const { mark: who, vault } = document.body.dataset;
  let kept = JSON.parse(localStorage.seen ?? "null");
  if (who && kept?.who !== who) kept = null;
  all("[data-seen]").forEach(({ dataset }) => {
    const found = JSON.parse(dataset.seen).map((entry) => ({ ...entry, at: Date.now() }));
    const others = "seenAll" in dataset ? [] : (kept?.cases ?? []).filter((old) => found.every(({ code }) => code !== old.code));
    kept = { who, cases: [...found, ...others] };
  });
  if (who) localStorage.seen = JSON.stringify(kept);
  on("submit", (e) => {
    if (!e.target.matches("[action='/sign-out']")) return;
    localStorage.removeItem("seen");
    indexedDB.deleteDatabase("purna");
  });
  const last = one("[data-last-seen]");
  if (last && kept) {
    const list = one("ul", last);
    for (const { code, state, by, at } of kept.cases) {
      const item = one("template", list).content.firstElementChild.cloneNode(true);
      const when = new Date(at).toLocaleString(page.lang, { dateStyle: "long", timeStyle: "short" });
      const texts = { ".code": code, ".stamp": state, ".by": by, time: when };
      for (const [place, text] of Object.entries(texts)) one(place, item).textContent = text;
      one(".by", item).hidden = !by;
      list.append(item);
    }
    last.hidden = !kept.cases.length;
  }

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

  // What could not be sent waits in the browser's store, sealed with a secret that came with the page of the
  // signed-in person and is kept nowhere; signing out empties the store.
  const shelf = (mode, act) => new Promise((done, failed) => {
    const opened = indexedDB.open("purna", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("sealed", { keyPath: "id" });
    opened.onerror = failed;
    opened.onsuccess = () => {
      const deal = opened.result.transaction("sealed", mode);
      const asked = act(deal.objectStore("sealed"));
      deal.oncomplete = () => { opened.result.close(); done(asked.result); };
      deal.onabort = deal.onerror = failed;
    };
  });
  const lock = async () => crypto.subtle.importKey(
    "raw", await crypto.subtle.digest("SHA-256", new TextEncoder().encode(vault)), "AES-GCM", false, ["encrypt", "decrypt"],
  );
  const seal = async (place, id, blob, base = "") => {
    if (!vault) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await lock(), await blob.arrayBuffer());
    await shelf("readwrite", (s) => s.put({ id, place, base, iv, data, at: Date.now() }));
  };
  const forget = (id) => shelf("readwrite", (s) => s.delete(id)).catch(() => {});
  const unseal = async (place) => {
    const found = [];
    if (!vault) return found;
    for (const { id, iv, data, base, at, ...row } of await shelf("readonly", (s) => s.getAll())) {
      if (Date.now() - at > (id[0] === "=" ? 8e7 : 6048e5)) forget(id); // a week; what was sent for nothing yet, less than a day
      else if (row.place === place) {
        const open = crypto.subtle.decrypt({ name: "AES-GCM", iv }, await lock(), data);
        await open.then((bytes) => found.push({ id, base, blob: new Blob([bytes]) }), () => forget(id));
      }
    }
    return found;
  };

  // Photos shrink and travel one by one while the form is being written; each can be taken back or sent again.
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
    const scale = 1600 / Math.max(w, h);
    const small = scale >= 1 || file.size < 6e5 ? file : await new Promise(
      (done) => paint(image, w * scale, h * scale, 0, 0, w, h).toBlob(done, "image/jpeg", 0.82),
    );
    image.close();
    return [small ?? file, picture];
  };
  const state = (item, text, failed) => {
    one("span", item).textContent = text;
    one("progress", item).hidden = failed;
    one("[data-again]", item).hidden = !failed;
    item.failed = failed;
  };
  const send = (box, item) => new Promise((done) => {
    const words = one("template", box).dataset;
    const request = item.request = new XMLHttpRequest();
    const body = new FormData();
    body.append("photos", item.file, item.file.name ?? "photo.jpg");
    body.append("_key", item.key);
    request.open("POST", box.dataset.photos);
    request.timeout = 12e4 + item.file.size / 15; // of a line with 15 bytes a millisecond
    request.setRequestHeader("X-CSRFToken", one("[name=csrf_token]").value);
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = (e) => { one("progress", item).value = e.loaded / e.total; };
    request.onloadend = () => {
      const { status, responseText: text } = request;
      if (status === 200) {
        const kept = document.createElement("template");
        kept.innerHTML = text;
        const code = one("[name$=-kept]", kept.content)?.value;
        if (code && loose(box)) seal(from(box), `=${code}`, new Blob([text])).catch(() => {});
        item.replaceWith(kept.content);
        one("#say").textContent = words.done;
      } else if (status === 413 || status === 422) {
        state(item, status === 422 ? text : words.large, false);
        one("progress", item).remove();
        item.removeAttribute("data-left");
        item.className = "error";
      } else {
        item.out = [204, 400, 401, 403, 404].includes(status); // would be sent in vain until somebody acts
        state(item, item.out ? words.out : words.failed, true);
      }
      if (!item.failed) forget(item.key);
      done();
    };
    state(item, words.going, false);
    request.send(body);
  });
  const loose = (box) => /^.\w+$/.test(box.dataset.photos); // part of nothing before its form is sent
  const from = (box) => (loose(box) ? box.closest("form").getAttribute("action") : box.dataset.photos);
  const travel = async (box) => {
    const left = () => [...box.querySelectorAll("[data-left]")];
    if (!box.travelling) {
      box.travelling = true;
      for (let item; (item = left().find((i) => i.file && !i.failed));) await send(box, item);
      box.travelling = false;
    }
    const stuck = left().filter((item) => item.failed);
    if (left().length > stuck.length) return;
    const said = one("[data-unsent]", box);
    said.hidden = !stuck.length || (said.hidden && !box.held);
    if (!box.held) return;
    const [form, button] = box.held;
    box.held = null;
    busy(form, false);
    if (!stuck.length) form.requestSubmit(button);
  };
  const add = (box, file, key = Date.now() + Math.random().toString(36)) => {
    const words = one("template", box);
    const item = Object.assign(words.content.firstElementChild.cloneNode(true), { key });
    const list = one(".thumbs", box);
    item.dataset.left = "";
    state(item, words.dataset.waiting, false);
    if (file.size > 26214400 && !file.type.startsWith("image")) {
      state(item, words.dataset.large, false);
      one("progress", item).remove();
      item.removeAttribute("data-left");
      item.className = "error";
    }
    list.append(item);
    list.hidden = false;
    one("[data-again]", item).onclick = () => {
      item.failed = false;
      travel(box);
    };
    one("[data-drop]", item).onclick = () => {
      item.remove();
      item.request?.abort();
      forget(key);
      list.hidden = !list.children.length;
      one("input[type=file]", box).focus();
      travel(box);
    };
    if (item.className) return;
    box.ready = Promise.resolve(box.ready).then(async () => { // a weak phone holds one picture at a time
      const [small, picture] = await prepare(file).catch(() => [file]); // not one that this browser can draw
      if (!item.isConnected) return;
      item.prepend(picture ?? Object.assign(document.createElement("b"), { className: "blank", textContent: file.name ?? "" }));
      await seal(from(box), key, small).catch(() => {});
      item.file = small;
      travel(box);
    });
  };
  const again = () => all("[data-photos^='/']").forEach((box) => {
    box.querySelectorAll("[data-left]").forEach((item) => { item.failed = item.failed && item.out; });
    travel(box);
  });
  addEventListener("online", again);
  setInterval(() => navigator.onLine && again(), 15e3);
  on("change", ({ target: input }) => {
    const box = input.type === "file" && input.closest("[data-photos^='/']");
    if (!box) return;
    for (const file of input.files) add(box, file);
    input.value = "";
  });
  on("submit", (e) => {
    const item = one("[data-left]", e.target);
    if (!item || e.submitter?.name === "later") return;
    e.preventDefault(); // what is chosen goes first
    e.stopImmediatePropagation();
    busy(e.target, true, e.submitter);
    const box = item.closest("[data-photos]");
    box.held = [e.target, e.submitter];
    travel(box);
  }, true);
  const wake = () => all("[data-photos^='/'] .pick:not(.take)").forEach((pick) => {
    const box = pick.closest("[data-photos]");
    one(".take", box).hidden = !matchMedia("(pointer: coarse)").matches;
    pick.classList.add("button", "take");
    one("span", pick).hidden = false;
    unseal(from(box)).then((found) => found.forEach(async ({ id, blob }) => {
      if (/^\d/.test(id)) return add(box, blob, id);
      const list = one(".thumbs", box);
      if (id[0] !== "=" || list.innerHTML.includes(id.slice(1))) return;
      if (one("main").innerHTML.includes(id.slice(1))) return forget(id); // it arrived
      list.insertAdjacentHTML("beforeend", await blob.text());
      list.hidden = false;
    }), () => {});
  });
  wake();
  on("htmx:after:swap", wake);
  all("[data-unsent-at]").forEach((hint) => unseal(hint.dataset.unsentAt).then((found) => { hint.hidden = !found.length; }, () => {}));

  // A message goes without leaving the page: what the answer shows of the case takes the place of what is here.
  // Without a connection everything stays as it was written; any other trouble is told by a page of its own.
  const swapped = () => document.dispatchEvent(new Event("htmx:after:swap"));
  const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  on("submit", async (e) => {
    const { target: form, submitter } = e;
    const box = form.closest("[data-stay]");
    if (e.defaultPrevented || !box || submitter?.matches("[data-leave]")) return;
    e.preventDefault();
    busy(form, true, submitter);
    const body = new FormData(form);
    if (submitter?.name) body.append(submitter.name, submitter.value);
    const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout?.(3e4) }).catch(() => {});
    const here = form.closest("article, main");
    const come = answer && await read(answer).catch(() => {});
    const fresh = come?.getElementById(here.id);
    busy(form, false);
    offline(!come)();
    if (!come) return;
    if (!fresh || !one(".timeline", fresh) || ![200, 409, 422].includes(answer.status)) {
      box.removeAttribute("data-stay");
      return form.requestSubmit(submitter);
    }
    heard = lively = Date.now();
    if (answer.ok) {
      clearTimeout(resting);
      for (const { id } of await unseal(form.getAttribute("action")).catch(() => [])) await forget(id);
      history.replaceState(history.state, "", answer.url);
    }
    for (const part of here.querySelectorAll("#beside, #here")) one(`#${part.id}`, fresh)?.replaceWith(part);
    here.replaceWith(fresh);
    window.htmx?.process(fresh);
    swapped();
    if (!answer.ok) return;
    one("#say").textContent = plain(one(".flashes", come).textContent);
    (one("[data-stay] textarea", fresh) ?? fresh).focus();
  });

  // A long answer is kept while it is being written.
  let typing;
  let saving; // one at a time: each answer brings the mark that the next one has to show
  const keepSoon = (field) => {
    clearTimeout(typing);
    typing = setTimeout(keep, 1200, field);
  };
  const keep = async (field) => {
    if (saving) return keepSoon(field);
    saving = true;
    const place = field.dataset.keep;
    const body = new FormData(field.form);
    const told = one("[data-kept]", field.form);
    body.delete("_key");
    const { status, text } = await fetch(place, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout?.(2e4) })
      .then(async (answer) => ({ status: answer.status, text: await answer.text() })).catch(() => ({}));
    saving = false;
    if (status === 200) {
      told.innerHTML = text;
      return forget(place);
    }
    one("span", told).textContent = told.dataset[status === 409 ? "other" : status < 500 ? "out" : "failed"];
    seal(place, place, new Blob([field.value]), body.get("seen")).catch(() => {});
  };
  on("input", ({ target: field }) => {
    if (field.dataset.keep) keepSoon(field);
  });
  on("submit", () => clearTimeout(typing), true);
  all("[data-keep]").forEach(async (field) => {
    const [waiting] = await unseal(field.dataset.keep).catch(() => []);
    const text = await waiting?.blob.text();
    if (!text || text === field.value) return;
    field.value = waiting.base === field.form.elements.seen.value ? text : `${field.value}\n\n${text}`;
    keep(field);
  });

  // Other long texts wait on the shelf until a page shows that they arrived: they stand on it, or it says so.
  const texts = "form[method=post] textarea:not([data-keep], [readonly])";
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  let resting;
  on("input", ({ target: field }) => {
    if (!field.matches(texts)) return;
    clearTimeout(resting);
    const place = field.form.getAttribute("action");
    const id = `${place} ${field.name}`;
    resting = setTimeout(() => (field.value.trim() ? seal(place, id, new Blob([field.value])).catch(() => {}) : forget(id)), 600);
  });
  on("submit", ({ target: form, defaultPrevented }) => {
    if (!defaultPrevented && one("textarea, [data-photos]", form)) sessionStorage.sent = form.getAttribute("action");
  });
  const restore = async () => {
    const sent = one(".flash.tone-good") && sessionStorage.sent;
    sessionStorage.removeItem("sent"); // a page that says nothing good leaves it on the shelf
    if (sent) for (const { id } of await unseal(sent).catch(() => [])) await forget(id);
    for (const field of all(texts)) {
      const place = field.form.getAttribute("action");
      const waiting = (await unseal(place).catch(() => [])).find(({ id }) => id === `${place} ${field.name}`);
      const text = await waiting?.blob.text();
      if (!text || field.value) continue;
      if (plain(one("main").innerText).includes(plain(text))) {
        forget(waiting.id);
        continue;
      }
      field.value = text;
      const folded = field.closest("details");
      if (folded) folded.open = true;
      const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: one("#say").dataset.back });
      field.after(hint);
    }
  };
  restore();
  on("htmx:after:swap", restore);

  // A thread that is open stays fresh: what is new is asked for, less often the longer nothing happens.
  let lively = Date.now();
  const renew = async (live) => { // how things stand, unless somebody is at it; this page may be the answer to a form
    const answer = await fetch(live.replace(/\/\w+$/, ""), { headers: { "X-By-Itself": "1" } }).catch(() => {});
    const come = answer?.ok && await read(answer);
    for (const part of all("[data-stands]")) {
      const fresh = come && come.getElementById(part.id);
      if (fresh && !part.contains(document.activeElement) && !one("details[open]", part)) part.replaceWith(fresh);
    }
  };
  const listen = async () => {
    const list = one("[data-live]");
    if (!list || list.asked || document.hidden) return;
    const { live, after } = list.dataset;
    list.asked = true;
    const answer = await fetch(`${live}?after=${after}`, { headers: { "HX-Request": "true" } }).catch(() => {});
    const fresh = document.createElement("template");
    fresh.innerHTML = answer?.status === 200 ? await answer.text() : "";
    list.asked = false;
    if (!answer || answer.status > 499) return;
    if (answer.status > 399 || answer.headers.has("HX-Redirect")) return list.removeAttribute("data-live");
    if (!answer.headers.has("X-After") || list.dataset.after !== after) return;
    list.dataset.after = answer.headers.get("X-After");
    lively = Date.now();
    const moved = one(".entry-moved", fresh.content);
    moved && one(".entry-moved", list)?.remove();
    one("#say").textContent = plain(fresh.content.textContent);
    renew(live);
    list["first" in list.dataset ? "prepend" : "append"](fresh.content);
    const seen = one("#reply [name=version]"); // who writes has read it, unless the rest of the page is old
    if (seen && !moved) seen.value = answer.headers.get("X-Version");
  };
  const beat = () => {
    const quiet = Date.now() - lively;
    setTimeout(() => listen().finally(beat), quiet < 6e4 ? 3e3 : quiet < 3e5 ? 1e4 : quiet < 18e5 ? 3e4 : 6e4);
  };
  beat();
  on("input", () => { lively = Date.now(); });
  on("visibilitychange", () => {
    lively = Date.now();
    listen();
  });

  // The camera reads bar and QR codes where the browser can.
  const scanner = one("[data-scanner]");
  const took = (text, field) => {
    if (field) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    }
    const ours = text.startsWith(`${location.origin}/`) && /^\/[qwc]\/\w+$/.test(new URL(text).pathname);
    if (ours) location.assign(text);
    return ours;
  };
  const scan = async (button) => {
    const field = button.dataset.scan ? one(button.dataset.scan) : null;
    const video = one("video", scanner);
    const told = one("p", scanner);
    let camera;
    const off = () => camera?.getTracks().forEach((track) => track.stop());
    told.textContent = told.dataset.look;
    scanner.onclose = () => {
      off();
      (field ?? button).focus();
    };
    scanner.showModal();
    try {
      const detector = new BarcodeDetector();
      camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = camera;
      await video.play();
      while (scanner.open) {
        const [code] = await detector.detect(video);
        if (code && took(code.rawValue, field)) {
          scanner.close();
          one(button.dataset.then ?? "none")?.click();
        } else if (code) told.textContent = told.dataset.other;
        await new Promise((on) => setTimeout(on, 200));
      }
    } catch {
      told.textContent = told.dataset.blind;
    }
    off();
  };
  const eyes = () => all("[data-scan]").forEach((button) => {
    button.hidden = false;
    button.onclick = () => scan(button);
  });
  if (scanner && "BarcodeDetector" in window && navigator.mediaDevices) {
    eyes();
    on("htmx:after:swap", eyes);
  }

  // Where entries slide, the present one is in sight.
  all(".nav [aria-current], .slide [aria-current]").forEach((a) => a.closest("ul, .slide").scrollBy(a.getBoundingClientRect().left - innerWidth / 2, 0));

  // The desk by keyboard; never while somebody types, and it can be switched off.
  let current;
  const mark = () => current && all("[data-row]").forEach((row) => row.classList.toggle("is-selected", row.dataset.row === current));
  const follow = () => { // the case beside the queue is the current one
    const shown = one("[data-case]")?.dataset.case;
    current = shown ?? current;
    mark();
    if (shown) all("[data-row] > a").forEach((a) => a.parentElement.dataset.row === shown ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
    one("[data-row] > [aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  follow();
  const off = () => localStorage.keys === "off";
  all("[data-keys-switch]").forEach((box) => {
    box.checked = !off();
    box.onchange = () => { localStorage.keys = box.checked ? "on" : "off"; };
  });
  // Rows are chosen with their boxes; with the shift key everything between two of them.
  let picked;
  const boxes = () => all("[name=case][type=checkbox]");
  const tally = () => {
    const n = boxes().filter((box) => box.checked).length;
    all("[data-chosen]").forEach((told) => { told.textContent = n ? `(${n})` : ""; });
    all("[data-all]").forEach((whole) => { whole.checked = n > 0 && n === boxes().length; whole.indeterminate = n > 0 && !whole.checked; });
  };
  const pick = (box, range) => {
    const list = boxes();
    const [from, to] = [list.indexOf(picked), list.indexOf(box)].sort((a, b) => a - b);
    if (range && from >= 0) for (const each of list.slice(from, to + 1)) each.checked = box.checked;
    picked = box;
    tally();
  };
  on("click", ({ target, shiftKey }) => {
    if (target.matches("[name=case][type=checkbox]")) pick(target, shiftKey);
    if (!target.matches("[data-all]")) return;
    for (const box of boxes()) box.checked = target.checked;
    tally();
  });
  on("submit", ({ target }) => { // the rows themselves go, not the page as it will be then
    const whole = one("[data-all]", target);
    if (whole) whole.disabled = boxes().some((box) => box.checked);
  });
  addEventListener("pageshow", () => { all("[data-all]").forEach((whole) => { whole.disabled = false; }); tally(); });

  let going; // after g the next key says where to
  const places = { r: "[data-reply]", d: "#decide [type=radio]", n: "[data-next]", "/": "[data-search]", "?": "[data-keys] > summary" };
  on("keydown", (e) => {
    if (e.target.matches("[data-reply]")) {
      if (e.key === "Escape") e.target.blur();
      if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) e.target.form.requestSubmit();
    }
    if (e.ctrlKey || e.metaKey || e.altKey || off()) return;
    if (e.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) return;
    const rows = all("[data-row]");
    const at = rows.findIndex((row) => row.dataset.row === current);
    const step = { j: 1, k: -1 }[e.key];
    const named = /^[\w/?]$/.test(e.key) ? e.key : "none";
    const place = one(going ? `[data-go="${named}"]` : places[e.key] ?? `[data-key="${named}"]`);
    clearTimeout(going);
    going = e.key === "g" && setTimeout(() => { going = 0; }, 1500);
    const box = /^x$/i.test(e.key) && rows[at] && one("[name=case]", rows[at]);
    if (box) {
      box.checked = !box.checked;
      pick(box, e.shiftKey);
    }
    if (step && rows.length) {
      const row = rows[Math.max(0, Math.min(at + step, rows.length - 1))];
      current = row.dataset.row;
      mark();
      one("a", row).focus(); // so that Enter opens it
    }
    if (!place?.offsetParent) return; // not there, or not to be seen
    e.preventDefault();
    place.focus();
    if (place.matches("a, button, summary")) place.click();
  });

  // While staff write: "/" brings replies that are ready, "@" colleagues. Without this they are a page and a name.
  {
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
  }

  // A signature with a finger: strokes as "x,y x,y;x,y …" on the field that data-sign names, in a hidden input.
  all("[data-sign]").forEach((box) => {
    const [width, height] = box.dataset.sign.split(" ").map(Number);
    const [input, canvas, again] = ["input", "canvas", "button"].map((name) => one(name, box));
    const pen = canvas.getContext("2d");
    let strokes = input.value ? input.value.split(";").map((stroke) => stroke.split(" ")) : [];
    const draw = () => {
      pen.clearRect(0, 0, width, height);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 6;
      pen.lineCap = pen.lineJoin = "round";
      for (const stroke of strokes) {
        pen.beginPath();
        for (const point of stroke) pen.lineTo(...point.split(","));
        pen.stroke();
      }
      input.value = strokes.filter((stroke) => stroke.length > 1).map((stroke) => stroke.join(" ")).join(";");
    };
    const at = (e) => {
      const place = canvas.getBoundingClientRect();
      const on = (part, most) => Math.round(Math.min(Math.max(part, 0), 1) * most);
      return `${on((e.clientX - place.left) / place.width, width)},${on((e.clientY - place.top) / place.height, height)}`;
    };
    let drawing = false;
    canvas.addEventListener("pointerdown", (e) => {
      drawing = true;
      canvas.setPointerCapture(e.pointerId);
      strokes.push([at(e)]);
      e.preventDefault();
    });
    canvas.addEventListener("pointermove", (e) => {
      if (!drawing) return;
      const stroke = strokes[strokes.length - 1];
      const point = at(e);
      if (stroke[stroke.length - 1] === point || input.value.length > 30000) return;
      stroke.push(point);
      draw();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; });
    again.addEventListener("click", () => {
      strokes = [];
      draw();
    });
    canvas.hidden = again.hidden = false;
    one(".hint", box).hidden = true; // that says that it needs this
    draw();
  });
})();
