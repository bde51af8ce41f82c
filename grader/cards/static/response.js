// Answers as data: whether there is one yet, and whether two are the same.

const sorted = (value) =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort());

// The order of keys says nothing.
export const same = (a, b) => JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null));

export const isBlank = (response) =>
  response === null || response === undefined ||
  (typeof response === "string" ? !response.trim() : Object.keys(response).length === 0);
