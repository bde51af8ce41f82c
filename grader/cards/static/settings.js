// How somebody likes to read: shown at once, kept by the browser for this device, and by the host.
//
// A browser knows nothing of an earlier run, which had another address; the host does.
const DARK_HOLDS = { "": "(prefers-color-scheme: dark)", light: "not all", dark: "screen" }; // as in frame.html.j2
const OF_A_DEVICE = ["text", "lines", "theme", "voice"];

export const settings = () => document.documentElement.dataset;

const storedAs = () => `alongside:${new URL(document.body.dataset.root || "./", location.href).pathname}:settings`;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(storedAs())) ?? {};
  } catch {
    return {}; // a browser that keeps nothing
  }
}

// Of whatever is kept, by whichever version, what a page can be told.
export const known = (kept) =>
  Object.fromEntries(OF_A_DEVICE.filter((name) => typeof kept?.[name] === "string").map((name) => [name, kept[name]]));

// Only what differs is set: the browser works out every style anew, whatever is set.
function renew(target, values) {
  for (const [name, value] of Object.entries(values)) if (target && target[name] !== value) target[name] = value;
}

function apply(kept) {
  renew(settings(), kept);
  const { theme } = settings();
  renew(document.getElementById("dark"), { media: DARK_HOLDS[theme] ?? DARK_HOLDS[""] });
  renew(document.querySelector('meta[name="color-scheme"]'), { content: theme || "light dark" });
}

// The call of the card that keeps them: it belongs to every page, and no notebook makes it.
export const SETTINGS_CALL = { name: "settings", arguments: [], number: 0 };

let tell = () => Promise.reject(new Error("no host"));

// Keep what has changed; tells whether the host has kept it, too.
export async function keepSettings(changes) {
  apply(changes);
  try {
    localStorage.setItem(storedAs(), JSON.stringify(known(settings())));
  } catch {
    // It holds for this page, and the host may keep it.
  }
  try {
    const { receipt } = await tell({ type: "keep", settings: changes }, []);
    return receipt.type === "saved" && !receipt.not_saved;
  } catch {
    return false;
  }
}

export function forgetSettings() {
  try {
    localStorage.removeItem(storedAs());
  } catch {
    // Storage may be switched off; then there is nothing.
  }
}

// What the host has kept, where this device has nothing of its own.
export const takeKept = (kept) => apply({ ...kept, ...known(stored()) });

// Called once, with the way to the host.
export function followSettings(carry) {
  tell = carry;
  apply(known(stored()));
}
