using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Portico.Core.DataStores;

namespace Portico.Core.Tests.DataStores;

public sealed class SelfSignedCertificateTests
{
    [Fact]
    public void It_is_for_this_machine_and_ten_years()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var made = SelfSignedCertificate.Create("dpg-0123456789abcdefghij", new FakeTimeProvider(now));

        using var certificate = X509Certificate2.CreateFromPem(made.CertificatePem, made.PrivateKeyPem);
        Assert.True(certificate.MatchesHostname("localhost"));
        Assert.True(certificate.MatchesHostname("127.0.0.1"));
        Assert.Equal("CN=dpg-0123456789abcdefghij", certificate.Subject);
        Assert.InRange(now.UtcDateTime, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        Assert.Equal(now.AddYears(10).UtcDateTime, certificate.NotAfter.ToUniversalTime());
        using var key = certificate.GetECDsaPrivateKey();
        Assert.Equal(256, key!.KeySize);
        Assert.DoesNotContain("PRIVATE", made.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it's \"odd\", CN=\\ = ü")]
    [InlineData("a-name-that-is-longer-than-the-sixty-four-characters-which-a-certificate-allows")]
    public void The_name_may_be_anything(string name)
    {
        using var certificate = X509Certificate2.CreateFromPem(SelfSignedCertificate.Create(name, TimeProvider.System).CertificatePem);

        Assert.Equal(name[..Math.Min(name.Length, 64)], certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
    }
}
