using Portico.Blueprint.Binding;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.References;
using Portico.Blueprint.Rules;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint;

/// <param name="File">The parsed file; also set after errors, if a part could be read.</param>
/// <param name="Diagnostics">All errors and warnings, in the order of the text.</param>
public sealed record ParseResult(BlueprintFile? File, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(item => item.Severity == Severity.Error);
}

/// <summary>Reads a render.yaml. Never throws because of its content, and takes bounded time and memory.</summary>
public static class BlueprintParser
{
    /// <param name="known">The resources outside of the file, to which references are allowed.</param>
    /// <param name="directory">The absolute path of the file's directory, to which paths of repositories are relative; null when the file is not on the platform's machine.</param>
    public static ParseResult Parse(string text, KnownResources? known = null, string? directory = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bag = new DiagnosticBag();
        var root = YamlReader.Read(text, bag);
        if (ForeignFile.Recognize(text, root) is { } foreign)
            return Refuse(foreign);
        var file = root is null ? null : FileBinder.Bind(root, bag);
        if (file is not null)
        {
            file = LocalRepositories.Resolve(file, directory, bag);
            UniqueNames.Check(file, bag);
            ReferenceCheck.Check(file, known ?? KnownResources.None, bag);
        }
        return new ParseResult(file, bag.ToList());
    }

    private static ParseResult Refuse(ForeignFile foreign)
    {
        var bag = new DiagnosticBag();
        bag.Error(Codes.ForeignFile, 1, 1, $"this is {foreign.Name}, not a Blueprint", foreign.Advice);
        return new ParseResult(null, bag.ToList());
    }
}
