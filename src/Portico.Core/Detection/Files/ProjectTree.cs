namespace Portico.Core.Detection.Files;

/// <summary>
/// The files of a project whose author is not trusted: there may be any number of them, of any size and with any content. This
/// class sets the limits for all that read them.
/// </summary>
public sealed class ProjectTree
{
    /// <summary>Files beyond this number are not looked at.</summary>
    public const int MostFiles = 50_000;

    /// <summary>The longest file that is read, in characters. A longer one counts as unreadable.</summary>
    public const int LongestText = 512 * 1024;

    /// <summary>How much is read altogether, in characters.</summary>
    public const int LongestTexts = 16 * 1024 * 1024;

    private const int LongestPath = 500;
    private readonly Func<string, string?> _read;
    private readonly Dictionary<string, string?> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProjectDirectory> _directories = new(StringComparer.Ordinal);
    private int _left = LongestTexts;

    /// <param name="paths">The paths of files, relative to the project, with <c>/</c> between their parts. Symbolic links are not among them.</param>
    /// <param name="read">Returns the text of one of these files; null if it cannot be read or is longer than <see cref="LongestText"/>.</param>
    public ProjectTree(IEnumerable<string> paths, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(read);
        _read = read;
        string[] taken = [.. paths.Take(MostFiles + 1)];
        IsCut = taken.Length > MostFiles;
        IsEmpty = taken.Length == 0;
        Root = Add("");
        foreach (var path in taken.Take(MostFiles).Where(IsUsable).Order(StringComparer.Ordinal))
        {
            var slash = path.LastIndexOf('/');
            Add(slash < 0 ? "" : path[..slash]).Add(path[(slash + 1)..]);
        }
    }

    public ProjectDirectory Root { get; }

    public bool IsCut { get; }

    public bool IsEmpty { get; }

    /// <summary>Returns the text of a file; null if it does not exist, cannot be read, is too long, or was not read because of the limit for all files.</summary>
    public string? Read(string path)
    {
        if (_texts.TryGetValue(path, out var known))
            return known;
        var text = _left > 0 && Has(path) ? _read(path) : null;
        if (text?.Length > LongestText)
            text = null;
        _left -= text?.Length ?? 0;
        return _texts[path] = text?.TrimStart('\uFEFF');
    }

    public bool Has(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.LastIndexOf('/');
        return Find(slash < 0 ? "" : path[..slash])?.Names.Contains(path[(slash + 1)..]) == true;
    }

    public ProjectDirectory? Find(string path) => _directories.GetValueOrDefault(path);

    private ProjectDirectory Add(string path)
    {
        if (_directories.TryGetValue(path, out var known))
            return known;
        var slash = path.LastIndexOf('/');
        var parent = path.Length == 0 ? null : Add(slash < 0 ? "" : path[..slash]);
        var added = _directories[path] = new ProjectDirectory(this, path, parent);
        parent?.Add(added);
        return added;
    }

    // A path becomes part of commands, so only those that need no quotes are looked at.
    private static bool IsUsable(string path) =>
        path.Length is > 0 and <= LongestPath && path[0] is not ('/' or '-')
        && path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-' or '@' or '+' or '[' or ']' or '(' or ')' or '$' or ' ')
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
