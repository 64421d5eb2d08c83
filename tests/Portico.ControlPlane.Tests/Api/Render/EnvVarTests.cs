using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Deploys;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class EnvVarTests : ServiceTest
{
    [Fact]
    public async Task Putting_all_replaces_them_and_deploys()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "A", "value": "1"}, {"key": "SECRET", "generateValue": true}]"""));
        var secret = (await ListAsync(id))["SECRET"];

        await Owner.PutAsync(Vars(id), """[{"key": "B", "value": ""}, {"key": "SECRET", "generateValue": true}]""");
        var live = await LiveAsync(id);

        Assert.Equal(new Dictionary<string, string> { ["B"] = "", ["SECRET"] = secret }, await ListAsync(id));
        Assert.Equal(32, Convert.FromBase64String(secret).Length);
        Assert.Equal((DeployTrigger.ServiceUpdated, ""), (live.Trigger, live.Environment!["B"]));
        Assert.DoesNotContain("A", live.Environment!.Keys);
    }

    [Fact]
    public async Task Single_ones_are_set_read_and_deleted()
    {
        var id = await CreateAsync(WebService("api"));

        var set = await Owner.PutAsync($"{Vars(id)}/A", """{"value": "1"}""");
        await Owner.PutAsync($"{Vars(id)}/A", """{"value": "2"}""");
        var generated = (await Owner.PutAsync($"{Vars(id)}/G", """{"generateValue": true}""")).GetProperty("value").GetString();

        Assert.Equal("1", set.GetProperty("value").GetString());
        Assert.Equal("2", (await Owner.GetJsonAsync($"{Vars(id)}/A")).GetProperty("value").GetString());
        Assert.Equal(generated, (await LiveAsync(id)).Environment!["G"]);
        await Owner.RemoveAsync($"{Vars(id)}/A");
        await Owner.RefusedAsync(HttpMethod.Get, $"{Vars(id)}/A", null, HttpStatusCode.NotFound);
        await Owner.RefusedAsync(HttpMethod.Delete, $"{Vars(id)}/A", null, HttpStatusCode.NotFound);
        Assert.DoesNotContain("A", (await LiveAsync(id)).Environment!.Keys);
    }

    [Fact]
    public async Task One_that_no_program_could_get_is_refused()
    {
        var id = await CreateAsync(WebService("api"));
        var large = new string('x', 130_000);

        await Owner.RefusedAsync(HttpMethod.Put, $"{Vars(id)}/PORTICO_WORKLOAD", """{"value": "1"}""", HttpStatusCode.BadRequest);
        await Owner.RefusedAsync(HttpMethod.Put, $"{Vars(id)}/__portico_count", """{"value": "1"}""", HttpStatusCode.BadRequest);
        await Owner.RefusedAsync(HttpMethod.Put, $"{Vars(id)}/LARGE", $$"""{"value": "{{large}}"}""", HttpStatusCode.BadRequest);
        await Owner.RefusedAsync(HttpMethod.Put, Vars(id), $$"""[{"key": "LARGE", "value": "{{large}}"}]""", HttpStatusCode.BadRequest);
        await Owner.PutAsync($"{Vars(id)}/spring.profiles.active", """{"value": "1"}""");

        Assert.Equal("spring.profiles.active", Assert.Single(await ListAsync(id)).Key);
    }

    [Fact]
    public async Task What_changes_nothing_deploys_nothing()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "A", "value": "1"}]"""));

        await Owner.PutAsync(Vars(id), """[{"key": "A", "value": "1"}]""");
        await Owner.PutAsync($"{Vars(id)}/A", """{"value": "1"}""");

        Assert.Single(await DeploysAsync(id));
    }

    [Fact]
    public async Task A_reference_stays_one_when_a_client_sends_back_what_it_has_read()
    {
        await ApplyAsync("""
            services:
              - { type: pserv, name: inner, runtime: node, startCommand: node ., envVars: [{ key: NAME, value: first }] }
              - type: worker
                name: user
                runtime: node
                startCommand: node .
                envVars:
                  - { key: A, value: "1" }
                  - { key: PEER, fromService: { type: pserv, name: inner, envVarKey: NAME } }
            """);
        var id = (await Owner.GetJsonAsync("/v1/services?name=user"))[0].GetProperty("service").GetProperty("id").GetString()!;
        var read = await ListAsync(id);
        Assert.Equal("first", read["PEER"]);
        read["A"] = "2";

        await Owner.PutAsync(Vars(id), JsonSerializer.Serialize(read.Select(item => new { key = item.Key, value = item.Value })));
        await Owner.PutAsync($"{Vars(id)}/PEER", """{"value": "first"}""");

        Assert.Equal(new EnvVarSource.FromService("pserv", "inner", null, "NAME"), await SourceAsync(id, "PEER"));
        Assert.Equal("2", (await ListAsync(id))["A"]);
        await Owner.PutAsync($"{Vars(id)}/PEER", """{"value": "second"}""");
        Assert.Equal(new EnvVarSource.Literal("second"), await SourceAsync(id, "PEER"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Pages_go_on_until_an_empty_one(int limit)
    {
        var keys = Enumerable.Range(0, 7).Select(i => $"KEY_{i}").ToList();
        var id = await CreateAsync(WebService("api"));
        await Owner.PutAsync(Vars(id), JsonSerializer.Serialize(keys.Select(key => new { key, value = "x" })));

        var (read, cursor) = (new List<string>(), "");
        for (var page = 0; page < 20; page++)
        {
            var list = await Owner.GetJsonAsync($"{Vars(id)}?limit={limit}{cursor}");
            if (list.GetArrayLength() == 0)
                break;
            read.AddRange(list.EnumerateArray().Select(item => item.GetProperty("envVar").GetProperty("key").GetString()!));
            cursor = $"&cursor={list[list.GetArrayLength() - 1].GetProperty("cursor").GetString()}";
        }

        Assert.Equal(keys, read);
    }

    [Fact]
    public async Task References_are_shown_resolved()
    {
        var applied = await Host.Platform.ApplyAsync(new ApplyBlueprint
        {
            Blueprint = """
                services:
                  - { type: pserv, name: inner, runtime: node, startCommand: node . }
                  - { type: worker, name: user, runtime: node, startCommand: node ., envVars: [{ key: PORT_OF, fromService: { type: pserv, name: inner, property: port } }] }
                """,
            Commit = UploadedSource.First,
        }, Token);
        Assert.True(applied.Applied);
        var id = (await Owner.GetJsonAsync("/v1/services?name=user"))[0].GetProperty("service").GetProperty("id").GetString()!;

        Assert.InRange(int.Parse((await ListAsync(id))["PORT_OF"], System.Globalization.CultureInfo.InvariantCulture), 1, 65535);
    }

    [Fact]
    public async Task Changes_at_once_do_not_lose_each_other()
    {
        var id = await CreateAsync(WebService("api"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Owner.PutAsync($"{Vars(id)}/KEY_{i % 4}", $$"""{"value": "{{i % 4}}"}""")));

        Assert.Equal(["0", "1", "2", "3"], (await ListAsync(id)).OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "KEPT", "value": "1"}]"""));
        foreach (var (body, says) in ((string, string)[])
        [
            ("""[{"key": "A"}]""", "[0].value: "),
            ("""[{"key": "1A", "value": "x"}]""", "[0].key: "),
            ("""[{"key": "", "value": "x"}]""", "[0].key: "),
            ("""[{"key": "A\nB", "value": "x"}]""", "[0].key: "),
            ("""[{"key": "A", "value": "a\u0000b"}]""", "[0].value: "),
            ("""[{"key": "A", "value": "x", "generateValue": true}]""", "[0].generateValue: "),
            ("""[{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]""", "[1].key: "),
            ("""[{"key": "A", "value": 1}]""", "[0].value: "),
            ("""[{"key": "A", "value": "1", "more": 1}]""", "[0].more: "),
            ("[null]", "[0]: "),
            ("{}", "body: "),
            ("[", "The body is not valid JSON"),
        ])
            Assert.StartsWith(says, await Owner.RefusedAsync(HttpMethod.Put, Vars(id), body), StringComparison.Ordinal);
        Assert.StartsWith("value: ", await Owner.RefusedAsync(HttpMethod.Put, $"{Vars(id)}/A", "{}"), StringComparison.Ordinal);
        Assert.StartsWith("envVarKey: ", await Owner.RefusedAsync(HttpMethod.Put, $"{Vars(id)}/A=B", """{"value": "x"}"""), StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, string> { ["KEPT"] = "1" }, await ListAsync(id));
    }

    [Fact]
    public async Task A_viewer_sees_no_values_and_a_stranger_no_service()
    {
        var id = await CreateAsync(WebService("api"));
        using var viewer = await Host.MemberAsync(Role.Viewer, Host.Platform.Workspace, Token);
        using var stranger = await Host.MemberAsync(Role.Admin, null, Token);

        await viewer.RefusedAsync(HttpMethod.Get, Vars(id), null, HttpStatusCode.Forbidden);
        await stranger.RefusedAsync(HttpMethod.Put, Vars(id), "[]", HttpStatusCode.NotFound);
    }

    private async Task<EnvVarSource> SourceAsync(string id, string key)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return (await db.EnvVars.SingleAsync(row => row.OwnerId == id && row.Key == key, Token)).Source;
    }

    private static string Vars(string id) => $"/v1/services/{id}/env-vars";

    private async Task<Dictionary<string, string>> ListAsync(string id) =>
        (await Owner.GetJsonAsync($"{Vars(id)}?limit=100")).EnumerateArray().Select(item => item.GetProperty("envVar"))
            .ToDictionary(item => item.GetProperty("key").GetString()!, item => item.GetProperty("value").GetString()!);
}
