using System.Globalization;
using Microsoft.Extensions.Primitives;
using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>One file of a site. The values of its headers are made once.</summary>
internal sealed class SiteEntry
{
    public SiteEntry(string directory, SiteFile file, DateTimeOffset publishedAt)
    {
        var blob = Path.Combine(directory, SiteManifest.BlobDirectory, file.Sha256);
        // HTTP dates have whole seconds, so the time that is compared with them must have whole seconds, too.
        LastModified = DateTimeOffset.FromUnixTimeSeconds(publishedAt.ToUnixTimeSeconds());
        LastModifiedText = LastModified.ToString("R", CultureInfo.InvariantCulture);
        ContentType = file.ContentType;
        Identity = new SiteVariant(blob, null, file.Length, $"\"{file.Sha256[..32]}\"");
        if (file.BrotliLength is { } brotli)
            Brotli = new SiteVariant(blob + ".br", "br", brotli, $"\"{file.Sha256[..32]}-br\"");
        if (file.GzipLength is { } gzip)
            Gzip = new SiteVariant(blob + ".gz", "gzip", gzip, $"\"{file.Sha256[..32]}-gz\"");
    }

    public DateTimeOffset LastModified { get; }

    public StringValues LastModifiedText { get; }

    public StringValues ContentType { get; }

    public SiteVariant Identity { get; }

    public SiteVariant? Brotli { get; }

    public SiteVariant? Gzip { get; }

    public bool HasVariants => Brotli is not null || Gzip is not null;
}

/// <summary>One variant of a file's content: as it is, or encoded.</summary>
internal sealed class SiteVariant(string file, string? encoding, long length, string etag)
{
    private byte[]? _bytes;

    public string File => file;

    public long Length => length;

    public StringValues Encoding { get; } = encoding;

    public StringValues ETag { get; } = etag;

    /// <summary>The whole content; null while it is not in memory.</summary>
    public byte[]? Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }
}
