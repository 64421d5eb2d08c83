using System.Security.Cryptography;

namespace Portico.Core.DataStores;

/// <summary>Random characters for passwords and suffixes. Tests pass their own bytes to get known text.</summary>
public sealed class RandomText(Action<Span<byte>>? fillRandom = null)
{
    private const string LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Alphanumeric = LowerAlphanumeric + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private readonly Action<Span<byte>> _fillRandom = fillRandom ?? (static bytes => RandomNumberGenerator.Fill(bytes));

    /// <summary>32 letters and digits, about 190 bits: nothing that a URL, a shell or a configuration file would need escaped.</summary>
    public string Password() => Take(Alphanumeric, 32);

    public string Suffix(int length) => Take(LowerAlphanumeric, length);

    private string Take(string alphabet, int length)
    {
        // A byte beyond the last whole multiple of the alphabet would favour its first characters.
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
