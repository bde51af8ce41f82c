// Which signatures hold: checked by the browser itself, which knows Ed25519 where it is new
// enough. Python for browsers does not, and decides by what is found here.
const KIND = "Ed25519";
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function holds(known, { text, signature }) {
  return crypto.subtle.verify(KIND, known, bytes(signature), new TextEncoder().encode(text));
}

// Each proof with whether it holds; null where this browser cannot tell. A key that is none
// has signed nothing.
export async function checked(asked) {
  if (!asked) return null;
  const { key, proofs } = asked;
  try {
    const known = await crypto.subtle.importKey("spki", bytes(key), KIND, false, ["verify"]);
    return await Promise.all(proofs.map(async (one) => ({ ...one, holds: await holds(known, one) })));
  } catch (error) {
    return error.name === "NotSupportedError" ? null : proofs.map((one) => ({ ...one, holds: false }));
  }
}
