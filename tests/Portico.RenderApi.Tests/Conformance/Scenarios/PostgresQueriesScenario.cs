namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>What goes on in a database.</summary>
internal sealed class PostgresQueriesScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var id = (await render.CreateWorldAsync()).Database;
        foreach (var operation in (string[])["list-postgres-processes", "list-postgres-sizes", "list-postgres-table-scans", "list-postgres-top-queries"])
            await render.SendAsync(operation, 200, [id]);
        await render.SendAsync("suspend-postgres", 202, [id]);
        await render.RefuseAsync("list-postgres-sizes", [409], "available", [id]);
    }
}
