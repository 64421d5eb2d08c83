using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Portico.Edge.Pages;

/// <summary>A response of the edge itself: HTML for browsers, JSON or plain text for other clients.</summary>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Text">What it means and what to do, in one or two sentences of plain text.</param>
internal sealed record ErrorPage(int Status, string Title, string Text, int? RetryAfterSeconds = null)
{
    private const string HtmlType = "text/html; charset=utf-8";

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var (type, body) = Render(context.Request.Headers.Accept.ToString());
        response.ContentType = type;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Makes a whole HTTP/1.1 response that closes the connection, for a client that Kestrel has rejected.</summary>
    public byte[] ToResponse(string requestId)
    {
        var body = Encoding.UTF8.GetBytes(Html());
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Reason}\r\nContent-Length: {body.Length}\r\nContent-Type: {HtmlType}\r\n")
            + $"Cache-Control: no-store\r\nConnection: close\r\n{Proxy.RequestId.HeaderName}: {requestId}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    private string Reason => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status);

    private (string Type, byte[] Body) Render(string accept)
    {
        if (accept.Contains("text/html", StringComparison.OrdinalIgnoreCase))
            return (HtmlType, Encoding.UTF8.GetBytes(Html()));
        if (accept.Contains("json", StringComparison.OrdinalIgnoreCase))
            return ("application/json; charset=utf-8", Json());
        return ("text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"{Title}\n{Text}\n"));
    }

    private byte[] Json()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("message", $"{Title}. {Text}");
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    private string Html() => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{{WebUtility.HtmlEncode(Title)}}</title>
        <style>
        :root { color-scheme: light dark; --line: #8884; --soft: #777; }
        body { font: 17px/1.6 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; }
        main { max-width: 32rem; padding: 2rem; }
        p.status { color: var(--soft); font-variant-numeric: tabular-nums; letter-spacing: .08em; margin: 0; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: .3rem 0 1rem; }
        </style>
        </head>
        <body><main>
        <p class="status">{{Status}}</p>
        <h1>{{WebUtility.HtmlEncode(Title)}}</h1>
        <p>{{WebUtility.HtmlEncode(Text)}}</p>
        </main></body>
        </html>

        """;
}
