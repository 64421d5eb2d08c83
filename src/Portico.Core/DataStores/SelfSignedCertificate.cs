using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portico.Core.DataStores;

/// <summary>The self-signed certificate of a data store, for encryption and for Portico to recognize the server.</summary>
/// <param name="PrivateKeyPem">The private key, PKCS #8, not encrypted.</param>
public sealed record SelfSignedCertificate(string CertificatePem, string PrivateKeyPem)
{
    private const int LifetimeYears = 10;

    // X.509's limit for a common name (ub-common-name).
    private const int CommonNameLength = 64;

    // A machine whose clock is slightly behind must accept the certificate too.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <summary>Creates an ECDSA P-256 certificate for localhost and 127.0.0.1 that is valid for ten years.</summary>
    public static SelfSignedCertificate Create(string commonName, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CommonName(commonName), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(AlternativeNames());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - ClockSkew, now.AddYears(LifetimeYears));
        return new SelfSignedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X500DistinguishedName CommonName(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name.Length <= CommonNameLength ? name : name[..CommonNameLength]);
        return builder.Build();
    }

    private static X509Extension AlternativeNames()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        return names.Build();
    }

    // A record's generated ToString would write the key to a log.
    public override string ToString() => nameof(SelfSignedCertificate);
}
