//! Why a provider cannot be asked, and what to do about it.

use rustls::CertificateError;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreachable {
    /// The URL is not one.
    #[error("this is not a URL that can be asked")]
    NotAUrl,
    /// It would go out in plain text, and the issuer does not.
    #[error("it leads to http://, where anybody can read along")]
    PlainText,
    /// It leads into the network of the machine itself.
    #[error("it leads to a link-local address, where no provider is but the cloud keeps secrets")]
    LinkLocal,
    /// The host has no address.
    #[error("its host has no address here")]
    NoAddress,
    /// Nobody listens.
    #[error("it refused the connection")]
    Refused,
    /// It takes too long.
    #[error("it did not answer in time")]
    TooSlow,
    /// The answer is too long.
    #[error("its answer is larger than 1 MiB")]
    TooLong,
    /// It goes round in circles.
    #[error("it redirects more than {0} times")]
    TooManyRedirects(usize),
    /// Nobody whom we trust vouches for the certificate.
    #[error("its certificate is from an authority that is not trusted here")]
    UnknownAuthority,
    /// The certificate is for another host.
    #[error("its certificate is for another host")]
    OtherHost,
    /// The certificate is one that vouches for others.
    #[error("its certificate is an authority's own")]
    AuthorityItself,
    /// The certificate is no longer valid.
    #[error("its certificate has expired, or is not valid yet")]
    Expired,
    /// The connection cannot be secured for another reason.
    #[error("no secure connection can be made to it")]
    NoTls,
    /// The proxy is of a kind that is not known.
    #[error("the proxy's URL cannot be used")]
    BadProxy,
    /// The proxy does not let us out.
    #[error("the proxy does not connect to it")]
    Proxy,
    /// Anything else.
    #[error("it did not answer as a web server does")]
    NoAnswer,
}

impl Unreachable {
    /// What to do about an endpoint that does not answer.
    pub(super) fn what_to_do(&self) -> &'static str {
        match self {
            Self::UnknownAuthority => "give the authority's certificate as ca, and to Kratos too",
            Self::NoAddress => {
                "check the provider's host name, and whether this machine can resolve it"
            }
            Self::AuthorityItself => {
                "have a certificate issued that is not an authority's: Kratos may accept this one"
            }
            Self::BadProxy => "check the proxy's URL: it must start with http:// or https://",
            Self::Refused | Self::TooSlow | Self::Proxy => {
                "check the host and the port, and whether a firewall or a proxy stands between"
            }
            Self::OtherHost => "check the host, or have a certificate issued for it",
            Self::Expired => "renew the provider's certificate",
            Self::LinkLocal | Self::PlainText => "use the provider's public address",
            Self::TooLong
            | Self::TooManyRedirects(_)
            | Self::NotAUrl
            | Self::NoTls
            | Self::NoAnswer => "check whether the URL is the provider's",
        }
    }
}

/// Why ureq has no answer.
impl From<ureq::Error> for Unreachable {
    fn from(error: ureq::Error) -> Self {
        why(&error)
    }
}

fn why(error: &ureq::Error) -> Unreachable {
    use ureq::Error;

    match error {
        Error::Rustls(error) => insecure(error),
        Error::Tls(_) => Unreachable::NoTls,
        Error::Other(other) => match other.downcast_ref() {
            Some(Unreachable::LinkLocal) => Unreachable::LinkLocal,
            _ => Unreachable::NoAnswer,
        },
        Error::Timeout(_) => Unreachable::TooSlow,
        Error::HostNotFound => Unreachable::NoAddress,
        Error::BodyExceedsLimit(_) => Unreachable::TooLong,
        Error::ConnectProxyFailed(_) => Unreachable::Proxy,
        Error::InvalidProxyUrl => Unreachable::BadProxy,
        Error::BadUri(_) | Error::Http(_) => Unreachable::NotAUrl,
        Error::ConnectionFailed => Unreachable::Refused,
        Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            // rustls tells of its errors so where it reads and writes.
            Some(error) => insecure(error),
            None if error.kind() == std::io::ErrorKind::ConnectionRefused => Unreachable::Refused,
            None => Unreachable::NoAnswer,
        },
        _ => Unreachable::NoAnswer,
    }
}

fn insecure(error: &rustls::Error) -> Unreachable {
    match error {
        rustls::Error::InvalidCertificate(problem) => untrusted(problem),
        _ => Unreachable::NoTls,
    }
}

fn untrusted(problem: &CertificateError) -> Unreachable {
    match problem {
        CertificateError::UnknownIssuer => Unreachable::UnknownAuthority,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Unreachable::OtherHost
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Unreachable::Expired,
        // webpki's own error is not of a type that rustls shows.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => Unreachable::AuthorityItself,
        _ => Unreachable::NoTls,
    }
}
