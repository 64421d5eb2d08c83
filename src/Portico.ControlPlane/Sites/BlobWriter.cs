using System.IO.Compression;
using System.Security.Cryptography;
using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.ControlPlane.Sites;

/// <summary>Stores files under their digests, each once, with the compressed forms that are worth storing.</summary>
/// <param name="writing">Keeps space free on the disk.</param>
internal sealed class BlobWriter(string directory, CountedWriting writing)
{
    private const long MinEncoded = 512;

    /// <summary>The largest file that is compressed. Larger files are rarely text, and compressing them takes too long.</summary>
    private const long MaxEncoded = 64 << 20;

    private readonly Dictionary<string, Task<SiteFile>> _written = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _temporary;

    public async Task<SiteFile> WriteAsync(string source, string contentType, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(directory, $"{Interlocked.Increment(ref _temporary)}.tmp");
        var (digest, length) = await CopyAsync(source, temporary, cancellationToken);
        var compress = ContentTypes.IsCompressible(contentType) && length is >= MinEncoded and <= MaxEncoded;
        Task<SiteFile> written;
        lock (_gate)
        {
            // One content may have several names, and types: the encoded forms belong to the pair.
            var key = compress ? digest + "+" : digest;
            if (!_written.TryGetValue(key, out written!))
                _written[key] = written = StoreAsync(temporary, digest, length, compress, cancellationToken);
        }
        var file = await written;
        File.Delete(temporary);
        return file with { ContentType = contentType };
    }

    /// <summary>Copies a file. An empty file is not opened, and so neither is a pipe, which would wait for a writer forever.</summary>
    private async Task<(string Digest, long Length)> CopyAsync(string source, string temporary, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        await using var target = File.Create(temporary);
        if (new FileInfo(source).Length > 0)
        {
            await using var file = File.OpenRead(source);
            var buffer = new byte[64 * 1024];
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                writing.Count(count);
                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                length += count;
            }
        }
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    private async Task<SiteFile> StoreAsync(
        string temporary, string digest, long length, bool compress, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var blob = Path.Combine(directory, digest);
        File.Move(temporary, blob, overwrite: true);
        var file = new SiteFile("", length, digest);
        if (!compress)
            return file;
        return file with
        {
            BrotliLength = await EncodeAsync(blob, blob + ".br", length, stream => new BrotliStream(stream, BrotliFor(length)), cancellationToken),
            GzipLength = await EncodeAsync(blob, blob + ".gz", length, stream => new GZipStream(stream, CompressionLevel.SmallestSize), cancellationToken),
        };
    }

    /// <summary>Returns the options for Brotli. The best quality takes about a second per megabyte, so it is used for small files only.</summary>
    private static BrotliCompressionOptions BrotliFor(long length) => new()
    {
        Quality = length switch { <= 32 << 10 => 11, <= 4 << 20 => 9, _ => 5 },
    };

    /// <returns>The compressed length; null, with nothing left on disk, if compression saves nothing.</returns>
    private static async Task<long?> EncodeAsync(
        string source, string target, long length, Func<Stream, Stream> encoder, CancellationToken cancellationToken)
    {
        await using (var input = File.OpenRead(source))
        await using (var output = File.Create(target))
        await using (var encoding = encoder(output))
            await input.CopyToAsync(encoding, cancellationToken);
        var encoded = new FileInfo(target).Length;
        if (encoded < length)
            return encoded;
        File.Delete(target);
        return null;
    }
}
