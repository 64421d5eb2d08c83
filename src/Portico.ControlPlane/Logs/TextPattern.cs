using System.Text;
using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Logs;

/// <summary>A pattern for a text: a plain text, a text with <c>*</c> for any characters, or <c>/a regular expression/</c>.</summary>
internal sealed class TextPattern
{
    public const int Longest = 500;

    /// <summary>Regular expressions run in linear time; the timeout ends those that are merely huge.</summary>
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(500);

    private readonly char[][] _parts;
    private readonly bool _whole;
    private readonly Regex? _regex;

    private TextPattern(string[] parts, bool whole, Regex? regex)
    {
        _parts = [.. parts.Select(part => part.ToUpperInvariant().ToCharArray())];
        (_whole, _regex) = (whole, regex);
        // No character beyond ASCII is another case of one within it, so that bytes can be compared where all parts are ASCII.
        if (regex is null && parts.All(part => Ascii.IsValid(part)))
            FoldedParts = [.. _parts.Select(part => Encoding.ASCII.GetBytes(part))];
    }

    /// <summary>The parts that must occur, in this order, in a <see cref="FoldedText"/>; null if that is not sufficient to decide.</summary>
    internal byte[][]? FoldedParts { get; }

    /// <param name="whole">Whether the whole text must match, as for labels; otherwise a part is enough.</param>
    /// <exception cref="FormatException">The pattern is invalid; the message says why.</exception>
    public static TextPattern Parse(string pattern, bool whole)
    {
        if (pattern.Length > Longest)
            throw new FormatException($"must have at most {Longest} characters");
        return pattern is ['/', _, .., '/']
            ? new TextPattern([], whole, Compile(pattern[1..^1]))
            : new TextPattern(pattern.Split('*'), whole, null);
    }

    public bool Matches(string text)
    {
        return _regex is not null ? _regex.IsMatch(text) : Matches<char>(text.ToUpperInvariant(), _parts);
    }

    /// <summary>Matches without creating a string, if possible.</summary>
    internal bool Matches(FoldedText text) => FoldedParts is { } parts ? Matches(text.Folded, parts) : Matches(text.ToString());

    private bool Matches<T>(ReadOnlySpan<T> text, T[][] parts) where T : IEquatable<T>
    {
        if (parts is [var only])
            return _whole ? text.SequenceEqual(only) : text.IndexOf(only) >= 0;
        var inner = parts.AsSpan();
        if (_whole)
        {
            if (!text.StartsWith(parts[0]) || !text.EndsWith(parts[^1]) || text.Length < parts[0].Length + parts[^1].Length)
                return false;
            text = text[parts[0].Length..^parts[^1].Length];
            inner = inner[1..^1];
        }
        // Each part at its first possible place, in order.
        foreach (var part in inner)
        {
            if (text.IndexOf(part) is not (>= 0 and var at))
                return false;
            text = text[(at + part.Length)..];
        }
        return true;
    }

    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (RegexParseException exception)
        {
            throw new FormatException($"has an invalid regular expression: {exception.Message}", exception);
        }
        catch (NotSupportedException exception)
        {
            throw new FormatException("has a regular expression with a lookaround or a backreference, which are not supported", exception);
        }
    }
}
