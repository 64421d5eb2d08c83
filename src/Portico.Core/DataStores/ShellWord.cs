using System.Buffers;

namespace Portico.Core.DataStores;

/// <summary>Quotes text for a command line that a user pastes into a shell. Portico itself never runs such a line.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+");

    public static string Quote(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Plain) < 0
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
