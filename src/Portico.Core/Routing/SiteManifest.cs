namespace Portico.Core.Routing;

/// <summary>What a published site holds. The edge looks paths up here and nowhere else, so no request reaches the file system by its own path.</summary>
/// <remarks>
/// On disk: <c>manifest.json</c>, and <c>blobs/SHA256</c> per content with <c>.br</c> and <c>.gz</c> forms beside it.
/// A published directory never changes; a new version of the site is a new directory.
/// </remarks>
public sealed record SiteManifest
{
    public const string FileName = "manifest.json";
    public const string BlobDirectory = "blobs";
    public const int CurrentFormat = 1;

    /// <summary><see cref="CurrentFormat"/>; another number is refused.</summary>
    public required int Format { get; init; }

    /// <summary>The <c>Last-Modified</c> of every file.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>By path from the site's root: decoded, <c>/</c> between segments and at the start.</summary>
    public required IReadOnlyDictionary<string, SiteFile> Files { get; init; }
}

/// <param name="ContentType">The whole header value.</param>
/// <param name="Length">Bytes, before any encoding.</param>
/// <param name="Sha256">Lower-case hexadecimal digest of the content; the name of its blob.</param>
public sealed record SiteFile(string ContentType, long Length, string Sha256)
{
    /// <summary>Bytes of the <c>.br</c> form; null when there is none.</summary>
    public long? BrotliLength { get; init; }

    /// <summary>Bytes of the <c>.gz</c> form; null when there is none.</summary>
    public long? GzipLength { get; init; }
}
