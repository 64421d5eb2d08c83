using System.Text;
using System.Text.Json;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>What Render's clients send and expect beyond its OpenAPI document, for data stores, Blueprints and workspaces.</summary>
public sealed class DataTrapTests : ClientTest
{
    [Fact]
    public async Task The_user_and_the_workspace_are_found()
    {
        var user = await ExpectAsync(200, "GET", "/users");
        Assert.NotEmpty(user.GetProperty("email").GetString()!);
        Assert.NotEmpty(user.GetProperty("name").GetString()!);
        var name = (await ExpectAsync(200, "GET", "/owners"))[0].GetProperty("owner").GetProperty("name").GetString()!;
        Assert.Equal(1, (await ExpectAsync(200, "GET", $"/owners?name={Uri.EscapeDataString(name)}")).GetArrayLength());
    }

    [Fact]
    public async Task A_database_is_created_with_empties_and_polled_until_it_is_available()
    {
        var created = await ExpectAsync(201, "POST", "/postgres", $$"""
            {"name": "main", "ownerId": "{{Workspace}}", "plan": "basic_256mb", "version": "", "databaseName": "", "databaseUser": "", "readReplicas": null}
            """);
        await SettleAsync();
        var id = created.GetProperty("id").GetString();
        Assert.Equal("available", (await ExpectAsync(200, "GET", $"/postgres/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_database_tells_how_to_connect()
    {
        var world = await CreateWorldAsync();
        var info = await ExpectAsync(200, "GET", $"/postgres/{world.Database}/connection-info");
        foreach (var name in (string[])["externalConnectionString", "internalConnectionString"])
            Assert.StartsWith("postgresql://", info.GetProperty(name).GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(info.GetProperty("password").GetString()!);
        Assert.Contains("psql", info.GetProperty("psqlCommand").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_value_command_can_be_run_without_a_shell()
    {
        var world = await CreateWorldAsync();
        var info = await ExpectAsync(200, "GET", $"/key-value/{world.Cache}/connection-info");
        var words = info.GetProperty("cliCommand").GetString()!.Split(' ');
        var command = words.SkipWhile(word => word.Contains('=', StringComparison.Ordinal) && !word.StartsWith('-')).ToList();
        Assert.Contains(command[0], (string[])["redis-cli", "valkey-cli"]);
        Assert.DoesNotContain(words, word => word.Length == 0 || word.IndexOfAny(['"', '\'', '$', '`', '\\']) >= 0);
    }

    [Fact]
    public async Task A_key_value_store_evicts_what_is_least_used_by_default()
    {
        var created = await ExpectAsync(201, "POST", "/key-value", $$"""{"name": "cache", "ownerId": "{{Workspace}}", "plan": "free"}""");
        Assert.Equal("allkeys_lru", created.GetProperty("options").GetProperty("maxmemoryPolicy").GetString());
    }

    [Theory]
    [InlineData("services: []", true)]
    [InlineData("services:\n  - type: web\n    name: api\n    runtime: node\n    buildCommand: make\n    startCommand: serve\n    repo: https://example.invalid/a/b\n", true)]
    [InlineData("services:\n  - type: web\n    name: api\n    runtime: nonsense\n", false)]
    [InlineData("a: [", false)]
    public async Task A_blueprint_is_validated(string text, bool valid)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Workspace), "ownerId" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "render.yaml" },
        };
        var answer = await SendAsync("POST", "/blueprints/validate", form, Server.Cast.Owner);
        Assert.Equal(200, answer.Status);
        Assert.Equal(valid, answer.Json!.Value.GetProperty("valid").GetBoolean());
        if (valid)
            Assert.Equal(JsonValueKind.Object, answer.Json.Value.GetProperty("plan").ValueKind);
        else
            Assert.All(answer.Json.Value.GetProperty("errors").EnumerateArray(), error => Assert.NotEmpty(error.GetProperty("error").GetString()!));
    }
}
