//! Parts of the program that a page loads only when it needs them.
//!
//! The build cuts the page's WebAssembly in pieces (`tools/page.sh`): what is reached only through a function of
//! `ui::lazy` lies in a file of its own. So that the rest does not reach it in another way, it asks a [`Part`] for
//! it, which stays empty until the piece has been loaded. Natively everything is there from the start.

#[cfg(target_arch = "wasm32")]
use std::sync::OnceLock;

/// The way to something that may not be loaded yet.
pub struct Part<T: ?Sized + 'static> {
    #[cfg(not(target_arch = "wasm32"))]
    whole: &'static T,
    #[cfg(target_arch = "wasm32")]
    loaded: OnceLock<&'static T>,
}

impl<T: ?Sized + 'static> Part<T> {
    /// The way to `whole`. On the page this keeps no hold of it: otherwise it would be loaded with what asks for it.
    #[cfg(not(target_arch = "wasm32"))]
    pub const fn new(whole: &'static T) -> Part<T> {
        Part { whole }
    }

    /// The way to `whole`. On the page this keeps no hold of it: otherwise it would be loaded with what asks for it.
    #[cfg(target_arch = "wasm32")]
    pub const fn new(_whole: &'static T) -> Part<T> {
        Part { loaded: OnceLock::new() }
    }

    /// What it leads to; `None` until that was loaded.
    pub fn get(&self) -> Option<&'static T> {
        #[cfg(not(target_arch = "wasm32"))]
        return Some(self.whole);
        #[cfg(target_arch = "wasm32")]
        return self.loaded.get().copied();
    }

    /// Says that it was loaded: called by the piece itself.
    #[cfg(target_arch = "wasm32")]
    pub fn is_here(&self, whole: &'static T) {
        // Only the first piece counts; there is no other.
        let _ = self.loaded.set(whole);
    }
}
