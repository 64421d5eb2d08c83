namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>The caller and their workspaces.</summary>
internal sealed class OwnersScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var user = await render.SendAsync("get-user", 200);
        Assert.NotEmpty(user.GetProperty("email").GetString()!);
        var owners = await render.SendAsync("list-owners", 200);
        var owner = Assert.Single(owners.EnumerateArray()).GetProperty("owner");
        var (id, name) = (owner.GetProperty("id").GetString()!, owner.GetProperty("name").GetString()!);
        Assert.Single((await render.SendAsync("list-owners", 200, query: $"name={Uri.EscapeDataString(name)}")).EnumerateArray());
        Assert.Empty((await render.SendAsync("list-owners", 200, query: $"name={Uri.EscapeDataString(name[1..])}")).EnumerateArray());
        Assert.Equal(name, (await render.SendAsync("retrieve-owner", 200, [id])).GetProperty("name").GetString());
        await render.RefuseAsync("retrieve-owner", [404], "tea-", ["tea-00000000000000000000"]);
    }
}
