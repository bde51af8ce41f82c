// Scores answers in a browser's Python, outside a browser: node scores.mjs PYODIDE FOLDER.
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const [, , pyodide, folder] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const read = (name) => fs.readFileSync(`${folder}/${name}`);
const python = await loadPyodide({ indexURL: `${pyodide}/` });
for (const pack of ["course.bin", "words.bin"])
  python.unpackArchive(new Uint8Array(zlib.gunzipSync(read(pack))), "zip", { extractDir: "/alongside" });
python.globals.set("asked", read("asked.json").toString());
python.runPython("import sys; sys.path.insert(0, '/alongside')");
python.runPython(read("score.py").toString());
fs.writeFileSync(`${folder}/scores.txt`, python.runPython("scores(Path('/alongside'), asked)"));
