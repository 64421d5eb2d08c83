using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Who reaches a data store from outside.</summary>
public sealed class InboundRuleTests : ServiceTest
{
    private const string Office = """[{"cidrBlock": "192.0.2.7/24", "description": "office"}]""";

    [Theory]
    [InlineData("postgres", "externalConnectionString", "internalConnectionString", "postgresql://", "psqlCommand")]
    [InlineData("key-value", "externalConnectionString", "internalConnectionString", "rediss://", "cliCommand")]
    [InlineData("redis", "externalConnectionString", "internalConnectionString", "rediss://", "redisCLICommand")]
    public async Task The_list_opens_a_port_that_stays_the_same_and_needs_no_restart(
        string kind, string external, string inside, string scheme, string command)
    {
        var path = $"/v1/{kind}/{await CreateAsync(kind, "")}";
        Assert.Equal(JsonValueKind.Null, (await Owner.GetJsonAsync(path)).GetProperty("ipAllowList").ValueKind);
        Assert.Empty(Host.Platform.Edge.Served!.DataStores);
        var closed = await Owner.GetJsonAsync($"{path}/connection-info");
        Assert.Contains("@127.0.0.1:", Text(closed, external), StringComparison.Ordinal);

        var changed = await PatchAsync(path, Office);
        Assert.Equal("available", Text(changed, "status"));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Office).RootElement, changed.GetProperty("ipAllowList")));
        var route = Assert.Single(Host.Platform.Edge.Served!.DataStores);
        Assert.Equal(["192.0.2.0/24"], route.AllowedSources);
        Assert.InRange(route.ExternalPort, 11_000, 11_999);
        var open = await Owner.GetJsonAsync($"{path}/connection-info");
        Assert.StartsWith(scheme, Text(open, external), StringComparison.Ordinal);
        Assert.Contains($"@localhost:{route.ExternalPort}", Text(open, external), StringComparison.Ordinal);
        Assert.Contains($"-p {route.ExternalPort} ", Text(open, command) + " ", StringComparison.Ordinal);
        Assert.Equal(Text(closed, inside), Text(open, inside));

        await PatchAsync(path, """[{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}]""");
        var everybody = Assert.Single(Host.Platform.Edge.Served!.DataStores);
        Assert.Equal(route.ExternalPort, everybody.ExternalPort);
        Assert.Equal(SourceRange.Everybody, everybody.AllowedSources);
        await PatchAsync(path, "[]");
        Assert.Empty(Host.Platform.Edge.Served!.DataStores);
    }

    [Fact]
    public async Task A_suspended_or_deleted_store_is_closed()
    {
        var path = $"/v1/postgres/{await CreateAsync("postgres", $", \"ipAllowList\": {Office}")}";
        Assert.Single(Host.Platform.Edge.Served!.DataStores);
        await Owner.PostAsync($"{path}/suspend", null, HttpStatusCode.Accepted);
        await Host.Platform.SettleAsync(Token);
        Assert.Empty(Host.Platform.Edge.Served!.DataStores);
        await Owner.PostAsync($"{path}/resume", null, HttpStatusCode.Accepted);
        await Host.Platform.SettleAsync(Token);
        Assert.Single(Host.Platform.Edge.Served!.DataStores);
        await Owner.RemoveAsync(path);
        await Host.Platform.SettleAsync(Token);
        Assert.Empty(Host.Platform.Edge.Served!.DataStores);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("key-value")]
    public async Task One_of_an_earlier_version_gets_its_port_when_it_needs_it(string kind)
    {
        var id = await CreateAsync(kind, "");
        await using (var db = await Host.Platform.OpenAsync(Token))
        {
            var row = await db.DataStores.SingleAsync(item => item.Id == id, Token);
            row.Identity = row.Identity with { ExternalPort = null, TlsPort = null };
            await db.SaveChangesAsync(Token);
        }
        await Host.Platform.SettleAsync(Token);
        await PatchAsync($"/v1/{kind}/{id}", Office);
        var port = Assert.Single(Host.Platform.Edge.Served!.DataStores).ExternalPort;
        await PatchAsync($"/v1/{kind}/{id}", "[]");
        await PatchAsync($"/v1/{kind}/{id}", Office);
        Assert.Equal("available", Text(await Owner.GetJsonAsync($"/v1/{kind}/{id}"), "status"));
        Assert.Equal(port, Assert.Single(Host.Platform.Edge.Served!.DataStores).ExternalPort);
    }

    [Fact]
    public async Task An_address_must_be_allowed_by_the_environment_too()
    {
        var store = await CreateAsync("postgres", $", \"ipAllowList\": {Office}");
        var created = await Owner.PostAsync("/v1/projects", $$"""{"name": "shop", "ownerId": "{{Host.Platform.Workspace}}", "environments": [{"name": "production"}]}""");
        var environment = $"/v1/environments/{created.GetProperty("environmentIds")[0].GetString()}";
        await Owner.PostAsync($"{environment}/resources", $$"""{"resourceIds": ["{{store}}"]}""", HttpStatusCode.Created);

        await PatchAsync(environment, """[{"cidrBlock": "192.0.2.128/25", "description": "one floor"}, {"cidrBlock": "198.51.100.0/24", "description": "home"}]""");
        Assert.Equal(["192.0.2.128/25"], Assert.Single(Host.Platform.Edge.Served!.DataStores).AllowedSources);
        await PatchAsync(environment, "[]");
        Assert.Empty(Assert.Single(Host.Platform.Edge.Served!.DataStores).AllowedSources);
        await PatchAsync(environment, """[{"cidrBlock": "0.0.0.0/0", "description": "everywhere"}]""");
        Assert.Equal(["192.0.2.0/24"], Assert.Single(Host.Platform.Edge.Served!.DataStores).AllowedSources);
    }

    [Theory]
    [InlineData("postgres", """[{"cidrBlock": "10.0.0.0/33", "description": ""}]""")]
    [InlineData("postgres", """[{"cidrBlock": "010.0.0.1", "description": ""}]""")]
    [InlineData("key-value", """[{"cidrBlock": "example.org", "description": ""}]""")]
    [InlineData("key-value", """[{"cidrBlock": "10.1", "description": ""}]""")]
    [InlineData("key-value", """[{"cidrBlock": "", "description": ""}]""")]
    public async Task A_range_that_is_none_is_refused(string kind, string list)
    {
        var id = await CreateAsync(kind, "");
        Assert.StartsWith("ipAllowList[0].cidrBlock: ", await Owner.RefusedAsync(
            HttpMethod.Patch, $"/v1/{kind}/{id}", $$"""{"ipAllowList": {{list}}}""", HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string kind, string more)
    {
        var version = kind == "postgres" ? ", \"version\": \"17\", \"plan\": \"basic_256mb\"" : ", \"plan\": \"starter\"";
        var created = await Owner.PostAsync($"/v1/{kind}", $$"""{"name": "store", "ownerId": "{{Host.Platform.Workspace}}"{{version}}{{more}}}""");
        await Host.Platform.SettleAsync(Token);
        return Text(created, "id");
    }

    private async Task<JsonElement> PatchAsync(string path, string list)
    {
        var changed = await Owner.PatchAsync(path, $$"""{"ipAllowList": {{list}}}""");
        await Host.Platform.SettleAsync(Token);
        return changed;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
