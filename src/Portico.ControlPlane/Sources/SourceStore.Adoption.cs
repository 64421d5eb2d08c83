using Microsoft.Extensions.Logging;
using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <content>Gives the content of repositories to the accounts that git runs as.</content>
internal sealed partial class SourceStore
{
    /// <summary>The configuration of a repository, which says among other things who set its origin.</summary>
    internal const string ConfigurationFile = "config";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] Kept = [ConfigurationFile, LfsStore.DirectoryName];

    /// <summary>Prepares the repositories of earlier starts. Call it before any of them is used.</summary>
    public async Task AdoptAllAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (confinement is null || !Directory.Exists(directory))
            return;
        // Accounts pass to their own repositories, and can neither list nor enter others.
        File.SetUnixFileMode(directory, OwnerOnly | (confinement.IsOffered ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0));
        var repositories = DirectoryEntries.Directories(directory, "*.git");
        // First, because that makes their account numbers free.
        confinement.ForgetAllBut(repositories);
        foreach (var repository in repositories)
            try
            {
                await AdoptAsync(repository, cancellationToken);
            }
            catch (GitException exception)
            {
                // Git cannot read it then. Everything else works.
                LogNotAdopted(logger, Path.GetFileName(repository), exception.Message);
            }
    }

    /// <exception cref="GitException">It cannot be given to an account of its own.</exception>
    private async Task AdoptAsync(string repository, CancellationToken cancellationToken)
    {
        if (confinement is null)
            return;
        if (confinement.IsOffered && !confinement.HasAdopted(repository))
            Directory.CreateDirectory(Path.Combine(repository, LfsStore.DirectoryName), OwnerOnly);
        try
        {
            await confinement.AdoptAsync(repository, Kept, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new GitException(exception.Message, exception);
        }
    }

    [LoggerMessage(EventName = "RepositoryNotAdopted", Level = LogLevel.Error, Message = "The repository {Repository} cannot be used: {Reason}")]
    private static partial void LogNotAdopted(ILogger logger, string repository, string reason);
}
