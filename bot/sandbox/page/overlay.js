import { button, el, icon } from "/page/dom.js";
import { word } from "/page/words.js";

const TOAST_LASTS = 3200;

export function toast(host, text) {
  host.querySelector(".toast")?.remove();
  const note = el("div", { class: "toast", role: "status" }, text);
  host.append(note);
  setTimeout(() => note.remove(), TOAST_LASTS);
}

/** A panel over one phone; the rest of that phone waits until it is closed. */
export function sheet(host, { title, role = "dialog", className = "" }, ...children) {
  const others = [...host.children].filter((child) => !child.inert);
  const heading = title && el("h2", {}, title);
  const panel = el("div", { class: `sheet ${className}`, role, "aria-modal": "true", "aria-label": title }, heading);
  panel.append(...children);
  const scrim = el("div", { class: "scrim", onclick: (event) => event.target === scrim && close() }, panel);
  scrim.addEventListener("keydown", (event) => event.key === "Escape" && close());

  function close() {
    scrim.remove();
    for (const other of others) other.inert = false;
  }

  for (const other of others) other.inert = true;
  host.append(scrim);
  panel.querySelector("input, button")?.focus();
  return close;
}

export function alert(host, text) {
  const ok = button({ class: "text-button", onclick: () => close() }, word("ok"));
  const body = el("p", {}, text);
  const close = sheet(host, { role: "alertdialog", className: "alert" }, body, el("div", { class: "actions" }, ok));
}

/** A small menu at an element. Items: {label, icon?, hint?, node?, danger?, checked?, count?, pick}. */
export function menu(anchor, title, items) {
  const list = el("div", { class: "menu", role: "menu", "aria-label": title }, title && el("h2", {}, title));
  const gone = new AbortController();

  function close() {
    gone.abort();
    list.remove();
    anchor.focus?.();
  }

  for (const item of items) list.append(menuItem(item, close));
  document.body.append(list);
  place(list, anchor.getBoundingClientRect());
  list.querySelector("button")?.focus();

  const outside = (event) => list.contains(event.target) || close();
  document.addEventListener("pointerdown", outside, { signal: gone.signal, capture: true });
  window.addEventListener("resize", close, { signal: gone.signal });
  list.addEventListener("keydown", (event) => walk(event, list, close));
}

function menuItem(item, close) {
  const pick = () => {
    close();
    item.pick();
  };
  const hint = item.hint && el("small", {}, item.hint);
  const words = el("span", { class: "words" }, item.label, hint);
  const mark = item.checked ? icon("check") : item.count && el("span", { class: "badge" }, String(item.count));
  const attributes = { class: item.danger ? "menu-item danger" : "menu-item", role: "menuitem", onclick: pick };
  return button(attributes, item.node ?? (item.icon && icon(item.icon)), words, mark || null);
}

const MARGIN = 8;

function place(list, at) {
  const { offsetWidth: width, offsetHeight: height } = list;
  const left = Math.min(Math.max(MARGIN, at.left), innerWidth - width - MARGIN);
  const below = at.bottom + 6 + height < innerHeight - MARGIN;
  const top = below ? at.bottom + 6 : Math.max(MARGIN, at.top - height - 6);
  const transformOrigin = below ? "top left" : "bottom left";
  Object.assign(list.style, { left: `${left}px`, top: `${top}px`, transformOrigin });
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function walk(event, list, close) {
  if (event.key === "Escape" || event.key === "Tab") close();
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...list.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

/** A modal over the whole page. */
export function dialog(title, ...children) {
  const box = el("dialog", { class: "dialog", "aria-label": title }, el("h2", {}, title), ...children);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  return box;
}

export function enlarge(source) {
  const picture = el("img", { src: source, alt: word("photo") });
  const close = button({ class: "icon-button", "aria-label": word("close") }, icon("close"));
  const attributes = { class: "lightbox", "aria-label": word("photo"), onclick: () => box.close() };
  const box = el("dialog", attributes, picture, close);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
