//! Samples that their owners publish: keys and passwords that stand in documentation and in open
//! source for everybody to read, and look like any other.

use sha2::{Digest, Sha256};

/// The first eight bytes of the samples' SHA-256, sorted: so they can be told, and no scanner takes
/// this file for a leak. They are the sample keys of Google's APIs that gitleaks allows, and the
/// sample passwords and keys in the documentation of `NuGet` and Stripe.
const SAMPLES: &[u64] = &[
    0x0b47_6bdf_9acf_2123,
    0x2037_abca_ffb2_b777,
    0x27a9_a429_31df_f7eb,
    0x2caf_c097_0149_a84f,
    0x37f8_f09b_df12_c2f2,
    0x3a8b_61d0_f636_b007,
    0x3f37_0c9d_d822_5c63,
    0x49f7_77db_995e_8260,
    0x4c98_242d_cadc_8b29,
    0x8731_261c_b72d_8626,
    0xa070_2bc9_1d69_9f60,
    0xa19f_89ab_3555_eac1,
    0xa6c8_14bc_555a_e62c,
    0xdba7_2c00_f41f_4e4c,
    0xdc0f_cf04_6c61_640c,
    0xe4a5_542b_b7fd_7b67,
    0xea9b_b108_2cf9_5663,
    0xeb54_0d2b_6ee2_a0a4,
    0xf56e_3234_94a6_ffc2,
];

/// Lengths of the samples, in bytes: nothing else is looked up.
const LENGTHS: &[usize] = &[11, 14, 32, 39];

/// Whether the secret is a sample that is published.
pub(super) fn is_published(secret: &str) -> bool {
    if !LENGTHS.contains(&secret.len()) {
        return false;
    }
    let digest = Sha256::digest(secret);
    let (first, _) = digest.split_at(8);
    first.try_into().is_ok_and(|first| SAMPLES.binary_search(&u64::from_be_bytes(first)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_sorted() {
        assert!(SAMPLES.is_sorted());
    }

    #[test]
    fn a_published_sample_is_told_from_its_like() {
        // Put together here, so that no scanner takes this file for a leak.
        let sample = format!("sk_{}_{}", "test", "4eC39HqLyjWDarjtT1zdp7dc");
        assert!(is_published(&sample));
        assert!(!is_published(&sample.replace('4', "5")));
        assert!(!is_published(""));
    }
}
