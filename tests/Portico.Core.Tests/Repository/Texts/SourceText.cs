namespace Portico.Core.Tests.Repository.Texts;

/// <summary>What a text is for, which decides how it begins and ends.</summary>
internal enum TextKind
{
    /// <summary>An error, a diagnostic, a hint, console output, a page: anything without a rule of its own.</summary>
    Message,

    /// <summary>The description of a command, an argument or an option in <c>--help</c>.</summary>
    Description,

    /// <summary>A log message.</summary>
    Log,

    /// <summary>An XML documentation comment. Only contributors read it, so it is checked but not listed.</summary>
    Documentation,

    /// <summary>A paragraph of a Markdown page. It is checked but not listed.</summary>
    Page,
}

/// <summary>One text of the product, with its place. <c>File</c> is relative to the repository; lines count from 1.</summary>
internal sealed record SourceText(string File, int Line, TextKind Kind, string Text)
{
    public override string ToString() =>
        $"{File}:{Line}: {string.Concat(Text.ReplaceLineEndings("\\n").Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : $"{letter}"))}";
}
