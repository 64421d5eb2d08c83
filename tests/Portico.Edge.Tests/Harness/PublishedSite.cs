using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

/// <summary>A site on disk in the format that the edge reads.</summary>
internal sealed class PublishedSite : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static readonly DateTimeOffset PublishedAt = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);

    public PublishedSite(params (string Path, string Content)[] files)
        : this([.. files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Content)))]) { }

    public PublishedSite(params (string Path, byte[] Content)[] files)
    {
        System.IO.Directory.CreateDirectory(_directory[SiteManifest.BlobDirectory]);
        var manifest = new SiteManifest
        {
            Format = SiteManifest.CurrentFormat,
            PublishedAt = PublishedAt,
            Files = files.ToDictionary(file => file.Path, file => Write(file.Path, file.Content)),
        };
        File.WriteAllText(_directory[SiteManifest.FileName], JsonSerializer.Serialize(manifest, RoutingJson.Default.SiteManifest));
    }

    public string Directory => _directory.Path;

    public void Dispose() => _directory.Dispose();

    private SiteFile Write(string path, byte[] content)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var blob = Path.Combine(_directory[SiteManifest.BlobDirectory], digest);
        File.WriteAllBytes(blob, content);
        var type = path.EndsWith(".html", StringComparison.Ordinal) ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        var file = new SiteFile(type, content.Length, digest);
        return content.Length < 512 ? file : file with
        {
            BrotliLength = Encode(blob + ".br", content, stream => new BrotliStream(stream, CompressionLevel.Fastest)),
            GzipLength = Encode(blob + ".gz", content, stream => new GZipStream(stream, CompressionLevel.Fastest)),
        };
    }

    private static long Encode(string file, byte[] content, Func<Stream, Stream> encoder)
    {
        using (var encoding = encoder(File.Create(file)))
            encoding.Write(content);
        return new FileInfo(file).Length;
    }
}
