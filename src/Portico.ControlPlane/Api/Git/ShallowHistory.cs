using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Api.Git;

/// <summary>
/// What a shallow clone pushed has no history here beyond its border. Git keeps that border, also when what is beyond has
/// come in by other pushes, and then hides history that is there.
/// </summary>
internal static class ShallowHistory
{
    private const string Border = "shallow";

    public static bool IsIn(string repository) => File.Exists(Path.Combine(repository, Border));

    /// <summary>Takes the border away where nothing is missing any more.</summary>
    /// <param name="repository">Its path.</param>
    public static async Task MendAsync(string repository, CancellationToken cancellationToken)
    {
        if (!IsIn(repository) || Take(Path.Combine(repository, $"{Border}.lock")) is not { } held)
            return;
        try
        {
            var walk = await GitCommand.TryAsync(
                repository, ["rev-list", "--objects", "--quiet", "--all"], cancellationToken, around: new GitSurroundings([new("GIT_SHALLOW_FILE", "")]));
            if (walk.ExitCode == 0)
                File.Delete(Path.Combine(repository, Border));
        }
        finally
        {
            File.Delete(held);
        }
    }

    /// <returns>The lock, by Git's own rule; null when Git has it.</returns>
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
