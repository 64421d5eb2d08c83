using System.Collections.Frozen;
using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>The files of one published directory, by request path.</summary>
internal sealed class SiteContent
{
    private const string Html = ".html";
    private const string Index = "/index.html";
    private readonly FrozenDictionary<string, SiteEntry> _entries;

    private SiteContent(string directory, FrozenDictionary<string, SiteEntry> entries)
    {
        Directory = directory;
        _entries = entries;
        NotFound = entries.GetValueOrDefault("/404.html");
    }

    public string Directory { get; }

    /// <summary>The site's own 404 page; null when it has none.</summary>
    public SiteEntry? NotFound { get; }

    /// <exception cref="InvalidDataException">The manifest is not one that this edge reads.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SiteContent Read(string directory)
    {
        var manifest = ReadManifest(Path.Combine(directory, SiteManifest.FileName));
        var entries = new Dictionary<string, SiteEntry>(StringComparer.Ordinal);
        foreach (var (path, file) in manifest.Files)
            entries[path] = new SiteEntry(directory, file, manifest.PublishedAt);
        AddAliases(entries);
        return new SiteContent(directory, entries.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public SiteEntry? Find(string path) => _entries.GetValueOrDefault(path);

    private static SiteManifest ReadManifest(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var manifest = JsonSerializer.Deserialize(stream, RoutingJson.Default.SiteManifest);
            if (manifest?.Format != SiteManifest.CurrentFormat)
                throw new InvalidDataException($"{file} has format {manifest?.Format}; expected {SiteManifest.CurrentFormat}.");
            if (manifest.Files.Values.FirstOrDefault(file => !IsDigest(file.Sha256)) is { } bad)
                throw new InvalidDataException($"{file} contains '{bad.Sha256}', which is not a SHA-256 digest.");
            return manifest;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file} is not a site manifest: {exception.Message}", exception);
        }
    }

    /// <summary>A digest becomes the name of a file, so anything else must be refused.</summary>
    private static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// Adds the paths that Render serves without a redirect: <c>/a.html</c> also as <c>/a</c> and <c>/a/</c>, <c>/a/index.html</c>
    /// also as <c>/a/</c> and <c>/a</c>. If two files match, the file wins for <c>/a</c>, and the index for <c>/a/</c>.
    /// </summary>
    private static void AddAliases(Dictionary<string, SiteEntry> entries)
    {
        var pages = entries.Where(entry => entry.Key.EndsWith(Html, StringComparison.Ordinal)).ToArray();
        foreach (var (path, entry) in pages.Where(page => page.Key.EndsWith(Index, StringComparison.Ordinal)))
            entries.TryAdd(path[..^(Index.Length - 1)], entry);
        foreach (var (path, entry) in pages.Where(page => !page.Key.EndsWith(Index, StringComparison.Ordinal)))
        {
            entries.TryAdd(path[..^Html.Length], entry);
            entries.TryAdd(path[..^Html.Length] + "/", entry);
        }
        foreach (var (path, entry) in pages.Where(page => page.Key.EndsWith(Index, StringComparison.Ordinal) && page.Key.Length > Index.Length))
            entries.TryAdd(path[..^Index.Length], entry);
    }
}
