// The journals of registrations, in this browser's database: written through to the disk before a step is sent, so that
// they outlive the tab, the browser and the machine's power. And the lock that keeps a second tab out.

const STORE = "journal";
/** The key of the lease, where the browser has no locks (pages without https). */
const LEASE = "lease";
const LEASE_MS = 30000;
let leased = false;
/** The lease that this page wrote last: one whose transaction was taken for lost may have come through. */
let mine = 0;
let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("preflight", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = asked.onblocked = () => fail(asked.error);
  });
  opened.catch(() => (opened = null));
  return opened;
}

/** A database that takes longer has lost its way. */
const PATIENCE_MS = 4000;

async function once(mode, act) {
  const transaction = (await open()).transaction(STORE, mode, { durability: "strict" });
  return new Promise((done, fail) => {
    const asked = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });
}

/** A connection that was lost, or never came, is made anew once: WebKit loses it at times when a page goes away. */
async function work(mode, act) {
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(fail, PATIENCE_MS)));
  try {
    return await Promise.race([once(mode, act), late]);
  } catch {
    opened = null;
    return once(mode, act);
  } finally {
    clearTimeout(timer);
  }
}

const lease = (store) => store.put((mine = Date.now() + LEASE_MS), LEASE);

/** Keeps a journal. */
export function write(id, text) {
  return work("readwrite", (store) => {
    if (leased) lease(store);
    return store.put(text, id);
  });
}

/** Forgets a journal. */
export const remove = (id) => work("readwrite", (store) => store.delete(id));

/** All journals, as texts. A browser that gives this page no database has none. */
export async function read() {
  try {
    const all = globalThis.indexedDB ? await work("readonly", (store) => store.getAll()) : [];
    return all.filter((text) => typeof text === "string");
  } catch (error) {
    if (error?.name === "SecurityError") return [];
    throw error;
  }
}

/** A function that lets the lock go, or null while another tab holds it. */
export async function hold() {
  if (navigator.locks) {
    // Nothing is worth a lock that cannot be written down.
    await work("readonly", (store) => store.count());
    return new Promise((done, fail) => {
      const held = (lock) => (lock ? new Promise((go) => done(go)) : done(null));
      navigator.locks.request("preflight-registration", { ifAvailable: true }, held).catch(fail);
    });
  }
  let free = false;
  const take = (store) => {
    const asked = store.get(LEASE);
    asked.onsuccess = () => {
      free = !(asked.result > Date.now()) || asked.result === mine;
      if (free) lease(store);
    };
    return asked;
  };
  const go = () => {
    leased = false;
    work("readwrite", (store) => store.delete(LEASE)).catch(() => {});
  };
  return work("readwrite", take).then(() => ((leased = free) ? go : null));
}
