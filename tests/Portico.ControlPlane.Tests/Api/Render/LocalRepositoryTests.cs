using System.Net;
using System.Text.Json;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Git reads directories of this machine with the server's rights: only the machine's owner may have that done.</summary>
public sealed class LocalRepositoryTests : ServiceTest
{
    public static TheoryData<string> Local { get; } =
        ["file:///var/lib/secret.git", "FILE:///var/lib/secret.git", "file://localhost/var/lib/secret.git", "file:/var/lib/secret.git",
         "/var/lib/secret.git", "../secret.git", "ext::sh -c id", "fd::17", "git://127.0.0.1/a", "ftp://127.0.0.1/a", "--upload-pack=id"];

    [Theory]
    [MemberData(nameof(Local))]
    public async Task Nobody_but_the_owner_builds_from_a_directory_of_this_machine(string url)
    {
        var id = await CreateAsync(WebService("api"));
        foreach (var role in (Role[])[Role.Admin, Role.Developer])
        {
            var member = await Host.MemberAsync(role, Host.Platform.Workspace, Token);
            var body = WebService("mine").Replace(UploadedSource.Url, url, StringComparison.Ordinal);
            Assert.StartsWith("repo: ", await member.RefusedAsync(HttpMethod.Post, "/v1/services", body), StringComparison.Ordinal);
            Assert.StartsWith("repo: ", await member.RefusedAsync(HttpMethod.Patch, $"/v1/services/{id}", $$"""{"repo": "{{url}}"}"""), StringComparison.Ordinal);
        }
        Assert.Equal(UploadedSource.Url, (await GetServiceAsync(id)).GetProperty("repo").GetString());
    }

    [Fact]
    public async Task What_the_owner_chose_does_not_stop_others_from_changing_the_rest()
    {
        var id = await CreateAsync(WebService("api"));
        var member = await Host.MemberAsync(Role.Developer, Host.Platform.Workspace, Token);
        await member.PatchAsync($"/v1/services/{id}", $$"""{"repo": "{{UploadedSource.Url}}", "serviceDetails": {"plan": "pro"} }""");
        await member.PatchAsync($"/v1/services/{id}", """{"repo": "https://example.org/a"}""");
        Assert.StartsWith("repo: ", await member.RefusedAsync(
            HttpMethod.Patch, $"/v1/services/{id}", $$"""{"repo": "{{UploadedSource.Url}}"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Blueprint_is_no_way_around_it()
    {
        var blueprint = $"services:\n  - type: web\n    name: api\n    runtime: node\n    repo: {UploadedSource.Url}\n    buildCommand: make\n    startCommand: serve\n";
        var body = $$"""{"blueprint": {{JsonSerializer.Serialize(blueprint)}}, "dryRun": false}""";
        var member = await Host.MemberAsync(Role.Admin, Host.Platform.Workspace, Token);

        var refused = await member.PostAsync("/portico/v1/blueprints/apply", body, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("services[0].repo", refused.GetProperty("diagnostics")[0].GetProperty("path").GetString());
        Assert.False((await ValidateAsync(member, blueprint)).GetProperty("valid").GetBoolean());

        Assert.True((await ValidateAsync(Owner, blueprint)).GetProperty("valid").GetBoolean());
        await Owner.PostAsync("/portico/v1/blueprints/apply", body, HttpStatusCode.OK);
    }

    private async Task<JsonElement> ValidateAsync(HttpClient client, string blueprint)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Host.Platform.Workspace), "ownerId" },
            { new StringContent(blueprint), "file", "render.yaml" },
        };
        using var response = await client.PostAsync(new Uri("/v1/blueprints/validate", UriKind.Relative), form, Token);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
    }
}
