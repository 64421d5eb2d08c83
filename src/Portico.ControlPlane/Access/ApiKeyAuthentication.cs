using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portico.ControlPlane.Access;

/// <summary>Lets in who presents the machine owner's key as a bearer token.</summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, OwnerKey key)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (!key.Matches(header[Bearer.Length..].Trim()))
            return Task.FromResult(AuthenticateResult.Fail("The key is not this platform's."));
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "owner")], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }
}

/// <summary>The key of this machine's owner, in a file that only its owner can read.</summary>
public sealed class OwnerKey
{
    private const int Bytes = 32;
    private readonly byte[] _digest;

    private OwnerKey(string key) => _digest = Digest(key);

    /// <summary>Reads the key, and makes it first where there is none.</summary>
    public static OwnerKey LoadOrCreate(string file)
    {
        if (!File.Exists(file))
            Create(file);
        return new OwnerKey(File.ReadAllText(file).Trim());
    }

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_digest, Digest(presented));

    private static void Create(string file)
    {
        var temporary = $"{file}.new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            stream.Write(Encoding.ASCII.GetBytes($"rnd_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}\n"));
        File.Move(temporary, file);
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
