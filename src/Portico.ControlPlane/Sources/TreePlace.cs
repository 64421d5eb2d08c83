namespace Portico.ControlPlane.Sources;

/// <summary>A repository whose files are put into a tree, and where.</summary>
/// <param name="Path">Where it stands in the whole; empty, or with a slash at its end.</param>
/// <param name="Url">Its address, as it may be shown.</param>
/// <param name="Hosted">By directory name; null for one that is elsewhere.</param>
/// <param name="Source">Its address elsewhere, with its access; null where it is here alone.</param>
internal sealed record TreePlace(string Path, string Url, string? Hosted, int Depth, string? Source);

/// <summary>Putting together one tree.</summary>
/// <param name="Repository">The one that is built, by directory name: all objects come into it.</param>
/// <param name="Say">For the deploy's log.</param>
internal sealed record TreeWork(string Repository, string Workspace, Action<string> Say)
{
    /// <summary>The repository that a person named, with its access.</summary>
    public required string Main { get; init; }

    /// <summary>How many submodules there were.</summary>
    public int Count { get; set; }

    /// <summary>Something was left as it is that may come later: what was put together is not kept for good.</summary>
    public bool IsPartial { get; set; }
}
