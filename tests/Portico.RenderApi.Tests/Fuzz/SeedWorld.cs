using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Something of most kinds, for requests to be about.</summary>
internal static class SeedWorld
{
    private static readonly string[] Lists =
        ["users", "owners", "services", "postgres", "key-value", "env-groups", "projects", "environments", "disks", "blueprints", "registrycredentials"];

    public static async Task CreateAsync(RenderServer server, KnownIds ids, CancellationToken cancellationToken)
    {
        ids.Learn(string.Join(' ', (await World.CreateAsync(server.Platform, cancellationToken)).AllIds));
        foreach (var list in Lists)
            await LearnAsync(server, ids, list, cancellationToken);
        foreach (var _ in Enumerable.Range(0, 8))
            if (ids.Pick(new Random(1), "srv-") is { } service)
                await LearnAsync(server, ids, $"services/{service}/deploys", cancellationToken);
    }

    private static async Task LearnAsync(RenderServer server, KnownIds ids, string list, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/{list}");
        using var response = await server.SendAsync(request, server.Cast.Owner, cancellationToken);
        if (response.IsSuccessStatusCode)
            ids.Learn(await response.Content.ReadAsStringAsync(cancellationToken));
    }
}
