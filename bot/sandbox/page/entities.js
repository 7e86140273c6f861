import { button, el } from "/page/dom.js";
import { safeUrl } from "/page/links.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Text with its entities as nodes. Offsets are UTF-16 units, as JavaScript strings count too. */
export function richText(text, entities = [], actions) {
  const inOrder = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, inOrder, actions);
}

function build(text, start, end, entities, actions) {
  const fragment = document.createDocumentFragment();
  let at = start;
  let waiting = entities;
  while (waiting.length) {
    const [entity, ...others] = waiting;
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    waiting = others;
    if (from >= to) continue;
    const node = nodeFor(entity, text.slice(from, to), actions);
    node.append(build(text, from, to, others.filter((other) => other.offset < to), actions));
    fragment.append(text.slice(at, from), node);
    at = BLOCKS.has(entity.type) && text[to] === "\n" ? to + 1 : to;
    waiting = others.filter((other) => other.offset + other.length > to); // the rest of one that crosses this border
  }
  fragment.append(text.slice(at, end));
  return fragment;
}

const plain = (tag, className) => () => el(tag, className ? { class: className } : {});

const NODES = {
  bold: plain("strong"),
  italic: plain("em"),
  underline: plain("u"),
  strikethrough: plain("s"),
  code: (_, text, actions) => el("code", { onclick: () => actions.copy(text) }),
  pre: plain("pre"),
  blockquote: plain("blockquote"),
  expandable_blockquote: expandable,
  spoiler,
  url: (_, text, actions) => link(text, actions),
  text_link: (entity, _, actions) => link(entity.url, actions),
  email: (_, text, actions) => link(`mailto:${text}`, actions),
  phone_number: (_, text, actions) => link(`tel:${text}`, actions),
  mention: (_, text, actions) => link(`https://t.me/${text.slice(1)}`, actions),
  text_mention: plain("span", "link"),
  hashtag: plain("span", "link"),
  cashtag: plain("span", "link"),
  bot_command: (_, text, actions) => button({ class: "link", onclick: () => actions.say(text) }),
};

const nodeFor = (entity, text, actions) => NODES[entity.type]?.(entity, text, actions) ?? el("span");

function link(address, actions) {
  const url = safeUrl(address);
  if (!url) return el("span");
  const follow = (event) => {
    event.preventDefault();
    actions.openLink(url.href, event.currentTarget);
  };
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", onclick: follow });
}

function spoiler() {
  const reveal = (event) => event.currentTarget.classList.add("revealed");
  return el("span", { class: "spoiler", role: "button", tabindex: 0, onclick: reveal, onkeydown: onEnter(reveal) });
}

function expandable() {
  const toggle = (event) => event.currentTarget.classList.toggle("expanded");
  const attributes = { class: "expandable", role: "button", tabindex: 0, onclick: toggle, onkeydown: onEnter(toggle) };
  return el("blockquote", attributes);
}

const onEnter = (action) => (event) => {
  if (event.key === "Enter") action(event);
};
