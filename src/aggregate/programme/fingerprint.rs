//! One number from all settings of a programme, by which a checkpoint knows its own.

/// A seed and bytes made into one number that is the same on every machine: FNV-1a of 64 bits.
pub(super) fn mixed(seed: u64, bytes: &[u8]) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    bytes.iter().copied().fold(seed.to_le_bytes().into_iter().fold(BASIS, step), step)
}

fn step(hash: u64, byte: u8) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// The number of some settings, from their serialised form.
#[cfg(feature = "serde")]
pub(super) fn fingerprint(settings: &impl serde::Serialize) -> u64 {
    let mut hash = serialised::Hash(mixed(0, &[]));
    // The hash refuses nothing, and no setting refuses to be written.
    let _ = settings.serialize(&mut hash);
    hash.0
}

/// The same where nothing can be stored: checkpoints do not leave the program.
#[cfg(not(feature = "serde"))]
pub(super) fn fingerprint(settings: &impl std::fmt::Debug) -> u64 {
    mixed(0, format!("{settings:?}").as_bytes())
}

/// A serialiser that keeps nothing but a hash of what is written: of every value, of every name of a field or variant, and
/// of where lists and structures begin and end.
#[cfg(feature = "serde")]
mod serialised {
    use serde::de::value::Error;
    use serde::ser::{
        Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant, Serializer,
    };

    pub(super) struct Hash(pub(super) u64);

    type Done = Result<(), Error>;

    impl Hash {
        /// A kind of value, and its bytes.
        fn add(&mut self, kind: u8, bytes: &[u8]) {
            self.0 = bytes.iter().copied().fold(super::step(self.0, kind), super::step);
        }

        fn text(&mut self, kind: u8, text: &str) {
            self.add(kind, &(text.len() as u64).to_le_bytes());
            self.add(kind, text.as_bytes());
        }
    }

    const END: u8 = 0;
    const NONE: u8 = 1;
    const SOME: u8 = 2;
    const NUMBER: u8 = 3;
    const TEXT: u8 = 4;
    const LIST: u8 = 5;
    const NAME: u8 = 6;

    /// Numbers by their kind's own bytes.
    macro_rules! numbers {
        ($($method:ident: $type:ty),+) => {$(
            fn $method(self, value: $type) -> Done {
                self.add(NUMBER, &value.to_le_bytes());
                Ok(())
            }
        )+};
    }

    impl Serializer for &mut Hash {
        type Ok = ();
        type Error = Error;
        type SerializeSeq = Self;
        type SerializeTuple = Self;
        type SerializeTupleStruct = Self;
        type SerializeTupleVariant = Self;
        type SerializeMap = Self;
        type SerializeStruct = Self;
        type SerializeStructVariant = Self;

        numbers!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
        numbers!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
        numbers!(serialize_f32: f32, serialize_f64: f64);

        fn serialize_bool(self, value: bool) -> Done {
            self.serialize_u8(u8::from(value))
        }

        fn serialize_char(self, value: char) -> Done {
            self.serialize_u32(u32::from(value))
        }

        fn serialize_str(self, value: &str) -> Done {
            self.text(TEXT, value);
            Ok(())
        }

        fn serialize_bytes(self, value: &[u8]) -> Done {
            self.add(LIST, &(value.len() as u64).to_le_bytes());
            self.add(LIST, value);
            Ok(())
        }

        fn serialize_none(self) -> Done {
            self.add(NONE, &[]);
            Ok(())
        }

        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
            self.add(SOME, &[]);
            value.serialize(self)
        }

        fn serialize_unit(self) -> Done {
            self.serialize_none()
        }

        fn serialize_unit_struct(self, _: &'static str) -> Done {
            self.serialize_none()
        }

        fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
            self.text(NAME, variant);
            Ok(())
        }

        fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
            value.serialize(self)
        }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            variant: &'static str,
            value: &T,
        ) -> Done {
            self.text(NAME, variant);
            value.serialize(self)
        }

        fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
            self.add(LIST, &[]);
            Ok(self)
        }

        fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
            self.serialize_seq(None)
        }

        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
            self.serialize_seq(None)
        }

        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            variant: &'static str,
            _: usize,
        ) -> Result<Self, Error> {
            self.text(NAME, variant);
            self.serialize_seq(None)
        }

        fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
            self.serialize_seq(None)
        }

        fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
            self.serialize_seq(None)
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            variant: &'static str,
            _: usize,
        ) -> Result<Self, Error> {
            self.text(NAME, variant);
            self.serialize_seq(None)
        }
    }

    /// The parts of lists, whose end is marked.
    macro_rules! lists {
        ($($part:ident::$method:ident),+) => {$(
            impl $part for &mut Hash {
                type Ok = ();
                type Error = Error;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                    value.serialize(&mut **self)
                }

                fn end(self) -> Done {
                    self.add(END, &[]);
                    Ok(())
                }
            }
        )+};
    }

    lists!(SerializeSeq::serialize_element, SerializeTuple::serialize_element);
    lists!(SerializeTupleStruct::serialize_field, SerializeTupleVariant::serialize_field);

    macro_rules! structures {
        ($($part:ident),+) => {$(
            impl $part for &mut Hash {
                type Ok = ();
                type Error = Error;

                fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
                    self.text(NAME, name);
                    value.serialize(&mut **self)
                }

                fn end(self) -> Done {
                    self.add(END, &[]);
                    Ok(())
                }
            }
        )+};
    }

    structures!(SerializeStruct, SerializeStructVariant);

    impl SerializeMap for &mut Hash {
        type Ok = ();
        type Error = Error;

        fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
            key.serialize(&mut **self)
        }

        fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
            value.serialize(&mut **self)
        }

        fn end(self) -> Done {
            self.add(END, &[]);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_run_together_are_told_apart() {
        assert_ne!(fingerprint(&("ab", "c")), fingerprint(&("a", "bc")));
        assert_ne!(fingerprint(&vec![vec![1.0], vec![]]), fingerprint(&vec![vec![], vec![1.0]]));
        assert_ne!(fingerprint(&Some(0.0)), fingerprint(&None::<f64>));
        assert_eq!(fingerprint(&("ab", 1.5)), fingerprint(&("ab", 1.5)));
        // FNV-1a of eight zeros and "a".
        let by_hand = [0_u8; 8]
            .iter()
            .chain(b"a")
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(mixed(0, b"a"), by_hand);
    }
}
