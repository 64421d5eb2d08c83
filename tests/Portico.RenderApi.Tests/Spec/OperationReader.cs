using System.Globalization;
using System.Text.Json;

namespace Portico.RenderApi.Tests.Spec;

internal static class OperationReader
{
    private const string Json = "application/json";

    public static IEnumerable<Operation> ReadAll(RenderSpec spec, JsonElement paths) =>
        from path in paths.EnumerateObject()
        from method in path.Value.EnumerateObject()
        select Read(spec, path.Name, method.Name.ToUpperInvariant(), method.Value);

    private static Operation Read(RenderSpec spec, string path, string method, JsonElement operation) => new(
        operation.GetProperty("operationId").GetString()!, method, path,
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(spec.Resolve).Select(ReadParameter)] : [],
        operation.TryGetProperty("requestBody", out var body) ? JsonSchema(spec.Resolve(body)) : null,
        operation.GetProperty("responses").EnumerateObject().ToDictionary(
            response => int.Parse(response.Name, CultureInfo.InvariantCulture), response => ReadResponse(spec, spec.Resolve(response.Value))));

    private static Parameter ReadParameter(JsonElement parameter) => new(
        parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
        parameter.TryGetProperty("required", out var required) && required.GetBoolean(), parameter.GetProperty("schema"));

    private static DeclaredResponse ReadResponse(RenderSpec spec, JsonElement response) => new(
        JsonSchema(response),
        !response.TryGetProperty("headers", out var headers) ? new Dictionary<string, JsonElement>() : headers.EnumerateObject()
            .ToDictionary(header => header.Name, header => spec.Resolve(header.Value).GetProperty("schema"), StringComparer.OrdinalIgnoreCase));

    private static JsonElement? JsonSchema(JsonElement message) =>
        message.TryGetProperty("content", out var content) && content.TryGetProperty(Json, out var json) ? json.GetProperty("schema") : null;
}
