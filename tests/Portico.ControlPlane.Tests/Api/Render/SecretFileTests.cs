using System.Net;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class SecretFileTests : ServiceTest
{
    [Fact]
    public async Task Files_reach_builds_and_instances()
    {
        var id = await CreateAsync(WebService("api", """, "secretFiles": [{"name": ".env", "content": "A=1"}]"""));

        await Owner.PutAsync(Files(id), """[{"name": "b.pem", "content": "two\nlines"}]""");
        var live = await LiveAsync(id);

        Assert.Equal(DeployTrigger.ServiceUpdated, live.Trigger);
        Assert.Equal(new Dictionary<string, string> { ["b.pem"] = "two\nlines" }, Host.Platform.World.Revisions.Values.Single().Revision.SecretFiles);
        var listed = Assert.Single((await Owner.GetJsonAsync(Files(id))).EnumerateArray()).GetProperty("secretFile");
        Assert.Equal(("b.pem", "two\nlines"), (listed.GetProperty("name").GetString(), listed.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Single_ones_are_set_read_and_deleted()
    {
        var id = await CreateAsync(WebService("api"));

        await Owner.PutAsync($"{Files(id)}/.env", """{"content": "A=1"}""", HttpStatusCode.Created);
        Assert.Equal("A=1", (await Owner.GetJsonAsync($"{Files(id)}/.env")).GetProperty("content").GetString());
        Assert.Equal("A=1", (await LiveAsync(id)).SecretFiles![".env"]);
        await Owner.RemoveAsync($"{Files(id)}/.env");

        Assert.Null((await LiveAsync(id)).SecretFiles);
        await Owner.RefusedAsync(HttpMethod.Get, $"{Files(id)}/.env", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Null_stands_for_none()
    {
        var id = await CreateAsync(WebService("api", """, "secretFiles": [{"name": ".env", "content": "A=1"}]"""));

        Assert.Empty((await Owner.PutAsync(Files(id), "null")).EnumerateArray());
    }

    [Fact]
    public async Task They_are_not_readable_in_the_database()
    {
        await CreateAsync(WebService("api", """, "secretFiles": [{"name": ".env", "content": "very-secret-content"}]"""));

        await using var file = new FileStream(Host.Platform.Paths.Database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        Assert.DoesNotContain("very-secret-content", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name()
    {
        var id = await CreateAsync(WebService("api"));
        foreach (var (body, says) in ((string, string)[])
        [
            ("""[{"name": "../a", "content": ""}]""", "[0].name: "),
            ("""[{"name": "..", "content": ""}]""", "[0].name: "),
            ("""[{"name": "a b", "content": ""}]""", "[0].name: "),
            ("""[{"name": "", "content": ""}]""", "[0].name: "),
            ("""[{"name": "ä", "content": ""}]""", "[0].name: "),
            ("""[{"name": "a", "content": ""}, {"name": "a", "content": ""}]""", "[1].name: "),
            ("""[{"name": "a"}]""", "[0].content: "),
            ($$"""[{"name": "a", "content": "{{new string('x', (1 << 20) + 1)}}"}]""", "body: "),
        ])
            Assert.StartsWith(says, await Owner.RefusedAsync(HttpMethod.Put, Files(id), body), StringComparison.Ordinal);
        Assert.StartsWith("secretFileName: ", await Owner.RefusedAsync(HttpMethod.Put, $"{Files(id)}/a%20b", """{"content": ""}"""), StringComparison.Ordinal);
        Assert.Empty((await Owner.GetJsonAsync(Files(id))).EnumerateArray());
    }

    private static string Files(string id) => $"/v1/services/{id}/secret-files";
}
