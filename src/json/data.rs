//! Data out of values, by serde's derived code: what [`super::pretty`] wrote, or another program of ours.

use super::{Map, Value};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, Deserializer, EnumAccess, Error, IntoDeserializer, VariantAccess, Visitor,
};
use std::fmt::{self, Display};

/// Data of a type; `None` when the text is not JSON or holds something else.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    of(super::parse(text).ok()?)
}

/// The same from a value.
pub fn of<T: DeserializeOwned>(value: Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The value is not what the type wants. Nobody asks why.
#[derive(Debug)]
pub struct Other;

impl Display for Other {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of another type")
    }
}

impl std::error::Error for Other {}

impl Error for Other {
    fn custom<T: Display>(_: T) -> Other {
        Other
    }
}

impl IntoDeserializer<'_, Other> for Value {
    type Deserializer = Value;
    fn into_deserializer(self) -> Value {
        self
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Other;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(is) => visitor.visit_bool(is),
            Value::Number(_) => match (self.as_u64(), self.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (_, Some(number)) => visitor.visit_i64(number),
                _ => Err(Other),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Value::Object(Map(members)) => visitor.visit_map(MapDeserializer::new(members.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Other> {
        if self == Value::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Other> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        match self {
            Value::String(name) => visitor.visit_enum(Variant(name, None)),
            Value::Object(Map(mut members)) if members.len() == 1 => match members.pop() {
                Some((name, value)) => visitor.visit_enum(Variant(name, Some(value))),
                None => Err(Other),
            },
            _ => Err(Other),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The name of a variant and what it holds.
struct Variant(String, Option<Value>);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Other;
    type Variant = Held;
    fn variant_seed<V: serde::de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Held), Other> {
        Ok((seed.deserialize(Value::String(self.0))?, Held(self.1)))
    }
}

struct Held(Option<Value>);

impl<'de> VariantAccess<'de> for Held {
    type Error = Other;
    fn unit_variant(self) -> Result<(), Other> {
        if self.0.is_none() { Ok(()) } else { Err(Other) }
    }
    fn newtype_variant_seed<T: serde::de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Other> {
        seed.deserialize(self.0.ok_or(Other)?)
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Other> {
        self.0.ok_or(Other)?.deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Other> {
        self.0.ok_or(Other)?.deserialize_any(visitor)
    }
}
