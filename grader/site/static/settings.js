// What a site's worker has to know; `alongside site` writes it anew beside the worker.
export const SETTINGS = { pyodide: "../../pyodide/", course: "course.bin", words: "words.bin", lock: {} };
