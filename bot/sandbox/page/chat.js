import { button, el, icon } from "/page/dom.js";
import { day, dayKey } from "/page/times.js";
import { word } from "/page/words.js";

const TOGETHER = 10 * 60;
const NEAR = 60;
const FLOATS = 12;
const DATE_LINGERS = 1200;

/** The list of one chat's messages: days, groups, and staying at the bottom while one is there. */
export class Chat {
  #list = el("div", { class: "messages", role: "log", "aria-live": "polite", "aria-label": word("chat_of") });
  #scroller = el("div", { class: "scroller", tabindex: 0 }, this.#list);
  #count = el("span", { class: "badge", hidden: true });
  #down = button({ class: "down", "aria-label": word("new_messages"), hidden: true }, icon("down"), this.#count);
  #pinned = true;
  #lastTop = 0;
  #missed = 0;
  #still = 0;
  element = el("div", { class: "chat" }, this.#scroller, this.#down);

  constructor(build, now) {
    this.build = build;
    this.now = now;
    this.#scroller.addEventListener("scroll", () => this.#scrolled());
    this.#down.addEventListener("click", () => this.#scroller.scrollTo({ top: 1e9, behavior: "smooth" }));
    const follow = new ResizeObserver(() => this.#pinned && this.#toBottom());
    follow.observe(this.#list);
    follow.observe(this.#scroller);
  }

  get isEmpty() {
    return !this.#list.querySelector(".message");
  }

  show(messages, placeholder) {
    this.#list.setAttribute("aria-live", "off");
    this.#list.replaceChildren();
    for (const message of messages) this.#place(message);
    if (this.isEmpty) this.#list.append(placeholder);
    this.#toBottom();
    this.#list.setAttribute("aria-live", "polite");
  }

  append(message, own) {
    this.#list.querySelector(".placeholder")?.remove();
    this.#place(message).classList.add("arrived");
    if (own || this.#pinned) return this.#toBottom();
    this.#missed += 1;
    this.#showMissed();
  }

  replace(message) {
    const old = this.#find(message.message_id);
    if (!old) return;
    const fresh = this.build(message);
    fresh.classList.toggle("unseen", old.classList.contains("unseen"));
    const hadFocus = old.contains(document.activeElement) && labelOf(document.activeElement);
    old.replaceWith(fresh);
    fresh.classList.add("changed");
    this.#regroup(fresh);
    if (hadFocus) buttonCalled(fresh, hadFocus)?.focus({ preventScroll: true });
  }

  remove(messageId) {
    const gone = this.#find(messageId);
    if (!gone) return;
    const section = gone.parentElement;
    const neighbours = [gone.previousElementSibling, gone.nextElementSibling];
    gone.remove();
    if (section.querySelector(".message")) for (const one of neighbours) this.#regroup(one);
    else section.remove();
  }

  markSeen() {
    for (const one of this.#list.querySelectorAll(".unseen")) one.classList.remove("unseen");
  }

  #find(messageId) {
    return this.#list.querySelector(`[data-message-id="${Number(messageId)}"]`);
  }

  #place(message) {
    const element = this.build(message);
    this.#dayOf(message).append(element);
    this.#regroup(element);
    this.#regroup(element.previousElementSibling);
    return element;
  }

  #dayOf(message) {
    const sent = new Date(message.date * 1000);
    const last = this.#list.lastElementChild;
    if (last?.dataset.day === dayKey(sent)) return last;
    const title = el("h3", { class: "pill" }, day(sent, this.now()));
    const section = el("section", { class: "day", dataset: { day: dayKey(sent) } }, title);
    this.#list.append(section);
    return section;
  }

  #regroup(element) {
    if (!element?.matches(".message")) return;
    element.classList.toggle("first", !together(element.previousElementSibling, element));
    element.classList.toggle("last", !together(element, element.nextElementSibling));
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    const wentUp = scrollTop < this.#lastTop; // a message that grows moves the bottom away without anybody scrolling
    this.#pinned = near || (this.#pinned && !wentUp);
    this.#lastTop = scrollTop;
    this.#showDate();
    if (this.#pinned) this.#missed = 0;
    this.#showMissed();
  }

  /** A day's date stays in sight while one scrolls, then makes room for what it covers. */
  #showDate() {
    for (const section of this.#list.querySelectorAll(".day")) {
      const pill = section.firstElementChild;
      pill.classList.toggle("floating", pill.offsetTop - section.offsetTop > FLOATS);
    }
    this.#list.classList.add("scrolling");
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.#list.classList.remove("scrolling"), DATE_LINGERS);
  }

  #showMissed() {
    this.#down.hidden = this.#pinned;
    this.#count.hidden = this.#missed === 0;
    this.#count.textContent = String(this.#missed);
  }

  #toBottom() {
    this.#pinned = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#missed = 0;
    this.#showMissed();
  }
}

function together(earlier, later) {
  if (!earlier?.matches(".message") || !later) return false;
  return earlier.dataset.from === later.dataset.from && later.dataset.date - earlier.dataset.date < TOGETHER;
}

const labelOf = (element) => element.textContent;

const buttonCalled = (element, label) => [...element.querySelectorAll("button")].find((one) => labelOf(one) === label);
