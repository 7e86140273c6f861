import * as api from "/page/api.js";
import { button, el, icon, iconButton } from "/page/dom.js";
import { dialog, menu, toast } from "/page/overlay.js";
import { toggleTheme } from "/page/theme.js";
import { forField, hour, span, weekdayAndDate, zone } from "/page/times.js";
import { language, setLanguage, word } from "/page/words.js";

const LEAPS = [
  [900, "minutes_15"],
  [3600, "hour_1"],
  [86400, "day_1"],
];

export function topBar(store, desk, signal) {
  const brand = el("div", { class: "brand" }, el("img", { src: "/page/icon.svg", alt: "" }), brandName());
  const theme = iconButton("theme", word("theme"), toggleTheme);
  const more = iconButton("more", word("more"), (event) => moreMenu(event.currentTarget, desk));
  const lost = el("div", { class: "lost", role: "status" }, el("span", { class: "spinner" }), word("reconnecting"));
  const tools = el("div", { class: "tools" }, theme, more);
  return el("header", { class: "topbar" }, brand, clockControls(store, signal), tools, lost);
}

const brandName = () => el("h1", {}, word("product"), el("span", {}, ` — ${word("sandbox")}`));

function moreMenu(anchor, desk) {
  const other = language() === "uk" ? "en" : "uk";
  menu(anchor, "", [
    { label: word("guide"), icon: "hint", pick: () => desk.showGuide() },
    { label: word("page_language"), icon: "globe", pick: () => changeLanguage(other, desk) },
    { label: word("forget"), icon: "trash", danger: true, pick: confirmForget },
  ]);
}

function changeLanguage(code, desk) {
  setLanguage(code);
  desk.build();
}

function confirmForget() {
  const close = () => box.close();
  const forget = () => attempt(api.forgetEverything()).then(close);
  const actions = el(
    "div",
    { class: "actions" },
    button({ class: "text-button", onclick: close }, word("cancel")),
    button({ class: "text-button danger", onclick: forget }, word("forget_yes")),
  );
  const box = dialog(word("forget"), el("p", {}, word("forget_sure")), actions);
}

function clockControls(store, signal) {
  const face = el("span", { class: "clock-face" });
  const leaps = LEAPS.map(([seconds, key]) =>
    clockButton({ dataset: { advance: seconds } }, word(key), () => move({ advance: seconds })),
  );
  const to = clockButton({ dataset: { clock: "to" } }, word("clock_to"), () => askInstant(store));
  const reset = clockButton({ dataset: { clock: "reset" }, title: word("clock_reset_hint") }, word("clock_reset"), () =>
    move({ reset: true }),
  );
  const attributes = { class: "clock", role: "group", "aria-label": word("clock_label") };
  const group = el("div", attributes, face, ...leaps, to, reset);
  const draw = () => drawClock(store.clock, group, face, reset);
  draw();
  const ticking = setInterval(draw, 1000);
  signal.addEventListener("abort", () => clearInterval(ticking));
  store.addEventListener("clock", draw, { signal });
  return group;
}

const clockButton = (attributes, label, onclick) => button({ class: "clock-button", ...attributes, onclick }, label);

function drawClock(clock, group, face, reset) {
  const now = clock.now();
  const ahead = clock.ahead();
  group.classList.toggle("moved", ahead !== 0);
  reset.hidden = ahead === 0;
  const moved = ahead ? el("span", { class: "moved-by", title: word("clock_moved") }, span(ahead)) : "";
  const day = el("span", {}, weekdayAndDate(now));
  const whose = el("span", { class: "clock-zone", title: word("clock_zone") }, zone(now));
  const time = el("time", { datetime: now.toISOString() }, day, el("b", {}, hour(now)), whose);
  face.replaceChildren(icon("clock"), time, moved);
}

const move = (change) => attempt(api.moveClock(change));

function askInstant(store) {
  const value = forField(store.clock.now());
  const input = el("input", { type: "datetime-local", required: true, value });
  const actions = el("div", { class: "actions" }, el("button", { class: "text-button" }, word("clock_set")));
  const label = el("label", { class: "field" }, input, el("span", {}, word("clock_label")));
  const form = el("form", { method: "dialog", class: "form" }, label, actions);
  form.addEventListener("submit", () => move({ now: new Date(input.value).toISOString() }));
  dialog(word("clock_set"), form);
}

const attempt = (action) => action.catch((refusal) => toast(document.body, refusal.message));
