using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Sites;
using Portico.Core.Routing;
using Portico.Hosting;

namespace Portico.ControlPlane.Tests.Sites;

public sealed class SitePublisherTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("publish-");
    private readonly SitePublisher _publisher = new(new DiskReserve(Path.GetTempPath(), 0), new FakeTimeProvider(Now));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Source => Path.Combine(_root.FullName, "dist");

    private string Destination => Path.Combine(_root.FullName, "published");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_sparse_file_is_counted_in_full_and_never_takes_the_reserve()
    {
        Write("index.html", "<h1>small</h1>");
        using (var sparse = File.Create(Path.Combine(Source, "sparse.bin")))
            sparse.SetLength(2L << 30);
        var free = new DriveInfo(_root.FullName).AvailableFreeSpace;
        var publisher = new SitePublisher(new DiskReserve(_root.FullName, free - (64L << 20)), new FakeTimeProvider(Now));

        var error = await Assert.ThrowsAsync<SitePublishException>(() => publisher.PublishAsync(Source, Destination, Cancelled));

        Assert.Contains("PORTICO_MIN_FREE_DISK_MEGABYTES", error.Message, StringComparison.Ordinal);
        Assert.Equal([Source], Directory.GetDirectories(_root.FullName));
    }

    [Fact]
    public async Task A_directory_is_published_with_types_and_encoded_forms()
    {
        var script = string.Concat(Enumerable.Range(0, 1000).Select(i => $"call({i});\n"));
        Write("index.html", "<h1>small</h1>");
        Write("assets/app.js", script);
        Write("assets/photo.png", script);
        Write("no extension", "x");
        Write(".well-known/security.txt", "Contact: a@b");

        var manifest = await PublishAsync();

        Assert.Equal(Now, manifest.PublishedAt);
        Assert.Equal(
            ["/.well-known/security.txt", "/assets/app.js", "/assets/photo.png", "/index.html", "/no extension"],
            manifest.Files.Keys.Order(StringComparer.Ordinal));
        var html = manifest.Files["/index.html"];
        Assert.Equal("text/html; charset=utf-8", html.ContentType);
        Assert.Null(html.BrotliLength);
        Assert.Equal("application/octet-stream", manifest.Files["/no extension"].ContentType);
        Assert.Null(manifest.Files["/assets/photo.png"].GzipLength);
        Assert.Equal("image/png", manifest.Files["/assets/photo.png"].ContentType);

        var js = manifest.Files["/assets/app.js"];
        Assert.Equal("text/javascript; charset=utf-8", js.ContentType);
        Assert.Equal(script, await ReadAsync(Blob(js)));
        Assert.Equal(script, await ReadAsync(new BrotliStream(Blob(js, ".br"), CompressionMode.Decompress)));
        Assert.Equal(script, await ReadAsync(new GZipStream(Blob(js, ".gz"), CompressionMode.Decompress)));
        Assert.Equal(js.BrotliLength, new FileInfo(Path.Combine(Destination, "blobs", js.Sha256 + ".br")).Length);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Destination, "blobs")), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_inside_is_followed_and_one_that_leaves_is_named()
    {
        Write("real/a.txt", "content");
        File.CreateSymbolicLink(Path.Combine(Source, "b.txt"), "real/a.txt");
        Directory.CreateSymbolicLink(Path.Combine(Source, "dir"), Path.Combine(Source, "real"));
        var manifest = await PublishAsync();
        Assert.Equal(manifest.Files["/real/a.txt"].Sha256, manifest.Files["/b.txt"].Sha256);
        Assert.Contains("/dir/a.txt", manifest.Files.Keys);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside.txt")]
    [InlineData("up/outside.txt")]
    public async Task A_link_that_leaves_is_an_error_that_names_it(string target)
    {
        Write("index.html", "x");
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "outside.txt"), "secret", Cancelled);
        File.CreateSymbolicLink(Path.Combine(Source, "leak"), target);
        if (target.StartsWith("up/", StringComparison.Ordinal))
        {
            // Every part of the path looks as if it were inside; only the link on the way is not.
            File.Delete(Path.Combine(Source, "leak"));
            Directory.CreateDirectory(Path.Combine(Source, "deep"));
            File.CreateSymbolicLink(Path.Combine(Source, "deep", "leak"), "../deep/.hop/outside.txt");
            Directory.CreateSymbolicLink(Path.Combine(Source, "deep", ".hop"), "../..");
        }
        var error = await Assert.ThrowsAsync<SitePublishException>(() => _publisher.PublishAsync(Source, Destination, Cancelled));
        Assert.Matches("/leak|/\\.hop", error.Message);
        Assert.False(Directory.Exists(Destination));
        Assert.False(Directory.Exists(Destination + ".tmp"));
    }

    [Fact]
    public async Task Links_that_leave_are_all_named_at_once()
    {
        Write("index.html", "x");
        File.CreateSymbolicLink(Path.Combine(Source, "one"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(Source, "two"), "/etc/group");
        var error = await Assert.ThrowsAsync<SitePublishException>(() => _publisher.PublishAsync(Source, Destination, Cancelled));
        Assert.Contains("/one (to /etc/passwd)", error.Message, StringComparison.Ordinal);
        Assert.Contains("/two (to /etc/group)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_to_nothing_are_left_out_and_named_in_one_warning()
    {
        Write("index.html", "x");
        File.CreateSymbolicLink(Path.Combine(Source, "gone.txt"), "missing");
        File.CreateSymbolicLink(Path.Combine(Source, "itself"), "itself");
        Directory.CreateDirectory(Path.Combine(Source, "sub"));
        File.CreateSymbolicLink(Path.Combine(Source, "sub", "deep"), "/nowhere/at/all");
        var warning = await _publisher.PublishAsync(Source, Destination, Cancelled);
        foreach (var name in new[] { "/gone.txt (to missing)", "/itself (to itself)", "/sub/deep (to /nowhere/at/all)" })
            Assert.Contains(name, warning, StringComparison.Ordinal);
        var manifest = await PublishAsync();
        Assert.Equal(["/index.html"], manifest.Files.Keys);
    }

    [Fact]
    public async Task A_circle_of_links_ends_in_an_error()
    {
        Write("index.html", "x");
        Directory.CreateSymbolicLink(Path.Combine(Source, "loop"), Source + "/sub");
        Directory.CreateDirectory(Path.Combine(Source, "sub"));
        Directory.CreateSymbolicLink(Path.Combine(Source, "sub", "again"), Path.Combine(Source, "sub"));
        await Assert.ThrowsAsync<SitePublishException>(() => _publisher.PublishAsync(Source, Destination, Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_missing_or_empty_directory_names_the_setting(bool exists)
    {
        if (exists)
            Directory.CreateDirectory(Path.Combine(Source, "only", "directories"));
        var error = await Assert.ThrowsAsync<SitePublishException>(() => _publisher.PublishAsync(Source, Destination, Cancelled));
        Assert.Contains("staticPublishPath", error.Message, StringComparison.Ordinal);
        Assert.Contains(Source, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_again_changes_nothing_and_leftovers_of_a_crash_are_replaced()
    {
        Write("index.html", "first");
        Directory.CreateDirectory(Destination + ".tmp/blobs");
        Directory.CreateDirectory(Destination);
        await File.WriteAllTextAsync(Path.Combine(Destination, "torn"), "x", Cancelled);
        var first = await PublishAsync();
        Assert.False(File.Exists(Path.Combine(Destination, "torn")));
        Write("index.html", "second");
        var second = await PublishAsync();
        Assert.Equal(first.Files["/index.html"].Sha256, second.Files["/index.html"].Sha256);
    }

    [Fact]
    public async Task Equal_contents_are_stored_once_whatever_their_types()
    {
        var text = new string('x', 5000);
        for (var i = 0; i < 40; i++)
            Write($"{i}.{(i % 2 == 0 ? "txt" : "png")}", text);
        var manifest = await PublishAsync();
        Assert.Equal(40, manifest.Files.Count);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Destination, "blobs")).Length);
        Assert.NotNull(manifest.Files["/0.txt"].BrotliLength);
        Assert.Null(manifest.Files["/1.png"].BrotliLength);
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private async Task<SiteManifest> PublishAsync()
    {
        await _publisher.PublishAsync(Source, Destination, Cancelled);
        await using var stream = File.OpenRead(Path.Combine(Destination, SiteManifest.FileName));
        return (await JsonSerializer.DeserializeAsync(stream, RoutingJson.Default.SiteManifest, Cancelled))!;
    }

    private FileStream Blob(SiteFile file, string form = "") => File.OpenRead(Path.Combine(Destination, "blobs", file.Sha256 + form));

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancelled);
    }
}
