const NOTICEABLE = 2 * 60 * 1000;

/** The sandbox's clock as the page believes it: the last instant heard, plus what has passed since. */
export class Clock {
  #heard = Date.now();
  #heardAt = performance.now();

  set(iso) {
    this.#heard = Date.parse(iso);
    this.#heardAt = performance.now();
  }

  now() {
    return new Date(this.#heard + performance.now() - this.#heardAt);
  }

  /** Milliseconds ahead of real time, 0 while the clock was not moved. */
  ahead() {
    const ahead = this.now().getTime() - Date.now();
    return Math.abs(ahead) < NOTICEABLE ? 0 : ahead;
  }
}
