//! The stages of a request and everything that can become of one.

use serde::{Deserialize, Serialize};

/// How far a request can come. Each stage needs the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A name becomes addresses.
    Resolve,
    /// TCP connects.
    Connect,
    /// TLS is agreed and the certificate trusted.
    Tls,
    /// The request is sent and answered.
    Exchange,
}

macro_rules! outcomes {
    ($($name:ident $word:literal $stage:ident $spoken:literal;)*) => {
        /// What became of a request, as its sender sees it. The words are those of the runbooks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Outcome {
            $(#[serde(rename = $word)] #[doc = $spoken] $name,)*
        }

        impl Outcome {
            pub const ALL: &'static [Outcome] = &[$(Outcome::$name,)*];

            /// The word runbooks and case files use.
            pub fn word(self) -> &'static str {
                match self { $(Outcome::$name => $word,)* }
            }

            /// The stage at which it shows.
            pub fn stage(self) -> Stage {
                match self { $(Outcome::$name => Stage::$stage,)* }
            }

            /// A predicate for a sentence: "the request to 203.0.113.30 …".
            pub fn spoken(self) -> &'static str {
                match self { $(Outcome::$name => $spoken,)* }
            }
        }
    };
}

// One row per outcome: name, word, the stage at which it shows, the predicate in a sentence.
outcomes! {
    Ok "ok" Exchange "worked";
    Redirected "redirected" Exchange "was redirected";
    Nxdomain "nxdomain" Resolve "found no such name";
    NoData "no_data" Resolve "found the name but no address";
    Servfail "servfail" Resolve "got SERVFAIL from the resolver";
    DnsRefused "dns_refused" Resolve "was refused by the name server";
    DnsBogus "dns_bogus" Resolve "got an answer whose signature does not hold";
    DnsTimeout "dns_timeout" Resolve "got no answer from the name server";
    DnsUnreachable "dns_unreachable" Resolve "found no name server listening";
    DnsSlow "dns_slow" Resolve "waited long for the name server";
    Unresolved "unresolved" Resolve "could not resolve the name";
    ConnectTimeout "connect_timeout" Connect "was never answered: the connection timed out";
    Overtaken "overtaken" Connect "was overtaken by a later attempt before it connected";
    ConnectSlow "connect_slow" Connect "connected late";
    Refused "refused" Connect "was refused";
    Unreachable "unreachable" Connect "was rejected as unreachable";
    NoLocalRoute "no_local_route" Connect "had no route out of its own host";
    NoLocalPort "no_local_port" Connect "found no free local port";
    Unconnected "unconnected" Connect "could not connect";
    TlsExpired "tls_expired" Tls "met an expired certificate";
    TlsNotYetValid "tls_not_yet_valid" Tls "met a certificate that is not yet valid";
    TlsWrongName "tls_wrong_name" Tls "met a certificate for another name";
    TlsSelfSigned "tls_self_signed" Tls "met a self-signed certificate";
    TlsUntrusted "tls_untrusted" Tls "met a certificate whose issuer it does not know";
    TlsUnknownRoot "tls_unknown_root" Tls "met a chain of certificates that ends in an authority it does not know";
    TlsPlaintext "tls_plaintext" Tls "met something that does not speak TLS";
    TlsVersion "tls_version" Tls "found no TLS version or cipher in common";
    TlsClosed "tls_closed" Tls "was cut off during the TLS handshake";
    TlsHang "tls_hang" Tls "got no answer to its TLS handshake";
    TlsClientCertificate "tls_client_certificate" Tls "was asked for a client certificate it did not have";
    TlsFailed "tls_failed" Tls "failed at the TLS handshake";
    Reset "reset" Exchange "was reset";
    EmptyReply "empty_reply" Exchange "was closed without a byte of answer";
    Hang "hang" Exchange "was accepted but never answered";
    TimedOut "timed_out" Exchange "timed out";
    Truncated "truncated" Exchange "got only a part of the answer";
    Unserved "unserved" Exchange "brought no answer that could be used";
    Garbled "garbled" Exchange "got an answer in another protocol";
    Slow "slow" Exchange "was answered slowly";
    SlowBody "slow_body" Exchange "was answered at once, but the rest of the answer came slowly";
    ClientLeft "client_left" Exchange "was given up by the client";
    RedirectBroken "redirect_broken" Exchange "was redirected to a name that does not resolve";
    RedirectLoop "redirect_loop" Exchange "was redirected in a circle";
    Http400 "http_400" Exchange "was answered 400";
    Http401 "http_401" Exchange "was answered 401";
    Http403 "http_403" Exchange "was answered 403";
    Http404 "http_404" Exchange "was answered 404";
    Http413 "http_413" Exchange "was answered 413";
    Http421 "http_421" Exchange "was answered 421";
    Http429 "http_429" Exchange "was answered 429";
    Http4xx "http_4xx" Exchange "was answered with a client error";
    Http500 "http_500" Exchange "was answered 500";
    Http502 "http_502" Exchange "was answered 502";
    Http503 "http_503" Exchange "was answered 503";
    Http504 "http_504" Exchange "was answered 504";
    Http5xx "http_5xx" Exchange "was answered with a server error";
}

impl Outcome {
    /// The outcome with this word.
    pub fn from_word(word: &str) -> Option<Outcome> {
        Outcome::ALL.iter().copied().find(|outcome| outcome.word() == word)
    }

    /// What an HTTP status means for the sender: below 400 the request worked.
    pub fn of_status(status: u16) -> Outcome {
        match status {
            300..=303 | 307 | 308 => Outcome::Redirected,
            0..=399 => Outcome::Ok,
            400 => Outcome::Http400,
            401 | 407 => Outcome::Http401,
            403 => Outcome::Http403,
            404 => Outcome::Http404,
            413 => Outcome::Http413,
            421 => Outcome::Http421,
            429 => Outcome::Http429,
            // nginx's own: the client closed the connection first.
            499 => Outcome::ClientLeft,
            402..=499 => Outcome::Http4xx,
            500 => Outcome::Http500,
            502 => Outcome::Http502,
            503 => Outcome::Http503,
            504 => Outcome::Http504,
            _ => Outcome::Http5xx,
        }
    }

    /// What the status of an upstream means in a proxy's log: it writes 502 and 504 itself where no answer came, and in which way none came
    /// it does not say with them.
    pub fn of_upstream_status(status: u16) -> Outcome {
        match status {
            502 => Outcome::Unserved,
            504 => Outcome::TimedOut,
            status => Outcome::of_status(status),
        }
    }

    /// Whether it only tells how far a request came at most, as some tools do, and no fault shows it rather than another.
    pub fn is_vague(self) -> bool {
        matches!(self, Outcome::Unconnected | Outcome::TlsFailed | Outcome::Unserved)
    }

    /// Whether it is an HTTP answer with an error status.
    pub fn is_http(self) -> bool {
        self.word().starts_with("http_")
    }

    /// Whether it is an HTTP answer that puts the blame on the request (4xx).
    pub fn is_client_error(self) -> bool {
        self.word().starts_with("http_4")
    }

    /// Whether the sender got what it asked for, if late.
    pub fn is_success(self) -> bool {
        matches!(
            self,
            Outcome::Ok
                | Outcome::Redirected
                | Outcome::Slow
                | Outcome::SlowBody
                | Outcome::ConnectSlow
                | Outcome::DnsSlow
        )
    }

    /// What a test that ends at `tests` sees where a full request would see `self`: later trouble is still ahead of it.
    pub fn seen_by(self, tests: Stage) -> Outcome {
        if self.stage() > tests { Outcome::Ok } else { self }
    }
}
