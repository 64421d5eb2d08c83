using System.Net;
using System.Text.Json;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class EnvGroupTests : ServiceTest
{
    [Fact]
    public async Task A_linked_service_takes_the_groups_variables_and_its_own_win()
    {
        var id = await CreateAsync(WebService("api", """, "envVars": [{"key": "OWN", "value": "mine"}]"""));
        var group = await Owner.PostAsync("/v1/env-groups", $$"""
            {"name": "shared", "ownerId": "{{Host.Platform.Workspace}}", "serviceIds": ["{{id}}"], "secretFiles": [{"name": "f", "content": "x"}],
             "envVars": [{"key": "OWN", "value": "theirs"}, {"key": "SHARED", "value": "1"}, {"key": "MADE", "generateValue": true}]}
            """);
        var live = await LiveAsync(id);

        Assert.Equal(("mine", "1", "x"), (live.Environment!["OWN"], live.Environment["SHARED"], live.SecretFiles!["f"]));
        Assert.Equal(2, (await DeploysAsync(id)).Count);
        var link = Assert.Single(group.GetProperty("serviceLinks").EnumerateArray());
        Assert.Equal((id, "api", "web"), (link.GetProperty("id").GetString(), link.GetProperty("name").GetString(), link.GetProperty("type").GetString()));
        Assert.Equal(["MADE", "OWN", "SHARED"], group.GetProperty("envVars").EnumerateArray().Select(item => item.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task A_change_of_the_group_deploys_those_that_want_it()
    {
        var eager = await CreateAsync(WebService("eager"));
        var patient = await CreateAsync(WebService("patient", """, "autoDeploy": "no" """));
        var group = await GroupAsync("shared");
        foreach (var service in (string[])[eager, patient])
            await Owner.PostAsync($"{group}/services/{service}", null, HttpStatusCode.OK);

        await Owner.PutAsync($"{group}/env-vars/A", """{"value": "1"}""");
        await Owner.PutAsync($"{group}/secret-files/f", """{"content": "x"}""");
        var live = await LiveAsync(eager);

        Assert.Equal(("1", "x"), (live.Environment!["A"], live.SecretFiles!["f"]));
        Assert.Single(await DeploysAsync(patient));
    }

    [Fact]
    public async Task Unlinking_and_deleting_take_the_variables_away()
    {
        var (one, two) = (await CreateAsync(WebService("one")), await CreateAsync(WebService("two")));
        var group = await GroupAsync("shared");
        await Owner.PutAsync($"{group}/env-vars/A", """{"value": "1"}""");
        foreach (var service in (string[])[one, two])
            await Owner.PostAsync($"{group}/services/{service}", null, HttpStatusCode.OK);

        await Owner.RemoveAsync($"{group}/services/{one}");
        Assert.DoesNotContain("A", (await LiveAsync(one)).Environment!.Keys);
        Assert.Equal("1", (await LiveAsync(two)).Environment!["A"]);
        await Owner.RefusedAsync(HttpMethod.Delete, $"{group}/services/{one}", null, HttpStatusCode.NotFound);
        await Owner.RemoveAsync(group);

        Assert.DoesNotContain("A", (await LiveAsync(two)).Environment!.Keys);
        await Owner.RefusedAsync(HttpMethod.Get, group, null, HttpStatusCode.NotFound);
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(db.EnvVars);
        Assert.Empty(db.EnvGroupLinks);
    }

    [Fact]
    public async Task A_new_name_keeps_the_links()
    {
        var id = await CreateAsync(WebService("api"));
        var group = await GroupAsync("shared");
        await GroupAsync("other");
        await Owner.PostAsync($"{group}/services/{id}", null, HttpStatusCode.OK);

        var renamed = await Owner.PatchAsync(group, """{"name": "common"}""");

        Assert.Equal("common", renamed.GetProperty("name").GetString());
        Assert.Single(renamed.GetProperty("serviceLinks").EnumerateArray());
        await Owner.RefusedAsync(HttpMethod.Patch, group, """{"name": "other"}""", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Single_variables_and_files_are_read_and_deleted()
    {
        var group = await GroupAsync("shared");
        await Owner.PutAsync($"{group}/env-vars/A", """{"value": "1"}""");
        await Owner.PutAsync($"{group}/secret-files/f", """{"content": "x"}""");

        Assert.Equal("1", (await Owner.GetJsonAsync($"{group}/env-vars/A")).GetProperty("value").GetString());
        Assert.Equal("x", (await Owner.GetJsonAsync($"{group}/secret-files/f")).GetProperty("content").GetString());
        await Owner.RemoveAsync($"{group}/env-vars/A");
        await Owner.RemoveAsync($"{group}/secret-files/f");
        await Owner.RefusedAsync(HttpMethod.Get, $"{group}/env-vars/A", null, HttpStatusCode.NotFound);
        await Owner.RefusedAsync(HttpMethod.Get, $"{group}/secret-files/f", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Lists_are_filtered_and_show_no_values()
    {
        await GroupAsync("one");
        await GroupAsync("two");
        using var stranger = await Host.MemberAsync(Role.Admin, null, Token);
        using var viewer = await Host.MemberAsync(Role.Viewer, Host.Platform.Workspace, Token);

        Assert.Equal(["one", "two"], Names(await viewer.GetJsonAsync("/v1/env-groups")));
        Assert.Equal(["two"], Names(await Owner.GetJsonAsync("/v1/env-groups?name=two")));
        Assert.Empty(Names(await Owner.GetJsonAsync("/v1/env-groups?createdBefore=2020-01-01T00:00:00Z")));
        Assert.Empty(Names(await stranger.GetJsonAsync("/v1/env-groups")));
        Assert.False((await Owner.GetJsonAsync("/v1/env-groups"))[0].TryGetProperty("envVars", out _));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        var owner = Host.Platform.Workspace;
        await GroupAsync("shared");
        foreach (var (body, says, status) in ((string, string, HttpStatusCode)[])
        [
            ($$"""{"name": "", "ownerId": "{{owner}}", "envVars": []}""", "name: ", HttpStatusCode.BadRequest),
            ($$"""{"name": "shared", "ownerId": "{{owner}}", "envVars": []}""", "name: ", HttpStatusCode.Conflict),
            ("""{"name": "a", "ownerId": "", "envVars": []}""", "ownerId: ", HttpStatusCode.BadRequest),
            ($$"""{"name": "a", "ownerId": "{{owner}}", "envVars": [{"key": "-", "value": ""}]}""", "envVars[0].key: ", HttpStatusCode.BadRequest),
            ($$"""{"name": "a", "ownerId": "{{owner}}", "envVars": [], "serviceIds": ["srv-00000000000000000000"]}""", "There is no service", HttpStatusCode.NotFound),
            ($$"""{"name": "a", "ownerId": "{{owner}}", "envVars": [], "environmentId": "evm-00000000000000000000"}""", "environmentId: ", HttpStatusCode.BadRequest),
        ])
            Assert.StartsWith(says, await Owner.RefusedAsync(HttpMethod.Post, "/v1/env-groups", body, status), StringComparison.Ordinal);
        Assert.Single(Names(await Owner.GetJsonAsync("/v1/env-groups")));
    }

    /// <returns>The path of a new group without anything in it.</returns>
    private async Task<string> GroupAsync(string name)
    {
        var group = await Owner.PostAsync("/v1/env-groups", $$"""{"name": "{{name}}", "ownerId": "{{Host.Platform.Workspace}}", "envVars": []}""");
        return $"/v1/env-groups/{group.GetProperty("id").GetString()}";
    }

    private static IEnumerable<string?> Names(JsonElement list) =>
        list.EnumerateArray().Select(item => item.GetProperty("name").GetString()).Order(StringComparer.Ordinal);
}
