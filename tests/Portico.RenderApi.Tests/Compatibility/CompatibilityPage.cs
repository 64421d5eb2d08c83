using System.Text;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Api.Render;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Compatibility;

/// <summary>Writes <c>docs/render-compatibility.md</c> from the routes that exist.</summary>
internal static class CompatibilityPage
{
    public static string Write(IReadOnlyCollection<RouteEndpoint> endpoints)
    {
        var existing = endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()).OfType<RenderOperation>()
            .DistinctBy(operation => operation.Id).ToDictionary(operation => operation.Id, StringComparer.Ordinal);
        var page = new StringBuilder();
        page.AppendLine(Introduction(existing));
        foreach (var group in KnownOperations.All.GroupBy(operation => operation.Path.Split('/')[1]).OrderBy(group => group.Key, StringComparer.Ordinal))
            AppendGroup(page, group, existing);
        AppendOthers(page, endpoints);
        return page.ToString();
    }

    private static string Introduction(Dictionary<string, RenderOperation> existing)
    {
        var all = KnownOperations.All.Count;
        var partly = existing.Values.Count(operation => operation.Differs is not null);
        return $"""
            # Compatibility with Render's API

            Clients of Render's public API v1 work with Portico: set `RENDER_HOST` to the platform's address with `/v1/` and `RENDER_API_KEY` to one of its keys. Of the {all} operations, {existing.Count - partly} work, {partly} work except for what is said here, and {all - existing.Count} do not exist yet: they answer 404 with a message that says so.

            *Works* means: what Render's OpenAPI document declares is accepted and has its effect, or is refused with a message; nothing is silently ignored. The tests drive each of these operations and hold every answer against that document.

            This page is generated from the routes that exist. After a change of theirs: `PORTICO_ACCEPT=1 ./test Portico.RenderApi.Tests`.
            """;
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
        page.AppendLine().AppendLine("## What Render's clients use beside the document").AppendLine();
        foreach (var route in others)
            page.AppendLine($"- `{route.Replace(" /v1", " ", StringComparison.Ordinal)}`");
    }
}
