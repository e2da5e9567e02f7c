//! The bytes in the file: plain or encoded, each with a checksum that reveals damage.

use std::fmt;
use std::sync::Arc;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::error::Result;

/// Encodes the contents of runs before they are written, for example to encrypt them.
///
/// Inputs, outputs, prompts, replies, answers and error texts are encoded. Run ids, workflow names, places of waits, times,
/// statuses, and counts of steps, tokens and money stay readable, so that runs can be listed.
///
/// ```
/// use flow_runtime::error::Result;
/// use flow_runtime::journal::Codec;
///
/// /// Only the shape of a codec, not real encryption.
/// #[derive(Debug)]
/// struct Turned(u8);
///
/// impl Codec for Turned {
///     fn name(&self) -> &str {
///         "turned"
///     }
///
///     fn encode(&self, plain: Vec<u8>) -> Vec<u8> {
///         plain.into_iter().map(|byte| byte ^ self.0).collect()
///     }
///
///     fn decode(&self, encoded: Vec<u8>) -> Result<Vec<u8>> {
///         Ok(self.encode(encoded))
///     }
/// }
/// # assert_eq!(Turned(3).decode(Turned(3).encode(b"said".to_vec())).unwrap(), b"said");
/// ```
pub trait Codec: fmt::Debug + Send + Sync + 'static {
    /// Returns the name and version of the codec. A file opens only with the codec name that created it.
    fn name(&self) -> &str;

    /// Encodes bytes. Equal inputs may give different results.
    fn encode(&self, plain: Vec<u8>) -> Vec<u8>;

    /// Decodes bytes.
    ///
    /// # Errors
    ///
    /// Fails if the bytes were not encoded by this codec with this key.
    fn decode(&self, encoded: Vec<u8>) -> Result<Vec<u8>>;
}

/// The length of the key of a file's sums, in bytes.
pub(super) const KEY: usize = 32;

/// Encodes and decodes the file's bytes, and computes their keyed checksums and hashes.
#[derive(Clone)]
pub(super) struct Sealer {
    pub(super) codec: Option<Arc<dyn Codec>>,
    /// Random for each file, and stored encoded: without the codec, checksums and hashes reveal nothing about the content.
    pub(super) key: [u8; KEY],
}

/// Bytes as stored in the file.
pub(super) struct Sealed {
    bytes: Vec<u8>,
    text: bool,
}

impl Sealer {
    /// Encodes bytes for writing.
    pub(super) fn seal(&self, plain: Vec<u8>) -> Sealed {
        match &self.codec {
            Some(codec) => Sealed { bytes: codec.encode(plain), text: false },
            None => Sealed { bytes: plain, text: true },
        }
    }

    /// Decodes bytes; `borrowed` may point into the database's own memory.
    pub(super) fn open<T>(&self, borrowed: &[u8], read: impl FnOnce(&[u8]) -> T) -> Result<T> {
        match &self.codec {
            Some(codec) => Ok(read(&codec.decode(borrowed.to_vec())?)),
            None => Ok(read(borrowed)),
        }
    }

    /// A short checksum of sealed bytes, bound to their owner.
    pub(super) fn sum(&self, of: &[u8], sealed: &[u8]) -> i64 {
        let hash = blake3::Hasher::new_keyed(&self.key).update(of).update(b"\0").update(sealed).finalize();
        i64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash has more than eight bytes"))
    }

    /// A content hash, used as a lookup key.
    pub(super) fn hash(&self, kind: u8, plain: &[u8]) -> blake3::Hash {
        blake3::Hasher::new_keyed(&self.key).update(&[kind]).update(plain).finalize()
    }
}

impl Sealed {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl ToSql for Sealed {
    /// Plain bytes are stored as text, so that SQL can read them.
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let make = if self.text { ValueRef::Text } else { ValueRef::Blob };
        Ok(ToSqlOutput::Borrowed(make(&self.bytes)))
    }
}

impl fmt::Debug for Sealer {
    /// Omits the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("codec", &self.codec).finish_non_exhaustive()
    }
}
