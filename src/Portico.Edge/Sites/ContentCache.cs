namespace Portico.Edge.Sites;

/// <summary>Keeps small files in memory, up to a bound; the one that came first leaves first.</summary>
/// <remarks>Published files never change, so nothing is ever stale.</remarks>
internal sealed class ContentCache(long capacity = 32 << 20, int maxFile = 512 << 10)
{
    private readonly Lock _gate = new();
    private readonly Queue<SiteVariant> _kept = new();
    private long _size;

    /// <summary>The content from memory, or from disk and then in memory; null when it is too large to keep.</summary>
    /// <exception cref="IOException">The file is gone, or not what the manifest says.</exception>
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
