using System.Text.Json;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>For each filter that an operation declares, a value that cannot be one.</summary>
internal static class QueryProbes
{
    public static IEnumerable<Probe> For(Call call, RenderSpec spec) =>
        from parameter in call.Operation.Parameters
        where parameter.In == "query" && parameter.Name is not ("limit" or "cursor")
        let wrong = WrongValue(spec.Resolve(parameter.Schema), spec)
        where wrong is not null
        select new Probe(Replace(call, parameter.Name, wrong), [400], parameter.Name) { Why = "no value of this filter" };

    private static string? WrongValue(JsonElement schema, RenderSpec spec) => schema switch
    {
        _ when schema.TryGetProperty("items", out var items) => WrongValue(spec.Resolve(items), spec),
        _ when schema.TryGetProperty("enum", out _) => "no-such-choice",
        _ when schema.TryGetProperty("format", out var format) && format.ValueEquals("date-time") => "tomorrow",
        _ when schema.TryGetProperty("type", out var type) && (type.ValueEquals("integer") || type.ValueEquals("number")) => "many",
        _ when schema.TryGetProperty("type", out var type) && type.ValueEquals("boolean") => "perhaps",
        _ => null,
    };

    private static Call Replace(Call call, string name, string value)
    {
        var others = call.Query.Split('&').Where(part => part.Length > 0 && !part.StartsWith($"{name}=", StringComparison.Ordinal));
        return call with { Query = string.Join('&', others.Append($"{name}={value}")) };
    }
}
