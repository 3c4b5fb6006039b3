//! The writer: values, and by serde's derived code whole reports. That code is the one list of what a report holds;
//! what it calls here is small, and cannot fail, so that no call of it has to look for an error.

use super::Value;
use serde::ser::{self, Impossible, Serialize, Serializer};
use std::fmt::{self, Display, Write};

/// A text in quotes.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ..' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// An object of texts.
pub fn texts(members: &[(&str, &str)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, text)| [&quote(name), ":", &quote(text)].concat()).collect();
    ["{", &members.join(","), "}"].concat()
}

impl Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => to.write_str("null"),
            Value::Bool(is) => to.write_str(if *is { "true" } else { "false" }),
            Value::Number(text) => to.write_str(text),
            Value::String(text) => to.write_str(&quote(text)),
            Value::Array(list) => {
                to.write_str("[")?;
                for (index, value) in list.iter().enumerate() {
                    to.write_str(if index == 0 { "" } else { "," })?;
                    value.fmt(to)?;
                }
                to.write_str("]")
            }
            Value::Object(object) => {
                to.write_str("{")?;
                for (index, (name, value)) in object.iter().enumerate() {
                    to.write_str(if index == 0 { "" } else { "," })?;
                    to.write_str(&quote(name))?;
                    to.write_str(":")?;
                    value.fmt(to)?;
                }
                to.write_str("}")
            }
        }
    }
}

/// Data as JSON, indented for people.
pub fn pretty<T: Serialize>(data: &T) -> String {
    let mut writer = Writer::default();
    match data.serialize(&mut writer) {
        Ok(()) => writer.text,
        Err(never) => match never {},
    }
}

/// An error that does not happen: memory takes everything, and derived code makes no errors of its own.
#[derive(Debug)]
pub enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Never {
        unreachable!("derived code makes no errors")
    }
}

/// Writes with an indent of two, each member on a line of its own.
#[derive(Default)]
pub struct Writer {
    text: String,
    depth: usize,
    /// True while the list or object that is open has nothing in it.
    empty: bool,
}

type Done = Result<(), Never>;

impl Writer {
    fn put(&mut self, text: &str) -> Done {
        self.text.push_str(text);
        Ok(())
    }

    fn line(&mut self) {
        self.text.push('\n');
        (0..self.depth).for_each(|_| self.text.push_str("  "));
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.empty = true;
    }

    /// Begins the next entry.
    #[inline(never)]
    fn next(&mut self) {
        if !core::mem::take(&mut self.empty) {
            self.text.push(',');
        }
        self.line();
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.next();
        self.text.push_str(&quote(name));
        self.text.push_str(": ");
    }

    #[inline(never)]
    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !core::mem::take(&mut self.empty) {
            self.line();
        }
        self.text.push(bracket);
    }

    #[inline(never)]
    fn number(&mut self, number: i64) -> Done {
        let _ = write!(self.text, "{number}");
        Ok(())
    }
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = Several<'a>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    fn serialize_bool(self, is: bool) -> Done {
        self.put(if is { "true" } else { "false" })
    }
    fn serialize_i8(self, number: i8) -> Done {
        self.number(number.into())
    }
    fn serialize_i16(self, number: i16) -> Done {
        self.number(number.into())
    }
    fn serialize_i32(self, number: i32) -> Done {
        self.number(number.into())
    }
    fn serialize_i64(self, number: i64) -> Done {
        self.number(number)
    }
    fn serialize_u8(self, number: u8) -> Done {
        self.number(number.into())
    }
    fn serialize_u16(self, number: u16) -> Done {
        self.number(number.into())
    }
    fn serialize_u32(self, number: u32) -> Done {
        self.number(number.into())
    }
    fn serialize_u64(self, number: u64) -> Done {
        self.put(&number.to_string())
    }
    fn serialize_f32(self, number: f32) -> Done {
        self.serialize_f64(number.into())
    }
    fn serialize_f64(self, number: f64) -> Done {
        self.put(&number.to_string())
    }
    fn serialize_char(self, c: char) -> Done {
        self.put(&quote(c.encode_utf8(&mut [0; 4])))
    }
    #[inline(never)]
    fn serialize_str(self, text: &str) -> Done {
        self.put(&quote(text))
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Done {
        self.collect_seq(bytes)
    }
    fn serialize_none(self) -> Done {
        self.put("null")
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.put("null")
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.put("null")
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.open('{');
        self.name(variant);
        value.serialize(&mut *self)?;
        self.close('}');
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, Never> {
        self.open('[');
        Ok(List(self))
    }
    fn serialize_tuple(self, _: usize) -> Result<List<'a>, Never> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, Never> {
        self.serialize_seq(None)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Several<'a>, Never> {
        self.open('{');
        self.name(variant);
        self.serialize_seq(None).map(Several)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Impossible<(), Never>, Never> {
        unreachable!("no part of a report is a map")
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'a>, Never> {
        self.open('{');
        Ok(Members { writer: self, braces: 1 })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>, Never> {
        self.open('{');
        self.name(variant);
        self.open('{');
        Ok(Members { writer: self, braces: 2 })
    }
}

/// A list that is being written.
pub struct List<'a>(&'a mut Writer);

impl List<'_> {
    fn entry<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.0.next();
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Done {
        self.0.close(']');
        Ok(())
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.entry(value)
    }
    fn end(self) -> Done {
        List::end(self)
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.entry(value)
    }
    fn end(self) -> Done {
        List::end(self)
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.entry(value)
    }
    fn end(self) -> Done {
        List::end(self)
    }
}

/// The values of a variant, in an object with its name.
pub struct Several<'a>(List<'a>);

impl ser::SerializeTupleVariant for Several<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.0.entry(value)
    }
    fn end(self) -> Done {
        let Several(List(writer)) = self;
        writer.close(']');
        writer.close('}');
        Ok(())
    }
}

/// An object that is being written.
pub struct Members<'a> {
    writer: &'a mut Writer,
    /// How many braces close it.
    braces: usize,
}

impl Members<'_> {
    fn member<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.writer.name(name);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Done {
        (0..self.braces).for_each(|_| self.writer.close('}'));
        Ok(())
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.member(name, value)
    }
    fn end(self) -> Done {
        Members::end(self)
    }
}

impl ser::SerializeStructVariant for Members<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.member(name, value)
    }
    fn end(self) -> Done {
        Members::end(self)
    }
}
