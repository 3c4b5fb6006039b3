//! Elements, made one by one, and kept up to date by Leptos' signals and effects.
//!
//! Why not `view!`: it makes a type, and code for it, of every piece of markup. The first version of this page
//! weighed 197 kB with it (compressed WASM; 186 kB with `erase_components`), far above what the whole page may.
//! Here all elements are one type. Text is always set as text, never as markup.

use crate::browser::clock;
use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

/// An element of the page.
#[derive(Clone)]
pub struct El(Element);

/// Makes an element; `"p.note.blocks"` has the classes `note` and `blocks`.
pub fn el(tag: &str) -> El {
    let (name, class) = tag.split_once('.').unwrap_or((tag, ""));
    let Ok(element) = document().create_element(name) else { panic!("not a tag name") };
    let it = El(element);
    if class.is_empty() { it } else { it.attr("class", &class.replace('.', " ")) }
}

/// A drawing of one path in a square of 16.
pub fn drawing(path: &str) -> El {
    svg("mark", "0 0 16 16", path)
}

/// A drawing of one path that is as wide as its place: 1000 units by `height`.
pub fn strip(class: &str, height: u32, path: &str) -> El {
    svg(class, &format!("0 0 1000 {height}"), path).attr("preserveAspectRatio", "none")
}

fn svg(class: &str, view: &str, path: &str) -> El {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    let make = |name| document().create_element_ns(SVG, name).map(El);
    let (Ok(svg), Ok(line)) = (make("svg"), make("path")) else { return el("span") };
    svg.attr("class", class).attr("viewBox", view).attr("aria-hidden", "true").child(line.attr("d", path))
}

impl El {
    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> El {
        self.set(name, Some(value));
        self
    }

    /// Appends text.
    pub fn text(self, text: &str) -> El {
        // Fails only in documents that hold no elements.
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// Draws another path in the place of a drawing's own.
    pub fn redraw(&self, path: &str) {
        if let Some(line) = self.0.first_element_child() {
            let _ = line.set_attribute("d", path);
        }
    }

    /// Puts text in the place of all that it holds.
    pub fn show(&self, text: &str) {
        if self.0.text_content().as_deref() != Some(text) {
            self.0.set_text_content(Some(text));
        }
    }

    /// Appends an element.
    pub fn child(self, child: El) -> El {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// Appends elements.
    pub fn children(self, children: Vec<El>) -> El {
        children.into_iter().fold(self, El::child)
    }

    /// Appends an element if there is one.
    pub fn maybe(self, child: Option<El>) -> El {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Listens, as long as what made this element is shown.
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> El {
        self.listen(event, Box::new(act));
        self
    }

    fn listen(&self, event: &str, act: Box<dyn FnMut(Event)>) {
        let closure = Closure::<dyn FnMut(Event)>::wrap(act);
        let _ = self.0.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        StoredValue::new_local(closure);
    }

    /// Appends text that follows the signals which `text` reads.
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> El {
        self.live_content(Box::new(text));
        self
    }

    fn live_content(&self, text: Box<dyn Fn() -> String>) {
        let node = document().create_text_node("");
        let _ = self.0.append_child(&node);
        let mut shown = String::new();
        react(Box::new(move || {
            let now = text();
            if now != shown {
                node.set_data(&now);
                shown = now;
            }
        }));
    }

    /// An attribute that follows the signals which `value` reads; absent for `None`.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> El {
        self.follow(name, Box::new(value));
        self
    }

    /// An attribute without value that is there while `is` holds.
    pub fn live_flag(self, name: &'static str, is: impl Fn() -> bool + 'static) -> El {
        self.live_attr(name, move || is().then(String::new))
    }

    fn follow(&self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
        let it = self.clone();
        let mut shown = None;
        react(Box::new(move || {
            let now = value();
            if now != shown {
                it.set(name, now.as_deref());
                shown = now;
            }
        }));
    }

    /// Children that follow the signals which `children` reads; `None` leaves them as they are.
    pub fn live(self, children: impl FnMut() -> Option<Vec<El>> + 'static) -> El {
        self.fill(Box::new(children));
        self
    }

    fn fill(&self, mut children: Box<dyn FnMut() -> Option<Vec<El>>>) {
        let it = self.clone();
        // What the children listen to and follow ends when others take their place. Two owners take turns: those that
        // are thrown away leave a trace in the outer one, and a watch of days would pile them up.
        let (mut shown, mut spare): (Option<Owner>, Option<Owner>) = (None, None);
        let outer = Owner::current();
        react(Box::new(move || {
            let fresh = spare.take().or_else(|| Some(outer.as_ref()?.child())).unwrap_or_else(Owner::new);
            let children = fresh.with(&mut children);
            let done = match children {
                Some(children) => {
                    it.0.set_text_content(None);
                    it.clone().children(children);
                    shown.replace(fresh)
                }
                None => Some(fresh),
            };
            done.iter().for_each(Owner::cleanup);
            spare = done;
        }));
    }

    /// Sets or removes an attribute.
    pub fn set(&self, name: &str, value: Option<&str>) {
        let _ = match value {
            Some(value) => self.0.set_attribute(name, value),
            None => self.0.remove_attribute(name),
        };
    }

    /// The value of a field.
    pub fn value(&self) -> String {
        if let Some(input) = self.0.dyn_ref::<HtmlInputElement>() {
            return input.value();
        }
        let area = || self.0.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value);
        self.0.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).or_else(area).unwrap_or_default()
    }

