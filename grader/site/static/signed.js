// Whether the trainer's key has signed what came: checked by the browser itself, which knows
// Ed25519 where it is new enough. Python for browsers does not.
const KIND = "Ed25519";
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// What a line has to add, or nothing where the signature holds.
async function doubt({ key, signature, text, unsigned, unchecked }) {
  if (!signature) return unsigned;
  try {
    const known = await crypto.subtle.importKey("spki", bytes(key), KIND, false, ["verify"]);
    const holds = await crypto.subtle.verify(KIND, known, bytes(signature), new TextEncoder().encode(text));
    return holds ? "" : unsigned;
  } catch (error) {
    return error.name === "NotSupportedError" ? unchecked : unsigned;
  }
}

// The receipt with what is to be said of signatures; each claim stands for one of its lines.
export async function withDoubts(receipt, claims) {
  const doubts = await Promise.all(claims.map((claim) => claim && doubt(claim)));
  const lines = receipt.lines?.map((line, at) => (doubts[at] ? `${line} ${doubts[at]}` : line));
  return claims.length ? { ...receipt, lines } : receipt;
}
