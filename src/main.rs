//! Starts the page; nothing else.

#[cfg(target_arch = "wasm32")]
mod pieces;

#[cfg(target_arch = "wasm32")]
fn main() {
    preflight::ui::app::start(pieces::LOADERS);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Preflight is a web page: `make serve` builds it and opens it on loopback.");
}
