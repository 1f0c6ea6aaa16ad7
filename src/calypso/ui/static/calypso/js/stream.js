/**
 * One stream for all the pages of a browser that are looked at: it may keep six connections to a site, for everything.
 *
 * A lock says which page holds the stream. The others tell it what they show, and hear by a channel what it hears. A
 * page that is closed, hidden or dies gives the lock back, and the next one opens the stream, asking for what changed
 * meanwhile. Where there are no locks, each page has a stream of its own.
 */

const NAME = "calypso:live";
const ROLL = 80; // milliseconds that pages have to say what they show
const LISTEN_AGAIN = 60_000; // milliseconds before a refused stream is tried again

/**
 * Joins the pages that listen, until the returned function is called.
 *
 * @param {string[]} topics what the page shows
 * @param {{ seen(): string, change(): void, presence(): void, state(open: boolean): void }} page since when it has not
 *   been fetched; what to do when something changed, when who is there changed, when the stream opened or was refused
 */
export function join(topics, page) {
  const channel = new BroadcastChannel(NAME);
  const id = `${Date.now()}.${Math.random()}`;
  const leaving = new AbortController();
  let lead = null; // what this page does while it holds the stream

  const here = (say) => ({ say, id, topics, seen: page.seen() });
  const hear = (message) => {
    if (message.say === "state") page.state(message.open);
    else if (topics.includes(message.topic)) page[message.say === "presence" ? "presence" : "change"]();
  };
  const tell = (message) => {
    channel.postMessage(message);
    hear(message);
  };
  channel.onmessage = ({ data }) => {
    if (data.say === "roll") channel.postMessage(here("here"));
    else if (data.say === "here" || data.say === "join") lead?.hold(data);
    else hear(data);
    if (data.say === "join") lead?.open();
  };

  const hold = () =>
    new Promise((done) => {
      lead = leader(() => here("here"), channel, tell);
      lead.open();
      leaving.signal.addEventListener("abort", () => {
        lead.close();
        done();
      });
    });
  channel.postMessage(here("join"));
  if (navigator.locks) navigator.locks.request(NAME, { signal: leaving.signal }, hold).catch(() => {});
  else hold();

  return () => {
    leaving.abort();
    channel.close();
  };
}

/** Holds the stream of all pages: who is there, what they show, and what the server says of it. */
function leader(own, channel, tell) {
  const pages = new Map();
  let source = null;
  let later = 0;

  const close = () => {
    clearTimeout(later);
    source?.close();
    source = null;
  };
  const listen = () => {
    const since = new Map(); // the oldest page of each topic
    for (const { topics, seen } of pages.values()) {
      for (const topic of topics) if (!(since.get(topic) <= seen)) since.set(topic, seen);
    }
    const asked = [...since].flatMap(([topic, seen]) => [
      ["sujet", topic],
      ["vu", seen],
    ]);
    source = new EventSource(`/direct/?${new URLSearchParams(asked)}`);
    source.onopen = () => tell({ say: "state", open: true });
    for (const say of ["change", "presence", "fin"]) {
      source.addEventListener(say, ({ data }) => tell({ say, topic: data }));
    }
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      tell({ say: "state", open: false });
      later = setTimeout(open, LISTEN_AGAIN);
    };
  };
  /** Asks the pages what they show, then the server for all of it. */
  const open = () => {
    close();
    pages.clear();
    hold(own());
    channel.postMessage({ say: "roll" });
    later = setTimeout(listen, ROLL);
  };
  const hold = ({ id, topics, seen }) => pages.set(id, { topics, seen });
  return { open, close, hold };
}
