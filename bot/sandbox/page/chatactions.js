import * as api from "/page/api.js";
import { copy } from "/page/dom.js";
import { openOutside, startCommand } from "/page/links.js";
import { enlarge, menu, toast } from "/page/overlay.js";
import { choosePerson } from "/page/people.js";
import { word } from "/page/words.js";

/** What can be done with the messages of one phone. */
export function chatActions(phone) {
  return {
    say: (text) => phone.say(text),
    tap: (messageId, row, column, pressed) => tap(phone, messageId, row, column, pressed),
    openLink: (address, anchor) => openLink(phone, address, anchor),
    copy: (text) => copyText(phone, text),
    notHere: () => toast(phone.screen, word("not_here")),
    enlarge,
    reply: (message) => phone.composer.replyTo(message),
    context: (event, message) => context(phone, event, message),
  };
}

function tap(phone, messageId, row, column, pressed) {
  const { taps } = phone.desk;
  return phone.attempt(taps.press(pressed, () => api.tap(phone.personId, messageId, row, column)));
}

/** A link to this very bot is opened as somebody: that is how an invitation reaches the student's phone. */
function openLink(phone, address, anchor) {
  const { bot, people } = phone.store;
  const command = startCommand(address, bot.username);
  if (!command) return openOutside(address);
  const pick = (person) => phone.desk.openAs(person, command, phone);
  return choosePerson(anchor, word("open_as"), people.values(), { hint: word("open_as_start"), pick });
}

async function copyText(phone, text) {
  await copy(text);
  toast(phone.screen, word("copied"));
}

function context(phone, event, message) {
  if (event.target.closest("a, img")) return;
  event.preventDefault();
  const at = { getBoundingClientRect: () => new DOMRect(event.clientX, event.clientY, 0, 0) };
  const text = message.text ?? message.caption;
  const items = [{ label: word("reply"), icon: "reply", pick: () => phone.composer.replyTo(message) }];
  if (text) items.push({ label: word("copy_text"), icon: "copy", pick: () => copyText(phone, text) });
  menu(at, "", items);
}
