// Python's memory as it was before it knew of any learner: kept, so that a later visit need not
// start Python and read the course again.
//
// It is used only where it is whole, and made here: by this Python, this course, this browser.
const ROOM = 300e6; // that has to be free: it never takes the room of answers
const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
const digest = async (memory) => hex(await crypto.subtle.digest("SHA-256", memory));

export class Memory {
  constructor(cache, address, python) {
    this.cache = cache;
    this.address = address;
    this.maker = `${python} ${address} ${navigator.userAgent} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  }

  // The memory, or nothing where there is none that can be used; such a one is thrown away.
  async take() {
    try {
      const reply = await self.caches.match(this.address, { cacheName: this.cache });
      if (!reply) return null;
      const memory = await reply.arrayBuffer();
      const made = [reply.headers.get("X-Maker"), reply.headers.get("X-Digest")];
      if (made[0] === this.maker && made[1] === (await digest(memory))) return new Uint8Array(memory);
    } catch {
      // The browser keeps nothing, or no longer all of it.
    }
    await this.forget();
    return null;
  }

  // Whether none is there, and the browser would keep one.
  async isWanted() {
    const { quota, usage } = await navigator.storage.estimate();
    const cache = await self.caches.open(this.cache);
    return quota - usage > ROOM && !(await cache.match(this.address));
  }

  async keep(memory) {
    const headers = { "X-Maker": this.maker, "X-Digest": await digest(memory) };
    const cache = await self.caches.open(this.cache);
    await cache.put(this.address, new Response(memory, { headers }));
  }

  // Tell whether there was one.
  async forget() {
    try {
      return await (await self.caches.open(this.cache)).delete(this.address);
    } catch {
      return false;
    }
  }
}
