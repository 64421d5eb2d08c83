using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portico.Postgres;

/// <summary>
/// Computes what PostgreSQL stores instead of a password, so that the password never appears in a statement or a log
/// (RFC 5803, as in PostgreSQL's <c>scram-common.c</c>): <c>SCRAM-SHA-256$4096:salt$StoredKey:ServerKey</c>.
/// </summary>
internal sealed class ScramVerifier
{
    public const int SaltLength = 16;
    private const int Iterations = 4096;
    private const int KeyLength = 32;
    private const string Scheme = "SCRAM-SHA-256";

    private ScramVerifier(string text) => Text = text;

    public string Text { get; }

    /// <param name="password">Printable ASCII, which needs no normalization (SASLprep).</param>
    /// <exception cref="ArgumentException">The password has other characters, or the salt another length.</exception>
    public static ScramVerifier Create(string password, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltLength);
        return Create(password, salt, Iterations);
    }

    public static ScramVerifier Create(string password) => Create(password, RandomNumberGenerator.GetBytes(SaltLength));

    /// <summary>Whether a verifier was computed from this password; false if the text is not a verifier.</summary>
    public static bool Matches(string? stored, string password)
    {
        var parts = stored?.Split('$', ':');
        if (parts is not [Scheme, var count, var saltText, _, _]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations < 1)
            return false;
        var salt = new byte[saltText.Length];
        return Convert.TryFromBase64String(saltText, salt, out var length)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Create(password, salt.AsSpan(0, length), iterations).Text), Encoding.ASCII.GetBytes(stored!));
    }

    private static ScramVerifier Create(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        if (password.Length == 0 || password.Any(character => character is < ' ' or > '~'))
            throw new ArgumentException("A database password must be printable ASCII.", nameof(password));
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.ASCII.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, KeyLength);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return new ScramVerifier(string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}"));
    }
}
