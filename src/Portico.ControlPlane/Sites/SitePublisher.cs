using System.Collections.Concurrent;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.ControlPlane.Sites;

/// <summary>Converts a build's directory to the one that the edge serves. <see cref="SiteManifest"/> defines the format.</summary>
internal sealed class SitePublisher(DiskReserve reserve, TimeProvider time)
{
    /// <summary>Publishes completely or not at all: the destination appears by a rename, with its manifest.</summary>
    /// <param name="destination">The directory for this version of the site. If it exists, nothing is done.</param>
    /// <exception cref="SitePublishException">The source is missing or empty, a symbolic link points out of it, or its files do not fit on the disk.</exception>
    /// <exception cref="IOException">Reading or writing failed, for example because the disk is full. Nothing is left behind.</exception>
    /// <returns>What the site's owner should know; null when there is nothing.</returns>
    public async Task<string?> PublishAsync(string sourceDirectory, string destination, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(destination, SiteManifest.FileName)))
            return null;
        var found = SiteFiles.Find(sourceDirectory);
        var temporary = destination + ".tmp";
        Delete(temporary);
        try
        {
            await WriteAsync(found.Files, temporary, cancellationToken);
            // Without a manifest it is what a crash of an older version left.
            Delete(destination);
            Directory.Move(temporary, destination);
            return found.Warning;
        }
        catch (DiskReserveException exception)
        {
            Delete(temporary);
            throw new SitePublishException($"The files in staticPublishPath do not fit on the disk. {exception.Message}", exception);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    private async Task WriteAsync(
        IReadOnlyList<(string SitePath, string File)> files, string directory, CancellationToken cancellationToken)
    {
        var blobs = new BlobWriter(Directory.CreateDirectory(Path.Combine(directory, SiteManifest.BlobDirectory)).FullName, new CountedWriting(reserve));
        var published = new ConcurrentDictionary<string, SiteFile>(StringComparer.Ordinal);
        // Half of the processors: services on this machine go on serving meanwhile.
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount / 2, 1, 8),
        };
        await Parallel.ForEachAsync(files, options, async (file, token) =>
            published[file.SitePath] = await blobs.WriteAsync(file.File, ContentTypes.Of(file.SitePath), token));
        var manifest = new SiteManifest
        {
            Format = SiteManifest.CurrentFormat,
            PublishedAt = time.GetUtcNow(),
            Files = new SortedDictionary<string, SiteFile>(published, StringComparer.Ordinal),
        };
        await using var stream = File.Create(Path.Combine(directory, SiteManifest.FileName));
        await JsonSerializer.SerializeAsync(stream, manifest, RoutingJson.Default.SiteManifest, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }
}
