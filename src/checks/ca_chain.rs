//! Certificates for applications whose system does not know the provider's authority.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juju_hook::Secret;

use crate::finding::{Code, Finding, Fix};

/// The option.
const OPTION: &str = "ca_chain";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The first byte of every certificate: a SEQUENCE (RFC 5280, 4.1, in DER).
const SEQUENCE: u8 = 0x30;

/// How long a line of PEM is (RFC 7468, section 2).
const LINE: usize = 64;

/// The certificates in `text`, each in PEM. Lines that are not part of one, such as those that
/// `openssl` writes between them, are left out.
///
/// # Errors
///
/// If it has a private key, or anything in it that ought to be a certificate is not.
pub fn read(text: &Secret) -> Result<Vec<String>, Finding> {
    let text = text.expose();
    if text.contains("PRIVATE KEY-----") {
        return Err(Finding::new(
            Code::CaChainHasKey,
            OPTION,
            "contains a private key, which applications must not get",
            Fix::set("@<a file with certificates only>"),
        ));
    }
    let mut certificates = Vec::new();
    let mut blocks = text.split(BEGIN);
    // What is before the first one.
    blocks.next();
    for block in blocks {
        let certificate = block.split_once(END).and_then(|(body, _)| in_pem(body));
        certificates.push(certificate.ok_or_else(malformed)?);
    }
    if certificates.is_empty() {
        return Err(malformed());
    }
    Ok(certificates)
}

/// The certificate whose base64 is `body`, with the lines that PEM has: on their way through a
/// shell, they may have become spaces.
fn in_pem(body: &str) -> Option<String> {
    let base64: String = body.split_whitespace().collect();
    let der = STANDARD.decode(&base64).ok()?;
    (der.first() == Some(&SEQUENCE)).then(|| {
        let mut pem = format!("{BEGIN}\n");
        for (index, character) in base64.chars().enumerate() {
            if index > 0 && index % LINE == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem + "\n" + END
    })
}

fn malformed() -> Finding {
    Finding::new(
        Code::CaChainMalformed,
        OPTION,
        "must be certificates in PEM, from BEGIN CERTIFICATE to END CERTIFICATE",
        Fix::set("@<a file with certificates in PEM>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough for a second line.
    fn base64() -> String {
        let mut der = vec![b'x'; 90];
        der[0] = SEQUENCE;
        STANDARD.encode(der)
    }

    fn certificate(body: &str) -> String {
        format!("{BEGIN}\n{body}\n{END}\n")
    }

    #[test]
    fn each_certificate_is_one_of_the_list() {
        struct Case {
            name: &'static str,
            text: String,
            outcome: Result<usize, Code>,
        }

        let base64 = base64();
        let one = certificate(&base64);
        let (first, second) = base64.split_at(64);
        for Case {
            name,
            text,
            outcome,
        } in [
            Case {
                name: "one",
                text: one.clone(),
                outcome: Ok(1),
            },
            Case {
                name: "two, with what openssl says of them",
                text: format!("subject=CN = a\n{one}\nsubject=CN = b\n{one}"),
                outcome: Ok(2),
            },
            Case {
                name: "of Windows",
                text: certificate(&format!("{first}\r\n{second}")).replace('\n', "\r\n"),
                outcome: Ok(1),
            },
            Case {
                name: "on one line",
                text: certificate(&format!("{first} {second}")).replace('\n', " "),
                outcome: Ok(1),
            },
            Case {
                name: "not PEM",
                text: base64.clone(),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "a file's name",
                text: "ca.pem".into(),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "cut off",
                text: one.replace(END, ""),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "the second one is cut off",
                text: format!("{one}{BEGIN}\n{base64}"),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "not base64",
                text: certificate("%%%"),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "another thing in base64",
                text: certificate("aGVsbG8="),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "empty",
                text: certificate(""),
                outcome: Err(Code::CaChainMalformed),
            },
            Case {
                name: "a private key behind it",
                text: format!(
                    "{one}-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----"
                ),
                outcome: Err(Code::CaChainHasKey),
            },
        ] {
            let found = read(&Secret::new(text));
            match (&found, outcome) {
                (Ok(certificates), Ok(count)) => {
                    let expected = format!("{BEGIN}\n{first}\n{second}\n{END}");
                    assert_eq!(*certificates, vec![expected; count], "{name}");
                }
                (Err(finding), Err(code)) => assert_eq!(finding.code, code, "{name}"),
                _ => panic!("{name}: {found:?}"),
            }
        }
    }
}
