namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>What the edge does for a service: routes, headers, custom domains.</summary>
internal sealed class EdgeRulesScenario : IScenario
{
    public async Task RunAsync(RenderClient render)
    {
        var world = await render.CreateWorldAsync();
        await RoutesAsync(render, world.Site);
        await HeadersAsync(render, world.Site);
        await DomainsAsync(render, world.Api);
    }

    private static async Task RoutesAsync(RenderClient render, string site)
    {
        await render.SendAsync("put-routes", 200, [site], body: """[{"type": "redirect", "source": "/old", "destination": "/new"}, {"type": "rewrite", "source": "/*", "destination": "/index.html"}]""");
        Assert.Equal(2, (await render.ListAsync("list-routes", "route", [site])).Count);
        var added = await render.SendAsync("add-route", 201, [site], body: """{"type": "redirect", "source": "/a", "destination": "/b", "priority": 0}""");
        var id = added.GetProperty("id").GetString()!;
        Assert.Single(await render.ListAsync("list-routes", "route", [site], "source=/a&type=redirect"));
        await render.SendAsync("patch-route", 200, [site, id], body: """{"priority": 2}""");
        await render.SendAsync("delete-route", 204, [site, id]);
        await render.RefuseAsync("delete-route", [404], id, [site, id]);
        await render.RefuseAsync("add-route", [400], "type", [site], body: """{"type": "teleport", "source": "/a", "destination": "/b"}""");
    }

    private static async Task HeadersAsync(RenderClient render, string site)
    {
        await render.SendAsync("update-headers", 200, [site], body: """[{"path": "/*", "name": "X-One", "value": "1"}, {"path": "/*", "name": "X-Two", "value": "2"}]""");
        Assert.Equal(2, (await render.ListAsync("list-headers", "header", [site])).Count);
        await render.SendAsync("add-headers", 201, [site], body: """{"path": "/a", "name": "X-Three", "value": "3"}""");
        var added = Assert.Single(await render.ListAsync("list-headers", "header", [site], "name=X-Three"));
        await render.SendAsync("delete-header", 204, [site, added.GetProperty("id").GetString()!]);
        await render.RefuseAsync("add-headers", [400], "value", [site], body: """{"path": "/*", "name": "X-Four", "value": "a\r\nSet-Cookie: x=1"}""");
        await render.RefuseAsync("add-headers", [400], "name", [site], body: """{"path": "/*", "name": "X Five:", "value": "a"}""");
    }

    private static async Task DomainsAsync(RenderClient render, string service)
    {
        var created = await render.SendAsync("create-custom-domain", 201, [service], body: """{"name": "shop.example.invalid"}""");
        Assert.NotEmpty(created.EnumerateArray());
        await render.SendAsync("create-custom-domain", 201, [service], body: """{"name": "api.example.invalid"}""");
        Assert.Single(await render.ListAsync("list-custom-domains", "customDomain", [service], "name=shop.example.invalid"));
        await render.SendAsync("retrieve-custom-domain", 200, [service, "shop.example.invalid"]);
        await render.SendAsync("refresh-custom-domain", 202, [service, "shop.example.invalid"]);
        await render.RefuseAsync("create-custom-domain", [400, 409], "shop.example.invalid", [service], body: """{"name": "shop.example.invalid"}""");
        await render.RefuseAsync("create-custom-domain", [400], "name", [service], body: """{"name": "not a domain/"}""");
        await render.SendAsync("delete-custom-domain", 204, [service, "shop.example.invalid"]);
        await render.RefuseAsync("retrieve-custom-domain", [404], "shop.example.invalid", [service, "shop.example.invalid"]);
    }
}
