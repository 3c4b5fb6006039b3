//! Certificates made on the spot, good and bad, and the throw-away authority that test profiles may trust.

use super::children::find;
use super::loopback;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use tokio::net::TcpStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// How the authority is called in a browser's store.
const NAME: &str = "Preflight lab (throw-away)";

/// Which certificate a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Right in everything, and issued by the authority of [`authority`].
    Good,
    /// Like [`Certificate::Good`], but of long ago.
    Expired,
    /// Like [`Certificate::Good`], but for another name.
    WrongName,
    /// Signed by itself.
    SelfSigned,
}

/// A certificate with its key.
pub struct Made {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

/// The authority of this process. It is as old as the process and forgotten with it.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Certificate {
    /// Makes one.
    pub fn make(self) -> io::Result<Made> {
        let name = match self {
            Self::WrongName => "registry.example.org".to_owned(),
            _ => loopback::SERVERS.to_string(),
        };
        let mut parameters = CertificateParams::new([name.clone()]).map_err(io::Error::other)?;
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let (from, until) = if self == Self::Expired { (2019, 2020) } else { years() };
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = match self {
            Self::SelfSigned => parameters.self_signed(&key),
            _ => parameters.signed_by(&key, &authority()?.issuer),
        };
        Ok(Made { certificate: certificate.map_err(io::Error::other)?, key })
    }
}

/// Two years; what is valid from the beginning of one to that of the other is valid today.
fn years() -> (i32, i32) {
    let seconds = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let year = 1970 + i32::try_from(seconds / 31_556_952).unwrap_or(0);
    (year - 1, year + 2)
}

impl Made {
    /// The certificate in PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Its key in PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// What takes TLS connections with it.
    pub fn acceptor(&self) -> io::Result<TlsAcceptor> {
        let chain = vec![self.certificate.der().clone()];
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(chain, key.into())
            .map_err(io::Error::other)?;
        Ok(TlsAcceptor::from(Arc::new(server)))
    }
}

fn authority() -> io::Result<&'static Authority> {
    static AUTHORITY: OnceLock<Result<Authority, String>> = OnceLock::new();
    let made = AUTHORITY.get_or_init(|| new_authority().map_err(|error| error.to_string()));
    made.as_ref().map_err(|error| io::Error::other(error.clone()))
}

fn new_authority() -> Result<Authority, rcgen::Error> {
    let mut parameters = CertificateParams::new(Vec::<String>::new())?;
    parameters.distinguished_name.push(DnType::CommonName, NAME);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let (from, until) = years();
    parameters.not_before = date_time_ymd(from, 1, 1);
    parameters.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate()?;
    let pem = parameters.self_signed(&key)?.pem();
    Ok(Authority { pem, issuer: Issuer::new(parameters, key) })
}

/// The authority's own certificate in PEM.
pub fn authority_pem() -> io::Result<&'static str> {
    Ok(&authority()?.pem)
}

/// What a client that trusts the authority says of the server at `address` (`host:port`): nothing, or what is wrong.
pub async fn complaint(address: &str) -> io::Result<Option<String>> {
    let mut roots = RootCertStore::empty();
    let pem = authority()?.pem.as_bytes();
    roots.add(CertificateDer::from_pem_slice(pem).map_err(io::Error::other)?).map_err(io::Error::other)?;
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::from(std::net::IpAddr::from(loopback::SERVERS));
    let tried = TlsConnector::from(Arc::new(client)).connect(name, stream).await;
    Ok(tried.err().map(|error| error.to_string()))
}

/// Whether [`trust`] can work on this machine.
pub fn can_be_trusted() -> bool {
    find("", "certutil").is_some()
}

/// Makes browsers that keep their certificates in the NSS database in `folder` trust the authority: Firefox has one
/// in each profile, Chromium on Linux uses `.pki/nssdb` below its home. The folder is made if it is missing.
pub fn trust(folder: &Path) -> io::Result<()> {
    let program = find("", "certutil")
        .ok_or_else(|| io::Error::other("certutil (Debian: libnss3-tools) is not on this machine"))?;
    std::fs::create_dir_all(folder)?;
    let pem = folder.join("preflight-lab.pem");
    std::fs::write(&pem, &authority()?.pem)?;
    let database = format!("sql:{}", folder.display());
    let run = |arguments: &[&str]| -> io::Result<()> {
        let done = Command::new(&program)
            .args(["-d", &database])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        if done.status.success() { Ok(()) } else { Err(io::Error::other(format!("certutil: {said}"))) }
    };
    if !folder.join("cert9.db").exists() {
        run(&["-N", "--empty-password"])?;
    }
    run(&["-A", "-n", NAME, "-t", "C,,", "-i", &pem.display().to_string()])
}
