using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Api.Git;

/// <summary>
/// Removes the shallow boundary of repositories. A push from a shallow clone leaves a boundary, and Git keeps it and hides
/// older history even after other pushes have delivered that history.
/// </summary>
internal static class ShallowHistory
{
    private const string Border = "shallow";

    public static bool IsIn(GitRepository repository) => File.Exists(Path.Combine(repository.Path, Border));

    /// <summary>Removes the boundary if no history is missing any more.</summary>
    public static async Task MendAsync(GitRepository repository, CancellationToken cancellationToken)
    {
        if (!IsIn(repository) || Take(Path.Combine(repository.Path, $"{Border}.lock")) is not { } held)
            return;
        try
        {
            var walk = await GitCommand.TryAsync(
                repository, ["rev-list", "--objects", "--quiet", "--all"], cancellationToken, options: new GitOptions([new("GIT_SHALLOW_FILE", "")]));
            if (walk.ExitCode == 0)
                File.Delete(Path.Combine(repository.Path, Border));
        }
        finally
        {
            File.Delete(held);
        }
    }

    /// <returns>The lock file, by Git's own rule; null if Git holds the lock.</returns>
    private static string? Take(string file)
    {
        try
        {
            using var taken = new FileStream(file, FileMode.CreateNew);
            return file;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
