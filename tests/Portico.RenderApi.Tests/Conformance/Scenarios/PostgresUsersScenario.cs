namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Users of a database beside its first.</summary>
internal sealed class PostgresUsersScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var id = (await render.CreateWorldAsync()).Database;
        await render.SendAsync("create-postgres-user", 202, [id], body: """{"username": "reporting"}""");
        await render.SettleAsync();
        var users = await render.SendAsync("list-postgres-users", 200, [id]);
        Assert.Contains("reporting", users.GetRawText(), StringComparison.Ordinal);
        await render.RefuseAsync("create-postgres-user", [400], "username", [id], body: """{"username": "a\"; DROP TABLE x; --"}""");
        await render.RefuseAsync("delete-postgres-user", [400], "username", [id, "reporting"]);
        await render.SendAsync("create-postgres-user", 202, [id], body: """{"username": "next"}""");
        await render.SettleAsync();
        await render.SendAsync("delete-postgres-user", 200, [id, "reporting"]);
    }
}
