using System.Security.Cryptography;

namespace Portico.Core.DataStores;

/// <summary>Generates passwords and suffixes. Tests pass their own bytes to get known text.</summary>
public sealed class RandomText(Action<Span<byte>>? fillRandom = null)
{
    private const string LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Alphanumeric = LowerAlphanumeric + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private readonly Action<Span<byte>> _fillRandom = fillRandom ?? (static bytes => RandomNumberGenerator.Fill(bytes));

    /// <summary>Generates 32 letters and digits, about 190 bits, which need no escaping in a URL, a shell or a configuration file.</summary>
    public string Password() => Take(Alphanumeric, 32);

    public string Suffix(int length) => Take(LowerAlphanumeric, length);

    private string Take(string alphabet, int length)
    {
        // Skip bytes past the last whole multiple of the alphabet, which would favour its first characters.
        var limit = 256 - 256 % alphabet.Length;
        var text = new char[length];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < length;)
        {
            _fillRandom(one);
            if (one[0] < limit)
                text[i++] = alphabet[one[0] % alphabet.Length];
        }
        return new string(text);
    }
}
