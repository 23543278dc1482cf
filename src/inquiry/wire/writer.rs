//! Writes a message.

use serde::ser::{self, Serialize};

use super::{ABSENT, FLOAT, LIST, MAP, Misunderstood, NEGATIVE, NO, NONE, POSITIVE, RECORD, TEXT, VARIANT, YES, stop};

pub struct Writer<'a>(pub &'a mut Vec<u8>);

type Written = Result<(), Misunderstood>;

impl<'a> Writer<'a> {
    fn number(self, mut rest: u64) {
        while rest > 0x7f {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
    }

    fn counted(self, what: u8, count: usize) -> Writer<'a> {
        self.0.push(what);
        Writer(self.0).number(count as u64);
        self
    }

    fn variant(self, place: u32) -> Writer<'a> {
        self.counted(VARIANT, place as usize)
    }

    fn next(&mut self, value: &(impl Serialize + ?Sized)) -> Written {
        value.serialize(Writer(self.0))
    }
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Misunderstood;
    type SerializeSeq = Writer<'a>;
    type SerializeTuple = Writer<'a>;
    type SerializeTupleStruct = Writer<'a>;
    type SerializeTupleVariant = Writer<'a>;
    type SerializeMap = Writer<'a>;
    type SerializeStruct = Writer<'a>;
    type SerializeStructVariant = Writer<'a>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, yes: bool) -> Written {
        self.0.push(if yes { YES } else { NO });
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Written {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Written {
        self.0.push(if number < 0 { NEGATIVE } else { POSITIVE });
        self.number(if number < 0 { !number as u64 } else { number as u64 });
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Written {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Written {
        self.0.push(POSITIVE);
        self.number(number);
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Written {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Written {
        self.0.push(FLOAT);
        self.0.extend(number.to_le_bytes());
        Ok(())
    }

    fn serialize_char(self, character: char) -> Written {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Written {
        self.counted(TEXT, text.len()).0.extend(text.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Written {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Written {
        self.0.push(NONE);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, place: u32, _: &'static str) -> Written {
        self.variant(place).serialize_none()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        place: u32,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self.variant(place))
    }

    fn serialize_seq(self, count: Option<usize>) -> Result<Writer<'a>, Misunderstood> {
        let Some(count) = count else { stop() };
        Ok(self.counted(LIST, count))
    }

    fn serialize_tuple(self, count: usize) -> Result<Writer<'a>, Misunderstood> {
        Ok(self.counted(LIST, count))
    }

    fn serialize_tuple_struct(self, _: &'static str, count: usize) -> Result<Writer<'a>, Misunderstood> {
        Ok(self.counted(LIST, count))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        place: u32,
        _: &'static str,
        count: usize,
    ) -> Result<Writer<'a>, Misunderstood> {
        Ok(self.variant(place).counted(LIST, count))
    }

    fn serialize_map(self, count: Option<usize>) -> Result<Writer<'a>, Misunderstood> {
        let Some(count) = count else { stop() };
        Ok(self.counted(MAP, count))
    }

    fn serialize_struct(self, _: &'static str, count: usize) -> Result<Writer<'a>, Misunderstood> {
        // The count leaves out what is skipped; the reader asks for as many fields as the type has.
        Ok(self.counted(RECORD, count))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        place: u32,
        _: &'static str,
        count: usize,
    ) -> Result<Writer<'a>, Misunderstood> {
        self.variant(place).serialize_struct(name, count)
    }
}

/// Lists and tuples: one value after the other. serde has a trait for each.
macro_rules! one_after_the_other {
    ($($part:ident $add:ident),*) => {$(
        impl ser::$part for Writer<'_> {
            type Ok = ();
            type Error = Misunderstood;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.next(value)
            }

            fn end(self) -> Written {
                Ok(())
            }
        }
    )*};
}

one_after_the_other!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

impl ser::SerializeMap for Writer<'_> {
    type Ok = ();
    type Error = Misunderstood;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.next(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.next(value)
    }

    fn end(self) -> Written {
        Ok(())
    }
}

/// Records: what is left out keeps its place.
macro_rules! field_by_field {
    ($($part:ident),*) => {$(
        impl ser::$part for Writer<'_> {
            type Ok = ();
            type Error = Misunderstood;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Written {
                self.next(value)
            }

            fn skip_field(&mut self, _: &'static str) -> Written {
                self.0.push(ABSENT);
                Ok(())
            }

            fn end(self) -> Written {
                Ok(())
            }
        }
    )*};
}

field_by_field!(SerializeStruct, SerializeStructVariant);
