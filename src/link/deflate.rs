//! Deflate (RFC 1951) with a dictionary of what cases often say, as zlib's preset dictionaries work (RFC 1950 §2.2).

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::LinkError;

/// Both sides pretend that this came before the data. Never changed: every link of version 1 leans on it.
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

/// Deflate reaches 1000:1, so a short link could fill the memory.
const LARGEST: usize = 2 * 1024 * 1024;

pub(super) fn pack(data: &[u8]) -> Vec<u8> {
    // Raw deflate (negative window bits) at the highest level, default strategy.
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(10, -15, 0));
    let mut out = Vec::new();
    // After a synchronizing flush the output stands at a byte boundary, and the window still holds the dictionary.
    compress(&mut compressor, DICTIONARY, TDEFLFlush::Sync, &mut Vec::new());
    compress(&mut compressor, data, TDEFLFlush::Finish, &mut out);
    out
}

fn compress(compressor: &mut CompressorOxide, data: &[u8], flush: TDEFLFlush, out: &mut Vec<u8>) -> TDEFLStatus {
    let (status, _) = compress_to_output(compressor, data, flush, |bytes| {
        out.extend_from_slice(bytes);
        true
    });
    status
}

pub(super) fn unpack(packed: &[u8]) -> Result<String, LinkError> {
    let most = DICTIONARY.len() + LARGEST;
    let mut out = DICTIONARY.to_vec();
    let mut filled = out.len();
    out.resize((filled + packed.len().saturating_mul(4)).clamp(filled + 1, most), 0);
    let mut decompressor = Box::<DecompressorOxide>::default();
    let mut rest = packed;
    loop {
        let (status, eaten, written) =
            decompress(&mut decompressor, rest, &mut out, filled, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF);
        filled += written;
        rest = rest.get(eaten..).unwrap_or_default();
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if out.len() < most => out.resize(out.len().saturating_mul(2).min(most), 0),
            TINFLStatus::HasMoreOutput => return Err(LinkError::TooLarge { what: "bytes", most: LARGEST }),
            _ => return Err(LinkError::Unsound("its data does not unpack".to_owned())),
        }
    }
    let text = out.get(DICTIONARY.len()..filled).unwrap_or_default();
    String::from_utf8(text.to_vec()).map_err(|_| LinkError::Unsound("its data is no text".to_owned()))
}
