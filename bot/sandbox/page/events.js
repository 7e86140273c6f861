/** The server's events, kept alive: when the server goes away the page says so and asks again, ever more slowly. */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

export function listen(onEvent, onConnected) {
  let pause = FIRST_PAUSE;

  function connect() {
    const source = new EventSource("/sandbox/events");
    source.onopen = () => {
      pause = FIRST_PAUSE;
      onConnected(true);
    };
    source.onmessage = (message) => onEvent(JSON.parse(message.data));
    source.onerror = () => {
      source.close(); // the browser's own retry has no backoff and gives up on a 502
      onConnected(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  }

  connect();
}
