namespace Portico.ControlPlane.Sources;

/// <summary>A repository whose files become part of an assembled tree, and its position there.</summary>
/// <param name="Path">The path in the assembled tree; empty, or with a slash at its end.</param>
/// <param name="Url">The URL, without credentials.</param>
/// <param name="Hosted">The directory name of a hosted repository; null for a remote one.</param>
/// <param name="Source">The remote URL with credentials; null if the repository is only hosted here.</param>
internal sealed record TreeOrigin(string Path, string Url, string? Hosted, int Depth, string? Source);

/// <summary>The state of assembling one tree.</summary>
/// <param name="Repository">The directory name of the repository that is built. It receives all objects.</param>
/// <param name="Say">Writes a line to the deploy's log.</param>
internal sealed record TreeAssembly(string Repository, string Workspace, Action<string> Say)
{
    /// <summary>The repository that a user entered.</summary>
    public required GivenRepository Main { get; init; }

    /// <summary>The number of submodules so far.</summary>
    public int Count { get; set; }

    /// <summary>Whether something was skipped that may become available later, so that the result is not kept permanently.</summary>
    public bool IsPartial { get; set; }
}
