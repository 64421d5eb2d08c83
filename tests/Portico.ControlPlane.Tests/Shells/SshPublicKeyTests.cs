using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Shells.Ssh;

namespace Portico.ControlPlane.Tests.Shells;

public sealed class SshPublicKeyTests
{
    private const string Base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    [Theory]
    [InlineData($"ssh-ed25519 {Base64}")]
    [InlineData($"ssh-ed25519 {Base64} ada@laptop\n")]
    [InlineData($"  ssh-ed25519\t{Base64} a comment command=\"/bin/sh\"\r\n")]
    public void Only_the_type_and_the_key_are_kept(string line)
    {
        var key = SshPublicKey.Parse(line);

        Assert.Equal($"ssh-ed25519 {Base64}", key.Line);
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", key.Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3M=")]
    [InlineData($"command=\"/bin/sh\" ssh-ed25519 {Base64}")]
    [InlineData($"restrict ssh-ed25519 {Base64}")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----")]
    [InlineData("ssh-ed25519 not*base64")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData($"ssh-rsa {Base64}")]
    public void What_is_no_public_key_is_refused(string line) =>
        Assert.Contains("publicKey", Assert.Throws<RefusedException>(() => SshPublicKey.Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void Key_that_is_too_long_is_refused() =>
        Assert.Throws<RefusedException>(() => SshPublicKey.Parse($"ssh-ed25519 {Convert.ToBase64String(new byte[5000])}"));
}
