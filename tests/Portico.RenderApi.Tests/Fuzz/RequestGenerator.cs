using System.Text;
using System.Text.Json.Nodes;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Requests from Render's document and from those that the scenarios sent: valid, or with something wrong.</summary>
/// <param name="others">Routes that Render's document does not have, as <c>GET /portico/v1/keys</c>.</param>
/// <param name="samples">Calls that have succeeded on another server, by operation.</param>
internal sealed class RequestGenerator(
    RenderSpec spec, IReadOnlyList<Operation> operations, IReadOnlyList<string> others, ILookup<string, Call> samples, KnownIds ids)
{
    private const int LargeBody = 10_000_000;
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"];
    private static readonly string[] ContentTypes = ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/json; charset=klingon", "", ";;;", "json"];
    private readonly SchemaSampler _sampler = new(spec, ids);

    public FuzzRequest Make(Random random)
    {
        if (others.Count > 0 && random.Next(10) == 0)
            return MakeOther(others[random.Next(others.Count)].Split(' '), random);
        var operation = operations[random.Next(operations.Count)];
        var recorded = samples[operation.Id].ToList();
        var sample = recorded.Count > 0 && random.Next(3) > 0 ? recorded[random.Next(recorded.Count)] : null;
        var request = new FuzzRequest(operation, random.Next(60) == 0 ? Methods[random.Next(Methods.Length)] : operation.Method, Target(operation, sample, random));
        return WithBody(WithHeader(request, random), operation, sample, random);
    }

    private FuzzRequest MakeOther(string[] route, Random random)
    {
        var request = new FuzzRequest(null, route[0], Fill(route[1], null, random));
        if (route[0] is "GET" or "DELETE")
            return request;
        var body = new JsonObject
        {
            ["name"] = "somebody",
            ["email"] = "somebody@example.invalid",
            ["role"] = "WORKSPACE_VIEWER",
            ["client_id"] = "cli",
            ["token"] = "rnd_guess",
            ["userCode"] = "BCDF-GHJK",
            ["blueprint"] = "services: []",
            ["dryRun"] = true,
        };
        foreach (var name in body.Select(field => field.Key).Where(_ => random.Next(2) == 0).ToList())
            body.Remove(name);
        return request with { Body = random.Next(2) == 0 ? Encoding.UTF8.GetBytes(body.ToJsonString()) : JsonMutation.Apply(body, random), ContentType = "application/json" };
    }

    private static FuzzRequest WithHeader(FuzzRequest request, Random random) => random.Next(20) switch
    {
        0 => request with { Header = ("Accept", Printable(HostileText.Pick(random))) },
        1 => request with { Header = ("X-Forwarded-For", Printable(HostileText.Pick(random))) },
        2 => request with { Header = ("Content-Encoding", "gzip") },
        3 => request with { Header = ("X-Http-Method-Override", "DELETE") },
        4 => request with { Header = ("Cookie", Printable(HostileText.Pick(random))) },
        _ => request,
    };

    private FuzzRequest WithBody(FuzzRequest request, Operation operation, Call? sample, Random random)
    {
        if (operation.Body is not { } schema)
            return request;
        var contentType = random.Next(40) == 0 ? ContentTypes[random.Next(ContentTypes.Length)] : "application/json";
        if (random.Next(1_500) == 0)
            return request with { Body = Encoding.ASCII.GetBytes($"{{\"name\":\"{new string('a', LargeBody)}\"}}"), ContentType = contentType };
        var body = sample?.Body is { } known ? JsonNode.Parse(ids.Translate(known, random)) : _sampler.Sample(schema, "", random);
        var bytes = random.Next(3) == 0 ? Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "null") : JsonMutation.Apply(body, random);
        return request with { Body = bytes, ContentType = contentType };
    }

    private string Target(Operation operation, Call? sample, Random random)
    {
        var query = random.Next(2) == 0 ? Query(operation, random) : ids.Translate(sample?.Query ?? "", random);
        return $"/v1{Fill(operation.Path, sample, random)}{(query.Length == 0 ? "" : $"?{query}")}";
    }

    private string Fill(string path, Call? sample, Random random)
    {
        var position = 0;
        return string.Join('/', path.Split('/').Select(part => !part.StartsWith('{') ? part : Uri.EscapeDataString(PathValue(part.Trim('{', '}'), sample?.Path[position++], random))));
    }

    private string PathValue(string name, string? known, Random random) => random.Next(12) switch
    {
        // What goes up a path is another operation's.
        0 => NotEmpty(HostileText.Pick(random)) is var text && text is ".." ? "..." : text,
        1 => ids.Pick(random, null) ?? "x",
        2 => $"{name[..1]}rv-{new string('0', 20)}",
        3 => (ids.Pick(random, null) ?? "srv-").ToUpperInvariant(),
        4 => $"{ids.Pick(random, null)}\n",
        _ => known is not null ? ids.Translate(known, random) : _sampler.SampleId(name, random) ?? "name",
    };

    private string Query(Operation operation, Random random)
    {
        var parts = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "query" && (parameter.Required || random.Next(3) == 0)))
            for (var times = random.Next(10) == 0 ? 3 : 1; times > 0; times--)
                parts.Add($"{parameter.Name}={QueryValue(parameter, random)}");
        if (random.Next(15) == 0)
            parts.Add($"{Encode(HostileText.Pick(random))}={Encode(HostileText.Pick(random))}");
        return string.Join('&', parts);
    }

    private string QueryValue(Parameter parameter, Random random)
    {
        if (random.Next(3) == 0)
            return random.Next(8) == 0 ? "%ff%fe" : Encode(HostileText.Pick(random));
        var value = _sampler.Sample(parameter.Schema, parameter.Name, random);
        return Encode(value is JsonArray items ? string.Join(',', items.Select(item => item?.ToString())) : value?.ToString() ?? "");
    }

    /// <summary>As it fits on a request line.</summary>
    private static string Encode(string text) => Uri.EscapeDataString(text.Length > 1_000 ? text[..1_000] : text);

    private static string NotEmpty(string text) => text.Length switch { 0 => "-", > 1_000 => text[..1_000], _ => text };

    private static string Printable(string text) => string.Concat(text.Where(character => character is >= ' ' and <= '~').Take(1_000));
}
