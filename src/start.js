// Starts the page's WebAssembly, or says why it could not. The build writes the names of its two files into the meta
// element "app" (see Trunk.toml): a script of its own, since the page's policy forbids inline ones.
try {
  if (typeof WebAssembly !== "object") throw new Error("This browser has no WebAssembly, or it is switched off.");
  const [script, wasm] = document
    .querySelector('meta[name="app"]')
    .content.split(" ")
    .map((name) => new URL(name, document.baseURI));
  const app = await import(script);
  await app.default({ module_or_path: wasm });
} catch (error) {
  document.documentElement.dataset.boot = "failed";
  const boot = document.getElementById("boot");
  if (boot) boot.textContent = `Preflight could not start. Load the page again, or try another browser. What stopped it: ${error.message}`;
  throw error;
}
