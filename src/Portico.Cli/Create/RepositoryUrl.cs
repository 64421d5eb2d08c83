using Portico.Cli.Hosting;
using Portico.Cli.Remotes;

namespace Portico.Cli.Create;

internal static class RepositoryUrl
{
    /// <summary>Returns the URL of a repository, which may be given as a directory. The server does not know the directory that the user is in.</summary>
    /// <exception cref="CliException">It is empty, or a directory and the platform is on another machine.</exception>
    public static string Of(CliHost host, string given)
    {
        // In a script, that is a variable that was never set. The directory that the user is in must not be taken for it.
        if (string.IsNullOrWhiteSpace(given))
            throw new CliException("--repo is empty.", "Give the URL of the repository, or '.' for the one in this directory.", ExitCode.Usage);
        if (given.Contains("://", StringComparison.Ordinal) || !Directory.Exists(host.Absolute(given)))
            return given;
        if (new RemoteStore(host).Chosen() is { } remote)
            throw new CliException($"--repo is a directory of this machine, which {remote.Url} cannot read.", "Give the URL of the repository.", ExitCode.Usage);
        return new Uri(Path.TrimEndingDirectorySeparator(host.Absolute(given))).AbsoluteUri;
    }
}
