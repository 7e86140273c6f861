import { avatar, fullName } from "/page/avatar.js";
import { button, el, icon } from "/page/dom.js";
import { size } from "/page/times.js";
import { word } from "/page/words.js";

const WIDEST = 340;
const TALLEST = 400;
const NARROWEST = 200;

const KINDS = ["photo", "document", "sticker", "location", "venue", "contact"];

/** What a message shows besides its text, or null. */
export function media(message, actions) {
  if (message.venue) return venue(message.venue);
  const kind = KINDS.find((name) => message[name]);
  return kind ? MEDIA[kind](message[kind], actions) : null;
}

const MEDIA = { photo, document: file, sticker, location, contact };

/** How wide a photo is shown, so that its place is known before it is loaded. */
export function photoWidth(sizes) {
  const { width, height } = shownSize(sizes);
  return Math.max(NARROWEST, Math.round(width * Math.min(1, WIDEST / width, TALLEST / height)));
}

const shownSize = (sizes) => sizes.find((one) => one.url) ?? sizes.at(-1);

function photo(sizes, actions) {
  const largest = shownSize(sizes);
  const picture = el("img", { src: largest.url, width: largest.width, height: largest.height, alt: word("photo") });
  const onclick = () => actions.enlarge(largest.url);
  return button({ class: "photo", "aria-label": word("enlarge"), onclick }, picture);
}

function file(document) {
  const name = document.file_name ?? "file";
  const words = el("span", { class: "words" }, el("strong", {}, name), el("small", {}, size(document.file_size ?? 0)));
  const badge = el("span", { class: "file-badge", dataset: { kind: extension(name) } }, icon("download"));
  return el("a", { class: "file", href: document.url, download: name, title: word("download") }, badge, words);
}

const extension = (name) => (name.includes(".") ? name.split(".").at(-1).toLowerCase().slice(0, 4) : "");

function sticker({ emoji }) {
  return el("span", { class: "sticker" }, emoji ?? "🙂");
}

function location({ latitude, longitude }) {
  const at = `${latitude},${longitude}`;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=12/${at.replace(",", "/")}`;
  const written = el("span", { class: "coordinates" }, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
  return el("a", { class: "map", href, target: "_blank", rel: "noopener noreferrer" }, icon("pin"), written);
}

function venue({ location: place, title, address }) {
  const words = el("span", { class: "venue" }, el("strong", {}, title), el("small", {}, address));
  return el("div", {}, location(place), words);
}

function contact(person) {
  const name = fullName(person);
  const words = el("span", { class: "words" }, el("strong", {}, name), el("small", {}, person.phone_number));
  return el("div", { class: "contact" }, avatar(name, 5), words);
}
