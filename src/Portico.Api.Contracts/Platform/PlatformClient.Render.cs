using System.Net.Http.Json;
using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>How this client uses Render's API.</summary>
public sealed partial class PlatformClient
{
    private const int LargestPage = 100;

    private async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(RenderRoot + path, UriKind.Relative)) { Content = body };
        using var response = await http.SendAsync(request, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return await ReadAsync(response, RenderJson.TypeOf<T>(), cancellationToken);
    }

    /// <summary>Sends a request whose answer has nothing to read.</summary>
    private async Task TellAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(RenderRoot + path, UriKind.Relative)) { Content = body };
        using var response = await http.SendAsync(request, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
    }

    /// <param name="path">The list; it has no query.</param>
    /// <param name="most">How many items to read at most; null for all.</param>
    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, Func<T, string> cursorOf, int? most, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        while (true)
        {
            var limit = Math.Min(LargestPage, most - found.Count ?? LargestPage);
            var after = found.Count == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursorOf(found[^1]))}";
            var page = await AskAsync<IReadOnlyList<T>>(HttpMethod.Get, $"{path}?limit={limit}{after}", null, cancellationToken);
            found.AddRange(page);
            if (page.Count < limit || found.Count >= most)
                return found;
        }
    }

    private static JsonContent BodyOf<T>(T value) => JsonContent.Create(value, RenderJson.TypeOf<T>());
}
