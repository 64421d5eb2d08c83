using System.Text;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Fuzz;

/// <param name="Target">Path and query, encoded.</param>
/// <param name="Operation">Null for a route that Render's document does not have.</param>
internal sealed record FuzzRequest(Operation? Operation, string Method, string Target)
{
    public byte[]? Body { get; init; }

    public string? ContentType { get; init; }

    public (string Name, string Value)? Header { get; init; }

    public HttpRequestMessage ToMessage(Uri address)
    {
        // As written: a Uri would otherwise take "../" and the like out before they are sent.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri($"{address.ToString().TrimEnd('/')}{Target}", in options));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }
        if (Header is { } header)
            message.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return message;
    }

    public override string ToString()
    {
        const int most = 2_000;
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, most));
        return $"{Method} {(Target.Length <= most ? Target : Target[..most])}\n{Header}\nContent-Type: {ContentType}\n\n{body}{(Body?.Length > most ? $"… {Body.Length} bytes" : "")}";
    }
}
