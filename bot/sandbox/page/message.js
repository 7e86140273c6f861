import { el, icon } from "/page/dom.js";
import { richText } from "/page/entities.js";
import { inlineKeyboard } from "/page/keyboard.js";
import { media, photoWidth } from "/page/media.js";
import { hour, moment } from "/page/times.js";
import { word } from "/page/words.js";

/** One message as it stands in the chat. `side` is "in" for the bot's and "out" for the person's own. */
export function messageElement(message, side, actions) {
  if (message.pinned_message) return service(message);
  const content = media(message, actions);
  const text = message.text ?? message.caption;
  const bubble = el("div", { class: "bubble" }, quote(message), content, words(message, text, content, actions));
  bubble.append(meta(message, side));
  const keyboard = message.reply_markup?.inline_keyboard?.length && keyboardOf(message, actions);
  return el(
    "article",
    {
      class: ["message", side, ...kindsOf(message, text)].filter(Boolean).join(" "),
      dataset: { messageId: message.message_id, from: side, date: message.date },
      ondblclick: (event) => event.target.closest("button, a, input") || actions.reply(message),
      oncontextmenu: (event) => actions.context(event, message),
    },
    stack(message, bubble, keyboard || null),
  );
}

function stack(message, ...children) {
  const element = el("div", { class: "stack" }, ...children);
  if (message.photo) element.style.setProperty("--photo", `${photoWidth(message.photo)}px`);
  return element;
}

const kindsOf = (message, text) => [
  bareKind(message, text),
  message.reply_markup?.inline_keyboard?.length && "with-keyboard",
  isDense(message) && "wide",
  message.photo && "with-photo",
];

function bareKind(message, text) {
  if (message.sticker) return "bare";
  if ((message.document || message.contact) && !text) return "flat";
  return (message.photo || message.location) && !text ? "media-only" : "";
}

const isDense = (message) => message.reply_markup?.inline_keyboard?.some((row) => row.length >= 5);

function keyboardOf(message, actions) {
  const tap = (row, column, pressed) => actions.tap(message.message_id, row, column, pressed);
  return inlineKeyboard(message.reply_markup, { ...actions, tap });
}

function words(message, text, content, actions) {
  if (text) return el("div", { class: "text" }, richText(text, message.entities ?? message.caption_entities, actions));
  return content ? null : el("div", { class: "text unsupported" }, word("unsupported"));
}

function quote(message) {
  const original = message.reply_to_message;
  if (!original) return null;
  const author = original.from?.first_name ?? "";
  return el("div", { class: "quote" }, el("strong", {}, author), el("span", {}, summary(original)));
}

const NAMED = ["photo", "location", "contact"];

/** A message in one line, for quotes. */
export function summary(message) {
  const text = message.text ?? message.caption ?? message.sticker?.emoji ?? message.document?.file_name;
  return text ?? word(NAMED.find((kind) => message[kind]) ?? "message");
}

function meta(message, side) {
  const edited = message.edit_date ? el("span", {}, word("edited")) : null;
  const sent = new Date(message.date * 1000);
  const time = el("time", { datetime: sent.toISOString(), title: moment(sent) }, hour(sent));
  const ticks = side === "out" ? el("span", { class: "ticks" }, icon("tick"), icon("ticks")) : null;
  return el("span", { class: "meta" }, edited, time, ticks);
}

function service(message) {
  const text = `${message.from?.first_name ?? ""} ${word("pinned")}`;
  const dataset = { messageId: message.message_id, from: "service", date: message.date };
  return el("article", { class: "message service", dataset }, el("span", { class: "pill" }, text));
}
