using Portico.Blueprint.Model;
using Portico.Blueprint.Syntax;

namespace Portico.Blueprint.Diagnostics;

/// <summary>
/// Collects diagnostics up to a limit, because a hostile file could have a problem in every byte. Past the limit, it only
/// counts them and searches for no suggestions, which are expensive.
/// </summary>
internal sealed class DiagnosticBag
{
    private const int Limit = 500;

    private readonly List<Diagnostic> _items = [];
    private int _unshown;

    public bool IsFull => _items.Count >= Limit;

    public bool HasErrors { get; private set; }

    public void Error(string code, YamlNode at, NodePath path, string message, string? suggestion = null) =>
        Add(Severity.Error, code, at.Line, at.Column, path, message, suggestion);

    public void Warn(string code, YamlNode at, NodePath path, string message, string? suggestion = null) =>
        Add(Severity.Warning, code, at.Line, at.Column, path, message, suggestion);

    public void Error(string code, Origin at, string message, string? suggestion = null) =>
        Add(new Diagnostic(Severity.Error, code, message, at.Path, at.Line, at.Column, suggestion));

    public void Warn(string code, Origin at, string message, string? suggestion = null) =>
        Add(new Diagnostic(Severity.Warning, code, message, at.Path, at.Line, at.Column, suggestion));

    public void Error(string code, int line, int column, string message, string? suggestion = null) =>
        Add(Severity.Error, code, line, column, NodePath.Root, message, suggestion);

    /// <summary>Returns the diagnostics in the order of the text; those at the same place in the order in which they were found.</summary>
    public IReadOnlyList<Diagnostic> ToList()
    {
        var sorted = _items.OrderBy(item => item.Line).ThenBy(item => item.Column).ToList();
        if (_unshown > 0)
            sorted.Add(new Diagnostic(
                Severity.Warning, Codes.TooMany, $"{_unshown} more problems not shown", "", 0, 0, null));
        return sorted;
    }

    private void Add(
        Severity severity, string code, int line, int column, NodePath path, string message, string? suggestion)
    {
        HasErrors |= severity == Severity.Error;
        if (IsFull)
            _unshown++;
        else
            _items.Add(new Diagnostic(severity, code, message, path.ToString(), line, column, suggestion));
    }

    private void Add(Diagnostic item)
    {
        HasErrors |= item.Severity == Severity.Error;
        if (IsFull)
            _unshown++;
        else
            _items.Add(item);
    }
}
