using System.Text;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Api.Render;
using Portico.ControlPlane.Api.Requests;
using Portico.RenderApi.Tests.Recordings;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Compatibility;

/// <summary>Writes <c>docs/render-compatibility.md</c> from the routes that exist.</summary>
internal static class CompatibilityPage
{
    private const string Behavior =
        "How the platform behaves, statement by statement of Render's handbook (same, different on purpose, not yet), is on a page of its own: [behavior compared with Render's](render-behavior.md).";

    public static string Write(IReadOnlyCollection<RouteEndpoint> endpoints)
    {
        var existing = endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()).OfType<RenderOperation>()
            .DistinctBy(operation => operation.Id).ToDictionary(operation => operation.Id, StringComparer.Ordinal);
        var page = new StringBuilder();
        page.AppendLine(Introduction(existing));
        AppendRecordings(page);
        foreach (var group in KnownOperations.All.GroupBy(operation => operation.Path.Split('/')[1]).OrderBy(group => group.Key, StringComparer.Ordinal))
            AppendGroup(page, group, existing);
        AppendOthers(page, endpoints);
        page.AppendLine().AppendLine("## Behavior").AppendLine().AppendLine(Behavior);
        return page.ToString();
    }

    private static string Introduction(Dictionary<string, RenderOperation> existing)
    {
        var all = KnownOperations.All.Count;
        var partly = existing.Values.Count(operation => operation.Differs is not null);
        return $"""
            # Compatibility with Render's API

            Clients of Render's public API v1 work with Portico: set `RENDER_HOST` to the platform's address with `/v1/` and `RENDER_API_KEY` to one of its keys. Of the {all} operations, {existing.Count - partly} work, {partly} work with the differences listed here, and {all - existing.Count} are not implemented yet: they return 501 with a message that says so.

            *Works* means that everything in Render's OpenAPI document either has its effect or is rejected with a message; nothing is silently ignored. The tests call each of these operations and validate every response against that document.

            This page is generated from the routes. After a change, run `PORTICO_ACCEPT=1 ./test Portico.RenderApi.Tests`.

            ## Deploys that follow from changes

            On Render, a change of a service through the API takes effect with the next deploy, which the client requests (Render's Terraform provider does so after its last change); a change of an env group deploys the linked services, and so does a disk. With Portico, every such change deploys the service, unless its auto-deploy is off: the deploy starts 3 seconds after the last change, at most 30 seconds after the first one, and contains all of them, so that several calls make one deploy and none of them goes live alone. A deploy that is requested in the meantime, by a client, a deploy hook, a push or a Blueprint, contains the changes and is the only one. A rollback discards the pending deploy.

            ## PostgreSQL

            Major versions 14 to 18 are available: those that are installed on the machine, and the others as packages of npm that are fetched when they are first needed. Without a version, a new database gets the newest one that is installed (on Render: the newest one).

            `CREATE EXTENSION` works for the extensions on Render's list that are installed beside the server. The packages contain PostgreSQL's own extensions; others, such as pgvector and PostGIS, come from the machine's packages for its own version of PostgreSQL.

            Which of them exist depends on the version, here as on Render: `adminpack` and `old_snapshot` ended with PostgreSQL 16, and `pg_similarity` is not available from 16 on. Of Render's list, only `pg_duckdb` and `timescaledb` are not offered: they must be loaded when the server starts. `postgres_fdw`, which is not on that list, is offered too.

            A database sorts text by code point (`C.UTF-8`), not as Render's `en_US.UTF8` does: `ORDER BY name` puts `Z` before `a`. This order never changes with an update of the operating system, which would corrupt indexes. Where people see the order, ask for another one: `ORDER BY name COLLATE "en-US-x-icu"`.
            """;
    }

    /// <summary>What the replay of recorded requests found: it fails for every difference that is not written here.</summary>
    private static void AppendRecordings(StringBuilder page)
    {
        page.AppendLine().AppendLine("## Answers that differ from recorded ones").AppendLine();
        page.AppendLine("The tests send 871 requests that Render's Terraform provider sent to Render, and compare each answer with the recorded one: status, keys, types and values. They differ on purpose here:").AppendLine();
        page.AppendLine("| request | field | |").AppendLine("|---|---|---|");
        foreach (var entry in OnPurpose.All)
            page.AppendLine($"| {(entry.Operation.Length == 0 ? "all" : $"`{entry.Operation}`")} | `{entry.Place}` | {entry.Reason} |");
        page.AppendLine().AppendLine("These parts of requests are refused for now, and everything else is compared without them: "
            + $"{string.Join(", ", NotYet.All.Select(part => part.Name))}. Where a recording and the OpenAPI document contradict each other, Portico answers as recorded: "
            + "a list without items is `null` in `databasesIds`, `redisIds`, `serviceIds` and `envGroupIds` of an environment, in `ipAllowList` of a data store, in `eventFilter` of a webhook, "
            + "and in the answer to replacing all headers or routes by none; and adding resources to an environment answers 201.");
        page.AppendLine().AppendLine("In every body, `null` for a list is a list without items, and `null` for an object is one without fields. A request without a body is refused where a body is required.");
    }

    private static void AppendGroup(StringBuilder page, IGrouping<string, KnownOperation> group, Dictionary<string, RenderOperation> existing)
    {
        page.AppendLine().AppendLine($"## {group.Key}").AppendLine().AppendLine("| request | operation | |").AppendLine("|---|---|---|");
        foreach (var operation in group)
            page.AppendLine($"| `{operation.Method} {operation.Path}` | {operation.Id} | {State(existing.GetValueOrDefault(operation.Id))} |");
    }

    private static string State(RenderOperation? operation) => operation switch
    {
        null => "not yet",
        { Differs: null } => "works",
        { Differs: { } differs } => $"partly: {differs}",
    };

    private static void AppendOthers(StringBuilder page, IReadOnlyCollection<RouteEndpoint> endpoints)
    {
        var others = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>() is null).SelectMany(Routes.Of)
            .Where(Routes.IsRender).Distinct().Order(StringComparer.Ordinal).ToList();
        if (others.Count == 0)
            return;
        page.AppendLine().AppendLine("## Endpoints that Render's clients use and the document does not contain").AppendLine();
        foreach (var route in others)
            page.AppendLine($"- `{route.Replace(" /v1", " ", StringComparison.Ordinal)}`");
    }
}
