// Lays the files of a pack into Python's folders. A pack is a zip file that is not compressed.
//
// All of them bear the same moment: Python's memory of an earlier visit knows files by it.
const FILE = 0x04034b50; // what each file of a zip begins with
const HEAD = 30;
const SAVED_MS = Date.UTC(1980, 0, 1); // as the pack says

export function layOut(folders, pack, root) {
  const read = new DataView(pack);
  const text = new TextDecoder();
  const made = new Set();
  for (let at = 0; read.getUint32(at, true) === FILE; ) {
    const size = read.getUint32(at + 18, true);
    const named = at + HEAD + read.getUint16(at + 26, true);
    const begins = named + read.getUint16(at + 28, true);
    const path = `${root}/${text.decode(new Uint8Array(pack, at + HEAD, named - at - HEAD))}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) folders.mkdirTree(folder);
    made.add(folder);
    folders.writeFile(path, new Uint8Array(pack, begins, size), { canOwn: true }); // without a copy
    folders.utime(path, SAVED_MS, SAVED_MS);
    at = begins + size;
  }
}
