using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Outbound;

namespace Portico.ControlPlane.Sources;

/// <summary>Downloads the Git LFS files of a repository.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md. Download URLs are checked like every URL that a user gives.</remarks>
internal sealed class LfsObjects(OutboundClient client)
{
    private const string Scratch = "part";
    private const int AtOnce = 100;
    internal const long MostBytes = 8L << 30;

    private static readonly OutboundLimits Question = new(TimeSpan.FromSeconds(30), 4 << 20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="repository">The path of the repository that receives the files. No other operation may change it at the same time.</param>
    /// <param name="pointers">The pointers by blob.</param>
    /// <returns>The blob of the file for each pointer's blob.</returns>
    /// <exception cref="GitException">A file could not be downloaded.</exception>
    internal async Task<IReadOnlyDictionary<string, string>> FetchAsync(
        GitRepository repository, LfsServer server, IReadOnlyDictionary<string, LfsPointer> pointers, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, string>();
        foreach (var some in pointers.Values.DistinctBy(pointer => pointer.Oid).Chunk(AtOnce))
        {
            var answers = await AskAsync(server, some, cancellationToken);
            foreach (var pointer in some)
                blobs[pointer.Oid] = await SaveAsync(repository, pointer, Download(pointer, answers.GetValueOrDefault(pointer.Oid)), cancellationToken);
        }
        return pointers.ToDictionary(item => item.Key, item => blobs[item.Value.Oid]);
    }

    private async Task<Dictionary<string, LfsObjectAnswer>> AskAsync(LfsServer server, IReadOnlyList<LfsPointer> pointers, CancellationToken cancellationToken)
    {
        var batch = new LfsBatch("download", [.. pointers.Select(pointer => new LfsObject(pointer.Oid, pointer.Size))]) { Transfers = ["basic"] };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Url}/objects/batch")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(batch, LfsJson.Default.LfsBatch)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(LfsJson.MediaType);
        request.Headers.Accept.ParseAdd(LfsJson.MediaType);
        foreach (var (name, value) in server.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            var answer = await client.SendAsync(request, Question, cancellationToken);
            if (!answer.IsSuccess)
                throw new GitException($"Git LFS: {server.Url} responded with status {answer.Status}.{server.Hint}");
            var objects = JsonSerializer.Deserialize(answer.Body.Span, LfsJson.Default.LfsBatchAnswer)?.Objects ?? [];
            return objects.DistinctBy(item => item.Oid).ToDictionary(item => item.Oid);
        }
        catch (Exception exception) when (exception is OutboundException or JsonException)
        {
            throw new GitException($"Git LFS: could not reach {server.Url}: {exception.Message}{server.Hint}", exception);
        }
    }

    private static HttpRequestMessage Download(LfsPointer pointer, LfsObjectAnswer? answer)
    {
        if (answer?.Actions?.Download is not { } action)
            throw new GitException($"Git LFS: the server does not have the file {pointer.Oid[..12]}{(answer?.Error is { } error ? $": {error.Message}" : ".")}");
        if (!Uri.TryCreate(action.Href, UriKind.Absolute, out var source) || source.Scheme is not ("http" or "https"))
            throw new GitException($"Git LFS: the server's download URL for the file {pointer.Oid[..12]} is not an http or https URL.");
        var request = new HttpRequestMessage(HttpMethod.Get, source);
        foreach (var (name, value) in action.Header ?? new Dictionary<string, string>())
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <returns>The id of the blob.</returns>
    private async Task<string> SaveAsync(GitRepository repository, LfsPointer pointer, HttpRequestMessage source, CancellationToken cancellationToken)
    {
        // In the platform's own directory: git, which hostile content may have taken over, can put a link at any other place.
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(repository.Path, LfsStore.DirectoryName)).FullName, Scratch);
        try
        {
            await using (var target = new FileStream(file, FileMode.Create))
                await client.SaveAsync(source, target, new OutboundFile(Patience, pointer.Size), cancellationToken);
            await using (var written = File.OpenRead(file))
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(written, cancellationToken)) != pointer.Oid)
                    throw new GitException($"Git LFS: the content that {source.RequestUri!.Host} sent does not match the file {pointer.Oid[..12]}.");
            return await GitLfs.AddAsync(repository, file, cancellationToken);
        }
        catch (OutboundException exception)
        {
            throw new GitException($"Git LFS: could not fetch the file {pointer.Oid[..12]} from {source.RequestUri!.Host}: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <param name="Oid">The SHA-256 of the file.</param>
/// <param name="Size">The size in bytes.</param>
internal sealed record LfsPointer(string Oid, long Size)
{
    /// <returns>Null if the text is not a pointer.</returns>
    public static LfsPointer? Parse(string text)
    {
        const string oid = "oid sha256:", size = "size ";
        var lines = text.Split('\n');
        var (id, bytes) = (Array.Find(lines, line => line.StartsWith(oid, StringComparison.Ordinal)), Array.Find(lines, line => line.StartsWith(size, StringComparison.Ordinal)));
        return id is not null && bytes is not null
            && LfsStore.IsOid(id[oid.Length..]) && long.TryParse(bytes.AsSpan(size.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= LfsObjects.MostBytes
            ? new LfsPointer(id[oid.Length..], length) : null;
    }
}
