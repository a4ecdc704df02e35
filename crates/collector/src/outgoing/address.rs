//! Turns an address into "anybody may be asked there" or "that is inside": what a request that a
//! person configured must not reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses, as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    address: IpAddr,
    bits: u8,
}

impl Range {
    const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            bits,
        }
    }

    const fn v6(first: u16, second: u16, bits: u8) -> Self {
        Self {
            address: IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)),
            bits,
        }
    }

    /// Whether an address is in it. Version 4 written as version 6 is version 4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(self.bits))
                    .unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let reason = || String::from("is no range of addresses, as in 10.0.0.0/8 or fd00::/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| reason())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| reason())?;
        (bits <= most)
            .then_some(Self { address, bits })
            .ok_or_else(reason)
    }
}

/// Version 4 that is not for everybody.
///
/// # Source
///
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, and multicast (224.0.0.0/4).
const INSIDE_V4: [Range; 16] = [
    Range::v4(0, 0, 0, 0, 8),
    Range::v4(10, 0, 0, 0, 8),
    Range::v4(100, 64, 0, 0, 10),
    Range::v4(127, 0, 0, 0, 8),
    Range::v4(169, 254, 0, 0, 16),
    Range::v4(172, 16, 0, 0, 12),
    Range::v4(192, 0, 0, 0, 24),
    Range::v4(192, 0, 2, 0, 24),
    Range::v4(192, 31, 196, 0, 24),
    Range::v4(192, 88, 99, 0, 24),
    Range::v4(192, 168, 0, 0, 16),
    Range::v4(198, 18, 0, 0, 15),
    Range::v4(198, 51, 100, 0, 24),
    Range::v4(203, 0, 113, 0, 24),
    Range::v4(224, 0, 0, 0, 4),
    Range::v4(240, 0, 0, 0, 4),
];

/// The only part of version 6 that is given out for everybody.
///
/// # Source
///
/// <https://www.iana.org/assignments/ipv6-unicast-address-assignments>
const GLOBAL_V6: Range = Range::v6(0x2000, 0, 3);

/// Version 6 within it that is not: protocols (Teredo among them), documentation.
///
/// # Source
///
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>
const INSIDE_V6: [Range; 3] = [
    Range::v6(0x2001, 0, 23),
    Range::v6(0x2001, 0xdb8, 32),
    Range::v6(0x3fff, 0, 20),
];

/// NAT64 (RFC 6052): version 4 in the last 32 bits.
const NAT64: Range = Range::v6(0x64, 0xff9b, 96);
/// 6to4 (RFC 3056): version 4 in bits 16 to 48.
const SIX_TO_FOUR: Range = Range::v6(0x2002, 0, 16);

/// Whether an address is one that anybody may be asked at.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let address = IpAddr::V4(address);
    !INSIDE_V4.iter().any(|range| range.contains(address))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let address = IpAddr::V6(v6);
    let bits = v6.to_bits();
    // Casts cut off what is not the address of version 4.
    if NAT64.contains(address) {
        return is_public_v4(Ipv4Addr::from_bits(bits as u32));
    }
    if SIX_TO_FOUR.contains(address) {
        return is_public_v4(Ipv4Addr::from_bits((bits >> 80) as u32));
    }
    GLOBAL_V6.contains(address) && !INSIDE_V6.iter().any(|range| range.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], expected: bool) {
        for text in addresses {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(is_public(address), expected, "{text}");
        }
    }

    #[test]
    fn what_is_inside_is_not_public_in_any_form() {
        check(
            &[
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "192.0.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "203.0.113.7",
            ],
            false,
        );
        check(
            &[
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "fec0::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "::127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "2001::1",
                "2001:db8::1",
                "3fff::1",
                "100::1",
                "4000::1",
            ],
            false,
        );
    }

    #[test]
    fn what_is_for_everybody_is() {
        check(
            &[
                "1.1.1.1",
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "223.255.255.255",
            ],
            true,
        );
        check(
            &[
                "2606:4700::1111",
                "2001:4860:4860::8888",
                "::ffff:1.1.1.1",
                "64:ff9b::101:101",
                "2002:101:101::1",
            ],
            true,
        );
    }

    #[test]
    fn a_range_is_read_and_holds_what_it_says() {
        let check = |range: &str, address: &str, expected: bool| {
            let range: Range = range.parse().unwrap();
            assert_eq!(
                range.contains(address.parse().unwrap()),
                expected,
                "{range:?} {address}"
            );
        };
        check("10.0.0.0/8", "10.200.0.1", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.0/8", "::ffff:10.0.0.1", true);
        check("10.0.0.5", "10.0.0.5", true);
        check("10.0.0.5", "10.0.0.6", false);
        check("0.0.0.0/0", "1.2.3.4", true);
        check("0.0.0.0/0", "::1", false);
        check("::/0", "::1", true);
        check("fd00::/8", "fd12::1", true);
        for wrong in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "fd00::/129",
            "10.0.0.0/x",
            "shop.example",
        ] {
            assert!(wrong.parse::<Range>().is_err(), "{wrong}");
        }
    }
}
