// Gives what the page's program and its script call each other short names. Called by tools/minify.sh:
//
//   node tools/slim.mjs PROGRAM.js PROGRAM_bg.wasm
//
// wasm-bindgen names what JavaScript and WebAssembly call each other with long names that hold random digits, once in
// each file: they do not compress. Both files are written in place.
import { readFileSync, writeFileSync } from "node:fs";

const [script, program] = process.argv.slice(2);
// What the pieces ask for by name (load.js), and what wasm-bindgen's script finds under a fixed one.
const KEPT = /^(memory|main|__indirect_function_table|__wasm_split_.*|__heap_base|__data_end|__stack_pointer)$/;
const IMPORT = 2;
const EXPORT = 7;

const names = new Map();
/** The short name of a long one. */
function short(name) {
  if (KEPT.test(name)) return name;
  if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
  return names.get(name);
}

const bytes = readFileSync(program);
let at = 8;
const number = () => {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
};
const leb = (value) => {
  const out = [];
  do {
    out.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(out);
};
const text = () => {
  const length = number();
  return bytes.toString("utf8", at, (at += length));
};
const put = (text) => Buffer.concat([leb(Buffer.byteLength(text)), Buffer.from(text)]);
/** Passes the limits of a table or a memory. */
const limits = () => {
  const flags = number();
  number();
  if (flags & 1) number();
};
/** Passes what an import is, after its names. */
const kind = () => {
  const which = bytes[at++];
  if (which === 0) number();
  else if (which === 1) at++, limits();
  else if (which === 2) limits();
  else if (which === 3) at += 2;
  else if (which === 4) at++, number();
};

const sections = [bytes.subarray(0, 8)];
while (at < bytes.length) {
  const begin = at;
  const id = bytes[at++];
  const end = number() + at;
  let content;
  if (id === IMPORT) {
    const list = [];
    for (let left = number(); left > 0; left--) {
      const [module, name, from] = [text(), text(), at];
      kind();
      list.push(put(module), put(module.endsWith("_bg.js") ? short(name) : name), bytes.subarray(from, at));
    }
    at = end;
    content = Buffer.concat([leb(list.length / 3), ...list]);
  } else if (id === EXPORT) {
    const list = [];
    for (let left = number(); left > 0; left--) {
      const [name, from] = [text(), at];
      at++;
      number();
      list.push(put(short(name)), bytes.subarray(from, at));
    }
    content = Buffer.concat([leb(list.length / 2), ...list]);
  }
  at = end;
  sections.push(content ? Buffer.concat([Buffer.from([id]), leb(content.length), content]) : bytes.subarray(begin, end));
}

writeFileSync(program, Buffer.concat(sections));
writeFileSync(script, readFileSync(script, "utf8").replace(/(?<=wasm\.|^ {8})[\w$]+/gm, (name) => names.get(name) ?? name));
