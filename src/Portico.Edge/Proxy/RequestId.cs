using System.Buffers;

namespace Portico.Edge.Proxy;

/// <summary>The id of a request, the same in the logs of the client, the service and the platform.</summary>
internal static class RequestId
{
    public const string HeaderName = "X-Request-Id";

    /// <summary>Render's header for the same id. A client's value is never used.</summary>
    public const string RenderHeaderName = "Rndr-Id";

    private const int MaxLength = 128;
    private const string Digits = "0123456789abcdef";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+/=");

    /// <summary>Gets the client's own id if it is a plain token, otherwise a new one such as <c>8f1c2a9b-40d7-4e6b</c>.</summary>
    public static string Of(HttpRequest request)
    {
        if (request.Headers.TryGetValue(HeaderName, out var given) && given.Count == 1 && given[0] is { Length: > 0 and <= MaxLength } id
            && !id.AsSpan().ContainsAnyExcept(Allowed))
            return id;
        return New();
    }

    public static string New() =>
        string.Create(18, Random.Shared.NextInt64(), static (text, bits) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (i is 8 or 13)
                {
                    text[i] = '-';
                    continue;
                }
                text[i] = Digits[(int)(bits & 15)];
                bits >>>= 4;
            }
        });
}
