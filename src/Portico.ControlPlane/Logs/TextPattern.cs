using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Logs;

/// <summary>What a filter asks of a text: itself, a pattern with <c>*</c> for any characters, or <c>/a regular expression/</c>.</summary>
public sealed class TextPattern
{
    public const int Longest = 500;

    /// <summary>The regular expressions run in linear time; this ends one that is merely huge.</summary>
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(500);

    private readonly string[] _parts;
    private readonly bool _whole;
    private readonly Regex? _regex;

    private TextPattern(string[] parts, bool whole, Regex? regex) => (_parts, _whole, _regex) = (parts, whole, regex);

    /// <param name="whole">The whole text must match, as labels do; otherwise a part of it is enough.</param>
    /// <exception cref="FormatException">The pattern cannot be used; the message says why.</exception>
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
        if (_regex is not null)
            return _regex.IsMatch(text);
        if (_parts is [var only])
            return _whole ? text.Equals(only, StringComparison.OrdinalIgnoreCase) : text.Contains(only, StringComparison.OrdinalIgnoreCase);
        return MatchesParts(text);
    }

    /// <summary>Each part at its first possible place, in order; the outer ones at the ends where the whole is asked for.</summary>
    private bool MatchesParts(string text)
    {
        var (from, to) = (0, text.Length);
        var inner = _parts.AsSpan();
        if (_whole)
        {
            if (!text.StartsWith(_parts[0], StringComparison.OrdinalIgnoreCase) || !text.EndsWith(_parts[^1], StringComparison.OrdinalIgnoreCase))
                return false;
            (from, to) = (_parts[0].Length, to - _parts[^1].Length);
            inner = inner[1..^1];
        }
        foreach (var part in inner)
        {
            if (from > to || text.AsSpan(from, to - from).IndexOf(part, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at))
                return false;
            from += at + part.Length;
        }
        return from <= to;
    }

    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (RegexParseException exception)
        {
            throw new FormatException($"has a regular expression that cannot be read: {exception.Message}", exception);
        }
        catch (NotSupportedException exception)
        {
            throw new FormatException("has a regular expression with a look-around or a back reference; these are not supported", exception);
        }
    }
}
