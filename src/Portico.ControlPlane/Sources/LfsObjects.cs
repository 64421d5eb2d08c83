using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Sources;

/// <summary>Brings files here that a repository keeps in Git LFS, from the server beside the repository.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md. Where that server sends for a file is held to
/// the rules for every address that a user gives.</remarks>
public sealed class LfsObjects(OutboundClient client)
{
    private const string Json = "application/vnd.git-lfs+json", Scratch = "lfs.part";
    private const int AtOnce = 100;
    internal const long MostBytes = 8L << 30;

    private static readonly OutboundLimits Question = new(TimeSpan.FromSeconds(30), 4 << 20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="repository">The path of the one that the files go into. Nobody else does this there now.</param>
    /// <param name="url">Of the one that has the pointers, by http or https and with its access.</param>
    /// <returns>For each pointer's blob the file's.</returns>
    /// <exception cref="GitException">A file cannot be had.</exception>
    internal async Task<IReadOnlyDictionary<string, string>> FetchAsync(
        string repository, string url, IReadOnlyDictionary<string, LfsPointer> pointers, CancellationToken cancellationToken)
    {
        if (pointers.Values.Sum(pointer => pointer.Size) > MostBytes)
            throw new GitException($"its files in Git LFS have more than {MostBytes >> 30} GB.");
        var blobs = new Dictionary<string, string>();
        foreach (var some in pointers.Values.DistinctBy(pointer => pointer.Oid).Chunk(AtOnce))
        {
            var sources = await AskAsync(url, some, cancellationToken);
            foreach (var pointer in some)
                blobs[pointer.Oid] = await SaveAsync(repository, pointer, sources.GetValueOrDefault(pointer.Oid), cancellationToken);
        }
        return pointers.ToDictionary(item => item.Key, item => blobs[item.Value.Oid]);
    }

    private async Task<Dictionary<string, HttpRequestMessage>> AskAsync(string url, IReadOnlyList<LfsPointer> pointers, CancellationToken cancellationToken)
    {
        var shown = GitUrl.Shown(url).TrimEnd('/');
        var server = $"{(shown.EndsWith(".git", StringComparison.Ordinal) ? shown : $"{shown}.git")}/info/lfs";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server}/objects/batch") { Content = new ByteArrayContent(Body(pointers)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        request.Headers.Accept.ParseAdd(Json);
        if (new Uri(url).UserInfo is { Length: > 0 } access)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(access))));
        try
        {
            var answer = await client.SendAsync(request, Question, cancellationToken);
            if (!answer.IsSuccess)
                throw new GitException($"Git LFS: {server} answered {answer.Status}.");
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.GetProperty("objects").EnumerateArray().Where(item => item.TryGetProperty("actions", out _))
                .ToDictionary(item => item.GetProperty("oid").GetString()!, item => Download(item.GetProperty("actions").GetProperty("download")));
        }
        catch (Exception exception) when (exception is OutboundException or JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new GitException($"Git LFS: {server} could not be asked: {exception.Message}", exception);
        }
    }

    private static byte[] Body(IReadOnlyList<LfsPointer> pointers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("operation", "download");
            json.WriteStartArray("transfers");
            json.WriteStringValue("basic");
            json.WriteEndArray();
            json.WriteStartArray("objects");
            foreach (var pointer in pointers)
            {
                json.WriteStartObject();
                json.WriteString("oid", pointer.Oid);
                json.WriteNumber("size", pointer.Size);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static HttpRequestMessage Download(JsonElement action)
    {
        var source = new Uri(action.GetProperty("href").GetString()!, UriKind.Absolute);
        if (source.Scheme is not ("http" or "https"))
            throw new FormatException($"it sends to '{source.Scheme}:', which is not followed.");
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (action.TryGetProperty("header", out var headers))
            foreach (var header in headers.EnumerateObject())
                request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        return request;
    }

    /// <returns>The blob's id.</returns>
    private async Task<string> SaveAsync(string repository, LfsPointer pointer, HttpRequestMessage? source, CancellationToken cancellationToken)
    {
        if (source is null)
            throw new GitException($"Git LFS: the server does not have the file {pointer.Oid[..12]}.");
        var file = Path.Combine(repository, Scratch);
        try
        {
            await using (var target = new FileStream(file, FileMode.Create))
                await client.SaveAsync(source, target, new OutboundFile(Patience, pointer.Size), cancellationToken);
            await using (var written = File.OpenRead(file))
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken)) != pointer.Oid)
                    throw new GitException($"Git LFS: what {source.RequestUri!.Host} sent is not the file {pointer.Oid[..12]}.");
            return (await GitCommand.RunAsync(repository, ["hash-object", "-w", "--no-filters", "--", file], cancellationToken)).Trim();
        }
        catch (OutboundException exception)
        {
            throw new GitException($"Git LFS: the file {pointer.Oid[..12]} could not be fetched from {source.RequestUri!.Host}: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <param name="Oid">The SHA-256 of the file.</param>
/// <param name="Size">In bytes.</param>
internal sealed record LfsPointer(string Oid, long Size)
{
    /// <returns>Null where it is none.</returns>
    public static LfsPointer? Parse(string text)
    {
        const string oid = "oid sha256:", size = "size ";
        var lines = text.Split('\n');
        var (id, bytes) = (Array.Find(lines, line => line.StartsWith(oid, StringComparison.Ordinal)), Array.Find(lines, line => line.StartsWith(size, StringComparison.Ordinal)));
        return id is not null && bytes is not null && id.Length == oid.Length + 64
            && long.TryParse(bytes.AsSpan(size.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= LfsObjects.MostBytes
            ? new LfsPointer(id[oid.Length..], length) : null;
    }
}
