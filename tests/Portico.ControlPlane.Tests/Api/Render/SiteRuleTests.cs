using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class SiteRuleTests : ServiceTest
{
    [Theory]
    [InlineData("", "DENY|no-cache|no-cache, no-store|public, max-age=60")]
    [InlineData("value=no-cache", "no-cache")]
    [InlineData("value=no-cache, no-store", "no-cache, no-store")]
    [InlineData("value=DENY,public, max-age=60", "DENY|public, max-age=60")]
    [InlineData("value=DENY%2Cno-cache", "DENY|no-cache")]
    [InlineData("value=DENY&value=public%2C%20max-age=60", "DENY|public, max-age=60")]
    [InlineData("value=no", "")]
    [InlineData("name=X-Frame-Options,Nothing", "DENY")]
    public async Task A_filter_finds_values_that_hold_commas(string query, string found)
    {
        var path = $"/v1/services/{await CreateAsync(StaticSite("site"))}/headers";
        await Owner.PutAsync(path, """
            [{"path": "/*", "name": "X-Frame-Options", "value": "DENY"}, {"path": "/*", "name": "Cache-Control", "value": "public, max-age=60"},
             {"path": "/a/*", "name": "Cache-Control", "value": "no-cache, no-store"}, {"path": "/b/*", "name": "Cache-Control", "value": "no-cache"}]
            """);
        var headers = (await Owner.GetJsonAsync($"{path}?{query}")).EnumerateArray().Select(item => item.GetProperty("header").GetProperty("value").GetString());
        Assert.Equal(found, string.Join('|', headers.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("set-cookie", "a=1; Domain=localhost", false)]
    [InlineData("Set-Cookie", "a=1; Path=/; domain=.LOCALHOST", false)]
    [InlineData("Set-Cookie", "a=1; Domain=site.localhost", true)]
    [InlineData("Set-Cookie", "a=1; Path=/", true)]
    public async Task A_cookie_that_the_edge_would_leave_out_is_refused(string name, string value, bool isAccepted)
    {
        var rule = $$"""{"path": "/*", "name": "{{name}}", "value": "{{value}}"}""";
        var path = $"/v1/services/{await CreateAsync(StaticSite("site"))}/headers";
        if (isAccepted)
        {
            await Owner.PostAsync(path, rule);
            return;
        }

        var errors = new[]
        {
            await Owner.RefusedAsync(HttpMethod.Post, path, rule, HttpStatusCode.BadRequest),
            await Owner.RefusedAsync(HttpMethod.Put, path, $"[{rule}]", HttpStatusCode.BadRequest),
            await Owner.RefusedAsync(HttpMethod.Post, "/v1/services", StaticSite("other", $", \"headers\": [{rule}]"), HttpStatusCode.BadRequest),
        };

        Assert.All(errors, error => Assert.Contains("value: a static site cannot set cookies for the platform's domain", error, StringComparison.Ordinal));
        var blueprint = await Host.Platform.ApplyAsync(new ApplyBlueprint
        {
            Blueprint = $"services: [{{type: web, name: web, runtime: static, staticPublishPath: ., headers: [{{path: /*, name: {name}, value: '{value}'}}]}}]",
            DryRun = true,
            Commit = UploadedSource.First,
        }, Token);
        Assert.Contains(blueprint.Diagnostics, item => item is { Severity: "error", Path: "services[0].headers[0].value", Line: 1 });
    }

    [Fact]
    public async Task Headers_hold_without_a_deploy()
    {
        var id = await CreateAsync(StaticSite("site"));
        var path = $"/v1/services/{id}/headers";

        var added = (await Owner.PostAsync(path, """{"path": "/*", "name": "X-A", "value": "1"}""")).GetProperty("headers");
        var all = await Owner.PutAsync(path, """[{"path": "/*", "name": "X-A", "value": "1"}, {"path": "/b", "name": "X-B", "value": "2"}]""");
        await Host.Platform.SettleAsync(Token);

        Assert.Equal(added.GetProperty("id").GetString(), all[0].GetProperty("id").GetString());
        Assert.Equal(["X-A", "X-B"], Served(id).Headers.Select(header => header.Name));
        Assert.Single(await DeploysAsync(id));
        await Owner.RemoveAsync($"{path}/{added.GetProperty("id").GetString()}");
        await Host.Platform.SettleAsync(Token);
        Assert.Equal(["X-B"], Served(id).Headers.Select(header => header.Name));
        await Owner.RefusedAsync(HttpMethod.Delete, $"{path}/{added.GetProperty("id").GetString()}", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Routes_keep_their_order_and_can_be_moved()
    {
        var id = await CreateAsync(StaticSite("site"));
        var path = $"/v1/services/{id}/routes";

        await Owner.PutAsync(path, """[{"type": "redirect", "source": "/a", "destination": "/x"}, {"type": "rewrite", "source": "/*", "destination": "/index.html"}]""");
        var last = await Owner.PostAsync(path, """{"type": "redirect", "source": "/c", "destination": "/x"}""");
        var first = await Owner.PostAsync(path, """{"type": "redirect", "source": "/d", "destination": "/x", "priority": 0}""");
        Assert.Equal((3, 0), (last.GetProperty("priority").GetInt32() + 1, first.GetProperty("priority").GetInt32()));
        Assert.Equal(["/d", "/a", "/*", "/c"], Sources(await Owner.GetJsonAsync(path)));

        var moved = (await Owner.PatchAsync($"{path}/{last.GetProperty("id").GetString()}", """{"priority": 1}""")).GetProperty("headers");
        await Owner.RemoveAsync($"{path}/{first.GetProperty("id").GetString()}");
        await Host.Platform.SettleAsync(Token);

        Assert.Equal(1, moved.GetProperty("priority").GetInt32());
        Assert.Equal(["/c", "/a", "/*"], Served(id).Routes.Select(route => route.Source));
        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task Equal_rules_have_ids_of_their_own_and_pages_lead_through_all()
    {
        var id = await CreateAsync(StaticSite("site"));
        var path = $"/v1/services/{id}/routes";
        var route = """{"type": "redirect", "source": "/a", "destination": "/x"}""";
        await Owner.PutAsync(path, $"[{route},{route},{route}]");

        var (ids, cursor) = (new List<string?>(), "");
        for (var page = 0; page < 10; page++)
        {
            var list = await Owner.GetJsonAsync($"{path}?limit=1{cursor}");
            if (list.GetArrayLength() == 0)
                break;
            ids.Add(list[0].GetProperty("route").GetProperty("id").GetString());
            cursor = $"&cursor={list[0].GetProperty("cursor").GetString()}";
        }

        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(3, ids.Count);
        Assert.Equal(3, Sources(await Owner.GetJsonAsync($"{path}?type=redirect&source=/a&destination=/x")).Count());
        Assert.Empty(Sources(await Owner.GetJsonAsync($"{path}?type=rewrite")));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        var id = await CreateAsync(StaticSite("site"));
        var headers = $"/v1/services/{id}/headers";
        var routes = $"/v1/services/{id}/routes";
        foreach (var (method, path, body, says) in ((HttpMethod, string, string, string)[])
        [
            (HttpMethod.Post, headers, """{"path": "x", "name": "X-A", "value": "1"}""", "path: "),
            (HttpMethod.Post, headers, """{"path": "/*", "name": "X A", "value": "1"}""", "name: "),
            (HttpMethod.Post, headers, """{"path": "/*", "name": "X-A", "value": "a\r\nSet-Cookie: b"}""", "value: "),
            (HttpMethod.Put, headers, """[{"path": "/*", "name": "X-A", "value": "1"}, {"path": "/*", "name": "", "value": "1"}]""", "[1].name: "),
            (HttpMethod.Put, routes, """[{"type": "forward", "source": "/a", "destination": "/b"}]""", "[0].type: "),
            (HttpMethod.Put, routes, """[{"type": "redirect", "source": "a", "destination": "/b"}]""", "[0].source: "),
            (HttpMethod.Post, routes, """{"type": "redirect", "source": "/a", "destination": "javascript:x"}""", "destination: "),
            (HttpMethod.Post, routes, """{"type": "redirect", "source": "/a", "destination": "/b", "priority": -1}""", "priority: "),
            (HttpMethod.Post, routes, """{"type": "redirect", "source": "/a"}""", "destination: "),
        ])
            Assert.StartsWith(says, await Owner.RefusedAsync(method, path, body), StringComparison.Ordinal);
        await Owner.RefusedAsync(HttpMethod.Patch, $"{routes}/rdr-00000000000000000000", """{"priority": 0}""", HttpStatusCode.NotFound);
        var web = await CreateAsync(WebService("api"));
        Assert.StartsWith("serviceId: ", await Owner.RefusedAsync(HttpMethod.Get, $"/v1/services/{web}/headers", null), StringComparison.Ordinal);
        Assert.StartsWith("serviceId: ", await Owner.RefusedAsync(HttpMethod.Put, $"/v1/services/{web}/routes", "[]"), StringComparison.Ordinal);
    }

    private Core.Routing.StaticSiteRoute Served(string id) => Host.Platform.Edge.Served!.Services.Single(route => route.ServiceId == id).Site!;

    private static IEnumerable<string?> Sources(JsonElement list) =>
        list.EnumerateArray().Select(item => item.GetProperty("route").GetProperty("source").GetString());
}
