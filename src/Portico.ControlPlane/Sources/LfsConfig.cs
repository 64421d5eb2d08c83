using System.Globalization;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Reads the URL of a Git LFS server from a commit. Its content is untrusted input.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/man/git-lfs-config.adoc.</remarks>
internal static class LfsConfig
{
    private const string File = ".lfsconfig", Key = "lfs.url";
    private const int LargestFile = 64 << 10, LongestUrl = 2048;

    /// <returns>An http or https URL, with any credentials that it contains; null if there is none.</returns>
    /// <exception cref="GitException">The file could not be read, or contains another kind of URL.</exception>
    public static async Task<string?> UrlAsync(GitRepository repository, string commit, CancellationToken cancellationToken)
    {
        var blob = $"{commit}:{File}";
        var size = await GitCommand.TryAsync(repository, ["cat-file", "-s", blob], cancellationToken);
        if (size.ExitCode != 0)
            return null;
        if (long.Parse(size.Output, CultureInfo.InvariantCulture) > LargestFile)
            throw new GitException($"{File} is larger than {LargestFile >> 10} KB.");
        var answer = await GitCommand.TryAsync(repository, ["config", "--blob", blob, "--no-includes", "--get", Key], cancellationToken);
        // Nothing found is code 1, and nothing is said.
        if (answer.ExitCode != 0 && answer.Error.Length > 0)
            throw new GitException($"could not read {File}: {answer.Error.Trim()}");
        var url = answer.Output.Trim().TrimEnd('/');
        return url.Length == 0 ? null : IsFollowed(url) ? url
            : throw new GitException($"{File} has {Key} = '{GitUrl.Shown(url)}', which is not supported. Use an http or https URL.");
    }

    private static bool IsFollowed(string url) => url.Length <= LongestUrl && !url.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
        && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
}