    /// True for details that are open.
    pub fn is_open(&self) -> bool {
        self.0.has_attribute("open")
    }

    /// True for a box that is ticked.
    pub fn is_checked(&self) -> bool {
        self.0.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked)
    }

    /// Fills a field, unless that stands there already: a caret would move.
    pub fn set_value(&self, value: &str) {
        if self.value() == value {
            return;
        }
        match self.0.dyn_ref::<HtmlInputElement>() {
            Some(input) => input.set_value(value),
            None => {
                if let Some(select) = self.0.dyn_ref::<HtmlSelectElement>() {
                    select.set_value(value);
                } else if let Some(area) = self.0.dyn_ref::<HtmlTextAreaElement>() {
                    area.set_value(value);
                }
            }
        }
    }

    /// Puts it at the end of the page.
    pub fn into_page(self) {
        if let Some(body) = document().body() {
            let _ = body.append_child(&self.0);
        }
    }
}

/// Runs `act` now, and again when signals that it read have changed.
pub fn react(mut act: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| act());
    // A signal remembers who follows it until it changes, also who is gone; some do not change in days of a watch.
    let follower = effect.to_any_subscriber();
    on_cleanup(move || follower.clear_sources(&follower));
    StoredValue::new_local(effect);
}

/// Changes the page in a task of its own ([`clock::soon`]), which also lays it out.
pub fn soon(change: impl FnOnce() + 'static) {
    soon_boxed(Box::new(change));
}

fn soon_boxed(change: Box<dyn FnOnce()>) {
    clock::soon(move || {
        change();
        lay_out();
    });
}

/// Lays out what has changed, once the effects have run, in this task: the frame, which does it otherwise, also paints, and
/// one task with all that would hold a slow device up.
fn lay_out() {
    spawn_local(async {
        if let Some(body) = document().body() {
            // Reading it is what makes browsers lay out (CSSOM View).
            let _ = body.offset_height();
        }
    });
}

/// The value of the field with that id.
pub fn field_value(id: &str) -> String {
    document().get_element_by_id(id).map(|field| El(field).value()).unwrap_or_default()
}

/// The element with that id.
pub fn by_id(id: &str) -> Option<El> {
    document().get_element_by_id(id).map(El)
}

/// Moves the keyboard to the first element that fits.
pub fn focus(selector: &str) {
    if let Ok(Some(found)) = document().query_selector(selector)
        && let Some(found) = found.dyn_ref::<HtmlElement>()
    {
        let _ = found.focus();
    }
}

/// Presses the first element that fits.
pub fn press(selector: &str) {
    if let Ok(Some(found)) = document().query_selector(selector)
        && let Some(found) = found.dyn_ref::<HtmlElement>()
    {
        found.click();
    }
}

/// An attribute of the first element that fits.
pub fn attribute_of(selector: &str, name: &str) -> Option<String> {
    document().query_selector(selector).ok().flatten()?.get_attribute(name)
}

/// Sets an attribute of the first element that fits.
pub fn set_attribute_of(selector: &str, name: &str, value: &str) {
    if let Ok(Some(found)) = document().query_selector(selector) {
        let _ = found.set_attribute(name, value);
    }
}

/// What stands in the field of that name.
pub fn value_of(name: &str) -> String {
    let found = document().query_selector(&["[name=", name, "]"].concat()).ok().flatten();
    found.map(|found| El(found).value()).unwrap_or_default()
}

/// Opens the `details` with that id and shows it.
pub fn open(id: &str) {
    if let Some(row) = document().get_element_by_id(id) {
        let _ = row.set_attribute("open", "");
        row.scroll_into_view();
        focus(&["#", id, " > summary"].concat());
    }
}
