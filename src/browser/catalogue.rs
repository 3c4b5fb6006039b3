//! The words of the catalogue, which lie beside the page in a file of their own.

use super::document;
use super::fetch::{Cached, own_file};
use crate::catalogue::Catalogue;

/// Reads them; `None` when that did not work. The build writes the name of the file, which changes with what it holds,
/// into the meta element "catalogue".
pub async fn read(cached: Cached) -> Option<Catalogue> {
    let name = document()?.query_selector("meta[name=catalogue]").ok()??.get_attribute("content")?;
    Catalogue::read(own_file(&name, cached).await?)
}
