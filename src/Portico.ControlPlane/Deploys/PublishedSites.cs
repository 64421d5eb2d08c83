using Portico.ControlPlane.Sites;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.ControlPlane.Deploys;

/// <summary>The published static sites on this machine, one directory per deploy. A directory that exists is complete.</summary>
internal sealed class PublishedSites(string directory, IEngine engine, SitePublisher publisher)
{
    public string DirectoryOf(string deploy) => Path.Combine(directory, deploy);

    public bool IsPublished(string deploy) => Directory.Exists(DirectoryOf(deploy));

    /// <exception cref="ArtifactException">The path does not exist in the artifact.</exception>
    /// <exception cref="SitePublishException">There is nothing to publish, or a link points out of the directory.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    /// <returns>What the site's owner should know; null when there is nothing.</returns>
    public async Task<string?> PublishAsync(string deploy, ArtifactId artifact, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var exported = Path.Combine(directory, $".export-{deploy}");
        try
        {
            DeleteIfThere(exported);
            var dangling = await engine.ExportAsync(artifact, path, exported, cancellationToken);
            return await publisher.PublishAsync(exported, DirectoryOf(deploy), cancellationToken) ?? SiteFiles.WarningOf(dangling);
        }
        finally
        {
            DeleteIfThere(exported);
        }
    }

    public void Delete(string deploy) => DeleteIfThere(DirectoryOf(deploy));

    public IEnumerable<string> Deploys() =>
        DirectoryEntries.Directories(directory).Select(path => Path.GetFileName(path)!)
            .Where(name => name.StartsWith("dep-", StringComparison.Ordinal));

    private static void DeleteIfThere(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
