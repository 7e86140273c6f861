const PATIENCE = 30_000;

/** Pressed buttons that wait for the bot's answer. An answer may come before the press itself is confirmed. */
export class PendingTaps {
  #buttons = new Map();
  #answered = new Set();

  async press(button, send) {
    if (button.classList.contains("waiting")) return;
    button.classList.add("waiting");
    setTimeout(() => stop(button), PATIENCE);
    try {
      const { callback_query_id: id } = await send();
      if (this.#answered.delete(id)) stop(button);
      else this.#buttons.set(id, button);
    } catch (refusal) {
      stop(button);
      throw refusal;
    }
  }

  answered(id) {
    const button = this.#buttons.get(id);
    if (!button) return this.#answered.add(id);
    this.#buttons.delete(id);
    stop(button);
  }
}

const stop = (button) => button.classList.remove("waiting");
