import { button, el, icon } from "/page/dom.js";

const DENSE = 5;

/** The buttons under a message; rows share its width as in Telegram. */
export function inlineKeyboard(markup, actions) {
  const rows = markup.inline_keyboard.map((row, index) => inlineRow(row, index, actions));
  return el("div", { class: "inline-keyboard" }, ...rows);
}

function inlineRow(row, rowIndex, actions) {
  const buttons = row.map((spec, column) => inlineButton(spec, rowIndex, column, actions));
  return el("div", { class: row.length >= DENSE ? "row dense" : "row" }, ...buttons);
}

function inlineButton(spec, row, column, actions) {
  const { corner, press } = kindOf(spec, row, column, actions);
  const label = el("span", { class: "label" }, spec.text);
  const onclick = (event) => press(event.currentTarget);
  const attributes = { class: "inline-button", title: spec.text.length > 12 ? spec.text : null, onclick };
  return button({ ...attributes, dataset: { style: spec.style ?? "" } }, label, corner && icon(corner));
}

function kindOf(spec, row, column, actions) {
  if (spec.url) return { corner: "arrow", press: (pressed) => actions.openLink(spec.url, pressed) };
  if (spec.copy_text) return { corner: "copy", press: () => actions.copy(spec.copy_text.text) };
  if (spec.callback_data) return { press: (pressed) => actions.tap(row, column, pressed) };
  return { corner: "window", press: actions.notHere };
}

/** The keyboard that stands in for the phone's own one. */
export function replyKeyboard(markup, actions) {
  const rows = markup.keyboard.map((row) => {
    const buttons = row.map((spec) => replyButton(typeof spec === "string" ? { text: spec } : spec, actions));
    return el("div", { class: "row" }, ...buttons);
  });
  return el("div", { class: markup.resize_keyboard ? "reply-keyboard" : "reply-keyboard tall" }, ...rows);
}

function replyButton(spec, actions) {
  return button({ class: "reply-button", onclick: () => replyPress(spec, actions) }, spec.text);
}

function replyPress(spec, actions) {
  if (spec.request_contact) return actions.sendContact();
  if (spec.request_location) return actions.askLocation();
  if (spec.request_users || spec.request_chat || spec.request_poll || spec.web_app) return actions.notHere();
  return actions.say(spec.text);
}
