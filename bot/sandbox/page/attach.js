import * as api from "/page/api.js";
import { button, el, icon } from "/page/dom.js";
import { menu, sheet } from "/page/overlay.js";
import { word } from "/page/words.js";

const CITIES = [
  ["kyiv", 50.4501, 30.5234],
  ["new_york", 40.7128, -74.006],
  ["tokyo", 35.6762, 139.6503],
];

const STICKERS = ["👍", "👋", "❤️", "🎉", "😂", "🙏", "🤔", "😴", "📚", "✏️", "🎓", "☕"];

export function attachMenu(anchor, phone) {
  menu(anchor, "", [
    { label: word("file"), icon: "image", pick: () => chooseFile(phone) },
    { label: word("location"), icon: "pin", pick: () => askLocation(phone) },
    { label: word("sticker"), icon: "sticker", pick: () => chooseSticker(phone) },
    { label: word("contact"), icon: "person", pick: () => phone.attempt(api.sendContact(phone.personId)) },
  ]);
}

export function askLocation(phone) {
  const cities = CITIES.map(([key, latitude, longitude]) =>
    button({ class: "choice", onclick: () => send(latitude, longitude) }, icon("pin"), word(key)),
  );
  const latitude = coordinate("latitude", 90);
  const longitude = coordinate("longitude", 180);
  const go = el("button", { class: "text-button" }, word("send"));
  const form = el("form", { class: "form coordinates-form" }, latitude.label, longitude.label, go);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(latitude.input.valueAsNumber, longitude.input.valueAsNumber);
  });
  const close = sheet(phone.screen, { title: word("location") }, el("div", { class: "choices" }, ...cities), form);

  function send(...place) {
    close();
    phone.attempt(api.sendLocation(phone.personId, ...place));
  }
}

function coordinate(key, limit) {
  const input = el("input", { type: "number", step: "any", min: -limit, max: limit, required: true, placeholder: " " });
  return { input, label: el("label", { class: "field" }, input, el("span", {}, word(key))) };
}

function chooseSticker(phone) {
  const buttons = STICKERS.map((emoji) => button({ class: "sticker-choice", onclick: () => send(emoji) }, emoji));
  const close = sheet(phone.screen, { title: word("sticker") }, el("div", { class: "sticker-grid" }, ...buttons));

  function send(emoji) {
    close();
    phone.attempt(api.sendSticker(phone.personId, emoji));
  }
}

function chooseFile(phone) {
  const input = el("input", { type: "file" });
  input.addEventListener("change", () => input.files[0] && askCaption(phone, input.files[0]));
  input.click();
}

function askCaption(phone, file) {
  const caption = el("input", { type: "text", placeholder: word("caption"), "aria-label": word("caption") });
  const form = el("form", { class: "form" }, preview(file), caption);
  form.append(el("div", { class: "actions" }, el("button", { class: "text-button" }, word("send"))));
  const close = sheet(phone.screen, { title: word("file") }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    phone.attempt(api.sendFile(phone.personId, file, caption.value));
  });
}

function preview(file) {
  if (!file.type.startsWith("image/")) return el("p", { class: "file-name" }, file.name);
  const address = URL.createObjectURL(file);
  return el("img", { src: address, alt: file.name, onload: () => URL.revokeObjectURL(address) });
}
