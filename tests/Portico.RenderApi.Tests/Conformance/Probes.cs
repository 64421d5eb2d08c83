using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>What every operation must refuse, made from a request that it accepts. None of them may change anything.</summary>
internal static partial class Probes
{
    private const string NoSuchField = "noSuchField";

    public static IEnumerable<Probe> For(Call call) =>
        [.. WrongPaths(call), .. WrongPages(call), .. WrongBodies(call)];

    private static IEnumerable<Probe> WrongPaths(Call call)
    {
        // Render removes a resource from wherever it is, whatever the path names.
        if (call.Operation.Id == "remove-resources-from-environment")
            yield break;
        foreach (var (index, value) in call.Path.Index().Where(item => Id().IsMatch(item.Item)))
        {
            yield return new Probe(With(call, index, value[..4] + new string('0', 20)), [404]) { Why = "an id that does not exist" };
            yield return new Probe(With(call, index, $"zzz-{value[4..]}"), [400, 404]) { Why = "an id of another kind" };
            yield return new Probe(With(call, index, "no such \u202e' OR 1=1 --\n"), [400, 404]) { Why = "no id at all" };
        }
    }

    private static IEnumerable<Probe> WrongPages(Call call)
    {
        string[] queries = call.Operation.IsPaged ? ["limit=-1", "limit=0", "limit=many", "limit=1000000000000", "cursor=forged%00"] : [];
        return queries.Select(query => new Probe(call.WithQuery(query), [400], query.Split('=')[0]) { Why = "not a page" });
    }

    private static IEnumerable<Probe> WrongBodies(Call call)
    {
        if (call.ContentType != "application/json" || call.Body is not { } body || JsonNode.Parse(body) is not { } node)
            yield break;
        yield return new Probe(call with { Body = body[..^1] }, [400]) { Why = "truncated JSON" };
        yield return new Probe(call with { Body = "\"text\"" }, [400]) { Why = "a body of another type" };
        yield return new Probe(call with { Body = body, ContentType = "text/plain" }, [400, 415]) { Why = "not declared as JSON" };
        if (node is JsonArray)
            yield return new Probe(call with { Body = "[null]" }, [400]) { Why = "a null among items" };
        if (FirstObject(node) is { } target)
        {
            target[NoSuchField] = 1;
            yield return new Probe(call with { Body = node.ToJsonString() }, [400], NoSuchField) { Why = "a field that does not exist" };
        }
    }

    private static JsonObject? FirstObject(JsonNode node) => node switch
    {
        JsonObject found => found,
        JsonArray { Count: > 0 } items => FirstObject(items[0]!),
        _ => null,
    };

    private static Call With(Call call, int index, string value)
    {
        var path = call.Path.ToArray();
        path[index] = value;
        return call with { Path = path };
    }

    [GeneratedRegex("^[a-z]{3}-[0-9a-v]{20}$")]
    private static partial Regex Id();
}
