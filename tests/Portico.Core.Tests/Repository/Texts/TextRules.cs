using System.Text.RegularExpressions;

namespace Portico.Core.Tests.Repository.Texts;

/// <summary>How the product speaks: plain English, with the words that people search for.</summary>
internal static partial class TextRules
{
    // Each has a plain word: "goes on" → continues, "is asked for" → is requested, "whoever" → a user who, "anew" → again.
    private static readonly string[] Dialect =
    [
        "anew", "apps run on", "are asked for", "asks for it", "be let", "for ever", "go on", "goes on", "going on", "gone on", "in hand",
        "is asked for", "is let", "is said", "is told", "let in", "let it", "lets in", "lets it", "nobody", "of its own accord",
        "of theirs", "of which", "runs, runs on", "so many", "somebody", "thereof", "this once", "to be had", "was asked for",
        "what became", "what runs", "what there is", "whence", "whoever",
    ];

    private static readonly Regex Phrases = new($@"(?<![\p{{L}}-])({string.Join('|', Dialect)})(?![\p{{L}}-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>What is wrong with a text; empty when it is fine.</summary>
    public static IEnumerable<string> Faults(SourceText text)
    {
        foreach (Match phrase in Phrases.Matches(text.Text))
            yield return $"says '{phrase.Value}'";
        if (text.Kind is TextKind.Documentation or TextKind.Page)
            yield break;
        if (DoubleSpace().IsMatch(text.Text))
            yield return "has two spaces between words";
        foreach (var fault in ShapeFaults(text))
            yield return fault;
    }

    private static IEnumerable<string> ShapeFaults(SourceText text) => text.Kind switch
    {
        TextKind.Description => [.. Require(Begins(), text, "a description begins with a capital"), .. Require(EndsAsSentence(), text, "a description ends with a full stop")],
        TextKind.Log => [.. Require(Begins(), text, "a log message begins with a capital"), .. Require(EndsAsSentence(), text, "a log message ends with a full stop")],
        _ when Sentences().IsMatch(text.Text) => Require(EndsAsSentence(), text, "several sentences end with a full stop"),
        _ => [],
    };

    private static IEnumerable<string> Require(Regex regex, SourceText text, string rule) => regex.IsMatch(text.Text) ? [] : [rule];

    [GeneratedRegex(@"[\p{L},;.] {2,}\p{L}")]
    private static partial Regex DoubleSpace();

    [GeneratedRegex(@"^[\p{Lu}\d{`]")]
    private static partial Regex Begins();

    [GeneratedRegex(@"[.?!:…})`]\s*$")]
    private static partial Regex EndsAsSentence();

    [GeneratedRegex(@"^\p{Lu}\p{Ll}.*\p{Ll}{2}\. \p{Lu}\p{Ll}")]
    private static partial Regex Sentences();
}
