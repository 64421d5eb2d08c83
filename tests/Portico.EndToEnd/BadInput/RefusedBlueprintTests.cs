using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.BadInput;

/// <summary>What a Blueprint may not say is refused as a whole, with the place and a reason, before anything is made.</summary>
public sealed class RefusedBlueprintTests(RefusingFixture refusing) : IClassFixture<RefusingFixture>
{
    [Fact]
    public Task Broken_yaml() => RefusedAsync("services:\n  - type: web\n   name: [hello\n", "render.yaml", "3");

    [Theory]
    [InlineData("../../etc/hello")]
    [InlineData("hello world; rm -rf /")]
    [InlineData("grüße-🦊")]
    [InlineData("--force")]
    public Task A_name_that_can_be_no_host(string name) => RefusedAsync(Web($"name: {Quote(name)}"), "name");

    [Fact]
    public Task A_name_of_300_characters() => RefusedAsync(Web($"name: {new string('a', 300)}"), "name");

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc")]
    [InlineData("a/../../b")]
    public Task A_root_directory_outside_of_the_checkout(string path) => RefusedAsync(Web("name: hello", $"rootDir: {path}"), "rootDir");

    [Fact]
    public Task A_publish_path_outside_of_the_checkout() => RefusedAsync("""
        services:
          - type: web
            name: hello
            runtime: static
            buildCommand: "true"
            staticPublishPath: ../../../etc
        """, "staticPublishPath");

    [Theory]
    [InlineData("ext::sh%20-c%20true")]
    [InlineData("ext::sh -c true")]
    [InlineData("--upload-pack=true")]
    [InlineData("--upload-pack=sh -c true")]
    public Task A_repository_that_is_none(string url) => RefusedAsync(Web("name: hello", $"repo: {Quote(url)}"), "repo");

    [Fact]
    public Task A_branch_that_is_an_option() =>
        RefusedAsync(Web("name: hello", "repo: https://example.com/hello.git", "branch: --force"), "branch");

    [Fact]
    public Task A_reference_to_nothing() => RefusedAsync(
        Web("name: hello", "envVars:", "  - key: A", "    fromDatabase:", "      name: nowhere", "      property: connectionString"), "nowhere");

    private async Task RefusedAsync(string blueprint, params string[] words)
    {
        Programs.Require("git");
        refusing.Platform.Write("render.yaml", blueprint);

        var validated = await refusing.Platform.RunAsync("blueprint", "validate");
        var up = await refusing.Platform.UpAsync();

        validated.ShouldFailSaying(words);
        up.ShouldFailSaying(words);
        Assert.Empty((await refusing.Platform.ServerStatusAsync())?.Resources ?? []);
    }

    private static string Web(params string[] fields) =>
        "services:\n  - type: web\n    runtime: node\n    buildCommand: \"true\"\n    startCommand: node server.js\n"
        + string.Concat(fields.Select(field => $"    {field}\n"));

    private static string Quote(string text) => $"\"{text}\"";
}

public sealed class RefusingFixture : IAsyncDisposable
{
    internal TestPlatform Platform { get; } = HelloApp.Create();

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
