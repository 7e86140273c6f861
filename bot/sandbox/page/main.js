import "/page/theme.js";
import { Desk } from "/page/desk.js";
import { listen } from "/page/events.js";
import { Store } from "/page/store.js";

const store = new Store();
new Desk(store);

listen(
  (event) => store.apply(event),
  (connected) => store.connection(connected),
);
