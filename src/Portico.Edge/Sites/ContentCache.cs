namespace Portico.Edge.Sites;

/// <summary>Keeps small files in memory, up to a total size; the oldest are removed first.</summary>
/// <remarks>Published files never change, so nothing becomes stale.</remarks>
internal sealed class ContentCache(long capacity = 32 << 20, int maxFile = 512 << 10)
{
    private readonly Lock _gate = new();
    private readonly Queue<SiteVariant> _kept = new();
    private long _size;

    /// <summary>Gets the content from memory, or reads it from disk and keeps it. Returns null for a file that is too large to keep.</summary>
    /// <exception cref="IOException">The file is missing or does not have the size in the manifest.</exception>
    public async ValueTask<byte[]?> GetAsync(SiteVariant variant, CancellationToken cancellationToken)
    {
        if (variant.Length > maxFile)
            return null;
        if (variant.Bytes is { } bytes)
            return bytes;
        bytes = await File.ReadAllBytesAsync(variant.File, cancellationToken);
        if (bytes.Length != variant.Length)
            throw new IOException($"{variant.File} has {bytes.Length} bytes; its manifest says {variant.Length}.");
        Keep(variant, bytes);
        return bytes;
    }

    private void Keep(SiteVariant variant, byte[] bytes)
    {
        lock (_gate)
        {
            if (variant.Bytes is not null)
                return;
            while (_size + bytes.Length > capacity && _kept.TryDequeue(out var oldest))
            {
                oldest.Bytes = null;
                _size -= oldest.Length;
            }
            variant.Bytes = bytes;
            _kept.Enqueue(variant);
            _size += bytes.Length;
        }
    }
}
