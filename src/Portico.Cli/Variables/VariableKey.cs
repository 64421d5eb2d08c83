using Portico.Blueprint.Rules;

namespace Portico.Cli.Variables;

/// <summary>Checks the names of variables that a user gave.</summary>
internal static class VariableKey
{
    /// <summary>
    /// Returns why a text cannot be the name of a variable; null if it can. The text is in the answer only when it looks like a
    /// name: otherwise it may be a secret whose name was forgotten.
    /// </summary>
    public static string? ProblemOf(string text) => IsNameLike(text)
        ? Names.ProblemOfEnvKey(text)
        : "use letters, digits, '_', '-' and '.', starting with a letter or '_'";

    private static bool IsNameLike(string text) => text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
