using System.Buffers;

namespace Portico.Core.DataStores;

/// <summary>Quotes text for a command line that a user pastes into a shell. Portico itself never runs such a line.</summary>
public static class ShellWord
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+");

    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Plain) < 0
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
