//! JSON, read and written with little code: the page reads bodies and its configuration, and writes reports and
//! request bodies. The crates for it weigh 10 kB more in the page; tests hold both against them.

mod data;
mod read;
mod write;

pub use data::{of, read};
pub use read::{Broken, parse};
pub use write::{pretty, quote, texts};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Names with values.
    Object(Map),
}

/// The members of an object, sorted by name. Of those with the same name the last counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(String, Value)>);

impl Map {
    fn find(&self, name: &str) -> Result<usize, usize> {
        let place = self.0.partition_point(|(known, _)| known.as_str() < name);
        let is_there = self.0.get(place).is_some_and(|(known, _)| known == name);
        if is_there { Ok(place) } else { Err(place) }
    }

    fn insert(&mut self, name: String, value: Value) {
        match self.find(&name) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (name, value)),
        }
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.find(name).ok().map(|place| &self.0[place].1)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.find(name).ok().map(|place| &mut self.0[place].1)
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.find(name).ok().map(|place| self.0.remove(place).1)
    }

    /// Whether there is a member of that name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// The names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Names and values, the values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&String, &mut Value)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// How many members it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value {
    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        if let Value::Object(object) = self { object.get_mut(name) } else { None }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Map> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    /// The values, if it is a list.
    pub fn as_array(&self) -> Option<&Vec<Value>> {
        if let Value::Array(list) = self { Some(list) } else { None }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// Whether it holds, if it is `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(is) = self { Some(*is) } else { None }
    }

    /// The number, if it is a whole one.
    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Number(text) = self { text.parse().ok() } else { None }
    }

    /// The number, if it is a whole one and not below zero.
    pub fn as_u64(&self) -> Option<u64> {
        if let Value::Number(text) = self { text.parse().ok() } else { None }
    }

    /// The number without what stands behind its point. `None` for one with an exponent.
    pub fn whole(&self) -> Option<i64> {
        let Value::Number(text) = self else { return None };
        if text.contains(['e', 'E']) { None } else { text.split('.').next()?.parse().ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Theirs;

    fn same(ours: &Value, theirs: &Theirs) -> bool {
        match (ours, theirs) {
            (Value::Null, Theirs::Null) => true,
            (Value::Bool(a), Theirs::Bool(b)) => a == b,
            (Value::Number(a), Theirs::Number(b)) => {
                a.parse().ok() == b.as_f64() && (b.as_i64().is_none() || ours.as_i64() == b.as_i64())
            }
            (Value::String(a), Theirs::String(b)) => a == b,
            (Value::Array(a), Theirs::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), Theirs::Object(b)) => {
                a.len() == b.len() && b.iter().all(|(name, b)| a.get(name).is_some_and(|a| same(a, b)))
            }
            _ => false,
        }
    }

    fn agree(text: &str) -> Result<(), TestCaseError> {
        match (parse(text), serde_json::from_str::<Theirs>(text)) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{text}"),
            // They refuse numbers that no float can hold; we keep them as they are written.
            (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("number out of range"), "{text}"),
            (Err(_), Ok(_)) => prop_assert!(false, "{text}"),
            (Err(_), Err(_)) => {}
        }
        Ok(())
    }

    #[test]
    fn edges_are_read_as_the_standard_says() {
        for text in [
            "",
            " ",
            "null",
            " true ",
            "tru",
            "nullx",
            "0",
            "-0",
            "01",
            "-",
            "1.",
            ".5",
            "1.5",
            "1e9",
            "1E+9",
            "1e",
            "\"\"",
            "\"\\u00e9\\n\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\\x\"",
            "\"a\nb\"",
            "\"\u{7f}\"",
            "\"open",
            "[]",
            "[1,]",
            "[1 2]",
            "{}",
            "{\"a\":1,\"a\":2}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"b\":{\"c\":[{}]}}",
            "1 2",
            "[[[[",
            "\u{feff}1",
            "-01",
            "1e999",
        ] {
            agree(text).unwrap();
        }
        let deep = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        agree(&deep(127)).unwrap();
        agree(&deep(128)).unwrap();
        assert!(parse(&deep(100_000)).is_err());
    }

    #[test]
    fn the_place_of_a_fault_is_named() {
        assert_eq!(parse("{"), Err(Broken { line: 1, column: 1 }));
        assert_eq!(parse("{\n  \"a\": x\n}"), Err(Broken { line: 2, column: 8 }));
    }

    /// What derived code makes of our values.
    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    enum Shape {
        Nothing,
        One(Option<u16>),
        Two(usize, Vec<u16>),
        Named {
            list: Vec<i64>,
            is: bool,
            #[serde(default)]
            text: String,
        },
    }

    #[test]
    fn data_is_written_as_the_crate_writes_it_and_comes_back() {
        let named = |list: &[i64]| Shape::Named { list: list.to_vec(), is: true, text: "a\"b".to_owned() };
        let shapes = vec![
            Shape::Nothing,
            Shape::One(None),
            Shape::One(Some(7)),
            Shape::Two(3, vec![32, 40]),
            named(&[]),
            named(&[-1, 2]),
        ];
        let text = pretty(&shapes);
        assert_eq!(text, serde_json::to_string_pretty(&shapes).unwrap());
        assert_eq!(read(&text), Some(shapes));
        assert_eq!(read::<Vec<Shape>>("[{\"Named\":{\"is\":1}}]"), None);
        assert_eq!(read::<Vec<Shape>>("[\"Something\"]"), None);
        assert_eq!(read::<u16>("65536"), None);
    }

    proptest! {
        /// Any text is read as the crate reads it, also one that is nearly right.
        #[test]
        fn any_text_is_read_alike(parts in prop::collection::vec(
            "\\{|\\}|\\[|\\]|,|:|\"|\"a\"|\"b\":|\\\\u[0-9a-fA-F]{4}|\\\\n|-?[0-9]{1,3}|\\.[0-9]|e[0-9]|true|false|null| |\\PC", 0..24,
        )) {
            agree(&parts.concat())?;
        }

        /// What is written is read again.
        #[test]
        fn texts_come_back(text in "\\PC{0,20}|[\\x00-\\x7f]{0,20}") {
            prop_assert_eq!(parse(&quote(&text)), Ok(Value::String(text.clone())));
            prop_assert_eq!(quote(&text), serde_json::to_string(&text).unwrap());
        }

        /// A value is written as the crate writes it.
        #[test]
        fn values_are_written_alike(names in prop::collection::vec("[a-c\"]{0,2}", 0..6), number in any::<i64>()) {
            let text = serde_json::json!({ "names": names, "number": number, "none": null, "is": true, "in": {} }).to_string();
            prop_assert_eq!(parse(&text).unwrap().to_string(), text);
        }
    }
}
