//! Cargo's build script: what cuts the page's program into pieces (tools/shim/wasm-bindgen) has to know which function
//! needs which, so the linker leaves that in it.

fn main() {
    println!("cargo::rerun-if-changed=tools/build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        println!("cargo::rustc-link-arg-bin=preflight=--emit-relocs");
    }
}
