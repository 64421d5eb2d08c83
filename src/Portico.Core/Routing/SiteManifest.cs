namespace Portico.Core.Routing;

/// <summary>The files of a published site. The edge looks paths up only here, so no request reaches the file system by its own path.</summary>
/// <remarks>
/// On disk: <c>manifest.json</c>, and <c>blobs/SHA256</c> per content with <c>.br</c> and <c>.gz</c> forms beside it.
/// A published directory never changes; a new version of the site is a new directory.
/// </remarks>
public sealed record SiteManifest
{
    public const string FileName = "manifest.json";
    public const string BlobDirectory = "blobs";
    public const int CurrentFormat = 1;

    /// <summary><see cref="CurrentFormat"/>; other numbers are refused.</summary>
    public required int Format { get; init; }

    /// <summary>The <c>Last-Modified</c> date of every file.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>The files by path from the site's root: decoded, with <c>/</c> at the start and between segments.</summary>
    public required IReadOnlyDictionary<string, SiteFile> Files { get; init; }
}

/// <param name="ContentType">The whole header value.</param>
/// <param name="Length">The size in bytes, before any encoding.</param>
/// <param name="Sha256">Lower-case hexadecimal digest of the content; the name of its blob.</param>
public sealed record SiteFile(string ContentType, long Length, string Sha256)
{
    /// <summary>The size of the <c>.br</c> form in bytes; null when there is none.</summary>
    public long? BrotliLength { get; init; }

    /// <summary>The size of the <c>.gz</c> form in bytes; null when there is none.</summary>
    public long? GzipLength { get; init; }
}
