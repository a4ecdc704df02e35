//! Turns a request into the network that it comes from: as much of an address as limits need.
//!
//! The address itself is looked at here and nowhere else, and never kept.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};

/// A network: the first 24 bits of an address of version 4, the first 48 of one of version 6. About
/// what one provider gives to one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    V4([u8; 3]),
    V6([u16; 3]),
}

impl Network {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(v6) => {
                let [a, b, c, ..] = v6.segments();
                Self::V6([a, b, c])
            }
        }
    }
}

/// The network of whoever asks, if that is known.
///
/// With a header that a proxy is trusted to write, the last address in it: those before are what the
/// client said of itself. Without one, the address of the connection, unless that is of a private
/// network: then it is that of a proxy, and a limit would be one for everybody.
pub(crate) fn network(
    trusted: Option<&HeaderName>,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Option<Network> {
    if let Some(name) = trusted {
        let last = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        let last = last.rsplit(',').next().unwrap_or_default();
        return address(last.trim()).map(Network::of);
    }
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let address = peer.ip().to_canonical();
    (!is_private(address)).then(|| Network::of(address))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let bare = bare.unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| {
            bare.parse()
                .ok()
                .map(|with_port: SocketAddr| with_port.ip())
        })
        .or_else(|| {
            text.parse()
                .ok()
                .map(|with_port: SocketAddr| with_port.ip())
        })
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, trusted: Option<&str>, sent: &[&str], expected: Option<Network>) {
        let name = trusted.map(|name| name.parse::<HeaderName>().unwrap());
        let mut headers = HeaderMap::new();
        for value in sent {
            let name: HeaderName = "x-forwarded-for".parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        let peer: SocketAddr = peer.parse().unwrap();
        extensions.insert(ConnectInfo(peer));
        let found = network(name.as_ref(), &headers, &extensions);
        assert_eq!(found, expected, "{peer} {sent:?}");
    }

    #[test]
    fn a_network_is_the_beginning_of_an_address() {
        let shop = Some(Network::V4([203, 0, 113]));
        check("203.0.113.7:4000", None, &[], shop);
        check("203.0.113.250:1", None, &[], shop);
        check("[::ffff:203.0.113.9]:1", None, &[], shop);
        let six = Some(Network::V6([0x2001, 0xdb8, 0x12]));
        check("[2001:db8:12:34::1]:1", None, &[], six);
    }

    #[test]
    fn what_a_client_says_of_itself_is_not_believed() {
        let peer = Some(Network::V4([203, 0, 113]));
        check("203.0.113.7:4000", None, &["198.51.100.1"], peer);
    }

    #[test]
    fn a_private_network_is_a_proxy() {
        for peer in [
            "127.0.0.1:1",
            "10.1.2.3:1",
            "172.17.0.1:1",
            "[::1]:1",
            "[fd00::1]:1",
        ] {
            check(peer, None, &["198.51.100.1"], None);
        }
    }

    #[test]
    fn of_a_trusted_header_the_last_address_counts() {
        let trusted = Some("X-Forwarded-For");
        let expected = Some(Network::V4([198, 51, 100]));
        check("10.0.0.1:1", trusted, &["198.51.100.1"], expected);
        check(
            "10.0.0.1:1",
            trusted,
            &["1.2.3.4, 198.51.100.9:80"],
            expected,
        );
        check(
            "10.0.0.1:1",
            trusted,
            &["1.2.3.4", "198.51.100.1"],
            expected,
        );
        let six = Some(Network::V6([0x2001, 0xdb8, 0]));
        check("10.0.0.1:1", trusted, &["[2001:db8::1]:443"], six);
        check("10.0.0.1:1", trusted, &["2001:db8::1"], six);
        check("10.0.0.1:1", trusted, &["[2001:db8::1]"], six);
        // One that is not there, or no address, is of nobody; and nobody is not limited.
        check("203.0.113.7:1", trusted, &[], None);
        check("203.0.113.7:1", trusted, &["unknown"], None);
    }
}
