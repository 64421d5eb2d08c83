using System.Net.Http.Headers;
using System.Text;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>One request to an operation of Render's, before it is sent.</summary>
/// <param name="Path">Values of the path's parameters, in their order.</param>
/// <param name="Query">Without the question mark.</param>
internal sealed record Call(Operation Operation, IReadOnlyList<string> Path, string Query = "", string? Body = null)
{
    public string ContentType { get; init; } = "application/json";

    public Uri Address
    {
        get
        {
            var values = new Queue<string>(Path);
            var path = string.Join('/', Operation.Path.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(values.Dequeue()) : part));
            return new Uri($"/v1{path}{(Query.Length == 0 ? "" : $"?{Query}")}", UriKind.Relative);
        }
    }

    public Call WithQuery(string added) => this with { Query = Query.Length == 0 ? added : $"{Query}&{added}" };

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(new HttpMethod(Operation.Method), Address);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }
        return request;
    }

    public override string ToString() => $"{Operation.Method} {Address} {Body}";
}
