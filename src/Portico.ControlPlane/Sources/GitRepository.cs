using Portico.Core.Engines;

namespace Portico.ControlPlane.Sources;

/// <summary>A bare repository on this machine. Its content comes from strangers, so git runs confined to it where the machine offers that.</summary>
/// <param name="Path">The path of the repository.</param>
internal sealed record GitRepository(string Path)
{
    /// <summary>Null if git runs with the platform's own rights.</summary>
    public IToolConfinement? Confinement { get; init; }

    /// <summary>The repository in whose directory this one lies; null if it is one of its own.</summary>
    public string? Outer { get; init; }

    /// <summary>The directory to which git is confined.</summary>
    public string Directory => Outer ?? Path;

    /// <summary>Returns a repository in the directory of this one, which has the same account.</summary>
    public GitRepository Inner(string name) => this with { Path = System.IO.Path.Combine(Path, name), Outer = Path };

    /// <summary>Deletes files and directories in the repository with the rights of those who could have replaced them by links.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count > 0)
            await GitCommand.RunToolAsync(this, ["rm", "-rf", "--", .. paths], cancellationToken);
    }
}
