//! Where the page's program is cut: each function here, and all that only it reaches, lies in a file of its own that is
//! fetched by the first call (see [`preflight::part`]). A part of this program alone: the desk would keep them whole.

use preflight::ui::lazy::{self, Loader, PIECES};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// What loads each piece, in the order of [`lazy::Piece`]; true when it came.
pub const LOADERS: [Loader; PIECES] = [
    || Box::pin(async { verdict().await.is_ok() }),
    || Box::pin(async { sharing().await.is_ok() }),
    || Box::pin(async { registration().await.is_ok() }),
    || Box::pin(async { fleet().await.is_ok() }),
];

#[wasm_split(verdict, fallible)]
fn verdict() -> Result<(), SplitLoaderError> {
    lazy::verdict_is_here();
    Ok(())
}

#[wasm_split(sharing, fallible)]
fn sharing() -> Result<(), SplitLoaderError> {
    lazy::sharing_is_here();
    Ok(())
}

#[wasm_split(registration, fallible)]
fn registration() -> Result<(), SplitLoaderError> {
    lazy::registration_is_here();
    Ok(())
}

#[wasm_split(fleet, fallible)]
fn fleet() -> Result<(), SplitLoaderError> {
    lazy::fleet_is_here();
    Ok(())
}
