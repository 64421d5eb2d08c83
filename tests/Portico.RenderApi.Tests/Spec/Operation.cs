using System.Text.Json;

namespace Portico.RenderApi.Tests.Spec;

/// <param name="Path">As in the document: <c>/services/{serviceId}</c>.</param>
/// <param name="Body">The schema of a JSON body; null where the operation takes none.</param>
internal sealed record Operation(
    string Id, string Method, string Path, IReadOnlyList<Parameter> Parameters, JsonElement? Body, IReadOnlyDictionary<int, DeclaredResponse> Responses)
{
    public IReadOnlyList<string> PathParameters { get; } =
        [.. Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))];

    /// <summary>A list that is read page by page.</summary>
    public bool IsPaged => Method == "GET" && HasQuery("cursor") && HasQuery("limit");

    public bool HasQuery(string name) => Parameters.Any(parameter => parameter.In == "query" && parameter.Name == name);

    public override string ToString() => $"{Id} ({Method} {Path})";
}

internal sealed record Parameter(string Name, string In, bool Required, JsonElement Schema);

/// <param name="Schema">Of the JSON body; null where the response has no body.</param>
/// <param name="Headers">Names and the schemas of their values.</param>
internal sealed record DeclaredResponse(JsonElement? Schema, IReadOnlyDictionary<string, JsonElement> Headers);
