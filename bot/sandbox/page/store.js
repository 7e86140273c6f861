import { Clock } from "/page/clock.js";

/** Everything the page knows, changed only by the server's events; each event is passed on after it was applied. */
export class Store extends EventTarget {
  clock = new Clock();
  bot = { id: 0, first_name: "", username: "", online: false };
  connected = false;
  people = new Map();
  #chats = new Map();

  apply(event) {
    CHANGES[event.type]?.(this, event);
    this.dispatchEvent(new CustomEvent(event.type, { detail: event }));
  }

  connection(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new CustomEvent("connection"));
  }

  chat(personId) {
    if (!this.#chats.has(personId)) this.#chats.set(personId, new Map());
    return this.#chats.get(personId);
  }

  replaceChats(chats) {
    this.#chats = new Map(Object.entries(chats).map(([id, messages]) => [Number(id), byId(messages)]));
  }
}

const byId = (messages) => new Map(messages.map((message) => [message.message_id, message]));

const CHANGES = {
  snapshot(store, { now, bot, people, chats }) {
    store.clock.set(now);
    store.bot = bot;
    store.people = new Map(people.map((person) => [person.id, person]));
    store.replaceChats(chats);
  },
  message: (store, { chat_id, message }) => store.chat(chat_id).set(message.message_id, message),
  edited: (store, { chat_id, message }) => store.chat(chat_id).set(message.message_id, message),
  deleted: (store, { chat_id, message_id }) => store.chat(chat_id).delete(message_id),
  person: (store, { person }) => store.people.set(person.id, person),
  clock: (store, { now }) => store.clock.set(now),
  bot: (store, { online }) => Object.assign(store.bot, { online }),
};
