// What was typed and has no receipt yet. A tab keeps it for its next page of the same run, and
// nobody else can read it: another program may stand at this address later, in this very tab.
const PREFIX = "alongside:";
const KIND = "AES-GCM";
const SALT = 12; // bytes, drawn anew each time
const held = new Map(); // in memory; without a lock, that is all
let lock = null;

const quietly = (act) => {
  try {
    return act();
  } catch {
    return undefined; // storage may be switched off
  }
};
const kept = () => quietly(() => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX))) ?? [];
const erase = (key) => quietly(() => sessionStorage.removeItem(key));
const packed = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const unpacked = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function put(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(SALT));
  const text = new TextEncoder().encode(JSON.stringify(value));
  const locked = await crypto.subtle.encrypt({ name: KIND, iv }, lock, text);
  if (held.get(key) !== value) return; // something newer stands there
  quietly(() => sessionStorage.setItem(key, `${packed(iv)} ${packed(new Uint8Array(locked))}`));
}

async function unlock(key) {
  const [iv, locked] = sessionStorage.getItem(key).split(" ");
  const text = await crypto.subtle.decrypt({ name: KIND, iv: unpacked(iv) }, lock, unpacked(locked));
  held.set(key, JSON.parse(new TextDecoder().decode(text)));
}

export const vault = {
  get: (key) => held.get(PREFIX + key) ?? null,
  set(key, value) {
    held.set(PREFIX + key, value);
    if (lock) put(PREFIX + key, value).catch(() => {});
  },
  remove(key) {
    held.delete(PREFIX + key);
    erase(PREFIX + key);
  },
  clear() {
    held.clear();
    kept().forEach(erase);
  },
};

// Keep it in this tab as well, locked with what only pages of this run are told. What another
// run left is thrown away.
export async function lockWith(mark) {
  try {
    const bytes = Uint8Array.from(mark.match(/../g), (pair) => Number.parseInt(pair, 16));
    lock = await crypto.subtle.importKey("raw", bytes, KIND, false, ["encrypt", "decrypt"]);
  } catch {
    lock = null; // no secure page, or an older browser: memory has to do
  }
  await Promise.all(kept().map((key) => (lock ? unlock(key) : Promise.reject()).catch(() => erase(key))));
}
