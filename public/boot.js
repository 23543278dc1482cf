// Starts the page, and speaks where the program cannot: when it fails to start, and after it has stopped.
//
// There are two programs, the page and the engine in its worker, each a WebAssembly file with the JavaScript that wasm-bindgen
// wrote for it. <link> elements name them, with checksums. In hopwise.html (one file, see script/postbuild.mjs) they stand inline,
// and the page's glue has set `hopwiseProgram`.
(() => {
  "use strict";

  const refusals = [];
  document.addEventListener("securitypolicyviolation", (event) => refusals.push(`${event.effectiveDirective} ${event.blockedURI}`));

  if (self !== top) {
    // A page around this one could watch or trick; a <meta> policy cannot forbid frames, so we step out of them.
    const link = document.createElement("a");
    link.href = location.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Open Hopwise in its own tab";
    document.getElementById("app").replaceChildren(link);
    return;
  }

  /** A cause with what to do about it. */
  class Problem extends Error {
    constructor(what, remedy) {
      super(what);
      this.remedy = remedy;
    }
  }

  /** The engine's glue as text, and its program compiled; loaded once, beside the page. */
  let engineParts;

  // What the program asks of the browser through us. Encryption only where the browser has the means: not on plain http.
  window.hopwiseHands = { png, savePage, ...(globalThis.crypto?.subtle && { seal, unseal }) };

  watchForStop();
  start().catch((error) => explain(error));

  // ---- Starting --------------------------------------------------------------------------------------------------------

  async function start() {
    const inline = document.getElementById("program");
    if (!inline && location.protocol === "file:") {
      throw new Problem(
        "This page was opened as a file, and browsers do not let a page load its program from a folder.",
        "Open hopwise.html instead: it has everything inside. Or serve this folder, for example with: python3 -m http.server",
      );
    }
    if (typeof WebAssembly !== "object") {
      throw new Problem("This browser does not run WebAssembly.", "Use a browser from 2022 or later, or allow WebAssembly for this page.");
    }
    openCaseInside();
    engineParts = loadEngine();
    // Whoever starts the engine hears of it.
    engineParts.catch(() => {});
    window.startHopwiseEngine = startEngine;
    const run = inline ? window.hopwiseProgram : (await glue()).default;
    await run({ module_or_path: inline ? bytesOf(inline.textContent) : await wasm(document.querySelector('link[rel="preload"][href*="/page"]')) });
    const service = document.documentElement.dataset.serviceWorker;
    if (service && navigator.serviceWorker) {
      // Without it the page works the same, only not offline; nobody has to be told in the middle of an incident.
      navigator.serviceWorker.register(service).then(offerUpdate).catch((error) => console.info(`not available offline: ${error.message}`));
    }
  }

  async function glue() {
    const url = document.querySelector('link[rel="modulepreload"]').href;
    try {
      return await import(url);
    } catch (error) {
      throw (await problemWith(url, ["javascript"])) || error;
    }
  }

  function wasm(link) {
    return load(link, ["wasm", "octet-stream"]);
  }

  async function load(link, types) {
    // The checksum has to go into the request: browsers ignore the one of a preload link.
    const response = await fetch(link.href, { integrity: link.integrity, credentials: "same-origin" }).catch(() => null);
    if (response && response.ok && !/html/.test(response.headers.get("content-type"))) return response;
    throw (await problemWith(link.href, types)) || new Problem(`${link.href} could not be loaded.`, "Reload the page.");
  }

  async function loadEngine() {
    const inline = document.querySelector("script#engine");
    if (inline) {
      return { glue: document.querySelector("script#engine-glue").textContent, module: await WebAssembly.compile(bytesOf(inline.textContent)) };
    }
    // Without links, under script/server, the files have their plain names.
    const named = (id, plain) => document.getElementById(id) || { href: plain, integrity: "" };
    const [glue, program] = await Promise.all([
      load(named("engine-glue", "./engine.js"), ["javascript"]),
      wasm(named("engine", "./engine_bg.wasm")),
    ]);
    return { glue: await glue.text(), module: await WebAssembly.compile(await program.arrayBuffer()) };
  }

  /** A new worker with the engine in it. Rejects with a sentence. */
  async function startEngine() {
    try {
      const { glue, module } = await engineParts;
      // From text that was checked: the file a worker is made from cannot carry a checksum.
      const script = `${glue}\nonmessage = ({ data }) => wasm_bindgen({ module_or_path: data });`;
      const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      const worker = new Worker(url);
      worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
      worker.postMessage(module);
      return worker;
    } catch (error) {
      engineParts = loadEngine();
      engineParts.catch(() => {});
      throw [error.message, error.remedy].filter(Boolean).join(" ");
    }
  }

  function bytesOf(base64) {
    return Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
  }

  /** Asks the host again, without checksum, to find out why a file did not load. */
  async function problemWith(url, types) {
    const name = url.split("/").pop();
    const response = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (!response) return new Problem(`The connection broke while loading ${name}.`, "Check the connection, then reload the page.");
    if (!response.ok) {
      return new Problem(`The host answered ${response.status} for ${name}.`, "Whoever runs this host: upload every file of dist/ together.");
    }
    const type = response.headers.get("content-type") || "no type";
    if (!types.some((word) => type.includes(word))) {
      const wanted = types[0] === "wasm" ? "application/wasm" : "text/javascript";
      return new Problem(`The host sends ${name} as ${type}; browsers want ${wanted}.`, `Whoever runs this host: map this file's ending to ${wanted}.`);
    }
    return new Problem(
      `${name} is not the file this page was built with: its checksum differs.`,
      "Reload the page without the cache (Ctrl+Shift+R). If it stays, whoever runs this host has to upload every file of dist/ together.",
    );
  }

  /** A newer build waits until nobody uses this one. Who wants it now says so; nothing reloads by itself in an incident. */
  function offerUpdate(registration) {
    const offer = () => {
      if (!registration.waiting || !navigator.serviceWorker.controller || document.querySelector(".update")) return;
      const box = element("div", { class: "update", role: "status", "data-testid": "update" }, "A newer Hopwise is ready. ");
      const takeOver = () => {
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
        registration.waiting?.postMessage("take over");
      };
      box.append(button("Use it now", takeOver), button("Later", () => box.remove()));
      document.body.append(box);
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  }

  /** Says in place of "Starting …" why the program does not start. What was typed stays in its box. */
  function explain(error) {
    console.error(error);
    const status = document.getElementById("start-status");
    if (!status) return;
    let what = `Hopwise could not start: ${error.message}`;
    let remedy = error.remedy || "Reload the page. If that does not help, use a newer browser.";
    if (/unsafe-eval|content.security.policy|blocked by CSP/i.test(error.message)) {
      what = "Hopwise could not start: this host's Content-Security-Policy forbids WebAssembly.";
      remedy = "Whoever runs this host: add 'wasm-unsafe-eval' to script-src.";
    } else if (refusals.length > 0 && !error.remedy) {
      what = `Hopwise could not start: this host's Content-Security-Policy refused ${refusals.join(", ")}.`;
      remedy = "Whoever runs this host: allow 'self' for scripts, styles and connections.";
    } else if (error.name === "CompileError") {
      what = "Hopwise could not start: this browser is too old for its program.";
      remedy = "Use a browser from 2022 or later.";
    }
    status.className = "start-problem";
    status.setAttribute("role", "alert");
    status.textContent = `${what} ${remedy} What you typed is still in the box above.`;
  }

  // ---- Cases under a passphrase ----------------------------------------------------------------------------------------

  /** Makes a key of a passphrase; as many rounds as OWASP asks for with SHA-256. */
  async function keyOf(passphrase, salt, use) {
    const material = await crypto.subtle.importKey("raw", utf8(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
    const derivation = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 600_000 };
    return crypto.subtle.deriveKey(derivation, material, { name: "AES-GCM", length: 256 }, false, [use]);
  }

  /** Seals a text: 16 bytes of salt, 12 of nonce, the rest under AES-256-GCM; as base64url. */
  async function seal(text, passphrase) {
    const random = crypto.getRandomValues(new Uint8Array(28));
    const key = await keyOf(passphrase, random.subarray(0, 16), "encrypt");
    const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher(random.subarray(16)), key, utf8(text)));
    const characters = [...random, ...sealed].map((byte) => String.fromCharCode(byte)).join("");
    return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  /** Opens what `seal` made; rejects where the passphrase is another or a character differs. */
  async function unseal(data, passphrase) {
    const bytes = Uint8Array.from(atob(data.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const key = await keyOf(passphrase, bytes.subarray(0, 16), "decrypt");
    return new TextDecoder().decode(await crypto.subtle.decrypt(cipher(bytes.subarray(16, 28)), key, bytes.subarray(28)));
  }

  /** The link's version is bound in, so that sealed data opens as nothing else. */
  function cipher(iv) {
    return { name: "AES-GCM", iv, additionalData: utf8("hopwise 2") };
  }

  function utf8(text) {
    return new TextEncoder().encode(text);
  }

  // ---- Pictures --------------------------------------------------------------------------------------------------------

  /** A picture as PNG, twice as fine as its units, as a data URL. */
  async function png(svg) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = element("canvas", { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  }

  // ---- A case inside the single file -----------------------------------------------------------------------------------

  /** What stands on the page before the program runs; a page that is saved begins with it again. */
  const skeleton = document.getElementById("app").cloneNode(true);

  /** Saves hopwise.html with a case inside, as the fragment of its link. Gives back what to say. */
  async function savePage(fragment, name) {
    const html = document.querySelector("script#program") ? ownText() : await served("./hopwise.html");
    const end = html.lastIndexOf("</body>");
    const inside = `<script id="case" type="text/plain">${fragment.replace(/[^\w.-]/g, "")}<\/script>\n`;
    const file = new Blob([html.slice(0, end), inside, html.slice(end)], { type: "text/html" });
    const link = element("a", { href: URL.createObjectURL(file), download: name });
    link.click();
    // The download has its own hold of the bytes once it has begun.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return `Saved as ${name}: it opens from a disk, without a network, with this case`;
  }

  async function served(url) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`the host answered ${response.status} for ${url}`);
    return response.text();
  }

  /** The single file as it was before the program ran, without the case that came with it. */
  function ownText() {
    const page = document.documentElement.cloneNode(true);
    page.querySelector("#app").replaceWith(skeleton.cloneNode(true));
    page.querySelectorAll("body > :not(#app, script), script#case").forEach((element) => element.remove());
    return `<!doctype html>\n${page.outerHTML}\n`;
  }

  /** A file that was saved with a case opens it as a visit, as its link would; a link in the address comes first. */
  function openCaseInside() {
    const fragment = document.querySelector("script#case")?.textContent;
    if (fragment && location.hash.length < 2) location.replace(`#${fragment}`);
  }

  // ---- After it has stopped --------------------------------------------------------------------------------------------

  /** A panic ends a WebAssembly program for good; this notice is plain JavaScript, so it outlives it. */
  function watchForStop() {
    const isTrap = (error) => typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
    let shown = false;
    const stopped = (message) => {
      if (!shown) showStopped(message);
      shown = true;
    };
    // The program announces a panic, with its message, before it stops; the trap that follows has no words.
    addEventListener("hopwise-panic", (event) => stopped(String(event.detail)));
    addEventListener("error", (event) => {
      if (isTrap(event.error)) stopped(event.error.message);
    });
    addEventListener("unhandledrejection", (event) => {
      if (isTrap(event.reason)) stopped(event.reason.message);
    });
  }

  function showStopped(message) {
    const box = element("div", { class: "stopped", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "stopped-title" });
    const card = element("div", {});
    const again = stoppedRecently();
    card.append(
      element("h2", { id: "stopped-title" }, "Hopwise has stopped"),
      element("p", {}, "This is our fault, not yours. What you pasted is kept in this browser."),
      element("pre", {}, message),
      button("Reload and restore", () => location.reload()),
      button("Download my data", download),
      button("Copy error", () => copy(message)),
    );
    if (again) {
      card.append(
        element("p", {}, "It stopped twice within a minute, so the saved case may be the cause."),
        button("Download my data and start empty", startEmpty),
      );
    }
    box.append(card);
    document.body.append(box);
    card.querySelector("button").focus();
  }

  function stoppedRecently() {
    try {
      const before = Number(sessionStorage.getItem("hopwise-stopped-at"));
      sessionStorage.setItem("hopwise-stopped-at", String(Date.now()));
      return Date.now() - before < 60_000;
    } catch {
      return false;
    }
  }

  /** Everything saved here under our name, and what stands in text boxes, as one JSON file. */
  function download() {
    const saved = {};
    try {
      for (const key of Object.keys(localStorage).filter((key) => key.startsWith("hopwise"))) saved[key] = localStorage.getItem(key);
    } catch {
      // Storage is switched off: then only the text boxes hold anything.
    }
    const typed = [...document.querySelectorAll("textarea")].map((box) => box.value).filter((text) => text !== "");
    const file = new Blob([JSON.stringify({ saved, typed }, null, 2)], { type: "application/json" });
    const link = element("a", { href: URL.createObjectURL(file), download: "hopwise-data.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function startEmpty() {
    download();
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith("hopwise"))) localStorage.removeItem(key);
    location.reload();
  }

  function copy(text) {
    // Plain http has no clipboard interface; selecting the text lets the person copy it by hand.
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    getSelection().selectAllChildren(document.querySelector(".stopped pre"));
  }

  function button(label, action) {
    const made = element("button", { type: "button" }, label);
    made.addEventListener("click", action);
    return made;
  }

  function element(name, attributes, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }
})();
