//! Which addresses may be spoken to. A name can lead anywhere, and elsewhere tomorrow, so the words of
//! an address are looked at when it is registered, and where it leads when a connection is made.

use http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest address, in characters.
const LONGEST: usize = 500;

/// To what part of the network an address belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// Everybody's.
    Public,
    /// This machine.
    Loopback,
    /// The networks of a house: RFC 1918, unique local addresses, shared address space.
    Private,
    /// What is reached without a router. Cloud machines find their own credentials there.
    LinkLocal,
    /// Multicast, documentation, benchmarks, segments and what is reserved: never a webhook.
    Special,
}

/// The class of an address. One that carries another, as of IPv4 in IPv6, is of that one's class.
#[must_use]
pub fn class_of(address: IpAddr) -> AddressClass {
    match address {
        IpAddr::V4(address) => class_of_v4(address),
        IpAddr::V6(address) => class_of_v6(address),
    }
}

fn class_of_v4(address: Ipv4Addr) -> AddressClass {
    match address.octets() {
        [0 | 127, ..] => AddressClass::Loopback,
        [10, ..] | [192, 168, ..] => AddressClass::Private,
        [172, second, ..] if (16..32).contains(&second) => AddressClass::Private,
        [100, second, ..] if (64..128).contains(&second) => AddressClass::Private,
        [169, 254, ..] => AddressClass::LinkLocal,
        [192, 0, 0 | 2, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            AddressClass::Special
        }
        [224..=255, ..] => AddressClass::Special,
        _ => AddressClass::Public,
    }
}

fn class_of_v6(address: Ipv6Addr) -> AddressClass {
    let parts = address.segments();
    let carried = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        class_of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => AddressClass::Loopback,
        // Compatible, mapped and translated addresses of IPv4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => carried(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => carried(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => carried(high, low),
        [0x2002, high, low, ..] => carried(high, low),
        [0xfe80..=0xfebf, ..] => AddressClass::LinkLocal,
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => AddressClass::Private,
        [0x64, 0xff9b, ..]
        | [0x100, 0, 0, 0, ..]
        | [0x2001, 0 | 0xdb8, ..]
        | [0x2001, 2, 0, ..]
        | [0x3fff, 0..=0xfff, ..]
        | [0x5f00, ..]
        | [0xff00..=0xffff, ..] => AddressClass::Special,
        _ => AddressClass::Public,
    }
}

/// What is wrong with an address; nothing when it may be registered.
pub(crate) fn fault(address: &str) -> Option<&'static str> {
    if address.chars().count() > LONGEST {
        return Some("it is longer than 500 characters");
    }
    if address.contains('#') {
        return Some("it has a fragment, which is never sent; leave out what follows #");
    }
    let Ok(uri) = address.parse::<Uri>() else { return Some("it is no address") };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Some("it is no whole address");
    };
    if authority.as_str().contains('@') {
        return Some("it has a user or password; the signature says who sends");
    }
    match scheme {
        _ if authority.host().is_empty() => Some("it has no host"),
        "https" => None,
        "http" if is_loopback_host(authority.host()) => None,
        "http" => Some("it is not https, and what is sent could be read on the way"),
        _ => Some("it is not https"),
    }
}

fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = |address| class_of(address) == AddressClass::Loopback;
    host.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_the_class_of_where_it_leads() {
        for (text, class) in [
            ("93.184.216.34", AddressClass::Public),
            ("2606:4700::1111", AddressClass::Public),
            ("127.0.0.1", AddressClass::Loopback),
            ("127.9.9.9", AddressClass::Loopback),
            ("0.0.0.0", AddressClass::Loopback),
            ("::1", AddressClass::Loopback),
            ("::", AddressClass::Loopback),
            ("::ffff:127.0.0.1", AddressClass::Loopback),
            ("10.1.2.3", AddressClass::Private),
            ("172.16.0.1", AddressClass::Private),
            ("172.32.0.1", AddressClass::Public),
            ("192.168.1.1", AddressClass::Private),
            ("100.64.0.1", AddressClass::Private),
            ("100.128.0.1", AddressClass::Public),
            ("fd00::1", AddressClass::Private),
            ("::ffff:10.0.0.1", AddressClass::Private),
            ("64:ff9b::a00:1", AddressClass::Private),
            ("2002:a00:1::", AddressClass::Private),
            ("169.254.169.254", AddressClass::LinkLocal),
            ("::ffff:169.254.169.254", AddressClass::LinkLocal),
            ("fe80::1", AddressClass::LinkLocal),
            ("224.0.0.1", AddressClass::Special),
            ("255.255.255.255", AddressClass::Special),
            ("192.0.2.1", AddressClass::Special),
            ("ff02::1", AddressClass::Special),
            ("2001:db8::1", AddressClass::Special),
            ("::ffff:0:10.0.0.1", AddressClass::Private),
            ("::ffff:0:127.0.0.1", AddressClass::Loopback),
            ("2001:2::1", AddressClass::Special),
            ("2001:2:1::1", AddressClass::Public),
            ("3fff:fff::1", AddressClass::Special),
            ("3fff:1000::1", AddressClass::Public),
            ("5f00:1::1", AddressClass::Special),
        ] {
            assert_eq!(class_of(text.parse().unwrap()), class, "{text}");
        }
    }

    #[test]
    fn an_address_is_whole_and_encrypted_on_the_way() {
        for good in [
            "https://shop.example/hooks?of=purser",
            "https://[2606:4700::1111]:8443/",
            "http://127.0.0.1:9000/",
            "http://localhost/x",
            "http://[::1]:1/",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        let long = format!("https://a.example/{}", "x".repeat(500));
        for bad in [
            "",
            "shop.example",
            "/hooks",
            "http://shop.example/",
            "http://10.0.0.1/",
            "http://localhost.example/",
            "ftp://shop.example/",
            "https://user:password@shop.example/",
            "https:///hooks",
            "https://shop.example/#part",
            "https://shop.example/a b",
            &long,
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
