//! Reads a message.

use serde::de::value::U64Deserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::{ABSENT, FLOAT, LIST, MAP, Misunderstood, NEGATIVE, NO, NONE, POSITIVE, RECORD, TEXT, VARIANT, YES, stop};

/// What is left to be read.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let Some((taken, rest)) = self.0.split_at_checked(count) else { stop() };
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return number;
            }
        }
        stop()
    }

    fn text(&mut self) -> &'a str {
        let length = self.number() as usize;
        let Ok(text) = std::str::from_utf8(self.take(length)) else { stop() };
        text
    }

    /// Whether the next byte is this one; then it is read.
    fn comes(&mut self, what: u8) -> bool {
        let comes = self.0.first() == Some(&what);
        if comes {
            self.0 = self.0.get(1..).unwrap_or_default();
        }
        comes
    }

    fn expect(&mut self, what: u8) {
        if !self.comes(what) {
            stop()
        }
    }

    /// What follows a list's or a map's first byte.
    fn parts(&mut self) -> Parts<'_, 'a> {
        let left = self.number() as usize;
        Parts { reader: self, left }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Misunderstood;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misunderstood> {
        match self.byte() {
            NONE => visitor.visit_unit(),
            NO => visitor.visit_bool(false),
            YES => visitor.visit_bool(true),
            POSITIVE => visitor.visit_u64(self.number()),
            NEGATIVE => visitor.visit_i64(!(self.number() as i64)),
            FLOAT => {
                let Ok(bytes) = self.take(8).try_into() else { stop() };
                visitor.visit_f64(f64::from_le_bytes(bytes))
            }
            TEXT => visitor.visit_str(self.text()),
            LIST => visitor.visit_seq(self.parts()),
            MAP => visitor.visit_map(self.parts()),
            _ => stop(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misunderstood> {
        if self.comes(NONE) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misunderstood> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misunderstood> {
        self.expect(RECORD);
        self.number();
        visitor.visit_seq(Parts { reader: self, left: fields.len() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misunderstood> {
        self.expect(VARIANT);
        visitor.visit_enum(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misunderstood> {
        self.expect(LIST);
        visitor.visit_seq(self.parts())
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misunderstood> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misunderstood> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misunderstood> {
        self.expect(MAP);
        visitor.visit_map(self.parts())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct identifier ignored_any
    }
}

/// What is left of a list, a map or a record.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    left: usize,
}

impl<'de> de::SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Misunderstood;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misunderstood> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        if self.reader.comes(ABSENT) { Ok(None) } else { seed.deserialize(&mut *self.reader).map(Some) }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> de::MapAccess<'de> for Parts<'_, 'de> {
    type Error = Misunderstood;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misunderstood> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misunderstood> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> de::EnumAccess<'de> for &mut Reader<'de> {
    type Error = Misunderstood;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Misunderstood> {
        let place: U64Deserializer<Misunderstood> = self.number().into_deserializer();
        Ok((seed.deserialize(place)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Reader<'de> {
    type Error = Misunderstood;

    fn unit_variant(self) -> Result<(), Misunderstood> {
        self.expect(NONE);
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misunderstood> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misunderstood> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misunderstood> {
        self.deserialize_struct("the variant", fields, visitor)
    }
}
