namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Settings of a database server.</summary>
internal sealed class PostgresParametersScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var id = (await render.CreateWorldAsync()).Database;
        await render.SendAsync("list-available-postgres-parameter-overrides", 200, [id]);
        await render.SendAsync("update-postgres-parameter-overrides", 200, [id], body: """{"parameterOverrides": {"work_mem": "8MB"}}""");
        var overrides = await render.SendAsync("list-postgres-parameter-overrides", 200, [id]);
        Assert.Contains("work_mem", overrides.GetRawText(), StringComparison.Ordinal);
        await render.RefuseAsync("update-postgres-parameter-overrides", [400], "archive_command", [id], body: """{"parameterOverrides": {"archive_command": "touch /tmp/x"}}""");
    }
}
