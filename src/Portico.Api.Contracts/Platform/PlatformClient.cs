using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portico.Api.Contracts.Platform;

/// <summary>Talks to a server's <c>/portico/v1</c>, by default over its unix socket.</summary>
public sealed partial class PlatformClient(HttpClient http) : IDisposable
{
    private const string Root = "portico/v1/";

    /// <summary>Creates a client for the platform in this home. It acts as the machine's owner.</summary>
    /// <exception cref="IOException">The API key cannot be read.</exception>
    public static PlatformClient Connect(PlatformPaths paths)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => await ConnectAsync(paths.ServerSocket, cancellationToken),
        };
        var http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(paths.ApiKey).Trim());
        return new PlatformClient(http);
    }

    /// <summary>Creates a client for a platform on another machine. It acts as the user of the key.</summary>
    public static PlatformClient Connect(Uri platform, string key)
    {
        // A redirect could lead the key elsewhere.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = platform, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new PlatformClient(http);
    }

    public Task<PlatformStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        GetAsync("status", PlatformJson.Default.PlatformStatus, cancellationToken);

    public Task<EngineReport> GetEngineAsync(CancellationToken cancellationToken) =>
        GetAsync("engine", PlatformJson.Default.EngineReport, cancellationToken);

    /// <summary>Tries what answers from outside of the machine, which takes some seconds.</summary>
    public Task<EngineReport> CheckOutsideAsync(CancellationToken cancellationToken) =>
        GetAsync("engine/outside", PlatformJson.Default.EngineReport, cancellationToken);

    /// <summary>Gets the background work of the server and its edge, and which of it fails.</summary>
    public Task<BackgroundReport> GetBackgroundAsync(CancellationToken cancellationToken) =>
        GetAsync("background", PlatformJson.Default.BackgroundReport, cancellationToken);

    public Task<ConnectionDetails> GetConnectionAsync(string name, CancellationToken cancellationToken) =>
        GetAsync($"connections/{Uri.EscapeDataString(name)}", PlatformJson.Default.ConnectionDetails, cancellationToken);

    /// <summary>Exports all services and data stores as a render.yaml.</summary>
    public async Task<string> ExportBlueprintAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(Root + "blueprints/export", UriKind.Relative), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Plans a Blueprint and, unless it is a dry run, applies it. Errors in the Blueprint are in the result, not thrown.</summary>
    public async Task<BlueprintResult> ApplyAsync(ApplyBlueprint request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            Root + "blueprints/apply", request, PlatformJson.Default.ApplyBlueprint, cancellationToken);
        if (response.StatusCode != HttpStatusCode.UnprocessableEntity)
            await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, PlatformJson.Default.BlueprintResult, cancellationToken);
    }

    public async Task<bool> HasSourceAsync(string commit, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri($"{Root}sources/{commit}", UriKind.Relative), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return true;
    }

    /// <param name="bundle">A Git bundle with the commit and all objects that it needs.</param>
    public async Task UploadSourceAsync(string commit, Stream bundle, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(bundle);
        using var response = await http.PutAsync(new Uri($"{Root}sources/{commit}", UriKind.Relative), content, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
    }

    /// <summary>Restarts a service, by new instances of the same deploy, each ready before its predecessor stops, or a data store.</summary>
    public Task RestartAsync(string name, CancellationToken cancellationToken) =>
        PostAsync($"services/{Uri.EscapeDataString(name)}/restart", null, cancellationToken);

    /// <summary>Rolls a service back to an earlier deploy without a build, and turns its auto-deploy off.</summary>
    public async Task<RolledBack> RollBackAsync(string name, RollBackService request, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            $"{Root}services/{Uri.EscapeDataString(name)}/rollback", request, PlatformJson.Default.RollBackService, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, PlatformJson.Default.RolledBack, cancellationToken);
    }

    /// <summary>Stops everything, the server last. Returns when the server has accepted the request; wait for its process to exit.</summary>
    public Task StopAsync(StopPlatform request, CancellationToken cancellationToken) =>
        PostAsync("stop", JsonContent.Create(request, PlatformJson.Default.StopPlatform), cancellationToken);

    public async IAsyncEnumerable<LogEntry> ReadLogsAsync(LogsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Omit a parameter without a value: an empty one is not a number.
        var last = request.Tail is { } tail ? $"&tail={tail}" : "";
        var since = request.Since is { } time ? $"&since={Uri.EscapeDataString(time.UtcDateTime.ToString("O"))}" : "";
        var levels = string.Concat(request.Levels.Select(level => $"&level={Uri.EscapeDataString(level)}"));
        var query = $"{Root}logs?resource={Uri.EscapeDataString(request.Resource)}{last}&follow={Word(request.Follow)}&build={Word(request.Build)}{since}{levels}"
            + (request.Times ? "&times=true" : "");
        using var response = await http.GetAsync(
            new Uri(query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (JsonSerializer.Deserialize(line, PlatformJson.Default.LogEntry) is { } entry)
                yield return entry;
    }

    public void Dispose() => http.Dispose();

    private static string Word(bool value) => value ? "true" : "false";

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(Root + path, UriKind.Relative), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private async Task PostAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(new Uri(Root + path, UriKind.Relative), content, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await response.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new PlatformException("The server sent an empty response.", (int)response.StatusCode);

    private static async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new PlatformException(MessageIn(text) ?? $"The server responded with {(int)response.StatusCode}: {text}", (int)response.StatusCode);
    }

    private static string? MessageIn(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PlatformJson.Default.ApiError)?.Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The server refused a request; the message is for the user.</summary>
public sealed class PlatformException : Exception
{
    public PlatformException() { }

    public PlatformException(string message) : base(message) { }

    public PlatformException(string message, Exception innerException) : base(message, innerException) { }

    public PlatformException(string message, int statusCode) : base(message) => StatusCode = statusCode;

    public int StatusCode { get; }
}
